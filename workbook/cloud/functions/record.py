"""A stream's record as the function receives it.

Shape as documented, read 2026-11-23:
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html (the event) and
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
(``userIdentity`` of items that Time to Live removed).

Mended on the way, because moto 5.2.5 differs: ``awsRegion`` (always us-east-1
there), ``eventVersion`` 1.0 for 1.1, and a record for a write that changed nothing,
for which DynamoDB writes none
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html);
that last one can be told only when the stream holds both images.
"""

import base64
from typing import Any

__all__ = ["changes_nothing", "created_s", "sequence_number", "to_record"]


def to_record(raw: dict[str, Any], stream_arn: str) -> dict[str, Any]:
    """Turn a record of ``GetRecords`` into an entry of ``Records``."""
    change = _plain(raw["dynamodb"])
    change["ApproximateCreationDateTime"] = int(created_s(raw))
    record = {
        "eventID": raw["eventID"],
        "eventName": raw["eventName"],
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": stream_arn.split(":")[3],
        "dynamodb": change,
        "eventSourceARN": stream_arn,
    }
    if who := raw.get("userIdentity"):
        record["userIdentity"] = {
            "type": who["Type"],
            "principalId": who["PrincipalId"],
        }
    return record


def created_s(raw: dict[str, Any]) -> float:
    """Return when the change was made, in epoch seconds."""
    return raw["dynamodb"]["ApproximateCreationDateTime"].timestamp()


def sequence_number(record: dict[str, Any]) -> str:
    """Return the record's place in its shard, as text of digits."""
    return record["dynamodb"]["SequenceNumber"]


def changes_nothing(raw: dict[str, Any]) -> bool:
    """Whether both images are known and equal."""
    images = [raw["dynamodb"].get(name) for name in ("OldImage", "NewImage")]
    return None not in images and images[0] == images[1]


def _plain(value: Any) -> Any:
    """Write bytes as base64, as JSON needs it."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | set | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
