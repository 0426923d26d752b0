"""Tables in one line, so that a cell can be about what happens to them."""

from functools import cache
from typing import Any

import boto3

__all__ = ["create_table"]

_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def create_table(
    name: str, key: str, *, sort_key: str = "", ttl: str = "", stream: bool = False
) -> Any:
    """Create an on-demand DynamoDB table with string keys; answer its boto3 resource.

    `key` names the partition key, `sort_key` the sort key if there is one, and `ttl`
    the attribute that DynamoDB's time to live goes by (a Number: epoch seconds). With
    `stream` each change goes to the table's stream, as the item was and as it is.
    Raises what DynamoDB raises, `ResourceInUseException` for a table that exists, for
    one.
    """
    keys = {"HASH": key, "RANGE": sort_key} if sort_key else {"HASH": key}
    client = _dynamodb().meta.client
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": k, "KeyType": kind} for kind, k in keys.items()],
        AttributeDefinitions=[
            {"AttributeName": k, "AttributeType": "S"} for k in keys.values()
        ],
        BillingMode="PAY_PER_REQUEST",
        **({"StreamSpecification": _STREAM} if stream else {}),
    )
    if ttl:
        specification = {"Enabled": True, "AttributeName": ttl}
        client.update_time_to_live(
            TableName=name, TimeToLiveSpecification=specification
        )
    return _table(name)


# Kept, since the explorer builds the same tables thousands of times, and making a boto3
# resource takes longer than creating a table in the mock.
@cache
def _dynamodb() -> Any:
    return boto3.resource("dynamodb")


@cache
def _table(name: str) -> Any:
    return _dynamodb().Table(name)
