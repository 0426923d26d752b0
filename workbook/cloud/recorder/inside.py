"""What only the inside of the mock can tell: stored items, and items looked at.

A client sees the items that a query returns. What it is billed for is the items that
DynamoDB looked at, with all their attributes, before a filter dropped some and a
projection cut the others. Written against moto 5.2.5.
"""

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

__all__ = ["Typed", "looked_at", "stored", "table_of"]

# An item in the notation that is sent: {"order_id": {"S": "order-7"}}.
Typed = dict[str, dict[str, Any]]


def table_of(name: str, region: str) -> Table | None:
    """The mock's own table of that name or ARN, if there is one."""
    plain = name.rpartition("table/")[2]
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][region].tables.get(plain)


def stored(table: Table | None, key: Mapping[str, Any]) -> Typed | None:
    """The whole item that the table has under `key`, whatever else `key` holds."""
    if table is None or table.hash_key_attr not in key:
        return None
    found = table.items.get(DynamoType(key[table.hash_key_attr]))
    if table.range_key_attr and found is not None:
        wanted = key.get(table.range_key_attr)
        found = found.get(DynamoType(wanted)) if wanted else None
    return typed(found) if found else None


def typed(item: Item) -> Typed:
    """The item in the notation that is sent."""
    return {name: {value.type: _plain(value)} for name, value in item.attrs.items()}


def _plain(value: DynamoType) -> Any:
    """A value's content; what a list or a map holds is typed in turn."""
    if value.is_list():
        return [{part.type: _plain(part)} for part in value.value]
    if value.is_map():
        return {name: {v.type: _plain(v)} for name, v in value.value.items()}
    return value.value


@contextlib.contextmanager
def looked_at() -> Iterator[list[Typed]]:
    """Collect the items that queries and scans look at while the block runs."""
    seen: list[Typed] = []
    whole_query, whole_scan = Table.query, Table.scan
    Table.query = _telling(whole_query, "projection_expressions", seen)
    Table.scan = _telling(whole_scan, "projection_expression", seen)
    try:
        yield seen
    finally:
        Table.query, Table.scan = whole_query, whole_scan


def _telling(whole: Callable, projection: str, seen: list[Typed]) -> Callable:
    """`whole`, filtering and projecting only after it told what it looked at."""
    signature = inspect.signature(whole)

    @functools.wraps(whole)
    def search(*args: Any, **named: Any) -> tuple[list[Item], int, Any]:
        bound = signature.bind(*args, **named)
        kept = bound.arguments.pop("filter_expression", None)
        cut = bound.arguments.get(projection)
        bound.arguments[projection] = None
        items, scanned, last = whole(*bound.args, **bound.kwargs)
        seen.extend(map(typed, items))
        if kept is not None:
            items = [item for item in items if kept.expr(item)]
        if cut:
            items = [item.project(cut) for item in items]
        return items, scanned, last

    return search
