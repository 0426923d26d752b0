"""Many items at once, where a cell is about reading them and not about writing them.

AWS has an import from S3 for this, which writes to a new table without using its write
capacity (docs.aws.amazon.com/amazondynamodb/latest/developerguide/
S3DataImport.HowItWorks.html). Here the items go into the mock past boto3.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

__all__ = ["load_items"]


def load_items(table: str, items: Iterable[Mapping[str, Any]], *, region: str) -> int:
    """Put `items`, as a boto3 resource would take them, into `table`; how many.

    Raises LookupError if there is no such table, and what the mock raises for an item
    that it would refuse.
    """
    found = dynamodb_backends[DEFAULT_ACCOUNT_ID][region].tables.get(table)
    if found is None:
        raise LookupError(f"there is no table {table!r}: create it first")
    written = 0
    for item in items:
        found.put_item({name: _typed(value) for name, value in item.items()})
        written += 1
    return written


_serialize = TypeSerializer().serialize


def _typed(value: Any) -> dict[str, Any]:
    """As boto3 would send the value; a text takes the short way."""
    return {"S": value} if type(value) is str else _serialize(value)
