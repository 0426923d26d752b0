"""Tables: conditions, transactions, streams, expiry, sizes, capacity, errors."""

import time
from typing import Any

from workbook.facts import fact

from .places import Place
from .scenario import documented, error_of

__all__ = ["SCENARIOS"]

_GUIDE = "amazondynamodb/latest/developerguide/"
_API = "amazondynamodb/latest/APIReference/"
_ITEM_BYTES = fact("dynamodb.item.max").value * 1024
_MOST_WRITES = fact("dynamodb.batch_write.max").value
_MOST_ACTIONS = fact("dynamodb.transaction.items.max").value
_FREE = "attribute_not_exists(id)"


def _table(place: Place, name: str, **more: Any) -> str:
    """A new table's name: its key is the text `id`."""
    name = place.named(name)
    attributes = [{"AttributeName": "id", "AttributeType": "S"}]
    place.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=more.pop("definitions", attributes),
        BillingMode="PAY_PER_REQUEST",
        **more,
    )
    return name


def _put(place: Place, table: str, id_: str, **more: Any) -> dict[str, Any]:
    item = {"id": {"S": id_}, **{k: {"S": v} for k, v in more.items()}}
    return place.client("dynamodb").put_item(TableName=table, Item=item)


def _count(place: Place, table: str) -> int:
    return place.client("dynamodb").scan(TableName=table)["Count"]


