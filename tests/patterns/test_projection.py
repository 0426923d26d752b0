"""The copy in SQL: duplicates, any order, crashes, poison, new columns, drift."""

import sqlite3

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.cloud import local_cloud
from workbook.cloud.functions import Function, StreamSource
from workbook.patterns.projection import (
    Projection,
    apply,
    differences,
    repair,
    stream_handler,
)

KEYS = ("a", "b", "c")
typed = TypeSerializer().serialize


def row(item):
    """Version 1 had the price in yen, version 2 has an amount and a currency."""
    if item.get("version", 1) == 1:
        return {"status": item["status"], "yen": int(item["price_yen"])}
    return {"status": item["status"], "yen": int(item["amount"])}


ORDERS = Projection("orders", ("id",), {"status": "TEXT", "yen": "INTEGER"}, row)


@pytest.fixture
def db():
    found = sqlite3.connect(":memory:")
    ORDERS.create(found)
    return found


def order(status, yen=4800):
    return {"status": status, "price_yen": yen}


def record(key, number, item):
    """A stream's record: `item` is the new image, None for a deleted item."""
    said = {"Keys": {"id": typed(key)}, "SequenceNumber": str(number)}
    if item is not None:
        said["NewImage"] = {n: typed(v) for n, v in {"id": key, **item}.items()}
    return {"eventName": "MODIFY" if item is not None else "REMOVE", "dynamodb": said}


def shown(db):
    return dict(db.execute("SELECT id, status FROM orders"))


def errors(db):
    return list(db.execute("SELECT sequence, reason FROM projection_errors"))


# --- duplicates and order -------------------------------------------------------------

changes = st.lists(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(["placed", "paid", None])),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=200)
@given(changes, st.data())
def test_any_order_with_duplicates_ends_in_the_tables_state(made, data):
    """More than a stream does: it would keep the order of each item."""
    table, records = {}, []
    for number, (key, status) in enumerate(made, start=8):  # 9 and 10 have two lengths
        records.append(record(key, number, status and order(status)))
        table[key] = status
    again = data.draw(st.lists(st.sampled_from(records), max_size=6))
    shuffled = data.draw(st.permutations(records + again))
    size = data.draw(st.integers(1, 5))
    db = sqlite3.connect(":memory:")
    ORDERS.create(db)
    for first in range(0, len(shuffled), size):
        apply(db, ORDERS, shuffled[first : first + size])
    assert shown(db) == {key: status for key, status in table.items() if status}


def test_it_tells_what_it_did(db):
    batch = [record("a", 2, order("paid")), record("a", 1, order("placed"))]
    done = apply(db, ORDERS, [*batch, batch[0], record("b", 3, {})])
    assert (done.written, done.stale, done.poison) == (1, 2, 1)


def test_a_late_record_does_not_bring_back_what_was_deleted(db):
    apply(db, ORDERS, [record("a", 7, None)])
    apply(db, ORDERS, [record("a", 6, order("placed"))])
    assert shown(db) == {}
    apply(db, ORDERS, [record("a", 8, order("placed"))])
    assert shown(db) == {"a": "placed"}


def test_numbers_of_forty_digits_are_compared_as_numbers(db):
    apply(db, ORDERS, [record("a", "9" * 39, order("placed"))])
    apply(db, ORDERS, [record("a", "1" + "0" * 39, order("paid"))])
    assert shown(db) == {"a": "paid"}


# --- crashes --------------------------------------------------------------------------


class Killed(BaseException):
    pass


def test_a_batch_that_is_cut_off_leaves_nothing(db):
    def batch():
        yield record("a", 1, order("placed"))
        raise Killed

    with pytest.raises(Killed):
        apply(db, ORDERS, batch())
    assert shown(db) == {}
    apply(db, ORDERS, [record("a", 1, order("placed"))])
    assert shown(db) == {"a": "placed"}


def test_a_batch_whose_checkpoint_was_lost_changes_nothing_the_second_time(db):
    batch = [record("a", 1, order("placed")), record("b", 2, order("paid"))]
    apply(db, ORDERS, batch)
    before = list(db.execute("SELECT * FROM orders_rows"))
    assert apply(db, ORDERS, batch).written == 0
    assert list(db.execute("SELECT * FROM orders_rows")) == before


# --- poison ---------------------------------------------------------------------------

POISON = [
    {"price_yen": 3},  # no status
    {"status": "paid", "price_yen": "many"},
    {"status": "paid", "price_yen": [1]},
]


@pytest.mark.parametrize("item", POISON)
def test_poison_is_put_apart_once_and_the_rest_goes_on(db, item):
    batch = [record("a", 1, item), record("b", 2, order("paid"))]
    for _ in range(3):
        assert apply(db, ORDERS, batch).poison == 1
    assert shown(db) == {"b": "paid"}
    ((sequence, reason),) = errors(db)
    assert int(sequence) == 1 and "Error: " in reason
    apply(db, ORDERS, [record("a", 3, order("placed"))])
    assert shown(db)["a"] == "placed"


