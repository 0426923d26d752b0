"""The tables of lab 11: seats to sell, orders, and a tour that two clerks edit.

Introduced in lab 11.
"""

import functools
from typing import Any

import boto3

from workbook.cloud import create_table

__all__ = ["SEATS", "TOUR", "item_of", "open_sale", "table"]

TOUR = "night-tour"
SEATS = 2

_KEYS = {"stock": "tour", "orders": "order_id", "tours": "tour"}


def open_sale(*, seats: int = SEATS) -> tuple[Any, Any, Any]:
    """Build the tables `stock`, `orders` and `tours` afresh; answer their resources.

    `stock` (partition key `tour`) holds one item, {"tour": "night-tour", "seats_left":
    seats}. `orders` (partition key `order_id`) is empty. `tours` (partition key `tour`)
    holds the tour's page, at version 1, with no notices. Tables of these names that are
    there already are dropped.
    """
    client = table("stock").meta.client
    for name in set(client.list_tables()["TableNames"]) & set(_KEYS):
        client.delete_table(TableName=name)
    stock, orders, tours = (create_table(name, key) for name, key in _KEYS.items())
    stock.put_item(Item={"tour": TOUR, "seats_left": seats})
    tours.put_item(Item={"tour": TOUR, "version": 1, "notices": [], "gate": "A"})
    return stock, orders, tours


def item_of(name: str, key: str) -> dict[str, Any]:
    """An item of one of the tables, by a strong read; empty if there is none."""
    found = table(name).get_item(Key={_KEYS[name]: key}, ConsistentRead=True)
    return found.get("Item", {})


# Kept, since making a boto3 resource takes longer than building all three tables.
@functools.cache
def table(name: str) -> Any:
    """The boto3 resource of one of the tables."""
    return boto3.resource("dynamodb").Table(name)
