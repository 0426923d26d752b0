"""Answers to 11.3-projection."""

import json

from tests.zoo import right, wrong
from workbook.checks.consistency.sqlcopy import row_of

UPSERT = (
    "INSERT INTO orders VALUES (?, ?, ?, ?, ?) ON CONFLICT (order_id) DO UPDATE SET "
    "status = excluded.status, price_yen = excluded.price_yen, gone = excluded.gone, "
    "sequence = excluded.sequence"
)
NEWER = f"{UPSERT} WHERE excluded.sequence > orders.sequence"
_last = {}


def raw(record):
    return record["dynamodb"]["SequenceNumber"]


def number(record):
    return raw(record).zfill(40)


def note(db, record, how="INSERT OR IGNORE"):
    row = (number(record), json.dumps(record))
    db.execute(f"{how} INTO errors VALUES (?, ?)", row)


def each_row(db, records):
    """The rows of the records that make one; the others are noted."""
    for record in records:
        try:
            yield record, row_of(record)
        except ValueError:
            note(db, record)


# --- wrong on a good day --------------------------------------------------------------


@wrong("not in the copy as it should be")
def forgets_the_price(db, records):
    with db:
        for record, (order_id, status, _, gone) in each_row(db, records):
            db.execute(NEWER, (order_id, status, None, gone, number(record)))


@wrong("has changed, and the copy does not show it")
def ignores_an_order_that_it_knows(db, records):
    with db:
        for record, row in each_row(db, records):
            values = (*row, number(record))
            db.execute("INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?, ?)", values)


@wrong("UNIQUE constraint failed", status="your code raised")
def only_inserts(db, records):
    with db:
        for record, row in each_row(db, records):
            values = (*row, number(record))
            db.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", values)


@wrong("was deleted, and it is still in the copy")
def leaves_deleted_orders(db, records):
    with db:
        for record, row in each_row(db, records):
            if not row[3]:
                db.execute(NEWER, (*row, number(record)))


@wrong("placed anew, and the copy does not have it")
def never_lifts_the_mark(db, records):
    upsert = NEWER.replace("gone = excluded.gone", "gone = gone OR excluded.gone")
    with db:
        for record, row in each_row(db, records):
            db.execute(upsert, (*row, number(record)))


@wrong("What was not committed")
def never_commits(db, records):
    for record, row in each_row(db, records):
        db.execute(NEWER, (*row, number(record)))


# --- wrong with late records ----------------------------------------------------------


@wrong("came late, and it replaced what a newer one had said")
def the_last_one_to_come_wins(db, records):
    with db:
        for record, row in each_row(db, records):
            db.execute(UPSERT, (*row, number(record)))


@wrong(
    "came late, and it replaced what a newer one had said",
    same_as="the_last_one_to_come_wins",
)
def sorts_each_batch(db, records):
    the_last_one_to_come_wins(db, sorted(records, key=number))


@wrong(
    "came late, and it replaced what a newer one had said",
    same_as="the_last_one_to_come_wins",
)
def remembers_the_events_that_it_has_seen(db, records):
    db.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY)")
    with db:
        for record, row in each_row(db, records):
            new = db.execute(
                "INSERT OR IGNORE INTO seen VALUES (?)", (record["eventID"],)
            )
            if new.rowcount:
                db.execute(UPSERT, (*row, number(record)))


@wrong(
    "came late, and it replaced what a newer one had said",
    same_as="the_last_one_to_come_wins",
)
def remembers_the_numbers_in_memory(db, records):
    with db:
        for record, row in each_row(db, records):
            if number(record) > _last.get(row[0], ""):
                _last[row[0]] = number(record)
                db.execute(UPSERT, (*row, number(record)))


@wrong("an order that was deleted is back")
def deletes_the_row(db, records):
    with db:
        for record, row in each_row(db, records):
            if row[3]:
                gone = (row[0], number(record))
                db.execute(
                    "DELETE FROM orders WHERE order_id = ? AND sequence < ?", gone
                )
            else:
                db.execute(NEWER, (*row, number(record)))


