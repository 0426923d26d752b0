"""A follower of a log: every event applied once, in order, on every schedule."""

from decimal import Decimal

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.cloud import local_cloud
from workbook.explore.pushes import Pushed, explore_pushes
from workbook.patterns.catchup import Follower, table_reader


@pytest.mark.parametrize(
    "faults",
    [
        {"events": 3, "drops": 1},
        {"events": 2, "drops": 1, "losses": 1, "repeats": 1},
        {"events": 2, "drops": 1, "failing_read": 1},
        {"events": 2, "drops": 1, "failing_read": 2},
    ],
    ids=str,
)
def test_every_event_is_applied_once_on_every_schedule(faults):
    found = explore_pushes(Follower, **faults)
    assert found.holds, found
    assert found.schedules > 400


def a_follower(written, **options):
    applied = []

    def read_after(number):
        return [event for event in written if event.number > number]

    return Follower(read_after, applied.append, **options), applied


LOG = [Pushed(number, "news") for number in range(1, 6)]


@settings(deadline=None)
@given(st.lists(st.sampled_from(LOG), max_size=12), st.integers(0, 5))
def test_progress_is_monotone_and_without_gaps(pushes, seen):
    follower, applied = a_follower(LOG, seen=seen)
    for event in pushes:
        before = follower.seen
        follower.pushed(event)
        assert follower.seen >= max(before, event.number)
    assert [e.number for e in applied] == list(range(seen + 1, follower.seen + 1))


def test_a_read_that_gives_too_much_does_no_harm():
    applied = []
    follower = Follower(lambda number: LOG, applied.append)
    for _ in range(3):
        follower.quiet()
    assert applied == LOG


def test_an_effect_that_fails_is_tried_again_and_nothing_is_skipped():
    applied, trouble = [], [True, False, True]

    def apply(event):
        if trouble and trouble.pop():
            raise OSError("no paper in the printer")
        applied.append(event.number)

    follower = Follower(lambda number: LOG[number:], apply)
    for _ in range(3):
        try:
            follower.catch_up()
        except OSError:
            assert follower.seen == len(applied)
    assert applied == [1, 2, 3, 4, 5]


@pytest.fixture
def cloud():
    with local_cloud() as running:
        yield running


def test_the_reader_asks_the_table_for_what_follows(cloud):
    dynamodb = boto3.resource("dynamodb")
    keys = {"order_id": ("HASH", "S"), "number": ("RANGE", "N")}
    table = dynamodb.create_table(
        TableName="events",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": name, "KeyType": kind} for name, (kind, _) in keys.items()
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": of}
            for name, (_, of) in keys.items()
        ],
    )
    for number in (1, 2, 10, 11):
        table.put_item(Item={"order_id": "order-7", "number": number, "kind": "x"})
    table.put_item(Item={"order_id": "order-8", "number": 12, "kind": "x"})
    read_after = table_reader(
        table, {"order_id": "order-7"}, lambda item: item["number"]
    )
    assert read_after(0) == [Decimal(n) for n in (1, 2, 10, 11)]
    assert read_after(2) == [Decimal(10), Decimal(11)]
    assert read_after(11) == []
