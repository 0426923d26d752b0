"""What makes the mock quicker leaves its answers as they were."""

import gc

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models.dynamo_type import Item

from workbook.cloud import clock, create_table, local_cloud
from workbook.cloud.functions import Function, StreamSource


@pytest.fixture
def table():
    with local_cloud():
        yield boto3.resource("dynamodb").create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "a", "AttributeType": "S"},
                {"AttributeName": "b", "AttributeType": "N"},
            ],
            KeySchema=[
                {"AttributeName": "a", "KeyType": "HASH"},
                {"AttributeName": "b", "KeyType": "RANGE"},
            ],
            StreamSpecification={
                "StreamEnabled": True,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        )


def items(table):
    return sorted(table.scan()["Items"], key=lambda item: (item["a"], item["b"]))


def stream_length(table):
    streams = boto3.client("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=table.latest_stream_arn)
    shard_id = shard["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=table.latest_stream_arn,
        ShardId=shard_id,
        ShardIteratorType="TRIM_HORIZON",
    )["ShardIterator"]
    return len(streams.get_records(ShardIterator=iterator)["Records"])


def change(table, b, **more):
    update = {"TableName": "t", "Key": {"a": "x", "b": b}}
    update |= {"UpdateExpression": "SET n = :n"}
    update |= {"ExpressionAttributeValues": {":n": 9, **more.pop("values", {})}}
    return {"Update": update | more}


def put(b, **more):
    return {"Put": {"TableName": "t", "Item": {"a": "x", "b": b, "n": 1}, **more}}


NEVER = {"ConditionExpression": "attribute_exists(nothing)"}


@pytest.mark.parametrize(
    "last",
    [
        put(5, **NEVER),
        change(None, 1, **NEVER),
        {"Delete": {"TableName": "t", "Key": {"a": "x", "b": 1}, **NEVER}},
        {"ConditionCheck": {"TableName": "t", "Key": {"a": "x", "b": 7}, **NEVER}},
    ],
    ids=["put", "update", "delete", "check"],
)
def test_a_refused_transaction_leaves_everything_as_it_was(table, last):
    for b in (1, 2, 3):
        table.put_item(Item={"a": "x", "b": b, "n": 0, "list": [1]})
    before, told = items(table), stream_length(table)
    delete = {"Delete": {"TableName": "t", "Key": {"a": "x", "b": 3}}}
    writes = [change(table, 2), put(4), delete, last]
    with pytest.raises(ClientError, match="TransactionCanceled"):
        table.meta.client.transact_write_items(TransactItems=writes)
    assert items(table) == before
    assert stream_length(table) == told
    table.put_item(Item={"a": "x", "b": 9})
    assert stream_length(table) == told + 1


def test_a_reader_of_the_stream_goes_on_after_a_refused_transaction(table):
    seen = []

    def handler(event, context):
        seen.extend(r["dynamodb"]["Keys"]["b"]["N"] for r in event["Records"])

    source = StreamSource(Function(handler), "t", starting_position="TRIM_HORIZON")
    table.put_item(Item={"a": "x", "b": 1})
    source.drain()
    with pytest.raises(ClientError):
        table.meta.client.transact_write_items(TransactItems=[put(2), put(1, **NEVER)])
    table.put_item(Item={"a": "x", "b": 3})
    source.drain()
    assert seen == ["1", "3"]


def test_the_same_item_twice_in_a_transaction_leaves_everything_as_it_was(table):
    table.put_item(Item={"a": "x", "b": 1, "n": 0})
    writes = [change(table, 1), change(table, 1)]
    with pytest.raises(ClientError):
        table.meta.client.transact_write_items(TransactItems=writes)
    assert items(table) == [{"a": "x", "b": 1, "n": 0}]


def test_a_transaction_writes_all_it_says(table):
    table.put_item(Item={"a": "x", "b": 1, "n": 0})
    table.meta.client.transact_write_items(TransactItems=[change(table, 1), put(2)])
    assert [(item["b"], item["n"]) for item in items(table)] == [(1, 9), (2, 1)]
    assert stream_length(table) == 3


def test_copies_do_not_grow_with_the_table(table, monkeypatch):
    with table.batch_writer() as batch:
        for b in range(200):
            batch.put_item(Item={"a": "x", "b": b, "n": 0})
    copied, real = [], Item.__deepcopy__
    monkeypatch.setattr(
        Item, "__deepcopy__", lambda item, memo: copied.append(1) or real(item, memo)
    )
    table.meta.client.transact_write_items(TransactItems=[change(table, 1), put(999)])
    assert 1 <= len(copied) <= 4


def test_a_query_finds_what_a_query_finds(table):
    for a in "xyz":
        for b in (3, 1, 2):
            table.put_item(Item={"a": a, "b": b, "n": b % 2})
    client = table.meta.client
    asked = {"TableName": "t", "KeyConditionExpression": "a = :a"}
    values = {"ExpressionAttributeValues": {":a": "y"}}
    found = client.query(**asked, **values)
    assert [item["b"] for item in found["Items"]] == [1, 2, 3]
    assert {item["a"] for item in found["Items"]} == {"y"}
    back = client.query(**asked, **values, ScanIndexForward=False, Limit=2)
    assert [item["b"] for item in back["Items"]] == [3, 2]
    rest = client.query(
        **asked, **values, ScanIndexForward=False,
        ExclusiveStartKey=back["LastEvaluatedKey"],
    )  # fmt: skip
    assert [item["b"] for item in rest["Items"]] == [1]
    nobody = client.query(**asked, ExpressionAttributeValues={":a": "nobody"})
    assert nobody["Items"] == []
    assert len(items(table)) == 9


def test_copies_of_items_are_forgotten(table):
    table.put_item(Item={"a": "x", "b": 1})
    for _ in range(50):
        table.query(
            KeyConditionExpression="a = :a", ExpressionAttributeValues={":a": "x"}
        )
    gc.collect()
    alive = [thing for thing in gc.get_objects() if isinstance(thing, Item)]
    assert len(alive) < 10


def test_a_query_of_an_index_sees_the_whole_table():
    with local_cloud():
        table = boto3.resource("dynamodb").create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in "ag"
            ],
            KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-g",
                    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        for a in "xyz":
            table.put_item(Item={"a": a, "g": "same"})
        found = table.query(
            IndexName="by-g",
            KeyConditionExpression="g = :g",
            ExpressionAttributeValues={":g": "same"},
        )
        assert len(found["Items"]) == 3


