"""Exercise 3: how long a backlog lasts, held against replayed outages."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workbook.checks.messages.words import kind
from workbook.figures import Picture, curves
from workbook.learn import Verdict, call, failed, passed, try_call
from workbook.learn.running import Stopped
from workbook.sim.availability import Outage, backlog_drain_s, outage

__all__ = ["check"]

# Orders a second, seconds of work for each, workers, seconds of outage. In the first a
# second holds no whole number of orders; the second is the chapter's evening.
_SHOPS = (
    (2.5, 0.3, 1, 1_800.0),
    (2.0, 0.2, 1, 1_800.0),
    (3.0, 0.25, 1, 600.0),
    (2.0, 0.5, 2, 3_600.0),
    (5.0, 0.5, 4, 900.0),
    (0.5, 1.0, 1, 1_200.0),
)
_REPLAYS = 20  # their mean is within 2% of arithmetic: the spread of one is up to 7%
_OFF = 0.10  # two replays of one evening differ by as much, a wrong idea by more
_START_S = 600.0
_NEARLY_NOTHING_S = 0.01


def check(drain_s: Callable[..., Any]) -> Verdict:
    """Whether it says how long each of six replayed outages takes to drain."""
    for shop in _SHOPS:
        verdict = _one(drain_s, *shop)
        if verdict is not None:
            return verdict
    return _edges(drain_s) or passed(
        f"tried: {len(_SHOPS)} outages, each replayed {_REPLAYS} times order by order, "
        "no outage, no orders, and workers that cannot keep up"
    )


def _one(drain_s: Callable, rate, service_s, workers, outage_s) -> Verdict | None:
    found = call(drain_s, outage_s, rate, service_s, workers)
    if (wrong := _no_number(found)) is not None:
        return wrong
    replays = _replays(rate, service_s, workers, outage_s)
    took_s = float(np.mean([run.drained_s for run in replays])) - _START_S - outage_s
    if abs(found - took_s) <= _OFF * took_s:
        return None
    crew = "1 worker" if workers == 1 else f"{workers} workers"
    return failed(
        f"{outage_s:g} s of outage, {rate:g} orders a second, {crew}, {service_s:g} s "
        f"an order: it takes {round(took_s, -1):g} s to drain (mean of {_REPLAYS} "
        f"replays), your answer is {found:.5g} s.",
        _picture(replays[0], _START_S + outage_s, float(found)),
        look=_look(float(found), rate, service_s, workers, outage_s),
    )


def _no_number(found: Any) -> Verdict | None:
    """The verdict on an answer that is no number of seconds; None if it is one."""
    if isinstance(found, bool) or not isinstance(found, int | float | np.number):
        return failed(f"It answers {kind(found)}, not seconds.")
    if isinstance(found, int) and abs(found) > 1e300:  # noqa: PLR2004 - no float is
        return failed("It answers a number of more than 300 digits, not seconds.")
    if math.isnan(found):
        return failed("It answers nan, which is no number of seconds.")
    return None


def _replays(rate, service_s, workers, outage_s) -> list[Outage]:
    exact_s = backlog_drain_s(
        outage_s=outage_s, arrival_rate_per_s=rate,
        service_rate_per_s=workers / service_s,
    )  # fmt: skip
    evening = {
        "order_rate_per_s": rate, "service_s": service_s, "workers": workers,
        "outage_start_s": _START_S, "outage_s": outage_s,
        "duration_s": _START_S + outage_s + 2 * exact_s,
    }  # fmt: skip
    return [outage(**evening, seed=seed) for seed in range(_REPLAYS)]


def _look(found, rate, service_s, workers, outage_s) -> str:
    """What the number would be the answer to, where it is a known one."""
    able = workers / service_s
    right = rate * outage_s / (able - rate)
    one_spare = 1 / service_s - rate
    whole_spare = workers // service_s - rate
    known = (
        (outage_s, "That is the outage itself."),
        (rate * outage_s, "That is the backlog, in orders."),
        (
            rate * outage_s / able,
            "That is how late the last order of the outage is. New orders come "
            "meanwhile, and they must be done as well before the queue is empty.",
        ),
        (outage_s + right, "Count from the end of the outage, not from its beginning."),
        (right / 60, "That is in minutes: seconds are wanted."),
        (right / 3600, "That is in hours: seconds are wanted."),
        (
            rate * outage_s / one_spare if one_spare > 0 else math.inf,
            "That would be so for one worker.",
        ),
        (
            rate * outage_s / whole_spare if whole_spare > 0 else math.inf,
            "`//` rounds down: a worker who needs 0.3 s for an order does more than 3 "
            "of them a second.",
        ),
    )
    for number, words in known:
        if math.isclose(found, number, rel_tol=1e-6):
            return words
    return "Backlog over what the workers can do beyond what still comes in."


def _edges(drain_s: Callable) -> Verdict | None:
    for outage_s, rate, words in ((0.0, 2.0, "an outage"), (600.0, 0.0, "orders")):
        found = _at_the_edge(drain_s, outage_s, rate)
        if (wrong := _no_number(found)) is not None:
            return wrong
        if abs(found) > _NEARLY_NOTHING_S:
            return failed(
                f"Without {words} there is nothing to drain: 0 s. Your answer is "
                f"{found:.5g} s."
            )
    for rate, words in ((4.0, "just"), (5.0, "not even")):
        found = _at_the_edge(drain_s, 600.0, rate)
        if found != math.inf:
            return failed(
                f"{rate:g} orders a second, and the worker can do 4, {words} what "
                f"comes in: it never drains, your answer is {found!r:.40}.",
                look="`math.inf` is the number for never.",
            )
    return None


def _at_the_edge(drain_s: Callable, outage_s: float, rate: float) -> Any:
    """The answer for a worker who does 4 orders a second, or the end of the check."""
    outcome = try_call(drain_s, outage_s, rate, 0.25, 1)
    if isinstance(outcome.error, ZeroDivisionError):
        verdict = failed(
            f"It divides by zero: {outage_s:g} s of outage, {rate:g} orders a second, "
            "1 worker, 0.25 s an order.",
            look="What is the answer there, before you divide?",
        )
        raise Stopped(verdict)
    if outcome.returned:
        return outcome.value
    return call(drain_s, outage_s, rate, 0.25, 1)


def _picture(replay: Outage, end_s: float, found_s: float) -> Picture:
    """A replay's backlog, and how it would shrink to be gone when the answer says."""
    last_s = replay.done_s[-1]
    times_s = np.linspace(0, last_s, 160)
    waiting = replay.waiting_at(times_s)
    high = float(waiting.max())
    left_s = max(found_s, 1e-9)
    yours = high * np.clip(1 - (times_s - end_s) / left_s, 0, 1)
    yours = np.where(times_s < end_s, waiting, yours)
    return curves(
        times_s / 60,
        {"waiting": waiting, "your answer": yours},
        kinds={"your answer": "fault"},
        title="The backlog of a replay, and what your answer says of it",
        x_label=f"time, minutes (the outage ends at {end_s / 60:g})",
        y_label="orders",
    )