def test_or_it_stops_there_and_says_where(db):
    batch = [record("a", 1, order("paid")), record("b", 2, {}), record("c", 3, {})]
    handler = stream_handler(db, ORDERS, stop_at_poison=True)
    answer = handler({"Records": batch}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert shown(db) == {"a": "paid"} and errors(db) == []


def test_a_mistake_of_our_own_is_no_poison(db):
    broken = Projection("orders", ("id",), ORDERS.columns, lambda item: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        apply(db, broken, [record("a", 1, order("paid"))])
    assert errors(db) == []


# --- schema ---------------------------------------------------------------------------


def test_old_and_new_items_land_in_the_same_columns(db):
    new = {"version": 2, "status": "paid", "amount": 4800, "currency": "JPY"}
    apply(db, ORDERS, [record("a", 1, order("paid")), record("b", 2, new)])
    assert list(db.execute("SELECT status, yen FROM orders")) == [("paid", 4800)] * 2


def test_a_new_column_is_added_and_filled_by_repair(db):
    apply(db, ORDERS, [record("a", 1, {**order("paid"), "tour": "night-7"})])
    wider = Projection(
        "orders",
        ("id",),
        {**ORDERS.columns, "tour": "TEXT"},
        lambda item: {**row(item), "tour": item.get("tour")},
    )
    wider.create(db)
    wider.create(db)
    assert list(db.execute("SELECT id, tour FROM orders")) == [("a", None)]
    items = [{"id": "a", **order("paid"), "tour": "night-7"}]
    assert repair(db, wider, differences(db, wider, lambda: items)) == 1
    assert list(db.execute("SELECT id, tour FROM orders")) == [("a", "night-7")]


# --- reconciliation -------------------------------------------------------------------

ITEMS = [{"id": key, **order("paid")} for key in KEYS]


def drifted(db):
    """A copy that lacks `a`, has another status for `b`, and a `d` too many."""
    apply(db, ORDERS, [record(k, n, order("paid")) for n, k in enumerate("abcd", 1)])
    with db:
        db.execute("DELETE FROM orders_rows WHERE id = 'a'")
        db.execute("UPDATE orders_rows SET status = 'placed' WHERE id = 'b'")


def test_planted_drift_is_found_and_mended(db):
    drifted(db)
    found = differences(db, ORDERS, lambda: ITEMS)
    kinds = {one.key: one.kind for one in found}
    assert kinds == {("a",): "missing", ("b",): "differs", ("d",): "extra"}
    assert repair(db, ORDERS, found) == 3
    assert differences(db, ORDERS, lambda: ITEMS) == []
    assert shown(db) == dict.fromkeys(KEYS, "paid")


def test_a_deleted_row_that_should_be_there_comes_back(db):
    apply(db, ORDERS, [record("a", 5, None)])
    found = differences(db, ORDERS, lambda: ITEMS[:1])
    assert [one.kind for one in found] == ["missing"]
    assert repair(db, ORDERS, found) == 1 and shown(db) == {"a": "paid"}


@pytest.mark.parametrize("late", [order("refunded"), None])
def test_a_record_that_comes_between_wins(db, late):
    drifted(db)
    found = differences(db, ORDERS, lambda: ITEMS)
    apply(db, ORDERS, [record(key, 9, late) for key in "abd"])
    assert repair(db, ORDERS, found) == 0
    kept = {"c": "paid"} | (dict.fromkeys("abd", "refunded") if late else {})
    assert shown(db) == kept


def test_a_record_that_comes_after_the_repair_wins_too(db):
    drifted(db)
    repair(db, ORDERS, differences(db, ORDERS, lambda: ITEMS))
    apply(db, ORDERS, [record(key, 9, order("refunded")) for key in "abd"])
    assert shown(db) == {"c": "paid"} | dict.fromkeys("abd", "refunded")


def test_the_rows_are_read_before_the_table(db):
    """An item that is newer than its row is no harm; a row newer than its item is."""

    def scan():
        apply(db, ORDERS, [record("a", 2, order("paid"))])
        return [{"id": "a", **order("paid")}]

    apply(db, ORDERS, [record("a", 1, order("placed"))])
    found = differences(db, ORDERS, scan)
    assert [one.found for one in found] == [("placed", 4800)]
    assert repair(db, ORDERS, found) == 0 and shown(db) == {"a": "paid"}


def test_an_item_that_nobody_understands_is_told_and_left(db):
    found = differences(db, ORDERS, lambda: [{"id": "a"}])
    assert [one.kind for one in found] == ["unreadable"]
    assert repair(db, ORDERS, found) == 0 and shown(db) == {}


# --- on a real stream of the mock -----------------------------------------------------


@pytest.mark.parametrize("stop_at_poison", [False, True])
def test_from_a_table_through_its_stream(db, stop_at_poison):
    with local_cloud() as cloud:
        cloud.reset()
        table = boto3.resource("dynamodb").create_table(
            TableName="orders",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            StreamSpecification={
                "StreamEnabled": True,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        )
        handler = stream_handler(db, ORDERS, stop_at_poison=stop_at_poison)
        source = StreamSource(
            Function(handler, name="project"),
            "orders",
            starting_position="TRIM_HORIZON",
            batch_size=3,
            maximum_retry_attempts=2,
            function_response_types=["ReportBatchItemFailures"],
        )
        for key in KEYS:
            table.put_item(Item={"id": key, **order("placed")})
        table.put_item(Item={"id": "a", **order("paid")})
        table.put_item(Item={"id": "x", "nothing": "known"})
        table.delete_item(Key={"id": "b"})
        table.put_item(Item={"id": "c", "version": 2, "status": "paid", "amount": 5})
        source.drain()
        items = table.scan(ConsistentRead=True)["Items"]
    left = differences(db, ORDERS, lambda: items)
    # Who stops loses what stood behind the poison in its batch: a deletion, here.
    assert [one.kind for one in left] == ["extra"] * stop_at_poison + ["unreadable"]
    repair(db, ORDERS, left)
    assert shown(db) == {"a": "paid", "c": "paid"}
    assert len(errors(db)) == (0 if stop_at_poison else 1)
