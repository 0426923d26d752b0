"""Exercise 2: a batch of which only the failed messages come back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbook.checks.messages.shop import (
    SeatError,
    bodies,
    open_queues,
    sold,
    trouble,
)
from workbook.checks.messages.words import kind
from workbook.checks.world import fresh_cloud
from workbook.cloud.context import LambdaContext
from workbook.cloud.functions import Function, QueueSource
from workbook.figures import Mark, Picture, Span, timeline
from workbook.learn import Verdict, call, failed, inconclusive, passed
from workbook.learn.running import verdict_on_error

__all__ = ["check"]

_ORDERS = tuple(f"order-{number}" for number in range(10))
_ONCE, _POISON = "order-2", "order-6"  # fails once; always fails
_ALWAYS = 1_000  # no sale in so many tries counts as never
_REPORT = "ReportBatchItemFailures"
_NAMES = "batchItemFailures"


def check(sell_batch: Callable[..., Any]) -> Verdict:
    """Whether every good order is sold once, and the poison alone ends in the DLQ."""
    with fresh_cloud():  # one cloud round both runs: its message ids never repeat
        return _judged(sell_batch)


def _judged(sell_batch: Callable) -> Verdict:
    open_queues()
    call(sell_batch, {"Records": []}, LambdaContext(function_name="sell"))
    for failing in ({}, {_ONCE: 1, _POISON: _ALWAYS}):
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
    seen = _Watched(sell_batch)
    function = Function(seen, name="sell")
    QueueSource(function, queue.url, function_response_types=[_REPORT]).drain()
    if not sold and all(entry.ok for entry in function.log):
        return inconclusive(
            "`sell_one` was never called.", look="Sell each record's `body`."
        )
    reason, look = _problem(failing)
    if not reason:
        return None
    if seen.error is not None and (verdict := verdict_on_error(seen.error)):
        return replace(verdict, look="An exception brings the whole batch back.")
    reason, look = seen.malformed or (reason, look)
    return failed(reason, _picture(function, reason), look=look)


class _Watched:
    """The answer as a handler; keeps its first mistakes, to explain what came of them.

    `error` is an exception other than the seat service's, `malformed` a reason and
    advice about a response that the queue does not read as meant.
    """

    def __init__(self, sell_batch: Callable) -> None:
        self.sell_batch = sell_batch
        self.error: Exception | None = None
        self.malformed: tuple[str, str] | None = None

    def __call__(self, event: dict, context: LambdaContext) -> Any:
        ids = [record["messageId"] for record in event["Records"]]
        try:
            answer = self.sell_batch(event, context)
        except Exception as error:
            if self.error is None and not isinstance(error, SeatError):
                self.error = error
            raise
        self.malformed = self.malformed or _malformed(answer, ids)
        return answer


def _malformed(answer: Any, ids: list[str]) -> tuple[str, str] | None:
    """What the queue cannot read in a response, and what to write instead."""
    look = f'Answer `{{"{_NAMES}": [{{"itemIdentifier": …}}, …]}}`.'
    if answer is None or answer == {}:  # both say that all is well
        return None
    if not isinstance(answer, dict):
        return f"It answers {kind(answer)}, which the queue cannot read.", look
    if _NAMES not in answer:
        given = ", ".join(map(repr, answer))
        return f"It answers {given}: the queue reads `{_NAMES}` alone.", look
    named = answer[_NAMES]
    if named is None:
        return None
    if not isinstance(named, list):
        return f"`{_NAMES}` is {kind(named)}: the queue wants a list.", look
    for item in named:
        if not isinstance(item, dict) or "itemIdentifier" not in item:
            return f"The list of failures holds {item!r:.60}.", look
        if item["itemIdentifier"] not in ids:
            return (
                f"It reports {item['itemIdentifier']!r:.60}, which is no message of "
                "this batch: so all of them come back.",
                "An `itemIdentifier` is the record's `messageId`.",
            )
    return None


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
    if sold[_POISON] and _POISON in failing:
        return (
            f"{_POISON} was tried until it was sold, {_ALWAYS:,} times.",
            "Try each order once: the queue brings it again, later.",
        )
    if twice:
        return (
            f"{twice[0]} was sold {sold[twice[0]]} times: it came back although it had "
            "been sold.",
            "Report the failed ones, each by its record's `messageId`.",
        )
    if any(sold[order] for order in buried):
        order = next(order for order in buried if sold[order])
        return (
            f"{order} was sold, and went to the dead-letter queue all the same.",
            "An exception brings the whole batch back: report the failed ones instead.",
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
