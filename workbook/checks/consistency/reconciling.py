"""Exercise 4: drift is found and mended, and what is newer stays."""

import inspect
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.checks.consistency.sqlcopy import (
    apply_records,
    end_process,
    open_copy,
    record,
    rows_in,
)
from workbook.learn import Verdict, call, failed, passed

__all__ = ["check"]

Record = Mapping[str, Any]

_LACKED = "The table has an order that the copy lacks, and it still lacks it."
_MARKED = "The table has an order that the copy has marked as gone, and it still is."
_HIDDEN = "A row is right but for its mark `gone`, and it is as it was."
_EXTRA = "The copy alone has an order, and it is still there."
_STATUS = "An order has another status in the table, and the copy is as it was."
_PRICE = "An order has another price in the table, and the copy is as it was."
_SPOILT = "A row that was right is no longer right."
_OPEN = "What was not committed is gone when the process ends: the drift is back."
_NO_LIST = "It does not return the ids of the orders whose rows were wrong."
_UNNAMED = "It does not name all the orders whose rows were wrong."
_OVERNAMED = "It names orders whose rows were right."
_NAMED_TWICE = "It names an order more than once."
_OVERWRITTEN = "A newer row was overwritten with what the scan had read before."
_INSERTED_OVER = "A row came during the scan, where none was, and was overwritten."
_THROWN_OUT = "An order that came during the scan was thrown out."
_REVIVED = "An order that was deleted during the scan is back."
_DEAF = "After the repair, a newer record from the stream does not get through."
_OLD_WINS = "After the repair, an older record from the stream replaces what it mended."
_RESURRECTED = "After the repair, an older record brings back an order that is deleted."

_READ_FIRST = (
    "Read the rows first, and scan then: so no item is older than the row that it is "
    "compared with. And write only where the row still has the `sequence` that you "
    "have read."
)
_KEEP_NUMBER = (
    "Leave the row its `sequence`; a row that was not there gets `OLDEST`. Then the "
    "next record from the stream is newer, and an older one is not."
)
_MARK_IT = "Do not delete the row: set `gone`, and leave it its `sequence`."

# What the table holds, and the records by which it came to that.
_HISTORY = (
    record("order-1", 10, "placed"),
    record("order-2", 11, "placed"),
    record("order-3", 12, "placed"),
    record("order-3", 13),
    record("order-4", 14, "placed"),
    record("order-4", 15, "paid"),
    record("order-5", 16, "placed"),
    record("order-6", 17, "placed"),
    record("order-6", 18),
    record("order-7", 19, "placed"),
    record("order-7", 20),
    record("order-7", 21, "placed", 3900),
    record("order-9", 22, "placed"),
)
_TABLE = {
    "order-1": ("placed", 4800),
    "order-2": ("placed", 4800),
    "order-4": ("paid", 4800),
    "order-5": ("placed", 4800),
    "order-7": ("placed", 3900),
    "order-9": ("placed", 4800),
}
_DRIFT = (
    "DELETE FROM orders WHERE order_id = 'order-2'",
    "UPDATE orders SET status = 'placed', price_yen = 4800, gone = 0 "
    "WHERE order_id = 'order-3'",
    "UPDATE orders SET status = 'unpaid' WHERE order_id = 'order-4'",
    "UPDATE orders SET price_yen = 480 WHERE order_id = 'order-5'",
    "UPDATE orders SET status = NULL, price_yen = NULL, gone = 1 "
    "WHERE order_id = 'order-7'",
    "UPDATE orders SET gone = 1 WHERE order_id = 'order-9'",
)
_WRONG = {
    "order-2": _LACKED,
    "order-7": _MARKED,
    "order-3": _EXTRA,
    "order-4": _STATUS,
    "order-5": _PRICE,
    "order-9": _HIDDEN,
}


@dataclass
class Shop:
    """A table, its copy with drift, and records that come while somebody scans."""

    db: sqlite3.Connection
    projector: sqlite3.Connection
    table: dict[str, tuple] = field(default_factory=lambda: dict(_TABLE))
    meanwhile: dict[str, tuple[Record, tuple | None]] = field(default_factory=dict)
    late: list[Record] = field(default_factory=list)

    def scan(self) -> list[dict[str, Any]]:
        """All items, as they are at the begin of the scan."""
        found = [
            {"order_id": order_id, "status": status, "price_yen": price}
            for order_id, (status, price) in self.table.items()
        ]
        for order_id, (one, now) in self.meanwhile.items():
            self._happens(order_id, one, now)
        self.meanwhile = {}
        return found

    def _happens(self, order_id: str, one: Record, now: tuple | None) -> None:
        self.table.pop(order_id, None)
        if now is not None:
            self.table[order_id] = now
        try:
            apply_records(self.projector, one)
        except sqlite3.OperationalError:  # locked: Lambda tries again
            self.late.append(one)

    def asked(self, reconcile: Callable) -> Any:
        """What the answer returns; one that yields is asked to its end."""
        found = call(reconcile, self.db, self.scan)
        return call(list, found) if inspect.isgenerator(found) else found

    def reconciled(self, reconcile: Callable) -> Any:
        """What the answer returns; what it did not commit is lost."""
        found = self.asked(reconcile)
        end_process(self.db)
        apply_records(self.projector, *self.late)
        return found


