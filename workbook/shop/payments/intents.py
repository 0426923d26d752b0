"""What we are about to do, written down before we do it.

An intent is a record for an order: until when somebody works on it, with which provider
the payment is, and in the end the receipt. After a crash it tells the next worker whom
to ask before anything is charged.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from workbook.shop.payments.words import Receipt

__all__ = ["Busy", "Intents"]

# Free to take: nobody began, or whoever began has not come to an end in time.
_FREE = (
    "attribute_not_exists(id) "
    "OR (attribute_not_exists(outcome) AND leased_until < :now)"
)


class Busy(Exception):
    """Another worker has this payment in hand: let the event come back later."""


@dataclass(frozen=True)
class Intents:
    """The intents, in a boto3 Table with partition key `id`, the order's.

    `lease_s`, in seconds, is for how long a worker may be at a payment: longer than its
    function's timeout and the time within which a provider carries out what it was
    asked, together. `clock()` answers epoch seconds.
    """

    table: Any
    lease_s: float = 25.0
    clock: Callable[[], float] = time.time

    def open(self, order_id: str, first: str) -> dict:
        """Take the payment in hand, with the provider `first` if it is new.

        Returns the intent as it was before, empty for a new one. Raises `Busy` while
        somebody else is at it. A payment that has come to its end is just returned.
        """
        try:
            answer = self.table.update_item(
                Key={"id": order_id},
                UpdateExpression="SET leased_until = :until, "
                "is_with = if_not_exists(is_with, :first)",
                ConditionExpression=_FREE,
                ExpressionAttributeValues={
                    ":now": int(self.clock()),
                    ":until": int(self.clock() + self.lease_s),
                    ":first": first,
                },
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.table.meta.client.exceptions.ConditionalCheckFailedException as no:
            return _ended(no.response["Item"])
        return answer.get("Attributes", {})

    def move(self, order_id: str, provider: str) -> None:
        """Write down that the payment is with another provider from now on.

        Only after the one before surely charged nothing: nobody will ask it again.
        """
        self.table.update_item(
            Key={"id": order_id},
            UpdateExpression="SET is_with = :provider",
            ExpressionAttributeValues={":provider": provider},
        )

    def release(self, order_id: str) -> None:
        """Put the payment down again: surely nobody has charged anything."""
        self.table.update_item(
            Key={"id": order_id},
            UpdateExpression="SET leased_until = :over REMOVE is_with",
            ExpressionAttributeValues={":over": 0},
        )

    def settle(self, order_id: str, receipt: Receipt) -> None:
        """Write down what came of it."""
        self.table.update_item(
            Key={"id": order_id},
            UpdateExpression="SET outcome = :o, provider = :p, receipt = :r",
            ExpressionAttributeValues={
                ":o": receipt.outcome,
                ":p": receipt.provider,
                ":r": receipt.reference,
            },
        )

    def read(self, order_id: str) -> dict:
        """The intent; empty if there is none."""
        answer = self.table.get_item(Key={"id": order_id}, ConsistentRead=True)
        return answer.get("Item", {})


def _ended(item: dict) -> dict:
    plain = {name: TypeDeserializer().deserialize(item[name]) for name in item}
    if "outcome" not in plain:
        raise Busy(f"{plain['id']} is in hand until {plain['leased_until']}")
    return plain
