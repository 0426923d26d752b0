"""The world of lab 09: a payment provider's book, and a table to remember in.

Introduced in lab 09.
"""

import functools
import uuid
from typing import Any

import boto3

from workbook.cloud import create_table

__all__ = ["LEASE_S", "book", "charge", "charged", "open_shop", "records"]

# The function of the lab may run for 25 s; its queue delivers again after 30 s. A lease
# longer than both is still held when a crashed invocation's message first comes back.
LEASE_S = 40


def open_shop() -> tuple[Any, Any]:
    """Build the shop afresh: its tables `charges` and `records`, both empty.

    `charges` is the payment provider's book (partition key `charge_id`); `records` is
    the learner's (partition key `id`, time to live by `expires_at`). Tables of these
    names that are there already are dropped.
    """
    _drop("charges", "records")
    charges = create_table("charges", "charge_id")
    return charges, create_table("records", "id", ttl="expires_at")


def charge(order_id: str, yen: int, key: str | None = None) -> str:
    """Charge `yen` for an order at the payment provider; return the charge's id.

    With `key`, the charge has that id, and asking again with the same key changes
    nothing: it is applied once. Without, every call is another charge.
    """
    charge_id = key or str(uuid.uuid4())
    _table("charges").update_item(
        Key={"charge_id": charge_id},
        UpdateExpression="SET order_id = if_not_exists(order_id, :order), "
        "yen = if_not_exists(yen, :yen)",
        ExpressionAttributeValues={":order": order_id, ":yen": yen},
    )
    return charge_id


def charged(order_id: str) -> dict[str, Any]:
    """What the book says of an order: charge id → yen."""
    mine = [entry for entry in book() if entry.get("order_id") == order_id]
    return {entry["charge_id"]: entry.get("yen") for entry in mine}


def book() -> list[dict]:
    """Every entry of the provider's book, also one that `charge` did not make."""
    return _table("charges").scan(ConsistentRead=True)["Items"]


def records() -> Any:
    """The learner's table."""
    return _table("records")


# Kept, since making a boto3 resource takes longer than building the whole shop.
@functools.cache
def _table(name: str) -> Any:
    return boto3.resource("dynamodb").Table(name)


def _drop(*names: str) -> None:
    client = _table("charges").meta.client
    there = client.list_tables()["TableNames"]
    for name in names:
        if name in there:
            client.delete_table(TableName=name)