@contextmanager
def _shop(**meanwhile: tuple[Record, tuple | None]) -> Iterator[Shop]:
    """A shop whose copy has drifted; `meanwhile` says what happens during a scan."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "copy.db")
        db = open_copy(path)
        apply_records(db, *_HISTORY)
        with db:
            for statement in _DRIFT:
                db.execute(statement)
        projector = sqlite3.connect(path, check_same_thread=False, timeout=0)
        named = {name.replace("_", "-"): what for name, what in meanwhile.items()}
        try:
            yield Shop(db, projector, meanwhile=named)
        finally:
            for one in (db, projector):
                with suppress(sqlite3.Error):
                    one.close()


def check(reconcile: Callable) -> Verdict:
    """Whether it mends all drift, says so, and leaves alone what the stream knows."""
    verdict = (
        _in_a_quiet_hour(reconcile)
        or _while_records_come(reconcile)
        or _records_after_it(reconcile)
    )
    return verdict or passed(
        "tried: six kinds of drift, seven records that come during the scan, and "
        "newer and older ones after it"
    )


# --- in a quiet hour ------------------------------------------------------------------


def _in_a_quiet_hour(reconcile: Callable) -> Verdict | None:
    with _shop() as shop:
        found = shop.asked(reconcile)
        before = rows_in(shop.db)
        end_process(shop.db)
        after = rows_in(shop.db)
        if verdict := _unmended(before, after):
            return verdict
        if verdict := _misnamed(found):
            return verdict
        again = shop.asked(reconcile)
    if again:
        look = f"Asked a second time, it names {_listed(again)}."
        return failed(_OVERNAMED, look=look)
    return None


def _unmended(before: dict, after: dict) -> Verdict | None:
    if before == _TABLE != after:
        return failed(_OPEN, look="`with db:` commits at its end.")
    for order_id, reason in _WRONG.items():
        if after.get(order_id) != _TABLE.get(order_id):
            copy, table = _said(after.get(order_id)), _said(_TABLE.get(order_id))
            look = f"{order_id}: the copy has {copy}, and the table {table}."
            return failed(reason, look=look)
    if after != _TABLE:
        return failed(_SPOILT, look="Write only the rows that differ.")
    return None


def _said(row: tuple | None) -> str:
    return "nothing" if row is None else f"“{row[0]}, {row[1]} yen”"


def _misnamed(found: Any) -> Verdict | None:
    if not isinstance(found, list | tuple | set | frozenset) or not all(
        isinstance(one, str) for one in found
    ):
        look = f"It returned {found!r:.60}, and not a list of ids."
        return failed(_NO_LIST, look=look)
    named = set(found)
    if wrong := sorted(named - _WRONG.keys()):
        return failed(_OVERNAMED, look=f"It names {_listed(wrong)}.")
    if missing := sorted(_WRONG.keys() - named):
        return failed(_UNNAMED, look=f"It leaves out {_listed(missing)}.")
    if len(found) > len(named):
        return failed(_NAMED_TWICE, look="An order whose row was wrong is named once.")
    return None


def _listed(ids: Any) -> str:
    return ", ".join(map(str, ids))


# --- while records come ---------------------------------------------------------------


def _while_records_come(reconcile: Callable) -> Verdict | None:
    """Something happens to one order at a time, when the scan has read it."""
    advice = _READ_FIRST
    paid = ("paid", 5200)
    for order_id, one, now, reason in (
        ("order-4", record("order-4", 30, "paid", 5200), paid, _OVERWRITTEN),
        ("order-1", record("order-1", 30, "paid", 5200), paid, _OVERWRITTEN),
        ("order-2", record("order-2", 30, "paid", 5200), paid, _INSERTED_OVER),
        ("order-8", record("order-8", 30, "paid", 5200), paid, _THROWN_OUT),
        ("order-3", record("order-3", 30, "paid", 5200), paid, _THROWN_OUT),
        ("order-5", record("order-5", 30), None, _REVIVED),
        ("order-1", record("order-1", 30), None, _REVIVED),
    ):
        with _shop(**{order_id: (one, now)}) as shop:
            shop.reconciled(reconcile)
            if rows_in(shop.db).get(order_id) != now:
                return failed(reason, look=advice)
    return None


# --- records after it -----------------------------------------------------------------


def _records_after_it(reconcile: Callable) -> Verdict | None:
    with _shop() as shop:
        shop.reconciled(reconcile)
        apply_records(shop.projector, record("order-3", 12, "placed"))
        if "order-3" in rows_in(shop.db):
            return failed(_RESURRECTED, look=_MARK_IT)
        apply_records(shop.projector, record("order-4", 14, "placed"))
        if rows_in(shop.db).get("order-4") != _TABLE["order-4"]:
            return failed(_OLD_WINS, look=_KEEP_NUMBER)
        for order_id in _WRONG:
            apply_records(shop.projector, record(order_id, 40, "paid", 7000))
        late = rows_in(shop.db)
    if any(late.get(order_id) != ("paid", 7000) for order_id in _WRONG):
        return failed(_DEAF, look=_KEEP_NUMBER)
    return None
