"""Answers to 11.4-reconciliation."""

import time

from tests.zoo import right, wrong
from workbook.checks.consistency.sqlcopy import OLDEST

COLUMNS = "order_id, status, price_yen, gone, sequence"
UPSERT = (
    f"INSERT INTO orders ({COLUMNS}) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, "
    "price_yen = excluded.price_yen, gone = excluded.gone"
)
UNCHANGED = f"{UPSERT} WHERE orders.sequence = excluded.sequence"
ABSENT = (None, None, 1)


def rows_of(db):
    return {row[0]: row[1:] for row in db.execute(f"SELECT {COLUMNS} FROM orders")}


def items_of(scan):
    return {one["order_id"]: (one["status"], one["price_yen"], 0) for one in scan()}


def drift(rows, items):
    """(order id, the row it should have, the number that it has) where they differ."""
    for order_id in sorted(rows.keys() | items.keys()):
        *there, number = rows.get(order_id, (*ABSENT, OLDEST))
        wanted = items.get(order_id, ABSENT)
        if tuple(there) != wanted and not (there[2] and wanted[2]):
            yield order_id, wanted, number


def mended(db, rows, items, statement=UNCHANGED, found=drift):
    named = []
    with db:
        for order_id, wanted, number in found(rows, items):
            named.append(order_id)
            db.execute(statement, (order_id, *wanted, number))
    return named


# --- wrong in a quiet hour ------------------------------------------------------------


@wrong("it still lacks it")
def reports_only(db, scan):
    rows = rows_of(db)
    return [order_id for order_id, _, _ in drift(rows, items_of(scan))]


@wrong("has marked as gone, and it still is")
def takes_every_marked_row_for_right(db, scan):
    def found(rows, items):
        for one in drift(rows, items):
            if not rows.get(one[0], (0, 0, 0))[2]:
                yield one

    rows = rows_of(db)
    return mended(db, rows, items_of(scan), found=found)


@wrong("The copy alone has an order")
def goes_through_the_items_alone(db, scan):
    rows, items = rows_of(db), items_of(scan)
    known = {order_id: row for order_id, row in rows.items() if order_id in items}
    return mended(db, known, items)


@wrong("another status in the table")
def compares_the_ids(db, scan):
    rows, items = rows_of(db), items_of(scan)
    here = {order_id for order_id, row in rows.items() if not row[2]}
    unlike = here ^ items.keys()
    return mended(
        db,
        {order_id: row for order_id, row in rows.items() if order_id in unlike},
        {order_id: row for order_id, row in items.items() if order_id in unlike},
    )


@wrong("another price in the table")
def compares_the_status(db, scan):
    def found(rows, items):
        for order_id, wanted, number in drift(rows, items):
            if rows.get(order_id, ABSENT)[0] != wanted[0]:
                yield order_id, wanted, number

    rows = rows_of(db)
    return mended(db, rows, items_of(scan), found=found)


@wrong("A row that was right is no longer right")
def lifts_all_marks_first(db, scan):
    rows = rows_of(db)
    with db:
        db.execute("UPDATE orders SET gone = 0")
    return mended(db, rows, items_of(scan))


@wrong("What was not committed")
def never_commits(db, scan):
    rows, named = rows_of(db), []
    for order_id, wanted, number in drift(rows, items_of(scan)):
        named.append(order_id)
        db.execute(UNCHANGED, (order_id, *wanted, number))
    return named


@wrong("does not return the ids")
def mends_and_says_nothing(db, scan):
    rows = rows_of(db)
    mended(db, rows, items_of(scan))


@wrong("does not return the ids", same_as="mends_and_says_nothing")
def says_how_many(db, scan):
    rows = rows_of(db)
    return len(mended(db, rows, items_of(scan)))


@wrong("does not name all")
def names_what_it_had_to_insert(db, scan):
    rows = rows_of(db)
    return [name for name in mended(db, rows, items_of(scan)) if name not in rows]


@wrong("It names orders whose rows were right")
def takes_marked_rows_for_drift(db, scan):
    def found(rows, items):
        for order_id in sorted(rows.keys() | items.keys()):
            *there, number = rows.get(order_id, (*ABSENT, OLDEST))
            wanted = items.get(order_id, ABSENT)
            if tuple(there) != wanted or order_id not in items:
                yield order_id, wanted, number

    rows = rows_of(db)
    return mended(db, rows, items_of(scan), found=found)


# --- wrong while records come ---------------------------------------------------------


@wrong("A newer row was overwritten")
def writes_without_a_condition(db, scan):
    rows = rows_of(db)
    return mended(db, rows, items_of(scan), UPSERT)


@wrong("A newer row was overwritten", same_as="writes_without_a_condition")
def scans_before_it_reads(db, scan):
    items = items_of(scan)
    return mended(db, rows_of(db), items)


@wrong("where none was, and was overwritten")
def replaces_what_was_missing(db, scan):
    rows, named = rows_of(db), []
    with db:
        for order_id, wanted, number in drift(rows, items_of(scan)):
            named.append(order_id)
            how = UNCHANGED if order_id in rows else UPSERT
            db.execute(how, (order_id, *wanted, number))
    return named