def test_a_message_older_than_its_queue_keeps_them_is_gone():
    with local_cloud():
        queue = boto3.resource("sqs").create_queue(
            QueueName="q", Attributes={"MessageRetentionPeriod": "60"}
        )
        queue.send_message(MessageBody="old")
        clock.advance(61)
        queue.send_message(MessageBody="young")
        bodies = [m.body for m in queue.receive_messages(MaxNumberOfMessages=10)]
        bodies += [m.body for m in queue.receive_messages(MaxNumberOfMessages=10)]
        assert "old" not in bodies


def test_every_type_of_value_comes_back_as_it_went_in():
    values = {
        "a": {"S": "x"}, "number": {"N": "1.50"}, "bytes": {"B": b"\x00"},
        "texts": {"SS": ["p", "q"]}, "numbers": {"NS": ["1", "2"]},
        "blobs": {"BS": [b"1"]}, "yes": {"BOOL": True}, "no": {"BOOL": False},
        "none": {"NULL": True}, "list": {"L": [{"S": ""}, {"L": []}]},
        "map": {"M": {"S": {"M": {}}, "N": {"N": "0"}}},
    }  # fmt: skip
    with local_cloud():
        client = boto3.client("dynamodb")
        create_table("t", "a")
        client.put_item(TableName="t", Item=values)
        assert client.get_item(TableName="t", Key={"a": {"S": "x"}})["Item"] == values


def test_an_item_over_400_kb_is_still_refused(table):
    parts = {f"part{n}": "x" * 50_000 for n in range(8)}
    with pytest.raises(ClientError, match="size"):
        table.put_item(Item={"a": "a", "b": 1, **parts, "rest": "x" * 20_000})
    table.put_item(Item={"a": "a", "b": 1, **parts})
    with pytest.raises(ClientError, match="size"):
        table.update_item(
            Key={"a": "a", "b": 1},
            UpdateExpression="SET more = :m",
            ExpressionAttributeValues={":m": "x" * 20_000},
        )
    values = {":p": "y" * 50_000}
    table.update_item(
        Key={"a": "a", "b": 1},
        UpdateExpression="SET part0 = :p",
        ExpressionAttributeValues={":p": "y"},
    )
    table.update_item(
        Key={"a": "a", "b": 1},
        UpdateExpression="SET part0 = :p",
        ExpressionAttributeValues=values,
    )
    assert table.get_item(Key={"a": "a", "b": 1})["Item"]["part0"] == values[":p"]
