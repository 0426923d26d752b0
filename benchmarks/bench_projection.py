"""A stream's records into SQL, beside a plain bulk insert of the same rows."""

import sqlite3
from time import perf_counter

from workbook.patterns.projection import Projection, apply

RECORDS, BATCH, ITEMS = 100_000, 100, 20_000
TARGET_S = 20

ORDERS = Projection(
    "orders",
    ("id",),
    {"status": "TEXT", "yen": "INTEGER"},
    lambda item: {"status": item["status"], "yen": item["yen"]},
)


def record(number: int) -> dict:
    """A change of one of the items, as the stream tells it."""
    key = {"id": {"S": f"order-{number % ITEMS:05}"}}
    image = {**key, "status": {"S": "paid"}, "yen": {"N": str(number)}}
    said = {"Keys": key, "NewImage": image, "SequenceNumber": f"{number + 1:021}"}
    return {"eventName": "MODIFY", "dynamodb": said}


def projected(records: list[dict]) -> float:
    """Seconds to project the records, a batch a transaction."""
    db = sqlite3.connect(":memory:")
    ORDERS.create(db)
    began = perf_counter()
    for first in range(0, RECORDS, BATCH):
        apply(db, ORDERS, records[first : first + BATCH])
    took_s = perf_counter() - began
    (rows, yen) = db.execute("SELECT count(*), max(yen) FROM orders").fetchone()
    if (rows, yen) != (ITEMS, RECORDS - 1):
        raise RuntimeError(f"the copy is wrong: {rows} rows, {yen} yen at most")
    return took_s


def inserted() -> float:
    """Seconds for one plain insert of as many finished rows."""
    rows = [(f"order-{n:06}", "paid", n, f"{n:040}") for n in range(RECORDS)]
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE t (id TEXT PRIMARY KEY, s TEXT, yen INTEGER, q TEXT)")
    began = perf_counter()
    with db:
        db.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    return perf_counter() - began


def main() -> None:
    """Print the section of Markdown."""
    records = [record(number) for number in range(RECORDS)]
    runs = [(projected(records), inserted()) for _ in range(3)]
    ours, plain = (sorted(times)[1] for times in zip(*runs, strict=True))
    met = "met" if ours < TARGET_S else "missed"
    lines = [
        "## Stream to SQL",
        "",
        f"{RECORDS:,} records of {ITEMS:,} items in batches of {BATCH}, SQLite in "
        "memory; medians of 3 runs in turns.",
        "",
        f"- Projected in {ours:.1f} s, {RECORDS / ours:,.0f} records a second; the "
        f"target is under {TARGET_S} s ({met}).",
        f"- A plain bulk insert of as many finished rows: {plain:.2f} s, so the "
        f"projection takes {ours / plain:.0f} times as long.",
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
