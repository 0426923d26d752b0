"""The recorder: what each DynamoDB call of a piece of code reads, writes and costs.

    with recorder() as seen:
        code()
    seen.table()

The mock says that every call takes one capacity unit. Here units are computed by the
documented rounding, from the items that the mock really has. A search of several pages
is several calls, as on AWS. Introduced in chapter 10.

PartiQL and vector search are refused: what is not counted would look free. Left out:
that a scan or query of nothing is billed for each partition that it asked.
"""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from workbook.facts import usd

from ..injection import Answer, Attempt, Call, stand_around, step_aside
from .fetches import fetched_sizes
from .inside import Typed, looked_at, stored, table_of
from .paths import path
from .units import item_size, read_units
from .writes import index_units, table_units

__all__ = ["Access", "Recording", "recorder"]

_SEARCHES = ("Query", "Scan")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem")
_MANY = ("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems")
_NOT_COUNTED = ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction")
_NOT_COUNTED += ("SearchVectors",)
_CONDITION_FAILED = ("ConditionalCheckFailedException", "TransactionCanceledException")


@dataclass(frozen=True)
class Access:
    """One call: how it found its items, how many it read, and what it took.

    `read` items were looked at, `bytes_read` large, and `returned` of them came back.
    `index_units` of the `write_units` are for indexes.
    """

    operation: str
    table: str
    index: str
    path: str
    read: int = 0
    returned: int = 0
    bytes_read: int = 0
    read_units: Decimal = Decimal(0)
    write_units: Decimal = Decimal(0)
    index_units: Decimal = Decimal(0)


class Recording:
    """The calls to DynamoDB, in order, and their sums."""

    def __init__(self) -> None:
        self.accesses: list[Access] = []

    def __len__(self) -> int:
        return len(self.accesses)

    @property
    def read(self) -> int:
        """Items that were looked at."""
        return sum(access.read for access in self.accesses)

    @property
    def returned(self) -> int:
        """Items that came back."""
        return sum(access.returned for access in self.accesses)

    @property
    def read_units(self) -> Decimal:
        """Read request units."""
        return sum((access.read_units for access in self.accesses), Decimal(0))

    @property
    def write_units(self) -> Decimal:
        """Write request units, those of indexes among them."""
        return sum((access.write_units for access in self.accesses), Decimal(0))

    @property
    def usd(self) -> Decimal:
        """What the units cost on demand, in USD."""
        read = self.read_units * usd("dynamodb.price.read")
        return read + self.write_units * usd("dynamodb.price.write")

    def table(self) -> pd.DataFrame:
        """A row a call: operation, table, index, path, items, units."""
        rows = [
            {
                "call": access.operation,
                "table": access.table,
                "index": access.index,
                "access path": access.path,
                "items read": access.read,
                "returned": access.returned,
                "read units": float(access.read_units),
                "write units": float(access.write_units),
            }
            for access in self.accesses
        ]
        return pd.DataFrame(rows, index=range(1, len(rows) + 1))

    def __repr__(self) -> str:
        calls = f"{len(self)} call" + "s" * (len(self) != 1)
        return (
            f"{calls}: {self.read:,} items read, {self.returned:,} returned; "
            f"{self.read_units.normalize():,f} read units, "
            f"{self.write_units.normalize():,f} write units"
        )


@contextlib.contextmanager
def recorder() -> Iterator[Recording]:
    """Record the calls to DynamoDB that any client makes while the block runs."""
    watcher = _Watcher()
    stand_around(watcher)
    try:
        yield watcher.recording
    finally:
        step_aside(watcher)


class _Watcher:
    def __init__(self) -> None:
        self.recording = Recording()
        self._lock = threading.RLock()

    def around_attempt(self, attempt: Attempt, proceed: Callable[[], Answer]) -> Answer:
        """Let it pass: it is calls that are recorded."""
        return proceed()

    def around_call(self, call: Call, proceed: Callable[[], Any]) -> Any:
        """Make the call, and note what it took."""
        if call.service == "dynamodb" and call.operation in _NOT_COUNTED:
            raise NotImplementedError(
                f"the recorder does not count {call.operation}: use GetItem, Query, "
                "PutItem, UpdateItem and their like"
            )
        measure = _MEASURES.get(call.operation)
        if call.service != "dynamodb" or measure is None:
            return proceed()
        with self._lock:  # the mock's tables are compared before and after
            params = json.loads(call.body)
            region = call.context["client_region"]
            answer, access = measure(call.operation, params, region, proceed)
            if access is not None:
                self.recording.accesses.append(access)
            return answer


