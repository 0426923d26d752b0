"""Exercise 2: a step behind a queue, replayed through an outage."""

from collections.abc import Callable
from typing import Any

import boto3

from workbook.checks.world import fresh_cloud
from workbook.cloud import clock
from workbook.cloud.functions import Function, QueueSource
from workbook.figures import Mark, Picture, Span, timeline
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import try_call

__all__ = ["MailDown", "check", "open_queue"]

_OUTAGE = (300.0, 2_100.0)  # seconds from the start: half an hour
_ORDERS = 24
_EVERY_S = 120.0  # seconds between two orders: 48 minutes of them
_BUYERS = ("kaori", "kenji", "yuki")


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


class _Mail:
    """The mail service: up but for the outage, and it notes what it has sent."""

    def __init__(self) -> None:
        self.start_s = clock.seconds()
        self.sent: list[dict] = []
        self.has_outage = True

    def send(self, order: dict) -> None:
        """Send an order's mail, or raise `MailDown`."""
        since_s = clock.seconds() - self.start_s
        if self.has_outage and _OUTAGE[0] <= since_s < _OUTAGE[1]:
            raise MailDown("the mail service is down")
        self.sent.append({"buyer": order["buyer"], "order_id": order["order_id"]})


def check(shop: Callable[..., Any]) -> Verdict:
    """Whether no order is refused or lost, and each buyer's mails come in order."""
    for has_outage in (False, True):
        with fresh_cloud():
            verdict = _replayed(shop, has_outage)
        if verdict is not None:
            return verdict
    return passed(
        f"tried: {_ORDERS} orders of {len(_BUYERS)} buyers, on a good day and through "
        "an outage of half an hour"
    )


def _replayed(shop: Callable, has_outage: bool) -> Verdict | None:
    """The verdict on one evening, None if all is well."""
    mail, queue = _Mail(), open_queue()
    mail.has_outage = has_outage
    made = call(shop, queue, mail.send)
    for name in ("place_order", "worker"):
        if not callable(getattr(made, name, None)):
            return failed(f"The shop has no method `{name}()`.")
    worker = Function(made.worker, name="worker")
    source = QueueSource(worker, queue.url, batch_size=1)
    source.start(poll_every_s=10)
    for number in range(_ORDERS):
        outcome = try_call(made.place_order, dict(order := _order(number)))
        if not outcome.returned:
            return _refused(outcome, order, made)
        clock.advance(_EVERY_S)
    source.drain(within_s=3600 if has_outage else 300)
    reason, look = _problem(mail, worker, has_outage)
    return failed(reason, _picture(mail, worker, reason), look=look) if reason else None


def _order(number: int) -> dict[str, str]:
    """The buyers take turns; now and then one buys twice in a row."""
    turn = number - 1 if number % 7 == 6 else number
    return {"order_id": f"order-{number}", "buyer": _BUYERS[turn % len(_BUYERS)]}


def _refused(outcome: Any, order: dict, made: Any) -> Verdict:
    if isinstance(outcome.error, MailDown):
        return failed(
            f"While mail is down, {order['order_id']} is refused.",
            look="`place_order` must not wait for the mail: let it put the order into "
            "the queue, and let `worker` send the mail.",
        )
    call(made.place_order, order)  # raises or hangs again, and says where
    return failed("`place_order` failed once, and not the second time.")


def _problem(mail: _Mail, worker: Function, has_outage: bool) -> tuple[str, str]:
    ids = [sent["order_id"] for sent in mail.sent]
    missing = [f"order-{n}" for n in range(_ORDERS) if f"order-{n}" not in ids]
    when = "through the outage" if has_outage else "on a good day"
    if missing and not worker.log:
        return (
            "Nothing came out of the queue.",
            "Does `place_order` send a message with the order in its body?",
        )
    if missing and not any(entry.ok for entry in worker.log):
        kind = worker.log[0].payload["errorType"]
        return (
            f"`worker` fails {when} as well ({kind}).",
            'The order is in `record["body"]`, as the text that you sent.',
        )
    if missing:
        return _lost(missing, worker, when)
    return _out_of_order(mail, ids, when)


def _out_of_order(mail: _Mail, ids: list[str], when: str) -> tuple[str, str]:
    twice = sorted({order_id for order_id in ids if ids.count(order_id) > 1})
    if twice:
        return f"{twice[0]} was mailed {ids.count(twice[0])} times ({when}).", ""
    for buyer in _BUYERS:
        mine = [int(s["order_id"][6:]) for s in mail.sent if s["buyer"] == buyer]
        if mine != sorted(mine):
            return (
                f"{buyer}'s mails came in another order than the orders ({when}).",
                "In a FIFO queue, messages of one `MessageGroupId` wait for each "
                "other.",
            )
    return "", ""


def _lost(missing: list[str], worker: Function, when: str) -> tuple[str, str]:
    """Whether the queue dropped the orders, or the worker let them go."""
    received = "".join(r["body"] for e in worker.log for r in e.event["Records"])
    dropped = [order for order in missing if f'"{order}"' not in received]
    if dropped:
        return (
            f"{len(dropped)} of {_ORDERS} orders never reached `worker` ({when}).",
            "A FIFO queue drops a message whose de-duplication id it has seen in the "
            "last five minutes.",
        )
    return (
        f"`worker` was done with {len(missing)} orders that were never mailed "
        f"({when}).",
        "What `worker` returns from is deleted; what it raises from comes back.",
    )


def _picture(mail: _Mail, worker: Function, reason: str) -> Picture | None:
    if not worker.log:
        return None
    last = max(entry.end_s for entry in worker.log) - mail.start_s
    spans = [Span("orders", 0, _ORDERS * _EVERY_S / 60, "orders come", "healthy")]
    if mail.has_outage:
        start, end = (at / 60 for at in _OUTAGE)
        spans.append(Span("mail", start, end, "down", "fault"))
    spans.append(Span("worker", 0, max(last / 60, 1), "tries", "context"))
    marks = [Mark("worker", last / 60, "last try")]
    return timeline(spans, marks=marks, title=reason, unit="min")
