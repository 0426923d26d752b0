"""What a record of a DynamoDB stream says, in plain Python."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import Binary, TypeDeserializer

__all__ = ["OLDEST", "changed", "plain", "sequence", "values"]

Record = Mapping[str, Any]

# A sequence number has 21 to 40 digits (API_streams_StreamRecord). Texts are compared
# from the left, so all get the same length, and 10 comes after 9. SQLite's own numbers
# end at 19 digits.
_DIGITS = 40
OLDEST = "0" * _DIGITS

_deserialize = TypeDeserializer().deserialize


def sequence(record: Record) -> str:
    """The record's sequence number, as a text that sorts as the number does."""
    return record["dynamodb"]["SequenceNumber"].zfill(_DIGITS)


def changed(record: Record) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """The item's key, and the item after the change; None if it was deleted."""
    said = record["dynamodb"]
    new = None if record["eventName"] == "REMOVE" else plain(said["NewImage"])
    return plain(said["Keys"]), new


def plain(image: Mapping[str, Any]) -> dict[str, Any]:
    """An image's attributes as Python values."""
    return {name: _deserialize(value) for name, value in image.items()}


def values(row: Mapping[str, Any], names: list[str]) -> list[Any]:
    """The row's values in that order, as SQLite takes them."""
    return [_for_sql(row[name]) for name in names]


def _for_sql(value: Any) -> Any:
    """Whole numbers stay exact; a fraction becomes a float of some 15 digits."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Binary):
        return bytes(value)
    if isinstance(value, dict | list):
        return json.dumps(value, default=str, sort_keys=True)
    if isinstance(value, set | frozenset):
        return json.dumps(sorted(value, key=str), default=str)
    return value
