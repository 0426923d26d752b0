"""Write units, of the table and of its indexes.

A write is as large as the larger of the item before and after it. One that failed its
condition is as large as the item that it found: the guide says so since it was
rewritten, and once spoke of the new item's size.

Each index takes a write of its own for an entry that comes, goes, or changes, and two
where the entry moves to another key; none if nothing that the index projects has
changed. In a transaction the table's units count twice; the guide is silent about
indexes there, and they are counted once.

Sources, in the developer guide: "DynamoDB read and write operations", and "Provisioned
throughput considerations" for indexes, global (GSI.html) and local (LSI.html), which
have the same rules.
"""

from decimal import Decimal
from typing import Any

from moto.dynamodb.models.table import Table

from .inside import Typed
from .units import item_size, write_units

__all__ = ["entry", "index_units", "projected", "table_units"]


def table_units(before: Typed | None, after: Typed | None, *, twice: bool) -> Decimal:
    """Write units of the table for an item that was `before` and is `after`."""
    size = max(item_size(before or {}), item_size(after or {}))
    return write_units(size, transactional=twice)


def index_units(table: Table, before: Typed | None, after: Typed | None) -> Decimal:
    """Write units of all the table's indexes together."""
    found = (_one_index(table, index, before, after) for index in table.all_indexes())
    return sum(found, Decimal(0))


def _one_index(
    table: Table, index: Any, before: Typed | None, after: Typed | None
) -> Decimal:
    old, new = entry(table, index, before), entry(table, index, after)
    if old == new:
        return Decimal(0)
    if old and new and _key(table, index, old) == _key(table, index, new):
        return write_units(max(item_size(old), item_size(new)))
    return sum((write_units(item_size(one)) for one in (old, new) if one), Decimal(0))


def entry(table: Table, index: Any, item: Typed | None) -> Typed | None:
    """What the index holds of `item`: nothing if one of the index's keys is lacking."""
    own = [key["AttributeName"] for key in index.schema]
    if item is None or not all(name in item for name in own):
        return None
    kept = projected(table, index)
    if kept is None:
        return item
    return {name: value for name, value in item.items() if name in kept}


def projected(table: Table, index: Any) -> set[str] | None:
    """The names of the attributes that the index has; None for all of them."""
    if index.projection["ProjectionType"] == "ALL":
        return None
    own = [key["AttributeName"] for key in index.schema]
    more = index.projection.get("NonKeyAttributes") or []
    return {*own, table.hash_key_attr, table.range_key_attr, *more}


def _key(table: Table, index: Any, found: Typed) -> list[Any]:
    own = [key["AttributeName"] for key in index.schema]
    return [found.get(name) for name in [*own, table.hash_key_attr]]
