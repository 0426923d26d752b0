"""The queue in plain Python, beside the mock's SQS driven by `workbook.cloud`."""

import json

import boto3
import pytest

from workbook.cloud import clock, local_cloud
from workbook.cloud.functions import Function, QueueSource
from workbook.storm import Design, Stage, Weather, run
from workbook.storm.queues import Message, Queue

QUIET = Weather(
    buyers=6,
    seats=6,
    patience_s=0.001,
    twice=0,
    outage_s=(0, 0),
    crashed=0,
    lost=0,
    throttled=0,
    duplicated=0,
    declined=0,
    poison=0,
)


def fails(order_id, attempt):
    """Order 2 always, order 4 twice, the others never."""
    number = int(order_id[-1])
    return number == 2 or (number == 4 and attempt <= 2)


def in_the_storm(batch_size, visibility_s, max_receives):
    """Attempts by order: (attempt, seconds after the opening), and the dead letters."""
    seen = {}

    def handler(message, shop):
        attempts = seen.setdefault(message["order_id"], [])
        attempts.append(round(clock.seconds() - opened_s))
        if fails(message["order_id"], len(attempts)):
            raise ConnectionError

    stage = Stage(
        handler,
        batch_size=batch_size,
        visibility_s=visibility_s,
        max_receives=max_receives,
    )
    with local_cloud():
        opened_s = clock.seconds()
        result = run(Design("d", {"orders": stage}), QUIET)
    return seen, result.dead


def on_the_mock(batch_size, visibility_s, max_receives):
    """The same with SQS and an event source mapping, as `workbook.cloud` has them."""
    seen = {}

    def handler(event, context):
        failed = []
        for record in event["Records"]:
            order_id = json.loads(record["body"])["order_id"]
            attempts = seen.setdefault(order_id, [])
            attempts.append(round(clock.seconds() - opened_s))
            if fails(order_id, len(attempts)):
                failed.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failed}

    with local_cloud():
        opened_s = clock.seconds()
        sqs = boto3.client("sqs")
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        wanted = {"QueueUrl": dead, "AttributeNames": ["QueueArn"]}
        arn = sqs.get_queue_attributes(**wanted)["Attributes"]["QueueArn"]
        policy = {"deadLetterTargetArn": arn, "maxReceiveCount": max_receives}
        url = sqs.create_queue(
            QueueName="orders",
            Attributes={
                "RedrivePolicy": json.dumps(policy),
                "VisibilityTimeout": str(visibility_s),
            },
        )["QueueUrl"]
        for number in range(1, 7):
            body = json.dumps({"order_id": f"order-0000{number}"})
            sqs.send_message(QueueUrl=url, MessageBody=body)
        source = QueueSource(
            Function(handler, timeout_s=10),
            url,
            batch_size=batch_size,
            function_response_types=["ReportBatchItemFailures"],
        )
        source.drain()
        letters = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10)
        bodies = [json.loads(one["Body"]) for one in letters.get("Messages", [])]
    return seen, tuple(sorted(body["order_id"] for body in bodies))


@pytest.mark.parametrize(
    "settings", [(1, 30, 3), (1, 12, 5), (3, 30, 2), (10, 20, 4), (10, 30, 1)]
)
def test_the_same_attempts_at_the_same_moments_and_the_same_dead_letters(settings):
    assert in_the_storm(*settings) == on_the_mock(*settings)


def a_queue(**settings):
    queue = Queue("q", **{"visibility_s": 30, "max_receives": 2, **settings})
    queue.send(Message({}, "order-1", 0.0))
    return queue


def test_a_received_message_is_invisible_until_it_is_shown_again():
    queue = a_queue()
    [message] = queue.receive(10)
    assert queue.receive(10) == []
    assert queue.show_again(message, 1)
    assert queue.receive(10) == [message]


def test_a_deleted_message_is_not_shown_again():
    queue = a_queue()
    [message] = queue.receive(1)
    queue.delete(message, 1)
    assert not queue.show_again(message, 1)
    assert queue.waiting() == 0


def test_an_old_receipt_deletes_nothing():
    queue = a_queue()
    [message] = queue.receive(1)
    queue.show_again(message, 1)
    queue.receive(1)
    queue.delete(message, 1)
    assert queue.waiting() == 1


def test_a_message_received_often_enough_dies_at_the_next_receive():
    queue = a_queue()
    for receipt in (1, 2):
        [message] = queue.receive(1)
        queue.show_again(message, receipt)
    assert queue.dead == []
    assert queue.receive(1) == []
    assert queue.dead == [message]


def test_a_redriven_message_is_a_new_one():
    queue = a_queue(max_receives=1)
    [message] = queue.receive(1)
    queue.show_again(message, 1)
    queue.receive(1)
    [again] = queue.redrive(99.0)
    assert (again.receives, again.sent_s, queue.dead) == (0, 99.0, [])
    assert queue.receive(1) == [again]


def test_a_copy_comes_though_the_message_was_deleted():
    queue = a_queue()
    [message] = queue.receive(1)
    queue.delete(message, 1)
    queue.copy(message)
    [again] = queue.receive(1)
    assert again.order_id == "order-1"
