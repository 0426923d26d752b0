"""Exercise 3: a copy in SQL that is right in whatever order its records come."""

import copy
import itertools
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from workbook.checks.consistency.sqlcopy import (
    end_process,
    noted_in,
    notes_in,
    open_copy,
    record,
    row_of,
    rows_in,
)
from workbook.checks.process import Program
from workbook.learn import Verdict, call, failed, passed, try_call

__all__ = ["check"]

Batch = Sequence[Mapping[str, Any]]

_NEW = "A new order is not in the copy as it should be."
_CHANGED = "An order has changed, and the copy does not show it."
_DELETED = "An order was deleted, and it is still in the copy."
_ANEW = "An order was deleted and placed anew, and the copy does not have it."
_OPEN = "What was not committed is gone when the process ends: the copy is as it was."
_LATE = "An older record came late, and it replaced what a newer one had said."
_BACK = "An older record came late, and an order that was deleted is back."
_BURIED = "A deletion came late, and an order that was placed anew is gone."
_COARSE = "A newer record was taken for no newer one: its number is larger by one."
_LONGEST = "A newer record was taken for an older one: its number has 40 digits."
_LENGTH = "A newer record was taken for an older one: its number has one digit more."
_SECOND = "Of two records within a second, the newer one did not get through."
_STOPPED = "A record that no row can be made of stopped the good ones behind it."
_SKIPPED = "Beside a record that no row can be made of, a good one is missing."
_POISONED = "A record that no row can be made of has changed a row."
_NOWHERE = "A record that no row can be made of is not in `errors`: nobody will see it."
_NOTED_TWICE = "A record that no row can be made of came twice, and cannot be noted."
_SWALLOWED = "The copy could not be written for a moment, and the batch counts as done."
_LOST = "SQLite failed once, the batch came again, and what it says is not there."
_BLOCKS = "After a record that no row can be made of, a good one does not get through."
_BLANK = "`errors` does not hold the record that no row can be made of."
_NOTE_LOST = "What `errors` should hold is gone when the process ends."
_ORDER = "Its records came in another order, and the copy ends up different."

_BY_NUMBER = (
    "Keep the sequence number with the row, and let a record change the row only if "
    "its number is larger: `… DO UPDATE SET … WHERE excluded.sequence > "
    "orders.sequence`."
)
_DIGITS = (
    "21 digits are more than a float or SQLite's INTEGER holds: compare texts of one "
    "length, `number.zfill(40)`, or whole numbers in Python."
)
_AS_TEXT = (
    "Numbers of different lengths do not sort as texts: fill them up with zeros, "
    "`number.zfill(40)`."
)
_KEEP_GONE = (
    "Keep the row of a deleted order, with `gone` set and the number of the record "
    "that deleted it."
)
_NOTE = "`INSERT OR IGNORE INTO errors VALUES (?, ?)`, and go on with the next record."


_ONLY_VALUES = (
    "Catch the ValueError of `row_of`, and nothing else: every other error must get "
    "out, so that the batch comes again."
)


def check(project: Callable) -> Verdict:
    """Whether the copy shows the newest record of each order, after every batch."""
    program = Program(project)
    verdict = (
        _in_order(program)
        or _late(program)
        or _numbers(program)
        or _poison(program)
        or _unwritable(program)
    )
    return verdict or _in_any_order(program)


def _applied(program: Program, db: sqlite3.Connection, *batches: Batch) -> None:
    """Each batch to a new process; what is not committed then is lost."""
    for batch in batches:
        call(program.start(), db, copy.deepcopy(list(batch)))
        end_process(db)


def _shows(program: Program, batches: Iterable[Batch], wanted: dict) -> bool:
    """Whether a new copy shows `wanted` after these batches."""
    db = open_copy()
    _applied(program, db, *batches)
    return rows_in(db) == wanted


# --- on a good day --------------------------------------------------------------------


