"""The free seats of the night tour: one item, changed with the event that changes it.

Partition key `tour`. An order's event and the stock change in one transaction or not at
all, so no crash can come between them.
"""

from typing import Any

from workbook.patterns.canary import is_synthetic
from workbook.shop.core import EVENTS, Event

__all__ = [
    "REHEARSAL",
    "TOUR",
    "change",
    "free",
    "give_back",
    "open_sale",
    "take",
    "tour_of",
]

TOUR = "night-tour"
REHEARSAL = "rehearsal"  # a tour that never leaves: its seats are for synthetic orders


def tour_of(order_id: str) -> str:
    """The tour whose seats an order is about. The buyer's word for it does not count.

    Whoever calls an order synthetic gets a ticket for the rehearsal, and no other.
    """
    return REHEARSAL if is_synthetic(order_id) else TOUR


def open_sale(table: Any, *, seats: int, tour: str = TOUR) -> None:
    """Put `seats` seats on sale; raises ValueError for a number that makes no sense."""
    if seats < 0:
        raise ValueError(f"seats={seats}: a tour has 0 seats or more")
    table.put_item(Item={"tour": tour, "free": seats})


def free(table: Any, tour: str = TOUR) -> int:
    """How many seats are free; 0 before the sale is open. `table` is a boto3 Table."""
    found = table.get_item(Key={"tour": tour}, ConsistentRead=True)
    return int(found["Item"]["free"]) if "Item" in found else 0


def change(table: Any, event: Event) -> list[dict]:
    """What `event` does to the stock, as entries of TransactWriteItems: one or none.

    A seat is taken only while one is free; otherwise the transaction is refused.
    """
    by, _ = EVENTS[event.kind]
    update = _update(by, tour_of(event.order_id))
    return [{"Update": {"TableName": table.name, **update}}] if by else []


def take(table: Any) -> bool:
    """Take a seat by itself, with no event; False if none is free.

    Taken twice when asked twice: for designs in which an order and its seat are
    written apart.
    """
    try:
        table.update_item(**_update(-1))
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def give_back(table: Any) -> None:
    """Put a seat back by itself, with no event."""
    table.update_item(**_update(+1))


def _update(by: int, tour: str = TOUR) -> dict[str, Any]:
    return {
        "Key": {"tour": tour},
        "UpdateExpression": "SET #free = #free + :by",
        "ConditionExpression": "#free >= :least",
        "ExpressionAttributeNames": {"#free": "free"},
        "ExpressionAttributeValues": {":by": by, ":least": max(-by, 0)},
    }
