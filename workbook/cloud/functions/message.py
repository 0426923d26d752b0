"""A queue's message as the function receives it.

Shape as documented, read 2026-11-23, at
https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html (standard and FIFO).
On a FIFO queue moto 5.2.5 gives ``SequenceNumber`` only to messages sent with a
``MessageDeduplicationId``, and its digits are random; on AWS every message has one
and they grow.
"""

import base64
from typing import Any

__all__ = ["to_record"]

# Lists are "reserved for future use" in SQS and always empty in the event.
_EMPTY_LISTS: dict[str, list[str]] = {"stringListValues": [], "binaryListValues": []}


def to_record(message: dict[str, Any], queue_arn: str) -> dict[str, Any]:
    """Turn a message of ``ReceiveMessage`` into an entry of ``Records``."""
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {n: _attribute(v) for n, v in attributes.items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"dataType": value["DataType"], **_EMPTY_LISTS}
    if "StringValue" in value:
        record["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        record["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return record