_Measured = tuple[Any, Access | None]


def _searched(
    operation: str, params: dict, region: str, proceed: Callable
) -> _Measured:
    """A query or a scan: one read of all that it looked at, and what it fetched."""
    with looked_at() as items:
        answer = proceed()
    if _error(answer):
        return answer, None
    kind, size = _consistency(params), sum(map(item_size, items))
    more = fetched_sizes(table_of(params["TableName"], region), params, items)
    units = sum(
        (read_units(one, kind=kind) for one in more), read_units(size, kind=kind)
    )
    return answer, Access(
        operation,
        params["TableName"],
        params.get("IndexName", ""),
        path(operation, params),
        len(items),
        answer[1].get("Count", 0),
        size + sum(more),
        units,
    )


def _got(operation: str, params: dict, region: str, proceed: Callable) -> _Measured:
    """Keys that are asked for one by one, each rounded by itself."""
    asked = list(_keys_asked(operation, params))
    answer = proceed()
    if _error(answer):
        return answer, None
    found = [stored(table_of(name, region), key) for name, key, _ in asked]
    sizes = [item_size(item or {}) for item in found]
    kinds = [kind for _, _, kind in asked]
    units = [read_units(s, kind=k) for s, k in zip(sizes, kinds, strict=True)]
    there = sum(item is not None for item in found)
    return answer, Access(
        operation,
        _names(name for name, _, _ in asked),
        "",
        _several(operation, params, len(asked)),
        there,
        there,
        sum(sizes),
        sum(units, Decimal(0)),
    )


def _written(operation: str, params: dict, region: str, proceed: Callable) -> _Measured:
    """Writes: the items before and after, in the table and in its indexes."""
    changes = [(name, what) for name, what in _changes(operation, params)]
    before = _snapshots(changes, region)
    answer = proceed()
    error = _error(answer)
    if error and error not in _CONDITION_FAILED:
        return answer, None
    after = _snapshots(changes, region)
    twice = operation == "TransactWriteItems"
    tables = [table_of(name, region) for name, _ in changes]
    own = index = Decimal(0)
    for table, old, new in zip(tables, before, after, strict=True):
        own += table_units(old, new, twice=twice)
        index += index_units(table, old, new)
    return answer, Access(
        operation,
        _names(name for name, _ in changes),
        "",
        _several(operation, params, len(changes)),
        write_units=own + index,
        index_units=index,
    )


_MEASURES = {
    **dict.fromkeys(_SEARCHES, _searched),
    **dict.fromkeys(("GetItem", "BatchGetItem", "TransactGetItems"), _got),
    **dict.fromkeys((*_WRITES, "BatchWriteItem", "TransactWriteItems"), _written),
}


def _keys_asked(operation: str, params: dict) -> Iterator[tuple[str, dict, str]]:
    """Each key that a read asks for: table, key, consistency."""
    if operation == "GetItem":
        yield params["TableName"], params["Key"], _consistency(params)
    elif operation == "BatchGetItem":
        for name, request in params["RequestItems"].items():
            for key in request["Keys"]:
                yield name, key, _consistency(request)
    else:
        for request in params["TransactItems"]:
            yield request["Get"]["TableName"], request["Get"]["Key"], "transactional"


def _changes(operation: str, params: dict) -> Iterator[tuple[str, dict]]:
    """Each item that a write is about: table, and its key or the new item."""
    if operation == "BatchWriteItem":
        for name, requests in params["RequestItems"].items():
            for request in requests:
                yield name, _about(next(iter(request.values())))
    elif operation == "TransactWriteItems":
        for request in params["TransactItems"]:
            one = next(iter(request.values()))
            yield one["TableName"], _about(one)
    else:
        yield params["TableName"], _about(params)


def _about(request: dict) -> dict:
    return request.get("Key") or request.get("Item") or {}


def _snapshots(changes: list[tuple[str, dict]], region: str) -> list[Typed | None]:
    return [stored(table_of(name, region), key) for name, key in changes]


def _consistency(request: dict) -> str:
    return "strong" if request.get("ConsistentRead") else "eventual"


def _several(operation: str, params: dict, number: int) -> str:
    if operation == "PutItem":
        return "the item's key"
    keys = f"{number} key" + "s" * (number != 1)
    return keys if operation in _MANY else path(operation, params)


def _names(names: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _error(answer: Any) -> str:
    """The code of the error that the service answered with, or nothing."""
    http, parsed = answer
    return parsed["Error"]["Code"] if http.status_code >= 300 else ""
