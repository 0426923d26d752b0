"""Stream records into rows: duplicates, late ones and poison included."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from .records import Record, changed, sequence, values
from .table import ERRORS, POISON, Projection

__all__ = ["Applied", "apply"]


@dataclass(frozen=True)
class Applied:
    """How many records changed a row, came too late, or could not be understood.

    `stopped_at` is the sequence number, as the stream has it, of the record that was
    not got past, or nothing.
    """

    written: int
    stale: int
    poison: int
    stopped_at: str = ""


def apply(
    db: sqlite3.Connection,
    projection: Projection,
    records: Iterable[Record],
    *,
    stop_at_poison: bool = False,
) -> Applied:
    """Bring the copy up to these records, all of them in one transaction.

    A crash before its end leaves the copy as it was, and the batch comes again. A
    record that makes no row is put into `projection_errors`, once however often it
    comes; with `stop_at_poison` nothing from it on is applied.
    """
    written = stale = poison = 0
    statement = projection.upsert()
    with db:
        for record in records:
            try:
                row = _row(projection, record)
                changes = db.execute(statement, row).rowcount
            except (*POISON, sqlite3.IntegrityError) as error:
                if stop_at_poison:
                    number = record["dynamodb"]["SequenceNumber"]
                    return Applied(written, stale, 1, number)
                _put_apart(db, projection, record, error)
                poison += 1
                continue
            written += changes
            stale += 1 - changes
    return Applied(written, stale, poison)


def _row(projection: Projection, record: Record) -> list:
    key, item = changed(record)
    columns = (
        dict.fromkeys(projection.columns) if item is None else projection.row(item)
    )
    found = values(key, list(projection.key))
    found += values(columns, list(projection.columns))
    return [*found, sequence(record), int(item is None)]


def _put_apart(
    db: sqlite3.Connection, projection: Projection, record: Record, error: Exception
) -> None:
    reason = f"{type(error).__name__}: {error}"
    text = json.dumps(record, default=str, sort_keys=True)
    db.execute(
        f"INSERT OR IGNORE INTO {ERRORS} VALUES (?, ?, ?, ?)",
        (projection.view, sequence(record), reason, text),
    )
