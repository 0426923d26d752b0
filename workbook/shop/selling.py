"""Four ways to sell one of the seats that are left, and what each is good for.

`seats` has one item with the number of seats that are left and a version; `orders` has
an item an order, with its status. All four read strongly, and the first oversells all
the same. Introduced in chapter 11.

A version protects only from writers that raise it: use one design for a table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3

__all__ = [
    "DESIGNS",
    "GIVE_BACK",
    "SOLD",
    "SOLD_OUT",
    "TAKE",
    "TOUR",
    "BoxOffice",
    "Contended",
    "conditional_decrement",
    "connect",
    "move",
    "open_sale",
    "read_modify_write",
    "refused",
    "seats_left",
    "tickets",
    "transaction",
    "version_check",
]

TOUR = {"tour": "night-tour"}
SOLD, SOLD_OUT = "sold", "sold out"

# What it takes to take one seat, and to give one back.
TAKE = {
    "Key": TOUR,
    "UpdateExpression": "SET seats_left = seats_left + :n",
    "ConditionExpression": "seats_left >= :least",
    "ExpressionAttributeValues": {":n": -1, ":least": 1},
}

GIVE_BACK = {**TAKE, "ExpressionAttributeValues": {":n": +1, ":least": 0}}


class Contended(Exception):
    """Others wrote at every attempt: let the queue bring the order back later."""


@dataclass(frozen=True)
class BoxOffice:
    """Two boto3 tables: `seats`, key `tour`, and `orders`, key `order_id`."""

    seats: Any
    orders: Any


def connect() -> BoxOffice:
    """The tables `seats` and `orders`, with a client of their own."""
    dynamodb = boto3.resource("dynamodb")
    return BoxOffice(dynamodb.Table("seats"), dynamodb.Table("orders"))


def open_sale(office: BoxOffice, *, seats: int) -> None:
    """Put `seats` seats on sale."""
    office.seats.put_item(Item={**TOUR, "seats_left": seats, "version": 1})


def seats_left(office: BoxOffice) -> int:
    """How many seats there are, by a strong read."""
    found = office.seats.get_item(Key=TOUR, ConsistentRead=True)
    return int(found["Item"]["seats_left"])


def tickets(office: BoxOffice) -> int:
    """How many orders are sold, by a strong scan."""
    orders = office.orders.scan(ConsistentRead=True)["Items"]
    return [order["status"] for order in orders].count(SOLD)


def read_modify_write(office: BoxOffice, order_id: str) -> str:
    """Read the number, write it back less one. Oversells."""
    item = office.seats.get_item(Key=TOUR, ConsistentRead=True)["Item"]
    if item["seats_left"] < 1:
        return SOLD_OUT
    office.seats.put_item(Item={**item, "seats_left": item["seats_left"] - 1})
    office.orders.put_item(Item={"order_id": order_id, "status": SOLD})
    return SOLD


def conditional_decrement(office: BoxOffice, order_id: str) -> str:
    """Take a seat if one is left, in one call."""
    try:
        office.seats.update_item(**TAKE)
    except refused(office):
        return SOLD_OUT
    office.orders.put_item(Item={"order_id": order_id, "status": SOLD})
    return SOLD


def version_check(office: BoxOffice, order_id: str, *, attempts: int = 5) -> str:
    """Read, decide, and write if nobody has written since; else read again.

    Raises `Contended` when `attempts` are used up.
    """
    for _ in range(attempts):
        item = office.seats.get_item(Key=TOUR, ConsistentRead=True)["Item"]
        if item["seats_left"] < 1:
            return SOLD_OUT
        changed = {"seats_left": item["seats_left"] - 1, "version": item["version"] + 1}
        try:
            office.seats.put_item(
                Item={**item, **changed},
                ConditionExpression="version = :read",
                ExpressionAttributeValues={":read": item["version"]},
            )
        except refused(office):
            continue
        office.orders.put_item(Item={"order_id": order_id, "status": SOLD})
        return SOLD
    raise Contended(order_id)


def transaction(office: BoxOffice, order_id: str) -> str:
    """The seat and the order together, or neither; once for each order."""
    return move(office, order_id, "", SOLD, seats=-1)


def move(
    office: BoxOffice, order_id: str, before: str, after: str, *, seats: int = 0
) -> str:
    """Bring an order from one status to the next, and the seats with it, or neither.

    `before` is "" for an order that is new; a seat is given back (+1) or taken (-1).
    Answers the order's status: `after`, or the one that it had, if it was not `before`.
    "sold out", if a seat was to be taken and none is left. Raises what DynamoDB raises
    for a transaction that meets another one: nothing is done then, so try again.
    """
    client = office.orders.meta.client
    changes = [_status(office, order_id, before, after)]
    if seats:
        change = TAKE if seats < 0 else GIVE_BACK
        changes.append({"TableName": office.seats.name, **change})
    try:
        client.transact_write_items(TransactItems=[{"Update": c} for c in changes])
    except client.exceptions.TransactionCanceledException as refusal:
        reasons = [reason["Code"] for reason in refusal.response["CancellationReasons"]]
        if reasons[0] == "ConditionalCheckFailed":
            return _status_of(office, order_id)
        if "ConditionalCheckFailed" in reasons:
            return SOLD_OUT
        raise
    return after


def _status(office: BoxOffice, order_id: str, before: str, after: str) -> dict:
    """The update of an order that has the status `before`."""
    values = {":after": after}
    if before:
        values[":before"] = before
    return {
        "TableName": office.orders.name,
        "Key": {"order_id": order_id},
        "UpdateExpression": "SET #status = :after",
        "ConditionExpression": "#status = :before"
        if before
        else "attribute_not_exists(order_id)",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": values,
    }


def _status_of(office: BoxOffice, order_id: str) -> str:
    found = office.orders.get_item(Key={"order_id": order_id}, ConsistentRead=True)
    return found.get("Item", {}).get("status", "")


def refused(office: BoxOffice) -> type[Exception]:
    """The exception of a write whose condition does not hold."""
    return office.seats.meta.client.exceptions.ConditionalCheckFailedException


DESIGNS: dict[str, Callable[[BoxOffice, str], str]] = {
    "read-modify-write": read_modify_write,
    "conditional decrement": conditional_decrement,
    "version check": version_check,
    "transaction": transaction,
}
