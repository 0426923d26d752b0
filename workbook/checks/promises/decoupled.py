"""Exercise 2: a step behind a queue, replayed through an outage."""

from collections.abc import Callable
from typing import Any

from workbook.checks.promises.evening import (
    BUYERS,
    LONG_S,
    ORDERS,
    OUTAGE_S,
    TWICE,
    Evening,
    MailDown,
)
from workbook.checks.promises.problems import problem_of
from workbook.checks.world import fresh_cloud
from workbook.figures import Mark, Picture, Span, timeline
from workbook.learn import Verdict, call, failed, passed

__all__ = ["check"]


def check(shop: Callable[..., Any]) -> Verdict:
    """Whether no order is refused or lost, and each buyer's mails come in order."""
    for has_outage in (False, True):
        with fresh_cloud():
            verdict = _replayed(Evening(shop, has_outage=has_outage))
        if verdict is not None:
            return verdict
    return passed(
        f"tried: {len(ORDERS)} orders of {len(BUYERS)} buyers on a good day, and "
        f"through an outage of half an hour, in which {len(TWICE)} were sent twice"
    )


def _replayed(evening: Evening) -> Verdict | None:
    """The verdict on one evening, None if all is well."""
    made = evening.instance()
    for name in ("place_order", "worker"):
        if not callable(getattr(made, name, None)):
            return failed(f"The shop has no method `{name}()`.")
    evening.run()
    if evening.refused:
        return _refused(evening)
    reason, look = problem_of(evening)
    return failed(reason, _picture(evening, reason), look=look) if reason else None


def _refused(evening: Evening) -> Verdict:
    order, outcome = evening.refused
    error = outcome.error
    while error is not None and not isinstance(error, MailDown):
        error = error.__cause__ or error.__context__
    if error is not None:
        return failed(
            f"While mail is down, {order['order_id']} is refused.",
            look="`place_order` must not wait for the mail: let it put the order into "
            "the queue, and let `worker` send the mail.",
        )
    if outcome.hung and evening.mailed_by_shop:
        return failed(
            f"While mail is down, `place_order` does not come back ({order['order_id']}"
            "): the buyer waits.",
            look="Let it put the order into the queue, and leave the mail to `worker`.",
        )
    call(evening.instance().place_order, order)  # raises or hangs again: says where
    return failed("`place_order` failed once, and not the second time.")


def _picture(evening: Evening, reason: str) -> Picture | None:
    """When orders came, mail was down, and the worker tried."""
    if not evening.log:
        return None
    last = max(entry.end_s for entry in evening.log) - evening.start_s
    spans = [Span("orders", 0, LONG_S / 60, "orders come", "healthy")]
    if evening.has_outage:
        start, end = (at / 60 for at in OUTAGE_S)
        spans.append(Span("mail", start, end, "down", "fault"))
    spans.append(Span("worker", 0, max(last / 60, 1), "tries", "context"))
    marks = [Mark("worker", last / 60, "last try")]
    return timeline(spans, marks=marks, title=reason, unit="min")
