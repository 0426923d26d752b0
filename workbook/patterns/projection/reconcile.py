"""Reconciliation: where copy and table differ, and how to mend it without a race.

First the rows are read, then the table is scanned, with strong consistency. So an item
is never older than the row it is compared with. A repair then writes only where the row
has still the sequence number that was read: if a record came in between, the record
knows better. A repaired row keeps its number, and the next record for it wins.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .records import OLDEST, values
from .table import POISON, Projection

__all__ = ["Difference", "differences", "repair"]

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """One key on which copy and table disagree.

    `kind` is "missing" (in the copy), "extra" (in the copy alone), "differs", or
    "unreadable" (an item that `row` does not understand, which no repair mends).
    `found` is the copy's row and `expected` the table's, without the key; None where
    there is none. `sequence` is the number of the row that was read.
    """

    kind: str
    key: Key
    found: tuple | None
    expected: tuple | None
    sequence: str = OLDEST


def differences(
    db: sqlite3.Connection,
    projection: Projection,
    scan: Callable[[], Iterable[Mapping[str, Any]]],
) -> list[Difference]:
    """Compare all rows with all items that `scan()` gives, by a strong read."""
    rows = _rows(db, projection)
    expected = {
        tuple(values(item, list(projection.key))): _expected(projection, item)
        for item in scan()
    }
    found = [_compared(key, rows.get(key), new) for key, new in expected.items()]
    found += [
        Difference("extra", key, row, None, number)
        for key, (row, number, gone) in rows.items()
        if key not in expected and not gone
    ]
    return sorted(filter(None, found), key=lambda one: tuple(map(str, one.key)))


def _expected(projection: Projection, item: Mapping[str, Any]) -> tuple | None:
    """The row that an item should have; None for one that is not understood."""
    try:
        return tuple(values(projection.row(item), list(projection.columns)))
    except POISON:
        return None


def _rows(db: sqlite3.Connection, projection: Projection) -> dict[Key, tuple]:
    """Each key's row, its sequence number, and whether it is gone."""
    names = ", ".join([*projection.key, *projection.columns, "sequence", "gone"])
    width = len(projection.key)
    return {
        tuple(row[:width]): (tuple(row[width:-2]), row[-2], bool(row[-1]))
        for row in db.execute(f"SELECT {names} FROM {projection.rows}")
    }


def _compared(
    key: Key, there: tuple | None, expected: tuple | None
) -> Difference | None:
    if expected is None:
        return Difference("unreadable", key, there and there[0], None)
    if there is None:
        return Difference("missing", key, None, expected)
    row, number, gone = there
    if gone:
        return Difference("missing", key, None, expected, number)
    return (
        None if row == expected else Difference("differs", key, row, expected, number)
    )


def repair(
    db: sqlite3.Connection, projection: Projection, found: Iterable[Difference]
) -> int:
    """Mend what was found, in one transaction; how many rows it wrote."""
    readable = (one for one in found if one.kind != "unreadable")
    with db:
        return sum(_mended(db, projection, one) for one in readable)


def _mended(db: sqlite3.Connection, projection: Projection, one: Difference) -> int:
    gone = one.kind == "extra"
    new = [None] * len(projection.columns) if gone else list(one.expected or ())
    where = " AND ".join(f"{name} = ?" for name in projection.key)
    changes = ", ".join(f"{name} = ?" for name in projection.columns)
    changed = db.execute(
        f"UPDATE {projection.rows} SET {changes}, gone = ? "
        f"WHERE {where} AND sequence = ?",
        [*new, int(gone), *one.key, one.sequence],
    ).rowcount
    if changed or one.kind != "missing" or one.sequence != OLDEST:
        return changed
    names = [*projection.key, *projection.columns, "sequence", "gone"]
    return db.execute(
        f"INSERT INTO {projection.rows} ({', '.join(names)}) "
        f"VALUES ({', '.join('?' * len(names))}) ON CONFLICT DO NOTHING",
        [*one.key, *new, OLDEST, 0],
    ).rowcount
