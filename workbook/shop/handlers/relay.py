"""Tell the bus what was written to the log. Side effect: events on the bus.

The log and the bus are two places, and no crash can come between them: what tells the
bus is the log's own stream, which is read again until it has worked.
"""

from boto3.dynamodb.types import TypeDeserializer

from workbook.shop import log
from workbook.shop.wire import client, to_bus

__all__ = ["handler"]

_MOST = 10  # entries that PutEvents takes
_plain = TypeDeserializer().deserialize


def handler(event, context):
    """A batch of the log's stream -> the bus; the first that fails comes back."""
    new = [record for record in event["Records"] if record["eventName"] == "INSERT"]
    for start in range(0, len(new), _MOST):
        some = new[start : start + _MOST]
        answer = client("events").put_events(Entries=[_entry(r) for r in some])
        for record, entry in zip(some, answer["Entries"], strict=True):
            if "ErrorCode" in entry:
                return _from_here(record)
    return {"batchItemFailures": []}


def _entry(record):
    image = record["dynamodb"]["NewImage"]
    item = {name: _plain(value) for name, value in image.items()}
    return to_bus(log.from_item(item))


def _from_here(record):
    number = record["dynamodb"]["SequenceNumber"]
    return {"batchItemFailures": [{"itemIdentifier": number}]}
