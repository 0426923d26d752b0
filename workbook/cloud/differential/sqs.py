"""Queues: visibility, dead letters, FIFO, sizes, errors."""

import json
from typing import Any

from workbook.facts import fact

from .places import Place
from .scenario import documented, error_of

__all__ = ["SCENARIOS"]

_GUIDE = "AWSSimpleQueueService/latest/SQSDeveloperGuide/"
_API = "AWSSimpleQueueService/latest/APIReference/"
_MOMENT_S = 0.02
_LARGEST = fact("sqs.message.max").value
_MOST = fact("sqs.batch.max").value


def _queue(place: Place, name: str, **attributes: Any) -> str:
    """A new queue's URL; a name that ends with .fifo makes it a FIFO queue."""
    if name.endswith(".fifo"):
        attributes["FifoQueue"] = "true"
    made = place.client("sqs").create_queue(
        QueueName=place.named(name),
        Attributes={key: str(value) for key, value in attributes.items()},
    )
    return made["QueueUrl"]


def _received(place: Place, url: str, *, most: int = 10) -> list[dict[str, Any]]:
    found = place.client("sqs").receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=most,
        MessageSystemAttributeNames=["ApproximateReceiveCount"],
    )
    return found.get("Messages", [])


def _bodies(messages: list[dict[str, Any]]) -> str:
    return ", ".join(message["Body"] for message in messages) or "nothing"


@documented(
    "A message that nobody deletes, with maxReceiveCount 2",
    "received 2 times, then in the dead-letter queue",
    _GUIDE + "sqs-dead-letter-queues.html",
    read="2026-11-23",
)
def dead_letter_after_max_receive_count(place: Place) -> str:
    sqs, dead = place.client("sqs"), _queue(place, "gives-up-dead")
    asked = {"QueueUrl": dead, "AttributeNames": ["QueueArn"]}
    arn = sqs.get_queue_attributes(**asked)["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    url = _queue(place, "gives-up", VisibilityTimeout=0, RedrivePolicy=policy)
    sqs.send_message(QueueUrl=url, MessageBody="order")
    times = 0
    while times < 5 and _received(place, url):
        times += 1
        place.let_pass(_MOMENT_S)
    where = "in the dead-letter queue" if _received(place, dead) else "nowhere"
    return f"received {times} times, then {where}"


@documented(
    "A message that was received, before and after its visibility timeout",
    "hidden, then received for the 2nd time",
    _GUIDE + "sqs-visibility-timeout.html",
)
def visibility_timeout(place: Place) -> str:
    url = _queue(place, "hides", VisibilityTimeout=1)
    place.client("sqs").send_message(QueueUrl=url, MessageBody="order")
    _received(place, url)
    hidden = "shown" if _received(place, url) else "hidden"
    place.let_pass(1.1)
    again = _received(place, url)
    count = again[0]["Attributes"]["ApproximateReceiveCount"] if again else "0"
    return f"{hidden}, then received for the {count}nd time"


@documented(
    "Deleting with the receipt handle of an earlier receive",
    "accepted; the message might not be deleted",
    _API + "API_DeleteMessage.html",
    allowed=("accepted, the message stays", "accepted, the message is gone"),
)
def delete_with_an_old_receipt_handle(place: Place) -> str:
    url = _queue(place, "forgets", VisibilityTimeout=0)
    place.client("sqs").send_message(QueueUrl=url, MessageBody="order")
    (first,) = _received(place, url)
    place.let_pass(_MOMENT_S)
    _received(place, url)
    delete = {"QueueUrl": url, "ReceiptHandle": first["ReceiptHandle"]}
    answer = error_of(lambda: place.client("sqs").delete_message(**delete))
    place.let_pass(_MOMENT_S)
    stays = "stays" if _received(place, url) else "is gone"
    return f"{answer}, the message {stays}"


@documented(
    "Two messages of a FIFO queue with the same deduplication id",
    "both accepted, 1 delivered",
    _API + "API_SendMessage.html",
)
def fifo_deduplication(place: Place) -> str:
    url = _queue(place, "once.fifo")
    for body in ("order", "order again"):
        place.client("sqs").send_message(
            QueueUrl=url,
            MessageBody=body,
            MessageGroupId="o-1",
            MessageDeduplicationId="o-1",
        )
    return f"both accepted, {len(_received(place, url))} delivered"


@documented(
    "The rest of a FIFO group while one of its messages is with a consumer",
    "nothing",
    _API + "API_ReceiveMessage.html",
)
def fifo_group_waits(place: Place) -> str:
    url = _queue(place, "waits.fifo", ContentBasedDeduplication="true")
    _send_group(place, url)
    _received(place, url, most=1)
    return _bodies(_received(place, url))


@documented(
    "A FIFO group of two messages, received and not deleted, when it comes again",
    "first",
    _GUIDE + "FIFO-queues-understanding-logic.html",
)
def fifo_order_after_visibility_timeout(place: Place) -> str:
    attributes = {"ContentBasedDeduplication": "true", "VisibilityTimeout": 1}
    url = _queue(place, "comes-again.fifo", **attributes)
    _send_group(place, url)
    _received(place, url)
    place.let_pass(1.1)
    return _bodies(_received(place, url, most=1))


@documented(
    "The longest message body",
    f"{_LARGEST:,} bytes",
    _API + "API_SendMessage.html",
)
def largest_message(place: Place) -> str:
    url = _queue(place, "large")
    accepted = 0
    for size in (2**18, 2**18 + 1, _LARGEST, _LARGEST + 1):
        sent = {"QueueUrl": url, "MessageBody": "x" * size}
        if error_of(lambda: place.client("sqs").send_message(**sent)) != "accepted":  # noqa: B023  # called at once
            break
        accepted = size
    return f"{accepted:,} bytes"


@documented(
    f"A batch of {_MOST + 1} messages",
    "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    _API + "API_SendMessageBatch.html",
)
def batch_too_long(place: Place) -> str:
    url = _queue(place, "batches")
    entries = [{"Id": str(n), "MessageBody": "order"} for n in range(_MOST + 1)]
    batch = {"QueueUrl": url, "Entries": entries}
    return error_of(lambda: place.client("sqs").send_message_batch(**batch))


@documented(
    "The error for a queue that does not exist",
    "QueueDoesNotExist, AWS.SimpleQueueService.NonExistentQueue",
    _API + "API_GetQueueUrl.html",
)
def queue_that_is_not_there(place: Place) -> str:
    sqs = place.client("sqs")
    try:
        sqs.get_queue_url(QueueName=place.named("nowhere"))
    except sqs.exceptions.ClientError as error:
        return f"{type(error).__name__}, {error.response['Error']['Code']}"
    return "found"


def _send_group(place: Place, url: str) -> None:
    for body in ("first", "second"):
        place.client("sqs").send_message(
            QueueUrl=url, MessageBody=body, MessageGroupId="o-1"
        )


SCENARIOS = (
    dead_letter_after_max_receive_count,
    visibility_timeout,
    delete_with_an_old_receipt_handle,
    fifo_deduplication,
    fifo_group_waits,
    fifo_order_after_visibility_timeout,
    largest_message,
    batch_too_long,
    queue_that_is_not_there,
)
