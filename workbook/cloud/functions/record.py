"""A stream's record as the function receives it.

Shape as documented, read 2026-11-23:
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html (the event) and
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
(``userIdentity`` of items that Time to Live removed).

Mended on the way, because moto 5.2.5 differs: ``awsRegion`` (always us-east-1
there), ``eventVersion`` 1.0 for 1.1, no ``userIdentity``, and a record for a write
that changed nothing, for which DynamoDB writes none
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html);
that last one can be told only when the stream holds both images.
"""

import base64
from typing import Any

__all__ = ["changes_nothing", "created_s", "sequence_number", "to_record"]

_TTL_IDENTITY = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def to_record(
    raw: dict[str, Any], *, stream_arn: str, ttl_attribute: str | None
) -> dict[str, Any]:
    """Turn a record of ``GetRecords`` into an entry of ``Records``.

    `ttl_attribute` names the table's expiry attribute, or is None.
    """
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
    if _expired(raw, ttl_attribute):
        record["userIdentity"] = dict(_TTL_IDENTITY)
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


def _expired(raw: dict[str, Any], ttl_attribute: str | None) -> bool:
    # The mock does not say who deleted. An item that was past its expiry when it
    # went is taken for one that Time to Live removed.
    old = raw["dynamodb"].get("OldImage", {})
    if raw["eventName"] != "REMOVE" or ttl_attribute is None:
        return False
    expiry = old.get(ttl_attribute, {}).get("N")
    return expiry is not None and float(expiry) <= created_s(raw)


def _plain(value: Any) -> Any:
    """Write bytes as base64, as JSON needs it."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | set | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
