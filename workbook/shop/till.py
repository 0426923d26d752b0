"""A stand-in for a payment provider: the books of somebody else, in a table.

It honours an idempotency key, as most providers do: a second charge with the same key
takes nothing and gets the first answer again. Partition key `id`. Introduced in
chapter 03; chapter 07 puts real providers over HTTP in its place.
"""

from typing import Any

from workbook.shop.core import DECLINED

__all__ = ["DECLINED_CARD", "charge", "taken_yen"]

DECLINED_CARD = "0002"  # of this card the provider takes no money


def charge(table: Any, *, key: str, card: str, amount_yen: int) -> dict[str, str]:
    """Take `amount_yen` from `card`, once for each `key`.

    Returns the outcome, "captured" or "declined", and the provider's reference.
    """
    outcome = DECLINED if card == DECLINED_CARD else "captured"
    entry = {"id": key, "outcome": outcome, "amount_yen": amount_yen, "card": card}
    try:
        table.put_item(Item=entry, ConditionExpression="attribute_not_exists(id)")
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        entry = table.get_item(Key={"id": key}, ConsistentRead=True)["Item"]
    return {"outcome": entry["outcome"], "reference": f"till-{key}"}


def taken_yen(table: Any) -> dict[str, int]:
    """What was really taken, for each key: the provider's statement of account."""
    entries = table.scan(ConsistentRead=True)["Items"]
    return {
        entry["id"]: int(entry["amount_yen"])
        for entry in sorted(entries, key=lambda entry: entry["id"])
        if entry["outcome"] != DECLINED
    }