def _put_action(table: str, id_: str, **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": table, "Item": {"id": {"S": id_}}, **more}}


@documented(
    "A conditional put that fails, with ReturnValuesOnConditionCheckFailure ALL_OLD",
    "ConditionalCheckFailedException with the item",
    _API + "API_PutItem.html",
)
def failed_condition_returns_the_item(place: Place) -> str:
    table, dynamodb = _table(place, "taken"), place.client("dynamodb")
    _put(place, table, "seat-1", buyer="Aya")
    try:
        dynamodb.put_item(
            TableName=table,
            Item={"id": {"S": "seat-1"}, "buyer": {"S": "Bo"}},
            ConditionExpression=_FREE,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException as error:
        old = error.response.get("Item") == {
            "id": {"S": "seat-1"},
            "buyer": {"S": "Aya"},
        }
        return f"{type(error).__name__} {'with' if old else 'without'} the item"
    return "accepted"


@documented(
    "A transaction of two puts, the second of which fails its condition",
    "None, ConditionalCheckFailed; 1 item",
    _API + "API_TransactWriteItems.html",
)
def cancelled_transaction(place: Place) -> str:
    table, dynamodb = _table(place, "cancelled"), place.client("dynamodb")
    _put(place, table, "seat-1")
    actions = [
        _put_action(table, "seat-2"),
        _put_action(table, "seat-1", ConditionExpression=_FREE),
    ]
    try:
        dynamodb.transact_write_items(TransactItems=actions)
    except dynamodb.exceptions.TransactionCanceledException as error:
        codes = [reason["Code"] for reason in error.response["CancellationReasons"]]
        return f"{', '.join(codes)}; {_count(place, table)} item"
    return "accepted"


@documented(
    "A transaction in which two actions have the same item",
    "refused, nothing is written",
    _API + "API_TransactWriteItems.html",
)
def transaction_with_an_item_twice(place: Place) -> str:
    table = _table(place, "twice")
    actions = [_put_action(table, "seat-1"), _put_action(table, "seat-1")]
    write = place.client("dynamodb").transact_write_items
    answer = error_of(lambda: write(TransactItems=actions))
    left = "nothing is" if not _count(place, table) else "the item is"
    return f"{'accepted' if answer == 'accepted' else 'refused'}, {left} written"


@documented(
    f"A transaction of {_MOST_ACTIONS + 1} actions",
    "ValidationException",
    _API + "API_TransactWriteItems.html",
)
def transaction_too_long(place: Place) -> str:
    table = _table(place, "too-long")
    actions = [_put_action(table, f"seat-{n}") for n in range(_MOST_ACTIONS + 1)]
    write = place.client("dynamodb").transact_write_items
    return error_of(lambda: write(TransactItems=actions))


@documented(
    "The largest item",
    f"{_ITEM_BYTES:,} bytes",
    _API + "API_TransactWriteItems.html",
)
def largest_item(place: Place) -> str:
    table, accepted = _table(place, "large"), 0
    overhead = len("id" + "x" + "d")  # names and values: all of an item's bytes count
    for size in (_ITEM_BYTES - 10_000, _ITEM_BYTES, _ITEM_BYTES + 1):
        text = "d" * (size - overhead)
        if error_of(lambda: _put(place, table, "x", d=text)) != "accepted":  # noqa: B023  # called at once
            break
        accepted = size
    return f"{accepted:,} bytes"


@documented(
    "A strongly consistent query of a global secondary index",
    "ValidationException",
    _API + "API_Query.html",
)
def consistent_query_of_an_index(place: Place) -> str:
    names = ("id", "buyer")
    index = {
        "IndexName": "by-buyer",
        "KeySchema": [{"AttributeName": "buyer", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    table = _table(
        place,
        "indexed",
        definitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
        GlobalSecondaryIndexes=[index],
    )
    asked = {
        "TableName": table,
        "IndexName": "by-buyer",
        "KeyConditionExpression": "buyer = :b",
        "ExpressionAttributeValues": {":b": {"S": "Aya"}},
        "ConsistentRead": True,
    }
    return error_of(lambda: place.client("dynamodb").query(**asked))


@documented(
    "The stream's records of a put, of the same put again, and of another value",
    "INSERT, MODIFY",
    _GUIDE + "Streams.html",
)
def stream_of_a_put_that_changes_nothing(place: Place) -> str:
    view = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    table = _table(place, "streamed", StreamSpecification=view)
    for buyer in ("Aya", "Aya", "Bo"):
        _put(place, table, "seat-1", buyer=buyer)
    return ", ".join(record["eventName"] for record in _stream(place, table))


@documented(
    "An item whose expiry has passed, read at once",
    "returned",
    _GUIDE + "ttl-expired-items.html",
)
def expired_item_is_still_read(place: Place) -> str:
    table, dynamodb = _table(place, "expires"), place.client("dynamodb")
    expiry = {"Enabled": True, "AttributeName": "expires"}
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=expiry)
    past = {"N": str(int(time.time()) - 60)}
    dynamodb.put_item(TableName=table, Item={"id": {"S": "seat-1"}, "expires": past})
    found = dynamodb.get_item(TableName=table, Key={"id": {"S": "seat-1"}})
    return "returned" if "Item" in found else "not returned"


@documented(
    "The capacity that a put of 1.5 KB takes",
    "2.0 write units",
    _GUIDE + "read-write-operations.html",
    read="2026-11-23",
)
def consumed_capacity(place: Place) -> str:
    table = _table(place, "weighed")
    answer = place.client("dynamodb").put_item(
        TableName=table,
        Item={"id": {"S": "seat-1"}, "note": {"S": "x" * 1_500}},
        ReturnConsumedCapacity="TOTAL",
    )
    return f"{answer['ConsumedCapacity']['CapacityUnits']} write units"


@documented(
    "An item whose key is an empty text",
    "ValidationException",
    _API + "API_PutItem.html",
)
def empty_key(place: Place) -> str:
    table = _table(place, "empty")
    return error_of(lambda: _put(place, table, ""))


@documented(
    f"A batch of {_MOST_WRITES + 1} writes",
    "ValidationException",
    _API + "API_BatchWriteItem.html",
)
def batch_of_writes_too_long(place: Place) -> str:
    table = _table(place, "batch")
    ids = [f"seat-{n}" for n in range(_MOST_WRITES + 1)]
    requests = [{"PutRequest": {"Item": {"id": {"S": id_}}}} for id_ in ids]
    write = place.client("dynamodb").batch_write_item
    return error_of(lambda: write(RequestItems={table: requests}))


def _stream(place: Place, table: str) -> list[dict[str, Any]]:
    """All records of a table's stream so far, oldest first."""
    described = place.client("dynamodb").describe_table(TableName=table)["Table"]
    streams, arn = place.client("dynamodbstreams"), described["LatestStreamArn"]
    found = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn,
            ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        found += streams.get_records(ShardIterator=iterator)["Records"]
    return found


SCENARIOS = (
    failed_condition_returns_the_item,
    cancelled_transaction,
    transaction_with_an_item_twice,
    transaction_too_long,
    largest_item,
    consistent_query_of_an_index,
    stream_of_a_put_that_changes_nothing,
    expired_item_is_still_read,
    consumed_capacity,
    empty_key,
    batch_of_writes_too_long,
)