def _in_order(program: Program) -> Verdict | None:
    db = open_copy()
    placed, paid = record("order-1", 1, "placed"), record("order-1", 2, "paid", 5200)
    steps = [
        ([placed, record("order-2", 3, "placed")], _NEW),
        ([paid], _CHANGED),
        ([record("order-2", 5)], _DELETED),
        ([record("order-2", 6, "placed", 3900)], _ANEW),
    ]
    seen: list[Mapping[str, Any]] = []
    for batch, reason in steps:
        seen += batch
        call(program.start(), db, copy.deepcopy(batch))
        wanted, before = _newest(seen), rows_in(db)
        end_process(db)
        if before == wanted != rows_in(db):
            return failed(_OPEN, look="`with db:` commits at its end.")
        if before != wanted:
            if reason == _CHANGED and _coarse(program):
                return failed(_COARSE, look=_DIGITS)
            return failed(reason, look=f"It shows {_some(before)}.{_good_ones(db)}")
    return None


def _coarse(program: Program) -> bool:
    """Whether the answer tells small numbers apart, and long ones not."""
    small = copy.deepcopy([record("order-1", n, "placed", 100 * n) for n in (1, 2)])
    for number, one in enumerate(small, start=1):
        one["dynamodb"]["SequenceNumber"] = str(number)
    return _shows(program, [small[:1], small[1:]], {"order-1": ("placed", 200)})


def _good_ones(db: sqlite3.Connection) -> str:
    """A sentence on good records in `errors`, where there are some."""
    return " And `errors` has a record that is good." if noted_in(db) else ""


def _newest(records: Iterable[Mapping[str, Any]]) -> dict[str, tuple]:
    """What a copy shows that has seen these records."""
    newest: dict[str, tuple] = {}
    for one in sorted(records, key=lambda r: int(r["dynamodb"]["SequenceNumber"])):
        order_id, status, price, gone = row_of(one)
        newest[order_id] = (status, price, gone)
    return {key: row[:2] for key, row in newest.items() if not row[2]}


def _some(rows: dict[str, tuple]) -> str:
    shown = [f"{key}: {', '.join(map(str, row))}" for key, row in rows.items()]
    return "; ".join(shown) or "no order at all"


# --- late records ---------------------------------------------------------------------


def _late(program: Program) -> Verdict | None:
    placed, paid, gone = (
        record("order-1", 1, "placed"),
        record("order-1", 2, "paid"),
        record("order-1", 3),
    )
    shows_paid = {"order-1": ("paid", 4800)}
    for batches in ([[placed, paid], [placed]], [[paid], [placed]], [[paid, placed]]):
        if not _shows(program, batches, shows_paid):
            return failed(_LATE, look=_BY_NUMBER)
    for batches in ([[placed, gone], [placed]], [[gone], [placed]]):
        if not _shows(program, batches, {}):
            return failed(_BACK, look=_KEEP_GONE)
    anew = record("order-1", 4, "placed", 3900)
    if not _shows(program, [[placed, gone, anew], [gone]], _newest([anew])):
        return failed(
            _BURIED, look="A deletion is a record as others are. " + _BY_NUMBER
        )
    return None


def _numbers(program: Program) -> Verdict | None:
    shorter, longer = record("order-1", 9, "placed"), record("order-1", 10, "paid")
    before = record("order-1", 7, "placed")
    at_once = record("order-1", 8, "paid", second=7)
    if not _shows(program, [[before], [at_once]], {"order-1": ("paid", 4800)}):
        return failed(_SECOND, look="A second is long. " + _BY_NUMBER)
    if not _shows(program, [[shorter], [longer]], {"order-1": ("paid", 4800)}):
        return failed(_LENGTH, look=_AS_TEXT)
    if not _shows(program, [[longer], [shorter]], {"order-1": ("paid", 4800)}):
        return failed(_LATE, look=_AS_TEXT)
    long, longest = (
        record("order-1", 10**digits, status, second=digits)
        for digits, status in ((35, "placed"), (39, "paid"))
    )
    if not _shows(program, [[long], [longest]], {"order-1": ("paid", 4800)}):
        return failed(_LONGEST, look=_AS_TEXT)
    return None


# --- poison ---------------------------------------------------------------------------


