"""An evening of orders for exercise 2: a shop, a queue, a worker, and the mail service.

Each call meets an instance of the shop of its own, as on Lambda it may: what one call
keeps in memory the next one does not find.
"""

import re
from collections.abc import Callable
from typing import Any

import boto3

from workbook.cloud import clock
from workbook.cloud.functions import Function, Invocation, QueueSource
from workbook.learn import Outcome, call, try_call

__all__ = [
    "BUYERS", "LONG_S", "MOST", "ORDERS", "OUTAGE_S", "TWICE", "Evening",
    "MailDown", "named_in", "open_queue",
]  # fmt: skip

BUYERS = ("kaori", "kenji", "yuki")
OUTAGE_S = (300.0, 2_101.0)  # from the start of the evening: half an hour
# An order every two minutes. Three come right after the outage, while older ones of
# the same buyers wait for the next attempt: a shop that sends those at once overtakes.
_TIMES_S = sorted([*range(0, 2_880, 120), 2_105, 2_115, 2_125])
# These are sent twice: the buyer clicks again. Only in the outage, while the first
# message is still in the queue: moto forgets the ids of deleted ones, as AWS does not.
TWICE = (4, 11)
_AGAIN_S = 30.0
LONG_S = _TIMES_S[-1] + 120.0
MOST = 600  # invocations; an answer that rests between attempts needs some 150


class MailDown(Exception):
    """The mail service does not answer."""


def open_queue() -> Any:
    """A new FIFO queue `mails.fifo`, a boto3 Queue resource.

    A message comes back 60 s after it was received if it is not deleted. It is never
    given up.
    """
    attributes = {"FifoQueue": "true", "VisibilityTimeout": "60"}
    return boto3.resource("sqs").create_queue(
        QueueName="mails.fifo", Attributes=attributes
    )


def _order(number: int) -> dict[str, str]:
    """The buyers take turns; now and then one buys twice in a row."""
    turn = number - 1 if number % 7 == 3 else number
    return {"order_id": f"order-{number}", "buyer": BUYERS[turn % len(BUYERS)]}


ORDERS = {order["order_id"]: order for order in map(_order, range(len(_TIMES_S)))}


def named_in(event: dict) -> list[str]:
    """The orders that an event's messages name, in any notation."""
    text = "\n".join(str(record["body"]) for record in event["Records"])
    return [order_id for order_id in ORDERS if re.search(rf"\b{order_id}\b", text)]


class Evening:
    """What was placed, what the worker was given, and what was mailed."""

    def __init__(self, shop: Callable[..., Any], *, has_outage: bool) -> None:
        self.shop, self.has_outage = shop, has_outage
        self.queue = open_queue()
        self.start_s = clock.seconds()
        self.sent: list[dict] = []  # in the order of sending
        self.mailed_by_shop: list[str] = []  # orders that `place_order` mailed itself
        self.let_go: list[str] = []  # orders whose message was done with before
        self.refused: tuple[dict, Outcome] | None = None
        self.stopped = ""  # "hangs" or "never rests"
        self._placing = ""
        self._function = Function(self._work, name="worker")

    @property
    def log(self) -> list[Invocation]:
        """The worker's invocations."""
        return self._function.log

    def instance(self) -> Any:
        """A new shop; ends the check if it cannot be made."""
        return call(self.shop, self.queue, self.send_mail)

    def run(self) -> None:
        """Place all orders in virtual time, then let the worker come to an end."""
        source = QueueSource(self._function, self.queue.url, batch_size=10)
        source.start(poll_every_s=10)
        for at_s, number in self._clicks():
            clock.advance_to(max(self.start_s + at_s, clock.seconds()))
            self._place(ORDERS[f"order-{number}"])
            if self.refused or self.stopped:
                break
        else:
            source.drain(within_s=3600 if self.has_outage else 300)
        source.stop()

    def send_mail(self, order: dict) -> None:
        """Send an order's mail, or raise `MailDown`."""
        letter = {"order_id": order["order_id"], "buyer": order["buyer"]}
        if self._placing:
            self.mailed_by_shop.append(self._placing)
        since_s = clock.seconds() - self.start_s
        if self.has_outage and OUTAGE_S[0] <= since_s < OUTAGE_S[1]:
            raise MailDown("the mail service is down")
        self.sent.append(letter)

    def _clicks(self) -> list[tuple[float, int]]:
        """When each order is placed, by its number, in the order of time."""
        clicks = [(at_s, number) for number, at_s in enumerate(_TIMES_S)]
        if self.has_outage:
            clicks += [(_TIMES_S[number] + _AGAIN_S, number) for number in TWICE]
        return sorted(clicks)

    def _place(self, order: dict) -> None:
        made = self.instance()
        self._placing = order["order_id"]
        outcome = try_call(made.place_order, dict(order))
        self._placing = ""
        if not outcome.returned:
            self.refused = (order, outcome)

    def _work(self, event: dict, context: Any) -> Any:
        """The handler: the learner's worker, kept from running for ever."""
        if len(self.log) >= MOST:
            self.stopped = self.stopped or "never rests"
        if self.stopped:
            raise RuntimeError("the check has stopped")
        outcome = try_call(self.instance().worker, event, context)
        if outcome.hung:
            self.stopped = "hangs"
            raise RuntimeError("the check has stopped")
        if outcome.error is not None:
            raise outcome.error
        mailed = {str(letter["order_id"]) for letter in self.sent}
        self.let_go += [one for one in named_in(event) if one not in mailed]
        return outcome.value
