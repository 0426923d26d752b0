"""What a search of a local index fetches from the table, item by item.

A local index that is asked for an attribute that it does not project reads each item
that it found from the table as well, and rounds each up by itself. Source:
"Provisioned throughput considerations for local secondary indexes" (LSI.html) in the
developer guide. A global index has nothing but what it projects.
"""

import re
from typing import Any

from moto.dynamodb.models.table import Table

from .inside import Typed, stored
from .units import item_size
from .writes import projected

__all__ = ["fetched_sizes"]


def fetched_sizes(table: Table | None, params: dict, found: list[Typed]) -> list[int]:
    """Bytes of each item that is read from the table as well, in the order found."""
    index = _local_index(table, params.get("IndexName", ""))
    kept = projected(table, index) if index else None
    if kept is None or not _asks_beyond(kept, params):
        return []
    return [item_size(stored(table, item) or {}) for item in found]


def _local_index(table: Table | None, name: str) -> Any:
    indexes = table.indexes if table else []
    return next((index for index in indexes if index.name == name), None)


def _asks_beyond(kept: set[str], params: dict) -> bool:
    """Whether the search wants an attribute that is not among those `kept`."""
    if params.get("Select") == "ALL_ATTRIBUTES":
        return True
    names = params.get("ExpressionAttributeNames", {})
    paths = re.split(r"[\s,]+", params.get("ProjectionExpression", ""))
    first = {re.split(r"[.\[]", path)[0] for path in paths if path}
    asked = {names.get(name, name) for name in first}
    return not kept.issuperset(asked.union(params.get("AttributesToGet", [])))
