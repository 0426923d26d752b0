"""An empty world per test, and short ways to make what the tests need."""

import json

import boto3
import pytest

from workbook.cloud import local_cloud


@pytest.fixture(autouse=True)
def cloud():
    """Every test in its own empty world with the clock at its start."""
    with local_cloud() as world:
        world.reset()
        yield world


@pytest.fixture
def sqs():
    """A queue client."""
    return boto3.client("sqs")


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
        client = boto3.client("dynamodb")
        more = {"StreamEnabled": True, "StreamViewType": view} if stream else None
        extra = {"StreamSpecification": more} if more else {}
        client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            **extra,
        )
        return client

    return make
