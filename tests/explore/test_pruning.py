"""Leaving out schedules loses no outcome; answering from memory changes none."""

from decimal import Decimal

import boto3
import pytest
from boto3.dynamodb.conditions import Attr
from handlers import (
    EVENT,
    charges,
    claim_then_charge,
    fresh_tables,
    in_one_transaction,
    look_then_charge,
    one_charge,
    seen,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.cloud import clock, create_table, local_cloud
from workbook.explore import explore
from workbook.explore import world as world_module
from workbook.explore.footprint import EVERYTHING, Touch, conflict, touches
from workbook.explore.invocation import Request


@pytest.fixture(autouse=True, scope="module")
def cloud():
    with local_cloud() as cloud:
        yield cloud


# --- generated handlers ---------------------------------------------------------------

TABLE = {"charges": charges, "seen": seen}
KEYS = st.sampled_from(["a", "b"])
TABLES = st.sampled_from(["charges", "seen"])
CALLS = st.tuples(st.sampled_from(["get", "put", "claim", "add", "scan"]), TABLES, KEYS)


def handler_of(program):
    """A handler that makes these calls; what it writes depends on what it has read."""

    def handler(event, context):
        read = 0
        for kind, table, key in program:
            read += perform(kind, TABLE[table](), key, read)

    return handler


def perform(kind, table, key, read):
    if kind == "get":
        return 1 + int(table.get_item(Key={"id": key}).get("Item", {}).get("n", 0))
    if kind == "scan":
        return 10 * table.scan(Select="COUNT")["Count"]
    if kind == "put":
        table.put_item(Item={"id": key, "n": read})
    elif kind == "claim":
        table.put_item(
            Item={"id": key, "n": read}, ConditionExpression="attribute_not_exists(id)"
        )
    else:
        table.update_item(
            Key={"id": key},
            UpdateExpression="ADD n :n",
            ExpressionAttributeValues={":n": read + 1},
        )
    return 0


def final_states(handler, **options):
    states = set()

    def note():
        tables = [charges().scan()["Items"], seen().scan()["Items"]]
        states.add(repr([sorted(sorted(i.items()) for i in items) for items in tables]))

    options = {"faults": ("crash",), "max_receives": 2, **options}
    result = explore(handler, EVENT, setup=fresh_tables, invariant=note, **options)
    assert result.exhaustive, repr(result)
    return states, result


@settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck),
    derandomize=True,
)  # fmt: skip
@given(st.lists(CALLS, min_size=1, max_size=2))
def test_pruned_and_unpruned_exploration_reach_the_same_states(program):
    handler, faults = handler_of(program), ("crash", "response_lost")
    pruned, few = final_states(handler, prune=True, faults=faults)
    unpruned, all_ = final_states(handler, prune=False, faults=faults)
    assert pruned == unpruned
    assert few.schedules <= all_.schedules


def test_pruning_leaves_out_orders_of_calls_that_commute():
    def own_item(event, context):
        for step in range(3):
            seen().put_item(Item={"id": f"{context.aws_request_id}-{step}"})

    _, pruned = final_states(own_item, crashes=0)
    _, unpruned = final_states(own_item, crashes=0, prune=False)
    assert (pruned.schedules, unpruned.schedules) == (1, 20)
    assert "left out, same as others" in repr(pruned)


def test_three_deliveries_reach_the_same_states_too():
    program = [("get", "seen", "a"), ("put", "seen", "a")]
    pruned, few = final_states(handler_of(program), deliveries=3, crashes=0)
    unpruned, all_ = final_states(
        handler_of(program), deliveries=3, crashes=0, prune=False
    )
    assert pruned == unpruned and few.schedules < all_.schedules == 90


# --- memory ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "handler", [look_then_charge, claim_then_charge, in_one_transaction]
)
def test_calls_answered_from_memory_change_nothing(handler, monkeypatch):
    def rows():
        result = explore(handler, EVENT, setup=fresh_tables, invariant=one_charge)
        return result.table().to_dict("records")

    from_memory = rows()

    photographs = iter([world_module.take])  # of the world as it is found, no others

    def once(beside):
        for take in photographs:
            return take(beside)
        raise world_module.SnapshotImpossible("not today")

    monkeypatch.setattr(world_module, "take", once)
    assert rows() == from_memory


def test_queues_are_photographed_too():
    queue = boto3.resource("sqs").create_queue(QueueName="orders")

    def sends(event, context):
        queue.send_message(MessageBody="charge")

    def one_message():
        found = queue.receive_messages(MaxNumberOfMessages=10)
        return len(found) == 1 or f"{len(found)} messages"

    result = explore(sends, EVENT, invariant=one_message, deliveries=2, faults=())
    assert result.why == "2 messages"
    assert int(queue.attributes["ApproximateNumberOfMessages"]) == 0


# --- what commutes --------------------------------------------------------------------


def touched(operation, **params):
    create_table_once()
    describe = lambda name: boto3.client("dynamodb").describe_table(  # noqa: E731
        TableName=name
    )["Table"]
    return touches("dynamodb", operation, params, describe)


def create_table_once():
    if "orders" not in boto3.client("dynamodb").list_tables()["TableNames"]:
        create_table("orders", "id", sort_key="line")


