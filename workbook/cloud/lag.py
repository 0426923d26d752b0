"""Reads that lag behind writes, which the mock has none of.

    with lag.stale(replica_s=0.1, index_s=1.0, seed=7) as seen:
        ...

A table has three copies. One of them is always up to date, and it is the one that
strong reads, conditions and transactions go to. An eventually consistent read goes to
any of the three, by the seed. A write reaches each of the other two `replica_s` later,
and every global index `index_s` later; the numbers may be functions of the random
generator, drawn for each write and each place. Time is the virtual clock's.

The writes to one item arrive in their order, those to different items need not. So a
reader may miss its own write, see an item and then not see it, see the second of two
writes without the first, and find in an index what is deleted. All of it ends when the
longest lag has passed.

AWS documents that such reads "might not reflect the results of a recently completed
write" and mostly do within a second or less (HowItWorks.ReadConsistency and GSI in the
DynamoDB developer guide), and no distribution: the lags are yours to choose. Left out:
an item whose index key changes leaves the old key and comes under the new one at the
same moment here.
"""

import contextlib
import copy
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from . import clock
from .injection import Answer, Attempt, Call, stand_around, step_aside

__all__ = ["Lagging", "Read", "Seconds", "is_on", "stale"]

# A lag in seconds, or a function that draws one.
Seconds = float | Callable[[Random], float]

_REPLICAS = ("leader", "replica 1", "replica 2")
_READS = ("GetItem", "Query", "Scan", "BatchGetItem")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem")
_WRITES += ("BatchWriteItem", "TransactWriteItems")

Place = tuple[str, DynamoType, DynamoType | None]


@dataclass(frozen=True)
class Read:
    """One eventually consistent read: who answered, and how far behind it was.

    `behind_s` is the age of the oldest write that had not arrived there yet, 0 if all
    had.
    """

    operation: str
    table: str
    asked: str
    behind_s: float


@dataclass
class _Write:
    """One item before and after; when it happened, and when each place has it."""

    at_s: float
    before: Item | None
    seen_at_s: dict[str, float] = field(default_factory=dict)


class Lagging:
    """The writes under way, and what eventually consistent reads were told."""

    def __init__(self, replica_s: Seconds, index_s: Seconds, seed: int) -> None:
        self.replica_s, self.index_s = replica_s, index_s
        self.reads: list[Read] = []
        self._rng = Random(seed)
        self._writes: dict[Place, list[_Write]] = defaultdict(list)

    def around_attempt(self, attempt: Attempt, proceed: Callable[[], Answer]) -> Answer:
        """Let it pass: it is calls that lag."""
        return proceed()

    def around_call(self, call: Call, proceed: Callable[[], Any]) -> Any:
        """Make the call, on the state that its consistency lets it see."""
        if call.service != "dynamodb" or call.operation not in (*_READS, *_WRITES):
            return proceed()
        params, region = json.loads(call.body), call.context["client_region"]
        tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][region].tables
        if call.operation in _WRITES:
            return self._written(call.operation, params, tables, proceed)
        with self._as_seen(call.operation, params, tables):
            return proceed()

    def _written(
        self, operation: str, params: dict, tables: dict, proceed: Callable
    ) -> Any:
        places = list(dict.fromkeys(_places(operation, params, tables)))
        before = [_copied(tables, place) for place in places]
        answer = proceed()
        for place, old in zip(places, before, strict=True):
            new = _stored(tables, place)
            if (old is None) != (new is None) or (old and old.attrs != new.attrs):
                self._on_its_way(tables[place[0]], place, old)
        return answer

    def _on_its_way(self, table: Table, place: Place, before: Item | None) -> None:
        """Note when each copy and index will have a write, by its own lag.

        What it does not have yet hides the later writes to the item: see `_at`.
        """
        write = _Write(clock.seconds(), before)
        indexes = [index.name for index in table.global_indexes or []]
        for where in (*_REPLICAS[1:], *indexes):
            lag = self.index_s if where in indexes else self.replica_s
            drawn_s = lag(self._rng) if callable(lag) else lag
            write.seen_at_s[where] = write.at_s + drawn_s
        under_way = [
            earlier
            for earlier in self._writes[place]
            if max(earlier.seen_at_s.values()) > write.at_s
        ]
        self._writes[place] = [*under_way, write]

    @contextlib.contextmanager
    def _as_seen(self, operation: str, params: dict, tables: dict) -> Iterator[None]:
        """Put old copies into the places of the tables that are read."""
        current = dict(tables)
        for name, request in _requests(operation, params):
            table = current.get(name.rpartition("table/")[2])
            where = table and self._who_answers(table, request)
            if where:
                shown, behind_s = self._at(table, where)
                tables[table.name] = shown
                self.reads.append(Read(operation, table.name, where, behind_s))
        try:
            yield
        finally:
            tables.clear()
            tables.update(current)

    def _who_answers(self, table: Table, request: dict) -> str:
        """The copy or index that is read; nothing for a strong read."""
        index = request.get("IndexName", "")
        if request.get("ConsistentRead"):
            return ""  # and of a global index refused, by the mock as by AWS
        if index in [one.name for one in table.global_indexes or []]:
            return index
        return self._rng.choice(_REPLICAS)

    def _at(self, table: Table, where: str) -> tuple[Table, float]:
        """The table as that copy or index has it now, and how far it is behind."""
        now_s, oldest_s = clock.seconds(), clock.seconds()
        items = _shallow(table)
        for (name, hash_key, range_key), writes in self._writes.items():
            missing = [w for w in writes if w.seen_at_s.get(where, 0) > now_s]
            if name == table.name and missing:
                _put(items, table, (hash_key, range_key), missing[0].before)
                oldest_s = min(oldest_s, missing[0].at_s)
        shown = copy.copy(table)
        shown.items = items
        return shown, round(now_s - oldest_s, 6)


