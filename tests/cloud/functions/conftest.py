"""An empty world per test, and short ways to make what the tests need."""

import json
from functools import cache

import boto3
import pytest

from workbook.cloud import local_cloud


@cache
def client(service):
    """One client a service for all tests: making one takes longer than most tests."""
    session = boto3.session.Session(
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name="ap-northeast-1",
    )
    return session.client(service)


@pytest.fixture(autouse=True)
def cloud():
    """Every test in its own empty world with the clock at its start."""
    with local_cloud() as world:
        world.reset()
        yield world


@pytest.fixture
def sqs():
    """A queue client."""
    return client("sqs")


@pytest.fixture
def make_queue(sqs):
    """Make a queue and return its URL."""

    def make(name="orders", **attributes):
        if name.endswith(".fifo"):
            attributes |= {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        found = sqs.create_queue(QueueName=name, Attributes=attributes)
        return found["QueueUrl"]

    return make


@pytest.fixture
def arn_of(sqs):
    """Return the ARN of the queue with this URL."""

    def find(url):
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return found["Attributes"]["QueueArn"]

    return find


@pytest.fixture
def queue_with_dlq(make_queue, arn_of):
    """Make a queue with a dead-letter queue; return both URLs."""

    def make(max_receive_count, name="orders", dead="dead", **attributes):
        dead_url = make_queue(dead)
        policy = {
            "deadLetterTargetArn": arn_of(dead_url),
            "maxReceiveCount": max_receive_count,
        }
        url = make_queue(name, RedrivePolicy=json.dumps(policy), **attributes)
        return url, dead_url

    return make


@pytest.fixture
def read(sqs):
    """Receive what a queue shows, and return the messages."""

    def receive(url):
        found = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=0,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        return found.get("Messages", [])

    return receive


@pytest.fixture
def make_table():
    """Make a table with a stream and return a client."""

    def make(name="orders", view="NEW_AND_OLD_IMAGES", stream=True):
        table = client("dynamodb")
        more = {"StreamEnabled": True, "StreamViewType": view} if stream else None
        extra = {"StreamSpecification": more} if more else {}
        table.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            **extra,
        )
        return table

    return make


@pytest.fixture
def events():
    """A bus client, with a rule `placed` for everything from `shop`."""
    bus = client("events")
    bus.put_rule(Name="placed", EventPattern=json.dumps({"source": ["shop"]}))
    return bus


@pytest.fixture(scope="session")
def members_of():
    """Return the members of a shape in a service model, by name."""

    def find(service, shape):
        return client(service).meta.service_model.shape_for(shape).members

    return find