@wrong("within a second, the newer one did not get through")
def goes_by_the_time(db, records):
    with db:
        for record, row in each_row(db, records):
            at = record["dynamodb"]["ApproximateCreationDateTime"]
            db.execute(NEWER, (*row, at))


@wrong("the copy cannot be read: Cannot operate on a closed database")
def closes_the_connection(db, records):
    the_last_one_to_come_wins(db, records)
    db.close()


@wrong("its number has one digit more")
def compares_the_numbers_as_they_come(db, records):
    with db:
        for record, row in each_row(db, records):
            db.execute(NEWER, (*row, raw(record)))


@wrong("OverflowError", status="your code raised")
def stores_whole_numbers(db, records):
    with db:
        for record, row in each_row(db, records):
            db.execute(NEWER, (*row, int(raw(record))))


@wrong("the copy ends up different")
def marks_an_order_gone_and_keeps_its_old_number(db, records):
    with db:
        for record, row in each_row(db, records):
            known = db.execute(
                "SELECT 1 FROM orders WHERE order_id = ? AND sequence < ?",
                (row[0], number(record)),
            ).fetchone()
            if row[3] and known:
                db.execute("UPDATE orders SET gone = 1 WHERE order_id = ?", row[:1])
            else:
                db.execute(NEWER, (*row, number(record)))


# --- wrong with poison ----------------------------------------------------------------


@wrong("stopped the good ones behind it")
def lets_it_out(db, records):
    with db:
        for record in records:
            db.execute(NEWER, (*row_of(record), number(record)))


@wrong("Beside a record that no row can be made of, a good one is missing")
def gives_the_batch_up(db, records):
    try:
        with db:
            for record in records:
                db.execute(NEWER, (*row_of(record), number(record)))
    except ValueError:
        with db:
            note(db, record)


@wrong("has changed a row")
def makes_a_row_of_it_all_the_same(db, records):
    with db:
        for record in records:
            try:
                row = row_of(record)
            except ValueError:
                note(db, record)
                row = (record["dynamodb"]["Keys"]["order_id"]["S"], "unknown", 0, 0)
            db.execute(NEWER, (*row, number(record)))


@wrong("is not in `errors`")
def drops_it(db, records):
    with db:
        for record in records:
            try:
                row = row_of(record)
            except ValueError:
                continue
            db.execute(NEWER, (*row, number(record)))


@wrong("came twice, and cannot be noted")
def notes_it_each_time(db, records):
    with db:
        for record in records:
            try:
                row = row_of(record)
            except ValueError:
                note(db, record, "INSERT")
                continue
            db.execute(NEWER, (*row, number(record)))


@wrong("the batch counts as done")
def takes_every_error_for_poison(db, records):
    with db:
        for record in records:
            try:
                db.execute(NEWER, (*row_of(record), number(record)))
            except Exception:
                try:
                    note(db, record)
                except Exception:
                    print("bad record", record)


@wrong("an order that was placed anew is gone")
def marks_it_gone_whenever_it_hears_so(db, records):
    with db:
        for record, row in each_row(db, records):
            db.execute(NEWER, (*row, number(record)))
            if row[3]:
                db.execute("UPDATE orders SET gone = 1 WHERE order_id = ?", row[:1])


@wrong("its number is larger by one")
def compares_as_floats(db, records):
    with db:
        for record, row in each_row(db, records):
            db.execute(NEWER, (*row, float(raw(record))))


@wrong("its number is larger by one", same_as="compares_as_floats")
def casts_to_sql_integers(db, records):
    larger = "CAST(excluded.sequence AS INTEGER) > CAST(orders.sequence AS INTEGER)"
    with db:
        for record, row in each_row(db, records):
            db.execute(f"{UPSERT} WHERE {larger}", (*row, raw(record)))


@wrong("its number has 40 digits")
def fills_up_to_thirty_digits(db, records):
    with db:
        for record, row in each_row(db, records):
            db.execute(NEWER, (*row, raw(record).zfill(30)))