A, B = {"id": "a", "line": "1"}, {"id": "b", "line": "1"}


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (("PutItem", {"Item": A}), ("PutItem", {"Item": B}), False),
        (("PutItem", {"Item": A}), ("PutItem", {"Item": A}), True),
        (("PutItem", {"Item": A}), ("GetItem", {"Key": A}), True),
        (("GetItem", {"Key": A}), ("GetItem", {"Key": A}), False),
        (("PutItem", {"Item": A}), ("Scan", {}), True),
        (("PutItem", {"Item": A}), ("UpdateItem", {"Key": {**A, "line": "2"}}), False),
        (("PutItem", {"Item": A}), ("UpdateItem", {"Key": A}), True),
        (("GetItem", {"Key": A}), ("DeleteItem", {"Key": A}), True),
        (("UpdateItem", {"Key": A}), ("DeleteItem", {"Key": A}), True),
        (("DeleteItem", {"Key": A}), ("DeleteItem", {"Key": B}), False),
        (("Query", {}), ("Scan", {}), False),
        (("PutItem", {"Item": A}), ("UpdateTable", {}), True),
    ],
)
def test_calls_clash_when_their_order_can_matter(one, other, clash):
    first = touched(one[0], TableName="orders", **one[1])
    second = touched(other[0], TableName="orders", **other[1])
    assert conflict(first, second) is clash


@pytest.mark.parametrize("number", [7, Decimal("7.0"), {"N": "7.00"}])
def test_equal_numbers_are_one_key(number):
    table = {"TableName": "t", "KeySchema": [{"AttributeName": "id"}]}
    params = {"TableName": "t", "Key": {"id": number}}
    (touch,) = touches("dynamodb", "UpdateItem", params, lambda name: table)
    params = {"TableName": "t", "Key": {"id": {"N": "7"}}}
    assert touches("dynamodb", "DeleteItem", params, lambda name: table) == (touch,)
    assert touch.writes


def test_all_queues_are_one_since_a_receive_can_move_a_message():
    describe = lambda name: None  # noqa: E731
    one = touches("sqs", "ReceiveMessage", {"QueueUrl": "main"}, describe)
    other = touches("sqs", "ReceiveMessage", {"QueueUrl": "dead-letters"}, describe)
    assert conflict(one, other)


def test_reading_a_stream_clashes_with_writing_its_table():
    describe = lambda name: None  # noqa: E731
    read = touches("dynamodbstreams", "GetRecords", {"ShardIterator": "x"}, describe)
    assert conflict(read, touched("PutItem", TableName="orders", Item=A))
    listed = touches("dynamodbstreams", "ListStreams", {}, describe)
    assert conflict(listed, touched("PutItem", TableName="orders", Item=A))


def test_a_condition_object_is_remembered_by_what_it_says():
    def request(condition):
        params = {"ConditionExpression": condition}
        return Request("dynamodb", "PutItem", params, "", (), None).identity

    assert request(Attr("id").not_exists()) == request(Attr("id").not_exists())
    assert request(Attr("id").not_exists()) != request(Attr("id").exists())
    assert request(Attr("n").eq(1)) != request(Attr("n").eq(2))


def test_a_wait_inside_a_call_is_remembered_too():
    queue = boto3.resource("sqs").create_queue(QueueName="slow")

    def waits(event, context):
        queue.receive_messages(WaitTimeSeconds=10)
        seen().put_item(Item={"id": str(int(clock.seconds()))})

    begun = int(clock.seconds())
    fresh_tables()

    def ten_seconds_passed():
        return [i["id"] for i in seen().scan()["Items"]] == [str(begun + 10)]

    options = {"deliveries": 1, "faults": (), "invariant": ten_seconds_passed}
    assert explore(waits, EVENT, **options).holds


def test_a_handler_may_change_the_reply_it_got():
    def spoils(event, context):
        reply = seen().get_item(Key={"id": "a"})
        reply.setdefault("Item", {"n": 0})["n"] += 1
        seen().put_item(Item={"id": "a", **reply["Item"]})

    states, _ = final_states(spoils, crashes=0, prune=False)
    assert len(states) == 2  # one after the other, or both from nothing


def test_a_client_and_a_resource_mean_the_same_item():
    wire = {"id": {"S": "a"}, "line": {"S": "1"}}
    by_client = touched("DeleteItem", TableName="orders", Key=wire)
    assert by_client == touched("DeleteItem", TableName="orders", Key=A)


def test_a_transaction_touches_every_item_in_it():
    items = [
        {"Put": {"TableName": "orders", "Item": A}},
        {"ConditionCheck": {"TableName": "orders", "Key": B}},
    ]
    put, check = touched("TransactWriteItems", TransactItems=items)
    assert put.writes and not check.writes and put.path != check.path


def test_a_batch_touches_every_item_in_it():
    written = {"orders": [{"PutRequest": {"Item": A}}, {"DeleteRequest": {"Key": B}}]}
    put, delete = touched("BatchWriteItem", RequestItems=written)
    assert put.writes and delete.writes and put.path != delete.path
    read_a, read_b = touched("BatchGetItem", RequestItems={"orders": {"Keys": [A, B]}})
    assert conflict([read_a], [put]) and not conflict([read_a], [delete])
    assert conflict([read_b], [delete]) and not read_b.writes


def test_what_is_unknown_touches_everything():
    describe = lambda name: 1 / 0  # noqa: E731
    assert touches("dynamodb", "PutItem", {"TableName": "x"}, describe) == EVERYTHING
    assert touches("kinesis", "PutRecord", {}, describe) == EVERYTHING
    assert touches("iam", "GetUser", {}, describe) == EVERYTHING
    assert touches("iam", "ListUsers", {}, describe) == (Touch((), writes=False),)


def test_a_stream_keeps_the_order_of_its_table_s_writes():
    table = {"TableName": "orders", "KeySchema": [{"AttributeName": "id"}]}
    table["StreamSpecification"] = {"StreamEnabled": True}
    (write,) = touches(
        "dynamodb", "PutItem", {"TableName": "orders", "Item": A}, lambda n: table
    )
    assert write.path == ("dynamodb", "orders")
