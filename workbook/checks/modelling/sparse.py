"""Exercise 3: an index that holds the work that is left, and nothing else."""

from collections.abc import Callable
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key

from workbook.checks.world import fresh_cloud
from workbook.cloud.recorder import recorder
from workbook.learn import Verdict, call, failed, passed
from workbook.shop.access.tables import create

__all__ = ["ENDED", "check"]

#: The statuses after which nothing more happens to an order.
ENDED = ("ticketed", "rejected", "released")

_OPEN = "yes"

# What becomes of each order, step by step.
_LIVES = {
    "order-1": ("reserved", "paid", "ticketed"),
    "order-2": ("rejected",),
    "order-3": ("reserved", "unpaid", "released"),
    "order-4": ("reserved", "paid"),
    "order-5": (),
}


def check(advance: Callable) -> Verdict:
    """Whether, after each step, the index holds the open orders alone."""
    with fresh_cloud():
        create("orders", ("order_id", ""), {"open": ("open", "placed_at")})
        table = boto3.resource("dynamodb").Table("orders")
        for number, order_id in enumerate(_LIVES):
            table.put_item(Item=_order(order_id, number))
        for order_id, statuses in _LIVES.items():
            for status in statuses:
                verdict = _step(table, advance, order_id, status)
                if verdict is not None:
                    return verdict
    steps = sum(map(len, _LIVES.values()))
    return passed(f"tried: {steps} steps of {len(_LIVES)} orders, one write each")


def _order(order_id: str, number: int) -> dict[str, str]:
    return {
        "order_id": order_id,
        "buyer_id": f"buyer-{number}",
        "placed_at": f"2018-02-01T10:00:0{number}",
        "status": "placed",
        "open": _OPEN,
    }


def _step(table: Any, advance: Callable, order_id: str, status: str) -> Verdict | None:
    before = {row["order_id"]: row for row in table.scan()["Items"]}
    with recorder() as seen:
        call(advance, table, order_id, status)
    after = {row["order_id"]: row for row in table.scan()["Items"]}
    changed = after.get(order_id)
    if changed is None:
        return failed(f"The order is gone from the table, instead of “{status}”.")
    if changed.get("status") != status:
        says = repr(changed["status"]) if "status" in changed else "nothing"
        return failed(
            f"It should say “{status}”, and the order says {says}.",
            look="`SET #status = :status`, with the names and values beside it.",
        )
    others = (before.keys() | after.keys()) - {order_id}
    if any(after.get(other) != before.get(other) for other in others):
        return failed("Another order has changed.")
    kept = ("buyer_id", "placed_at")
    if any(changed.get(name) != before[order_id][name] for name in kept):
        return failed(
            "The order has lost attributes that it had.",
            look="`put_item` replaces the whole item; `update_item` changes what you "
            "name.",
        )
    if len(seen) != 1:
        return failed(
            f"It takes {len(seen)} calls: between them somebody else may change the "
            "order.",
            look="One `update_item` can set and remove.",
        )
    return _in_the_index(table, changed, status)


def _in_the_index(table: Any, changed: dict, status: str) -> Verdict | None:
    mark = changed.get("open", _OPEN)
    if not isinstance(mark, str) or not mark:
        return failed(
            f"DynamoDB refuses it: a key of an index, `open`, cannot be {mark!r}.",
            look="A key is a text. `REMOVE` takes an attribute away.",
        )
    if status in ENDED and "open" in changed:
        return failed(
            f"The order is {status}, and it has an attribute `open` still: the index "
            "keeps it.",
            look="Only an item without the attribute is out of the index: `REMOVE`.",
        )
    if status not in ENDED and "open" not in changed:
        return failed(
            f"The order is {status}, so there is work to do, and the index lacks it.",
            look="Remove `open` only for the statuses in `ENDED`.",
        )
    found = table.query(IndexName="open", KeyConditionExpression=Key("open").eq(_OPEN))
    there = changed["order_id"] in [row["order_id"] for row in found["Items"]]
    if status not in ENDED and not there:
        return failed(
            f"Who asks the index for {_OPEN!r} does not find the order: it stands "
            f"there under {mark!r}.",
            look="Leave `open` as it is while there is work to do.",
        )
    return None