@wrong("is not in `errors`", same_as="drops_it")
def notes_one_record_an_order(db, records):
    with db:
        for record in records:
            try:
                row = row_of(record)
            except ValueError:
                order_id = record["dynamodb"]["Keys"]["order_id"]["S"]
                noted = (order_id, json.dumps(record))
                db.execute("INSERT OR IGNORE INTO errors VALUES (?, ?)", noted)
                continue
            db.execute(NEWER, (*row, number(record)))


@wrong("does not hold the record")
def notes_the_error_alone(db, records):
    with db:
        for record in records:
            try:
                row = row_of(record)
            except ValueError as error:
                noted = (number(record), str(error))
                db.execute("INSERT OR IGNORE INTO errors VALUES (?, ?)", noted)
                continue
            db.execute(NEWER, (*row, number(record)))


@wrong("a good one does not get through")
def lets_poison_raise_the_number(db, records):
    with db:
        for record in records:
            try:
                row = row_of(record)
            except ValueError:
                note(db, record)
                order_id = record["dynamodb"]["Keys"]["order_id"]["S"]
                raised = "UPDATE orders SET sequence = max(sequence, ?)"
                db.execute(f"{raised} WHERE order_id = ?", (number(record), order_id))
                continue
            db.execute(NEWER, (*row, number(record)))


@wrong("What `errors` should hold is gone")
def commits_after_each_row(db, records):
    for record, row in each_row(db, records):
        db.execute(NEWER, (*row, number(record)))
        db.commit()


@wrong("the batch counts as done", same_as="takes_every_error_for_poison")
def notes_good_records_when_sql_fails(db, records):
    with db:
        for record in records:
            try:
                db.execute(NEWER, (*row_of(record), number(record)))
            except Exception:
                note(db, record)


@wrong("SQLite failed once, the batch came again")
def remembers_what_it_has_begun(db, records):
    for record in records:
        if record["eventID"] in _last:
            continue
        _last[record["eventID"]] = True
        with db:
            for _, row in each_row(db, [record]):
                db.execute(NEWER, (*row, number(record)))


# --- right ----------------------------------------------------------------------------


@right
def looks_and_then_writes_in_one_transaction(db, records):
    for record in records:
        with db:
            try:
                row = row_of(record)
            except ValueError:
                note(db, record)
                continue
            there = db.execute(
                "SELECT sequence FROM orders WHERE order_id = ?", row[:1]
            ).fetchone()
            if there is None or int(there[0]) < int(raw(record)):
                values = (*row, raw(record))
                db.execute("REPLACE INTO orders VALUES (?, ?, ?, ?, ?)", values)


@right
def keeps_a_list_of_what_is_gone(db, records):
    db.execute("CREATE TABLE IF NOT EXISTS tombs (id TEXT PRIMARY KEY, at TEXT)")
    with db:
        for record, (order_id, *rest, gone) in each_row(db, records):
            at = number(record)
            ((dead,),) = db.execute(
                "SELECT COALESCE(MAX(at), '') FROM tombs WHERE id = ?", (order_id,)
            )
            if gone and at > dead:
                db.execute("REPLACE INTO tombs VALUES (?, ?)", (order_id, at))
                old = (order_id, at)
                db.execute(
                    "DELETE FROM orders WHERE order_id = ? AND sequence < ?", old
                )
            elif at > dead:
                db.execute(NEWER, (order_id, *rest, 0, at))


@right
def keeps_all_records_and_shows_the_newest(db, records):
    db.execute(
        "CREATE TABLE IF NOT EXISTS log (order_id, status, price_yen, gone, at, "
        "PRIMARY KEY (at))"
    )
    rows = [(*row, number(record)) for record, row in each_row(db, records)]
    with db:
        db.executemany("INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?, ?)", rows)
        db.execute("DELETE FROM orders")
        db.execute(
            "INSERT INTO orders SELECT order_id, status, price_yen, gone, MAX(at) "
            "FROM log GROUP BY order_id"
        )


@right
def orders_by_length_and_then_by_digits(db, records):
    for record, row in each_row(db, records):
        longer = f"{len(raw(record)):02}:{raw(record)}"
        db.execute(NEWER.replace(">", ">="), (*row, longer))
    db.commit()
