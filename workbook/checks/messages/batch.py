"""Exercise 2: a batch of which only the failed messages come back."""

from collections.abc import Callable
from typing import Any

from workbook.checks.messages.shop import bodies, open_queues, sold, trouble
from workbook.checks.world import fresh_cloud
from workbook.cloud.context import LambdaContext
from workbook.cloud.functions import Function, QueueSource
from workbook.figures import Mark, Picture, Span, timeline
from workbook.learn import Verdict, call, failed, inconclusive, passed

__all__ = ["check"]

_ORDERS = tuple(f"order-{number}" for number in range(10))
_ONCE, _POISON = "order-2", "order-6"  # fails once; always fails
_REPORT = "ReportBatchItemFailures"


def check(sell_batch: Callable[..., Any]) -> Verdict:
    """Whether every good order is sold once, and the poison alone ends in the DLQ."""
    call(sell_batch, {"Records": []}, LambdaContext(function_name="sell"))
    for failing in ({}, {_ONCE: 1, _POISON: 1_000}):
        with fresh_cloud():
            verdict = _run(sell_batch, failing)
        if verdict is not None:
            return verdict
    return passed(
        "tried: ten orders without trouble, and ten of which one fails once and one "
        "always"
    )


def _run(sell_batch: Callable, failing: dict[str, int]) -> Verdict | None:
    """The verdict on one run, None if all is well."""
    queue, _ = open_queues(*_ORDERS)
    trouble.update(failing)
    function = Function(sell_batch, name="sell")
    QueueSource(function, queue.url, function_response_types=[_REPORT]).drain()
    if not sold and all(entry.ok for entry in function.log):
        return inconclusive(
            "`sell_one` was never called.", look="Sell each record's `body`."
        )
    reason, look = _problem(failing)
    return failed(reason, _picture(function, reason), look=look) if reason else None


def _problem(failing: dict[str, int]) -> tuple[str, str]:
    dead, always = bodies("orders-dead"), {o for o, n in failing.items() if n > 1}
    good = [order for order in _ORDERS if order not in always]
    lost = [o for o in _ORDERS if not sold[o] and o not in dead]
    twice = [order for order in good if sold[order] > 1]
    buried = [order for order in dead if order not in always]
    if not failing and (twice or buried):
        return (
            f"Without any trouble, {(twice + buried)[0]} came back.",
            "A batch without failures is answered by an empty list of failures.",
        )
    if not failing and lost:
        return (
            f"Without any trouble, {lost[0]} was not sold.",
            "Sell every record of the batch.",
        )
    if _POISON in lost and trouble[_POISON] < failing[_POISON]:
        return (
            f"{_POISON} was neither sold nor kept: the queue believes that it is done.",
            "What you do not report as failed, the queue deletes.",
        )
    if lost:
        return (
            f"{lost[0]} was never tried and never reported, and so is lost.",
            "After a failure go on with the rest of the batch, or report it too.",
        )
    if twice:
        return (
            f"{twice[0]} was sold {sold[twice[0]]} times: it came back although it had "
            "been sold.",
            "Report the failed ones, each by its record's `messageId`.",
        )
    if buried:
        return (
            f"{buried[0]} could be sold, and ended in the dead-letter queue.",
            "Only what failed should come back.",
        )
    if dead != sorted(always):
        return (
            f"In the dead-letter queue are {dead}.",
            "Only the poison belongs there.",
        )
    return "", ""


def _picture(function: Function, reason: str) -> Picture | None:
    """Each invocation with the number of orders that it received."""
    if not function.log:
        return None
    start_s = function.log[0].start_s
    received = [len(entry.event["Records"]) for entry in function.log]
    spans = [Span("queue", 0, function.log[-1].end_s - start_s + 30, "", "context")]
    marks = [
        Mark("queue", entry.start_s - start_s, f"{count} received", "fault")
        for entry, count in zip(function.log, received, strict=True)
    ]
    return timeline(spans, marks=marks, title=reason)