@wrong("came during the scan was thrown out")
def marks_whatever_the_scan_has_not_read(db, scan):
    rows, items = rows_of(db), items_of(scan)
    known = {order_id: row for order_id, row in rows.items() if order_id in items}
    named = mended(db, known, items)
    marks = ", ".join("?" * len(items))
    with db:
        extra = db.execute(
            f"UPDATE orders SET gone = 1 WHERE order_id NOT IN ({marks}) AND NOT gone "
            "RETURNING order_id",
            list(items),
        ).fetchall()
    return named + [order_id for (order_id,) in extra]


@wrong("deleted during the scan is back")
def lifts_every_mark_that_the_scan_contradicts(db, scan):
    rows, items = rows_of(db), items_of(scan)
    named = mended(db, rows, items)
    with db:
        for order_id, (status, price, _) in items.items():
            db.execute(
                "UPDATE orders SET status = ?, price_yen = ?, gone = 0 "
                "WHERE order_id = ? AND gone",
                (status, price, order_id),
            )
    return named


# --- wrong for what comes after it ----------------------------------------------------


@wrong("an older record brings back an order that is deleted")
def deletes_the_row(db, scan):
    rows = rows_of(db)
    named = []
    with db:
        for order_id, wanted, number in drift(rows, items_of(scan)):
            named.append(order_id)
            if wanted == ABSENT:
                db.execute(
                    "DELETE FROM orders WHERE order_id = ? AND sequence = ?",
                    (order_id, number),
                )
            else:
                db.execute(UNCHANGED, (order_id, *wanted, number))
    return named


@wrong("an older record from the stream replaces what it mended")
def starts_the_numbers_anew(db, scan):
    rows, named = rows_of(db), []
    with db:
        for order_id, wanted, number in drift(rows, items_of(scan)):
            named.append(order_id)
            db.execute(UNCHANGED, (order_id, *wanted, number))
            if not wanted[2]:
                db.execute(
                    "UPDATE orders SET sequence = ? WHERE order_id = ?",
                    (OLDEST, order_id),
                )
    return named


@wrong("a newer record from the stream does not get through")
def writes_the_time_as_a_number(db, scan):
    rows, named = rows_of(db), []
    with db:
        for order_id, wanted, number in drift(rows, items_of(scan)):
            named.append(order_id)
            db.execute(UNCHANGED, (order_id, *wanted, number))
            db.execute(
                "UPDATE orders SET sequence = ? WHERE order_id = ? AND sequence = ?",
                (f"{time.time():.0f}".ljust(40, "0"), order_id, number),
            )
    return named


@wrong("right but for its mark `gone`")
def looks_at_status_and_price_alone(db, scan):
    def found(rows, items):
        for order_id, wanted, number in drift(rows, items):
            if order_id not in items or rows.get(order_id, ABSENT)[:2] != wanted[:2]:
                yield order_id, wanted, number

    rows = rows_of(db)
    return mended(db, rows, items_of(scan), found=found)


@wrong("It names an order more than once")
def names_each_order_for_rows_and_items(db, scan):
    rows = rows_of(db)
    named = mended(db, rows, items_of(scan))
    return [order_id for order_id in (*named, *rows) if order_id in named]


# --- right ----------------------------------------------------------------------------


@right
def keeps_the_stream_out_while_it_works(db, scan):
    db.execute("BEGIN IMMEDIATE")
    try:
        items, rows = items_of(scan), rows_of(db)
        return mended(db, rows, items, UPSERT)
    finally:
        db.rollback()


@right
def in_sql_beside_a_table_of_the_items(db, scan):
    db.execute(f"CREATE TEMP TABLE before AS SELECT {COLUMNS} FROM orders")
    db.execute("CREATE TEMP TABLE items (id PRIMARY KEY, status, price_yen)")
    items = [(one["order_id"], one["status"], one["price_yen"]) for one in scan()]
    db.executemany("INSERT INTO items VALUES (?, ?, ?)", items)
    db.commit()
    wrong_rows = db.execute(
        "SELECT b.order_id, i.status, i.price_yen, i.id IS NULL, b.sequence "
        "FROM before b LEFT JOIN items i ON i.id = b.order_id WHERE "
        "(NOT b.gone OR i.id IS NOT NULL) AND (b.gone != (i.id IS NULL) "
        "OR b.status IS NOT i.status OR b.price_yen IS NOT i.price_yen)"
    ).fetchall()
    new_rows = db.execute(
        "SELECT id, status, price_yen, 0, ? FROM items "
        "WHERE id NOT IN (SELECT order_id FROM before)",
        (OLDEST,),
    ).fetchall()
    with db:
        db.executemany(UNCHANGED, wrong_rows + new_rows)
    db.execute("DROP TABLE before")
    db.execute("DROP TABLE items")
    db.commit()
    yield from (row[0] for row in wrong_rows + new_rows)


@right
def asks_whether_the_row_is_still_the_one(db, scan):
    rows, items, named = rows_of(db), items_of(scan), set()
    for order_id, wanted, number in drift(rows, items):
        named.add(order_id)
        db.execute("BEGIN IMMEDIATE")
        now = db.execute(
            "SELECT sequence FROM orders WHERE order_id = ?", (order_id,)
        ).fetchone()
        if now == (None if number == OLDEST else (number,)):
            db.execute(
                "REPLACE INTO orders VALUES (?, ?, ?, ?, ?)",
                (order_id, *wanted, number),
            )
        db.commit()
    return named
