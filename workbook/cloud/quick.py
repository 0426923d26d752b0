"""Spare moto what it computes anew for each request though it never changes.

A learner waits for every call. Four answers are remembered (a name in another style,
the methods of a class, a parsed path, a word fit for a user agent). A transaction
copies the items it touches, and a query looks at the items of its partition: moto 5.2.5
copies each table that a transaction writes, and sorts the whole table for a query, so
that the thousandth order would take ten times as long as the first. A message's age is
compared with the queue's retention without asking for all of the queue's attributes. A
value of DynamoDB's is read by the name of its type, where moto tries other names first.
An item's size is added up as it grows, not counted anew for each attribute.
And moto's dashboard, which nobody opens here, keeps every object that was ever made,
each copy of an item too: they may be forgotten.
"""

import copy
import functools
from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import jsonpath_ng.ext
from botocore import useragent
from moto.core import responses
from moto.core.common_models import BaseModel
from moto.core.serialize import ResponseSerializer
from moto.core.utils import unix_time
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.sqs import models as sqs

__all__ = ["start"]

_SURELY_FITS = 300_000  # bytes of an item: well below 400 KB

_started = False


def start() -> None:
    """Put the caches in, once in a process."""
    global _started  # noqa: PLW0603  a process is patched once
    if _started:
        return
    _started = True
    for owner, name in (
        (responses, "camelcase_to_underscores"),
        (sqs, "camelcase_to_underscores"),
        (responses, "method_names_from_class"),
        (jsonpath_ng.ext, "parse"),
        (useragent, "sanitize_user_agent_string_component"),
    ):
        setattr(owner, name, functools.cache(getattr(owner, name)))
    BaseModel.__new__ = _untracked
    ResponseSerializer.get_value = _by_type(ResponseSerializer.get_value)
    whole = DynamoDBBackend.transact_write_items
    DynamoDBBackend.transact_write_items = _touching_little(whole)
    Table.query = _in_its_partition(Table.query)
    LimitedSizeDict.__setitem__ = _adding_up(LimitedSizeDict.__setitem__)
    sqs.SQSBackend.is_message_valid_based_on_retention_period = _is_kept


def _adding_up(whole: Callable) -> Callable:
    """`__setitem__` of an item's attributes, with a running sum of their sizes.

    Moto allows 405,000 bytes. Near that, and where attributes went in or out by another
    way since the last time, it counts for itself.
    """

    @functools.wraps(whole)
    def __setitem__(attributes: LimitedSizeDict, name: str, value: Any) -> None:
        number, total = getattr(attributes, "counted", (0, 0))
        if number != len(attributes) or name in attributes or total > _SURELY_FITS:
            whole(attributes, name, value)
            total = sum(len(key) + _size(held) for key, held in attributes.items())
        else:
            total += len(name.encode()) + _size(value)
            if total > _SURELY_FITS:
                whole(attributes, name, value)
            else:
                dict.__setitem__(attributes, name, value)
        attributes.counted = (len(attributes), total)

    return __setitem__


def _size(value: Any) -> int:
    return value.size() if isinstance(value, DynamoType) else len(str(value).encode())


def _untracked(cls: type, *args: Any, **named: Any) -> BaseModel:
    """A new object of moto's, not on the list that its dashboard shows."""
    return object.__new__(cls)


def _by_type(whole: Callable) -> Callable:
    """`get_value`; of a value such as {"S": "…"} without a search for other names."""

    @functools.wraps(whole)
    def get_value(serializer: Any, value: Any, key: str, shape: Any) -> Any:
        parent = getattr(shape, "parent", None)
        if type(value) is dict and getattr(parent, "name", "") == "AttributeValue":
            return value.get(key)
        return whole(serializer, value, key, shape)

    return get_value


def _in_its_partition(whole: Callable) -> Callable:
    """`query`; without an index, of a table that has the one partition alone."""

    @functools.wraps(whole)
    def query(table: Table, hash_key: Any, *rest: Any, **named: Any) -> Any:
        # The index's name is the eighth argument, and may come without its name.
        if hash_key is None or named.get("index_name") or any(rest[6:7]):
            return whole(table, hash_key, *rest, **named)
        partition = copy.copy(table)
        found = {hash_key: table.items[hash_key]} if hash_key in table.items else {}
        partition.items = defaultdict(dict, found)
        return whole(partition, hash_key, *rest, **named)

    return query


def _is_kept(backend: sqs.SQSBackend, queue_name: str, message: sqs.Message) -> bool:
    """Whether a message is younger than its queue keeps messages."""
    kept_s = backend.get_queue(queue_name).message_retention_period
    return kept_s + message.sent_timestamp / 1000 > unix_time()


def _touching_little(whole: Callable) -> Callable:
    """`transact_write_items`, with quick copies of the tables to go back to."""

    @functools.wraps(whole)
    def transact_write_items(backend: DynamoDBBackend, items: list[dict]) -> None:
        copies = SimpleNamespace(deepcopy=lambda table: _backup(table, items))
        real, models.copy = models.copy, copies
        before = dict(backend.tables)
        try:
            whole(backend, items)
        finally:
            models.copy = real
            _put_back(backend, before)

    return transact_write_items


def _put_back(backend: DynamoDBBackend, before: dict[str, Table]) -> None:
    """Give a refused transaction's tables what their backups hold.

    Moto puts the backup in the table's place, and whoever reads the table's stream
    would go on reading the stream of the one that is gone.
    """
    for name, table in before.items():
        backup = backend.tables[name]
        if backup is not table:
            table.items = backup.items
            if table.stream_shard is not None:
                table.stream_shard.items = backup.stream_shard.items
            backend.tables[name] = table


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
