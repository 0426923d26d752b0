"""A copy of the orders in SQL, and the stream records that it is made of.

Introduced in lab 11.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from workbook.learn import failed
from workbook.learn.running import Stopped
from workbook.patterns.projection.records import changed

__all__ = [
    "OLDEST",
    "UPSERT",
    "Row",
    "apply_records",
    "end_process",
    "noted_in",
    "notes_in",
    "open_copy",
    "record",
    "row_of",
    "rows_in",
]

Row = tuple[str, str | None, int | None, bool]

#: A sequence number that is smaller than every one that a stream gives.
OLDEST = "0" * 40

_TABLES = """
CREATE TABLE orders (
    order_id TEXT PRIMARY KEY,
    status TEXT,
    price_yen INTEGER,
    gone INTEGER NOT NULL,
    sequence TEXT NOT NULL
);
CREATE TABLE errors (sequence TEXT PRIMARY KEY, record TEXT NOT NULL);
"""

#: Puts a row in, or over the one that the order has; a WHERE may follow.
UPSERT = (
    "INSERT INTO orders VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
    "status = excluded.status, price_yen = excluded.price_yen, "
    "gone = excluded.gone, sequence = excluded.sequence"
)

# So long that a number of one digit more begins with a smaller digit, and so large that
# neither SQLite's whole numbers nor a float can hold it.
FIRST = 999_999_999_999_999_999_990


def open_copy(path: str = ":memory:") -> sqlite3.Connection:
    """A new database with the tables `orders` and `errors`, both empty."""
    db = sqlite3.connect(path, check_same_thread=False, timeout=0)
    db.execute("PRAGMA synchronous = OFF")
    db.executescript(_TABLES)
    return db


def row_of(record: Mapping[str, Any]) -> Row:
    """Order id, status, price in yen, and whether the order is gone.

    Status and price of a deleted order are None. Raises ValueError for a record that
    makes no row: an order without a price, or with one that is no number.
    """
    key, item = changed(record)
    if item is None:
        return key["order_id"], None, None, True
    try:
        return key["order_id"], item["status"], int(item["price_yen"]), False
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{key['order_id']}: no row can be made of it") from error


def record(
    order_id: str,
    number: int,
    status: str | None = None,
    price: Any = 4800,
    *,
    second: int | None = None,
) -> dict[str, Any]:
    """The stream's `number`-th record: the order has this status, or is gone (None).

    A price of None leaves it out, and a text is one that no row can be made of. The
    stream counts whole seconds: this is one of its own, if it is not given.
    """
    said = {
        "ApproximateCreationDateTime": 1517446800.0 + (second or number),
        "Keys": {"order_id": {"S": order_id}},
        "SequenceNumber": str(FIRST + number),
        "SizeBytes": 64,
        "StreamViewType": "NEW_IMAGE",
    }
    if status is not None:
        kind = "S" if isinstance(price, str) else "N"
        priced = {} if price is None else {"price_yen": {kind: str(price)}}
        said["NewImage"] = {**said["Keys"], "status": {"S": status}, **priced}
    name = "REMOVE" if status is None else "INSERT" if status == "placed" else "MODIFY"
    return {"eventID": f"event-{number}", "eventName": name, "dynamodb": said}


def apply_records(db: sqlite3.Connection, *records: Mapping[str, Any]) -> None:
    """Bring the copy up to these records, as exercise 3 does."""
    with readable(), db:
        for one in records:
            row = (*row_of(one), one["dynamodb"]["SequenceNumber"].zfill(40))
            newer = f"{UPSERT} WHERE excluded.sequence > orders.sequence"
            db.execute(newer, row)


def noted_in(db: sqlite3.Connection) -> int:
    """How many records are in `errors`."""
    with readable():
        return db.execute("SELECT COUNT(*) FROM errors").fetchone()[0]


def notes_in(db: sqlite3.Connection) -> list[str]:
    """What `errors` holds of each record."""
    with readable():
        return [str(text) for (text,) in db.execute("SELECT record FROM errors")]


def rows_in(db: sqlite3.Connection) -> dict[str, tuple]:
    """What a reader of the copy sees: order id → status and price.

    Ends the check if the learner's code has left no copy that can be read.
    """
    with readable():
        found = db.execute(
            "SELECT order_id, status, price_yen FROM orders WHERE NOT gone"
        )
        return {order_id: (status, price) for order_id, status, price in found}


def end_process(db: sqlite3.Connection) -> None:
    """Let what was not committed be lost, as it is when a process ends."""
    with readable():
        db.rollback()


@contextmanager
def readable() -> Iterator[None]:
    """End the check where the learner's code has left nothing to work with."""
    try:
        yield
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise  # another connection is at work, as it may be
        look = "Leave the connection open, and its tables as they were made."
        reason = f"After it, the copy cannot be read: {str(error).rstrip('.')}."
        raise Stopped(failed(reason, look=look)) from None
