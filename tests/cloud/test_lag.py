"""Stale reads: each anomaly shown, strong reads right, and an end to it."""

import boto3
import pytest
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.cloud import clock, lag, local_cloud
from workbook.explore import explore


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud() as cloud:
        cloud.reset()
        yield cloud


def make(name="seats", **more):
    client = boto3.client("dynamodb")
    names = ("tour", "seat", "buyer")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": n, "AttributeType": "S"} for n in names
        ],
        KeySchema=[
            {"AttributeName": "tour", "KeyType": "HASH"},
            {"AttributeName": "seat", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_buyer",
                "KeySchema": [{"AttributeName": "buyer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "sorted",
                "KeySchema": [
                    {"AttributeName": "tour", "KeyType": "HASH"},
                    {"AttributeName": "buyer", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return boto3.resource("dynamodb").Table(name)


@pytest.fixture
def table():
    return make()


ITEM = {"tour": "t", "seat": "1", "buyer": "mari", "n": 1}
KEY = {"tour": "t", "seat": "1"}
MANY = 40  # reads, so that each of three copies has answered some


def got(table, **how):
    return table.get_item(Key=KEY, **how).get("Item", {}).get("n")


def owned(table, buyer="mari"):
    wanted = Key("buyer").eq(buyer)
    found = table.query(IndexName="by_buyer", KeyConditionExpression=wanted)["Items"]
    return [item["seat"] for item in found]


def update(table, n):
    table.update_item(
        Key=KEY, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": n}
    )


# --- what may go wrong ----------------------------------------------------------------


def test_a_reader_may_miss_its_own_write(table):
    with lag.stale(replica_s=1, seed=1) as seen:
        table.put_item(Item=ITEM)
        assert {got(table) for _ in range(MANY)} == {None, 1}
        clock.advance(1)
        assert {got(table) for _ in range(MANY)} == {1}
    assert {read.asked for read in seen.reads} == {"leader", "replica 1", "replica 2"}


def test_a_newer_answer_may_be_followed_by_an_older(table):
    table.put_item(Item=ITEM)
    with lag.stale(replica_s=1, seed=1):
        update(table, 2)
        answers = [got(table) for _ in range(MANY)]
    assert any(a > b for a, b in zip(answers, answers[1:], strict=False))


def test_two_writes_may_arrive_in_the_other_order(table):
    lags = iter([9.0, 1.0])
    with lag.stale(replica_s=0, index_s=lambda rng: next(lags), seed=1):
        table.put_item(Item=ITEM)
        table.put_item(Item={**ITEM, "seat": "2"})
        clock.advance(2)
        assert owned(table) == ["2"]
        clock.advance(8)
        assert owned(table) == ["1", "2"]


def test_writes_to_one_item_keep_their_order(table):
    lags = iter([9.0, 1.0])
    table.put_item(Item=ITEM)
    with lag.stale(replica_s=0, index_s=lambda rng: next(lags), seed=1):
        table.put_item(Item={**ITEM, "buyer": "aya"})
        table.put_item(Item={**ITEM, "buyer": "yuki"})
        clock.advance(2)
        assert owned(table) == ["1"] and owned(table, "yuki") == []
        clock.advance(8)
        assert owned(table) == [] and owned(table, "yuki") == ["1"]


def test_an_index_may_show_what_is_deleted(table):
    table.put_item(Item=ITEM)
    with lag.stale(index_s=1, seed=1) as seen:
        clock.advance(3)
        table.delete_item(Key=KEY)
        clock.advance(0.4)
        assert owned(table) == ["1"] and got(table, ConsistentRead=True) is None
        assert seen.reads[0] == lag.Read("Query", "seats", "by_buyer", 0.4)
        clock.advance(0.6)
        assert owned(table) == []


def test_a_transaction_may_be_seen_in_part(table):
    """An index has one of its items, and not yet the other; the table has both."""
    lags = iter([9.0, 1.0])
    puts = [
        {"Put": {"TableName": "seats", "Item": {**ITEM, "seat": seat}}}
        for seat in ("1", "2")
    ]
    with lag.stale(replica_s=0, index_s=lambda rng: next(lags), seed=1):
        table.meta.client.transact_write_items(TransactItems=puts)
        clock.advance(2)
        assert owned(table) == ["2"]
        assert table.scan(ConsistentRead=True)["Count"] == 2


@pytest.mark.parametrize("read", ["get", "batch", "query", "local index", "scan"])
def test_every_kind_of_eventual_read_may_be_old(table, read):
    wanted = {"KeyConditionExpression": Key("tour").eq("t")}
    ask = {
        "get": lambda: "Item" in table.get_item(Key=KEY),
        "batch": lambda: bool(
            table.meta.client.batch_get_item(RequestItems={"seats": {"Keys": [KEY]}})[
                "Responses"
            ]["seats"]
        ),
        "query": lambda: table.query(**wanted)["Count"] == 1,
        "local index": lambda: table.query(IndexName="sorted", **wanted)["Count"] == 1,
        "scan": lambda: table.scan()["Count"] == 1,
    }[read]
    with lag.stale(replica_s=1, seed=1):
        table.put_item(Item=ITEM)
        assert {ask() for _ in range(MANY)} == {False, True}
        clock.advance(1)
        assert {ask() for _ in range(MANY)} == {True}


# --- what may not ---------------------------------------------------------------------


def test_strong_reads_and_transactions_are_right(table):
    client = table.meta.client
    with lag.stale(replica_s=9, index_s=9, seed=1) as seen:
        table.put_item(Item=ITEM)
        wanted = Key("tour").eq("t")
        get = {"Get": {"TableName": "seats", "Key": KEY}}
        batch = {"seats": {"Keys": [KEY], "ConsistentRead": True}}
        for _ in range(MANY // 4):
            assert got(table, ConsistentRead=True) == 1
            found = table.query(KeyConditionExpression=wanted, ConsistentRead=True)
            assert found["Count"] == 1
            found = table.query(
                IndexName="sorted", KeyConditionExpression=wanted, ConsistentRead=True
            )
            assert found["Count"] == 1
            assert table.scan(ConsistentRead=True)["Count"] == 1
            assert client.transact_get_items(TransactItems=[get])["Responses"][0]
            found = client.batch_get_item(RequestItems=batch)
            assert len(found["Responses"]["seats"]) == 1
        assert seen.reads == []


def test_conditions_see_what_is_there(table):
    with lag.stale(replica_s=9, index_s=9, seed=1):
        table.put_item(Item=ITEM)
        for _ in range(10):
            with pytest.raises(ClientError, match="ConditionalCheckFailed"):
                table.put_item(
                    Item=ITEM, ConditionExpression="attribute_not_exists(tour)"
                )
            table.update_item(
                Key=KEY,
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": 1},
            )
        assert got(table, ConsistentRead=True) == 11


def test_a_strong_read_of_a_global_index_is_refused(table):
    wanted = {"IndexName": "by_buyer", "KeyConditionExpression": Key("buyer").eq("x")}
    with lag.stale(), pytest.raises(ClientError, match="not supported on global"):
        table.query(**wanted, ConsistentRead=True)


def test_every_kind_of_write_lags(table):
    client = table.meta.client
    put = {"Put": {"TableName": "seats", "Item": {**ITEM, "seat": "2"}}}
    with lag.stale(index_s=5, seed=1):
        with table.batch_writer() as batch:
            batch.put_item(Item=ITEM)
        client.transact_write_items(TransactItems=[put])
        assert owned(table) == [] and table.scan(ConsistentRead=True)["Count"] == 2
        clock.advance(5)
        assert owned(table) == ["1", "2"]


def test_a_write_that_changes_nothing_or_fails_is_none(table):
    table.put_item(Item=ITEM)
    with lag.stale(replica_s=5, seed=1) as seen:
        table.put_item(Item=ITEM)
        with pytest.raises(ClientError):
            table.put_item(Item=ITEM, ConditionExpression="attribute_not_exists(tour)")
        clock.advance(1)
        for _ in range(MANY):
            assert got(table) == 1
    assert {read.behind_s for read in seen.reads} == {0}


def test_the_table_itself_is_as_it_was(table):
    with lag.stale(replica_s=9, seed=1):
        table.put_item(Item=ITEM)
        for _ in range(MANY):
            got(table)
    assert {got(table) for _ in range(MANY)} == {1}


def test_without_lag_nothing_lags(table):
    with lag.stale(replica_s=0, index_s=0, seed=1):
        for n in range(20):
            table.put_item(Item={**ITEM, "n": n})
            assert got(table) == n and owned(table) == ["1"]


def test_a_seed_decides_what_is_seen(table):
    def answers(seed):
        table.delete_item(Key=KEY)
        with lag.stale(replica_s=1, seed=seed):
            table.put_item(Item=ITEM)
            return [got(table) for _ in range(MANY)]

    assert answers(1) == answers(1) != answers(2)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.floats(0, 3)), min_size=1, max_size=8),
    st.integers(0, 99),
)
def test_an_answer_is_a_state_within_the_lag(steps, seed):
    """Each answer is what some item was at a moment not longer ago than the lag."""
    with local_cloud() as cloud:
        cloud.reset()
        table = make()
        states: list[tuple[float, int | None]] = [(clock.seconds(), None)]
        with lag.stale(replica_s=lambda rng: rng.uniform(0, 2), seed=seed):
            for n, (step, pause_s) in enumerate(steps):
                if step == 0:
                    table.delete_item(Key=KEY)
                    states.append((clock.seconds(), None))
                else:
                    table.put_item(Item={**ITEM, "n": n})
                    states.append((clock.seconds(), n))
                clock.advance(pause_s)
                since_s = clock.seconds() - 2 - 1e-6
                before = [s for at_s, s in states if at_s <= since_s][-1:]
                recent = [s for at_s, s in states if at_s > since_s]
                assert got(table) in [*before, *recent]
            clock.advance(2)
            assert {got(table) for _ in range(9)} == {states[-1][1]}


# --- refusals -------------------------------------------------------------------------


def test_a_negative_lag_is_refused():
    with pytest.raises(ValueError, match="index_s=-1"), lag.stale(index_s=-1):
        pass


def test_it_wants_the_virtual_clock(cloud):
    cloud.stop()
    with pytest.raises(RuntimeError, match="start local_cloud"), lag.stale():
        pass


def test_the_explorer_refuses_it(table):
    def handler(event, context):
        table.put_item(Item=ITEM)

    with lag.stale(), pytest.raises(ValueError, match=r"end lag.stale\(\) first"):
        explore(handler, {}, invariant=lambda: True, progress=False)
    assert explore(handler, {}, invariant=lambda: True, progress=False).holds
