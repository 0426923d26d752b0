"""The tables of lab 11: seats to sell, orders, and a page that two clerks edit.

Introduced in lab 11.
"""

import functools
import re
from typing import Any

import boto3

from workbook.cloud import create_table
from workbook.learn import failed
from workbook.learn.running import Stopped

__all__ = [
    "SEATS",
    "TOUR",
    "item_of",
    "open_sale",
    "open_tables",
    "put",
    "table",
    "update",
]

#: The key of the night tour, in `seats` and in `pages`.
TOUR = {"tour": "night-tour"}
SEATS = 2

_KEYS = {"seats": "tour", "orders": "order_id", "pages": "tour"}


def open_sale(*, seats: int = SEATS) -> tuple[Any, Any, Any]:
    """Build the tables `seats`, `orders` and `pages` afresh; answer their resources.

    `seats` (partition key `tour`) holds one item, {"tour": "night-tour", "seats_left":
    seats}. `orders` (partition key `order_id`) is empty. `pages` (partition key `tour`)
    holds the tour's page at version 1, without notices. Tables of these names that are
    there already are dropped.
    """
    made = open_tables(*_KEYS, seats=seats)
    return made["seats"], made["orders"], made["pages"]


def open_tables(*names: str, seats: int = SEATS) -> dict[str, Any]:
    """Build those of the three tables afresh that are named, since each takes time."""
    client = table("seats").meta.client
    for name in set(client.list_tables()["TableNames"]) & set(names):
        client.delete_table(TableName=name)
    made = {name: create_table(name, _KEYS[name]) for name in names}
    if "seats" in made:
        made["seats"].put_item(Item={**TOUR, "seats_left": seats})
    if "pages" in made:
        page = {**TOUR, "version": 1, "notices": [], "gate": "A"}
        made["pages"].put_item(Item=page)
    return made


def item_of(name: str, key: str) -> dict[str, Any]:
    """An item of one of the tables, by a strong read; empty if there is none.

    Ends the check if the learner's code has deleted the whole table.
    """
    asked = table(name)
    try:
        found = asked.get_item(Key={_KEYS[name]: key}, ConsistentRead=True)
    except asked.meta.client.exceptions.ResourceNotFoundException:
        look = "Change items, and leave the tables."
        raise Stopped(failed(f"The table `{name}` is gone.", look=look)) from None
    return found.get("Item", {})


def put(table: str, item: dict[str, Any], condition: str = "", **values: Any) -> dict:
    """A put as an entry of TransactWriteItems.

    >>> put("orders", {"order_id": "order-1"}, "attribute_not_exists(order_id)")
    {'Put': {'TableName': 'orders', 'Item': {'order_id': 'order-1'}, \
'ConditionExpression': 'attribute_not_exists(order_id)'}}
    """
    return {"Put": {"TableName": table, "Item": item, **_if(condition, "", values)}}


def update(
    table: str, key: dict[str, Any], change: str, condition: str = "", **values: Any
) -> dict:
    """An update as an entry of TransactWriteItems.

    `values` are those that the expressions name with a colon; what they name with a
    `#`, as reserved words must be, is the attribute of that name.
    """
    said = {"TableName": table, "Key": key, "UpdateExpression": change}
    return {"Update": {**said, **_if(condition, change, values)}}


def _if(condition: str, change: str, values: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a condition, and the names and values of both expressions."""
    said: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    if names := re.findall(r"#(\w+)", f"{change} {condition}"):
        said["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
    if values:
        said["ExpressionAttributeValues"] = {f":{n}": v for n, v in values.items()}
    return said


# Kept, since making a boto3 resource takes longer than building all three tables.
@functools.cache
def table(name: str) -> Any:
    """The boto3 resource of one of the tables."""
    return boto3.resource("dynamodb").Table(name)
