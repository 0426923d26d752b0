"""The two places where the suite runs, with one set of methods.

OnMock(copy)                 # moto, functions called in this process, virtual time
InEnvironment(copy, env)     # a deployed stack, processes of their own, real time
"""

import json
import re
from typing import Any

import boto3

from workbook.cloud.environment import Environment
from workbook.cloud.template import deploy
from workbook.planted.copies import Copy

__all__ = ["InEnvironment", "OnMock"]

_CARD = "4242"
_FUNCTIONS = ("PlaceOrder", "Relay", "ReserveSeat", "CapturePayment", "Record",
              "IssueTicket", "ReleaseSeat", "NotifyBuyer")  # fmt: skip
# What each_record prints of a record that failed, and what the runtime says of a
# handler that raised.
_RAISED = re.compile(r"\b(\w*(?:Exception|Error)|Impossible|TooOften)\b")


class _Shop:
    """What both places have: tables, read as a bookkeeper would."""

    def __init__(self, copy: Copy) -> None:
        self.copy = copy

    def table(self, name: str) -> Any:
        """A boto3 Table by its logical id."""
        raise NotImplementedError

    def open_sale(self, *, seats: int) -> None:
        """Put seats on sale."""
        self.copy.module("stock").open_sale(self.table("Stock"), seats=seats)

    def story(self, order_id: str) -> list[str]:
        """The kinds of an order's events, first one first."""
        found = self.table("Events").query(
            KeyConditionExpression="order_id = :id",
            ExpressionAttributeValues={":id": order_id},
            ConsistentRead=True,
        )
        return [item["kind"] for item in found["Items"]]

    @property
    def seats_free(self) -> int:
        """Seats that nobody has."""
        return self.copy.module("stock").free(self.table("Stock"))

    @property
    def taken_yen(self) -> int:
        """What the provider took in all."""
        return sum(self.copy.module("till").taken_yen(self.table("Till")).values())


class OnMock(_Shop):
    """A copy of the shop on the running local cloud."""

    def __init__(self, copy: Copy) -> None:
        super().__init__(copy)
        self.stack = deploy(copy.template)

    def table(self, name: str) -> Any:
        """A boto3 Table by its logical id."""
        return boto3.resource("dynamodb").Table(self.stack.name_of(name))

    def order(self, order_id: str, card: str = _CARD) -> int:
        """The status of POST /orders: API Gateway is left out, and its event made."""
        body = json.dumps({"order_id": order_id, "buyer": "Aya", "card": card})
        answer = self.stack["PlaceOrder"].invoke({"body": body})
        return answer.payload["statusCode"] if answer.ok else 500

    def settle(self, *order_ids: str) -> None:
        """Let virtual time run until nothing is left to do."""
        self.stack.settle()


class InEnvironment(_Shop):
    """A copy of the shop in an environment that was deployed from its template.

    `patience_s` is for how long the suite waits for an order in which nothing happens.
    """

    def __init__(
        self, copy: Copy, env: Environment, *, patience_s: float = 120
    ) -> None:
        super().__init__(copy)
        self.env, self.patience_s = env, patience_s
        self._dynamodb = env.resource("dynamodb")

    def table(self, name: str) -> Any:
        """A boto3 Table by its logical id."""
        return self._dynamodb.Table(self.env.ids[name])

    def order(self, order_id: str, card: str = _CARD) -> int:
        """The status of POST /orders, over HTTP."""
        body = {"order_id": order_id, "buyer": "Aya", "card": card}
        with self.env.http() as http:
            return http.post("/orders", json=body).status_code

    def settle(self, *order_ids: str) -> None:
        """Wait until all these orders have ended.

        Raises AssertionError if a function raised, and when patience is at its end.
        """

        def ended() -> bool:
            raised = self._raised()
            assert not raised, raised
            return all(self.story(one)[-1:] == ["BuyerNotified"] for one in order_ids)

        try:
            self.env.wait_for(ended, timeout_s=self.patience_s)
        except TimeoutError:
            ends = ", ".join(f"{one}: {self.story(one)[-1]}" for one in order_ids)
            raise AssertionError(f"nothing more happens: {ends}") from None

    def _raised(self) -> str:
        """The first error in a function's log, in words that are the same each time."""
        for name in _FUNCTIONS:
            for line in self.env.logs(name):
                if found := _RAISED.search(line):
                    return f"{name}: {found[1]}"
        return ""