@contextlib.contextmanager
def stale(
    *, replica_s: Seconds = 0.1, index_s: Seconds = 1.0, seed: int = 0
) -> Iterator[Lagging]:
    """Let eventually consistent reads of DynamoDB lag while the block runs.

    Every client and resource is reached, whenever it was made. Raises RuntimeError
    without a running local cloud, whose clock it goes by, and ValueError for a negative
    lag.
    """
    if not clock.running():
        raise RuntimeError("lag goes by the virtual clock: start local_cloud() first")
    for name, lag in (("replica_s", replica_s), ("index_s", index_s)):
        if not callable(lag) and lag < 0:
            raise ValueError(f"{name}={lag}: no write arrives before it was made")
    lagging = Lagging(replica_s, index_s, seed)
    stand_around(lagging)
    _on.append(lagging)
    try:
        yield lagging
    finally:
        _on.remove(lagging)
        step_aside(lagging)


_on: list[Lagging] = []


def is_on() -> bool:
    """Whether reads lag at this moment."""
    return bool(_on)


def _requests(operation: str, params: dict) -> Iterator[tuple[str, dict]]:
    """Each table that is read, with what is said about its consistency."""
    if operation == "BatchGetItem":
        yield from params["RequestItems"].items()
    else:
        yield params["TableName"], params


def _places(operation: str, params: dict, tables: dict) -> Iterator[Place]:
    """Where each item is that a write is about."""
    if operation == "BatchWriteItem":
        asked = [
            (name, next(iter(request.values())))
            for name, requests in params["RequestItems"].items()
            for request in requests
        ]
    elif operation == "TransactWriteItems":
        ones = [next(iter(item.values())) for item in params["TransactItems"]]
        asked = [(one["TableName"], one) for one in ones]
    else:
        asked = [(params["TableName"], params)]
    for name, request in asked:
        table = tables.get(name.rpartition("table/")[2])
        key = request.get("Key") or request.get("Item") or {}
        names = [table.hash_key_attr, table.range_key_attr] if table else []
        if table and all(name in key for name in names if name):
            hash_key, range_key = (DynamoType(key[n]) if n else None for n in names)
            yield table.name, hash_key, range_key


def _stored(tables: dict, place: Place) -> Item | None:
    name, hash_key, range_key = place
    table = tables[name]
    found = table.items.get(hash_key)
    return found.get(range_key) if table.range_key_attr and found else found or None


def _copied(tables: dict, place: Place) -> Item | None:
    return copy.deepcopy(_stored(tables, place))


def _shallow(table: Table) -> defaultdict:
    """The table's items in dictionaries of their own."""
    items: defaultdict = defaultdict(dict)
    for key, found in table.items.items():
        items[key] = dict(found) if isinstance(found, dict) else found
    return items


def _put(items: defaultdict, table: Table, key: tuple, item: Item | None) -> None:
    hash_key, range_key = key
    inside = items[hash_key] if table.range_key_attr else items
    last = range_key if table.range_key_attr else hash_key
    if item is None:
        inside.pop(last, None)
    else:
        inside[last] = item
    if table.range_key_attr and not inside:
        items.pop(hash_key, None)