def _poison(program: Program) -> Verdict | None:
    db = open_copy()
    batch = [
        record("order-1", 4, "placed"),
        record("order-2", 5, "paid", None),
        record("order-3", 6, "placed"),
        record("order-3", 7, "paid", "a lot"),
        record("order-2", 8, "paid", "free"),
        record("order-4", 9, "placed"),
    ]
    poison = [batch[1], batch[3], batch[4]]
    _applied(program, db, [record("order-2", 1, "placed")])
    if not try_call(program.start(), db, copy.deepcopy(batch)).returned:
        return failed(_STOPPED, look=_NOTE)
    end_process(db)
    wanted = {f"order-{n}": ("placed", 4800) for n in (1, 2, 3, 4)}
    shown = rows_in(db)
    if wanted.keys() - shown.keys():
        return failed(_SKIPPED, look=_NOTE)
    if shown != wanted:
        return failed(_POISONED, look=_NOTE)
    if noted_in(db) != len(poison):
        return failed(_NOWHERE, look=_NOTE)
    if not _told_of(poison, notes_in(db)):
        return failed(_BLANK, look="Note all of it, by `json.dumps(record)`.")
    again = try_call(program.start(), db, copy.deepcopy(batch))
    end_process(db)
    if not again.returned or noted_in(db) != len(poison):
        return failed(_NOTED_TWICE, look=_NOTE)
    for number, status in ((3, "confirmed"), (10, "paid")):
        _applied(program, db, [record("order-2", number, status)])
        if rows_in(db).get("order-2") != (status, 4800):
            return failed(_BLOCKS, look="It must change nothing of the order's row.")
    return _poison_alone(program, poison[:1])


def _poison_alone(program: Program, batch: Batch) -> Verdict | None:
    """The verdict where a batch has nothing that could be committed but a note."""
    db = open_copy()
    call(program.start(), db, copy.deepcopy(batch))
    end_process(db)
    return None if noted_in(db) else failed(_NOTE_LOST, look="Commit the notes, too.")


def _told_of(poison: Batch, notes: list[str]) -> bool:
    """Whether each record can be found again in what is noted."""
    numbers = [one["dynamodb"]["SequenceNumber"] for one in poison]
    return all(any(number in note for note in notes) for number in numbers)


def _unwritable(program: Program) -> Verdict | None:
    """The verdict where SQLite refuses to write: then the batch has to come again."""
    db = open_copy()
    db.execute("PRAGMA query_only = ON")
    if try_call(program.start(), db, [record("order-1", 1, "placed")]).returned:
        return failed(_SWALLOWED, look=_ONLY_VALUES)
    return _no_row_for_once(program)


def _no_row_for_once(program: Program) -> Verdict | None:
    """The verdict where SQLite takes notes, and for a moment no rows."""
    batch = [record("order-1", 1, "placed"), record("order-2", 2, "placed")]
    db = open_copy()
    busy = "BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
    for change in ("INSERT", "UPDATE"):
        db.execute(f"CREATE TRIGGER no_{change} BEFORE {change} ON orders {busy}")
    project = program.start()  # it lives on
    if try_call(project, db, copy.deepcopy(batch)).returned:
        return failed(_SWALLOWED, look=_ONLY_VALUES)
    end_process(db)
    for change in ("INSERT", "UPDATE"):
        db.execute(f"DROP TRIGGER no_{change}")
    call(project, db, copy.deepcopy(batch))
    if rows_in(db) != _newest(batch):
        return failed(_LOST, look="What a batch has done counts when it is committed.")
    return None


# --- any order ------------------------------------------------------------------------


def _in_any_order(program: Program) -> Verdict:
    """Every order of five records, in batches of one, two and three."""
    records = [
        record("order-1", 8, "placed"),
        record("order-1", 9, "paid"),
        record("order-1", 10),
        record("order-2", 11, "placed"),
        record("order-2", 12, "paid"),
    ]
    orders = list(itertools.permutations(records))
    for number, one in enumerate(orders):
        db, seen, size = open_copy(), [], 1 + number % 3
        for first in range(0, len(one), size):
            batch = one[first : first + size]
            _applied(program, db, batch)
            seen += batch
            if rows_in(db) != _newest(seen):
                return _other_end(seen, rows_in(db))
        _applied(program, db, one[:size])  # the first batch once more
        if rows_in(db) != _newest(seen):
            return _other_end([*seen, *one[:size]], rows_in(db))
    return passed(
        f"tried: {len(orders)} orders of {len(records)} records, batches that come "
        "again, three that make no row, and a copy that cannot be written"
    )


def _other_end(seen: Batch, shown: dict[str, tuple]) -> Verdict:
    numbers = ", ".join(one["eventID"].removeprefix("event-") for one in seen)
    return failed(
        _ORDER,
        look=f"After the records {numbers} (11 and 12 are order-2's, 10 deletes "
        f"order-1) it shows {_some(shown)}. " + _KEEP_GONE,
    )
