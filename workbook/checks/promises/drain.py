"""Exercise 3: how long a backlog lasts, held against replayed outages."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workbook.figures import Picture, curves
from workbook.learn import Verdict, call, failed, passed
from workbook.sim.availability import Outage, backlog_drain_s, outage

__all__ = ["check"]

# Orders a second, seconds of work for each, workers, seconds of outage.
_SHOPS = (
    (2.0, 0.25, 1, 1_800.0),
    (1.0, 0.25, 1, 1_800.0),
    (3.0, 0.25, 1, 600.0),
    (2.0, 0.5, 2, 3_600.0),
    (5.0, 0.5, 4, 900.0),
    (0.5, 1.0, 1, 1_200.0),
)
_OFF = 0.10  # one replay is this far from arithmetic now and then, a wrong idea is not


def check(drain_s: Callable[..., Any]) -> Verdict:
    """Whether it says how long each of six replayed outages takes to drain."""
    for shop in _SHOPS:
        verdict = _one(drain_s, *shop)
        if verdict is not None:
            return verdict
    return _edges(drain_s) or passed(
        f"tried: {len(_SHOPS)} outages replayed order by order, no outage, no orders, "
        "and workers that cannot keep up"
    )


def _one(drain_s: Callable, rate, service_s, workers, outage_s) -> Verdict | None:
    found = call(drain_s, outage_s, rate, service_s, workers)
    if isinstance(found, bool) or not isinstance(found, int | float | np.number):
        kind = "nothing" if found is None else f"a {type(found).__name__}"
        return failed(f"It answers {kind}, not seconds.")
    exact_s = backlog_drain_s(
        outage_s=outage_s, arrival_rate_per_s=rate,
        service_rate_per_s=workers / service_s,
    )  # fmt: skip
    if abs(found - exact_s) <= _OFF * exact_s:
        return None
    replay = outage(
        order_rate_per_s=rate, service_s=service_s, workers=workers,
        outage_start_s=600, outage_s=outage_s, seed=3,
        duration_s=600 + outage_s + 1.5 * exact_s,
    )  # fmt: skip
    took_s = replay.drained_s - 600 - outage_s
    crew = f"{workers} worker{'s' * (workers > 1)}"
    return failed(
        f"{outage_s:g} s of outage at {rate:g} orders a second, {crew} of "
        f"{service_s:g} s an order: the replay takes {round(took_s, -1):g} s to drain, "
        f"your answer is {found:.5g} s.",
        _picture(replay, 600 + outage_s, float(found)),
        look=_look(float(found), rate, service_s, workers, outage_s),
    )


def _look(found, rate, service_s, workers, outage_s) -> str:
    """What the number would be the answer to, where it is a known one."""
    able = workers / service_s
    one_spare = 1 / service_s - rate
    known = (
        (outage_s, "That is the outage itself."),
        (rate * outage_s, "That is the backlog, in orders."),
        (
            rate * outage_s / able,
            "That would be so if no orders came while it drains.",
        ),
        (
            rate * outage_s / one_spare if one_spare > 0 else math.inf,
            "That would be so for one worker.",
        ),
    )
    for number, words in known:
        if math.isclose(found, number, rel_tol=1e-6):
            return words
    return "Backlog over what the workers can do beyond what still comes in."


def _edges(drain_s: Callable) -> Verdict | None:
    if call(drain_s, 0.0, 2.0, 0.25, 1) != 0:
        return failed("Without an outage there is nothing to drain: 0 s.")
    for rate, words in ((4.0, "just"), (5.0, "not even")):
        found = call(drain_s, 600.0, rate, 0.25, 1)
        if found != math.inf:
            return failed(
                f"{rate:g} orders a second, and the worker can do 4, {words} what "
                f"comes in: it never drains, your answer is {found!r}.",
                look="`math.inf` is the number for never.",
            )
    return None


def _picture(replay: Outage, end_s: float, found_s: float) -> Picture:
    last_s = replay.done_s[-1]
    times_s = np.linspace(0, last_s, 160)
    here_s = min(max(end_s + found_s, 0.0), last_s)
    high = float(replay.waiting_at(times_s).max())
    yours = np.where(times_s < here_s, 0.0, high)
    return curves(
        times_s / 60,
        {"waiting": replay.waiting_at(times_s), "after your answer": yours},
        kinds={"after your answer": "fault"},
        title="The backlog of the replay, and when your answer says it is gone",
        x_label="time, minutes",
        y_label="orders",
    )
