"""Spare moto what it computes anew for each request though it never changes.

A learner waits for every call. Three answers are remembered (a name in another style,
the methods of a class, a parsed path), and a transaction copies the items it touches
instead of whole tables: moto 5.2.5 copies each table that a transaction writes, so that
the thousandth order would take a hundred times as long as the first.
"""

import copy
import functools
from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import jsonpath_ng.ext
from moto.core import responses
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

__all__ = ["start"]

_started = False


def start() -> None:
    """Put the caches in, once in a process."""
    global _started  # noqa: PLW0603  a process is patched once
    if _started:
        return
    _started = True
    for owner, name in (
        (responses, "camelcase_to_underscores"),
        (responses, "method_names_from_class"),
        (jsonpath_ng.ext, "parse"),
    ):
        setattr(owner, name, functools.cache(getattr(owner, name)))
    whole = DynamoDBBackend.transact_write_items
    DynamoDBBackend.transact_write_items = _touching_little(whole)


def _touching_little(whole: Callable) -> Callable:
    """`transact_write_items`, with quick copies of the tables to go back to."""

    @functools.wraps(whole)
    def transact_write_items(backend: DynamoDBBackend, items: list[dict]) -> None:
        copies = SimpleNamespace(deepcopy=lambda table: _backup(table, items))
        real, models.copy = models.copy, copies
        try:
            whole(backend, items)
        finally:
            models.copy = real

    return transact_write_items


def _backup(original: Any, operations: list[dict]) -> Any:
    """A table to go back to: its own lists, and copies of the items to be written."""
    if not isinstance(original, Table):
        return copy.deepcopy(original)
    table = copy.copy(original)
    table.items = defaultdict(dict)
    for key, found in original.items.items():
        table.items[key] = dict(found) if isinstance(found, dict) else found
    if original.stream_shard is not None:
        table.stream_shard = copy.copy(original.stream_shard)
        table.stream_shard.items = list(original.stream_shard.items)
    for operation in operations:
        _copy_item(table, next(iter(operation.values())))
    return table


def _copy_item(table: Table, said: dict) -> None:
    """Copy the item that an operation writes: an update changes it in place."""
    if said.get("TableName") not in (table.name, table.table_arn):
        return
    key = said.get("Key") or said.get("Item") or {}
    names = [table.hash_key_attr, table.range_key_attr]
    values = [DynamoType(key[name]) for name in names if name in key]
    if len(values) == sum(name is not None for name in names):
        place, (*outer, last) = table.items, values
        for value in outer:
            place = place.get(value, {})
        if last in place:
            place[last] = copy.deepcopy(place[last])
