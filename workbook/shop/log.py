"""The log of events in DynamoDB: what happened to each order, in its order.

Partition key `order_id`, sort key `number`. Nothing is ever changed in it. An event is
appended under the condition that its number is free, so of two writers that decided on
the same state one is refused; it reads what the other wrote, and decides again.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from boto3.dynamodb.conditions import Key

from workbook.shop.core import Command, Event, Order, decide, replay

__all__ = ["append", "from_item", "read", "react", "to_item"]

_TRIES = 3  # how often a refused writer decides again before its queue does


def read(table: Any, order_id: str) -> list[Event]:
    """The events of an order, the first first. `table` is a boto3 Table."""
    found = table.query(
        KeyConditionExpression=Key("order_id").eq(order_id), ConsistentRead=True
    )
    return [from_item(item) for item in found["Items"]]


def react(
    table: Any,
    command: Command,
    *,
    seats_free: Callable[[], int] = lambda: 0,
    with_it: Callable[[Event], Sequence[dict]] = lambda event: (),
) -> Order:
    """Decide on `command`, append the events, and return the order as it is then.

    `seats_free()` is asked for the state. `with_it(event)` gives further writes for the
    same transaction, as entries of TransactWriteItems on the resource's client. Raises
    what the last write was refused with, when others were quicker three times.
    """
    for tries_left in reversed(range(_TRIES)):
        state = replay(read(table, command.order_id))
        events = decide(replace(state, seats_free=seats_free()), command)
        try:
            for event in events:
                append(table, event, with_it(event))
            return replay(events, state).order(command.order_id)
        except _refusals(table):
            if not tries_left:
                raise
    raise AssertionError("the loop returns or raises")


def append(table: Any, event: Event, with_it: Sequence[dict] = ()) -> None:
    """Write `event` if its number is free, and `with_it` in the same transaction.

    Raises ConditionalCheckFailedException, or TransactionCanceledException where there
    is more to write, if it is not.
    """
    item, free = to_item(event), "attribute_not_exists(order_id)"
    if not with_it:
        table.put_item(Item=item, ConditionExpression=free)
        return
    put = {"TableName": table.name, "Item": item, "ConditionExpression": free}
    table.meta.client.transact_write_items(TransactItems=[{"Put": put}, *with_it])


def to_item(event: Event) -> dict[str, Any]:
    """The event as an item of the table. Its details are JSON: nothing queries them."""
    return {
        "order_id": event.order_id,
        "number": event.number,
        "kind": event.kind,
        "at": str(event.at),
        "details": json.dumps(dict(event.details), sort_keys=True),
    }


def from_item(item: dict[str, Any]) -> Event:
    """The event that `to_item` wrote; numbers may be Decimal or, in a stream, text."""
    return Event(
        item["kind"],
        item["order_id"],
        int(item["number"]),
        float(item["at"]),
        json.loads(item["details"]),
    )


def _refusals(table: Any) -> tuple[type[Exception], ...]:
    errors = table.meta.client.exceptions
    return errors.ConditionalCheckFailedException, errors.TransactionCanceledException
