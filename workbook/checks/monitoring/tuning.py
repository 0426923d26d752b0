"""Exercise 4: M, N and period with the quickest detection that a budget allows."""

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workbook.checks.messages.words import kind
from workbook.checks.monitoring.tools import to_its_end
from workbook.figures import dots
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.sim import alarms

__all__ = ["MONTH_S", "MOST_N", "check", "minutes_to_detect"]

MONTH_S = 30 * 86_400
MOST_N = 8
NEAR = 1.05  # of the quickest

# Healthy runs that fail, failing runs in a failure, false alarms a month, periods in s.
SHOPS: tuple[tuple[float, float, float, tuple[int, ...]], ...] = (
    (0.03, 0.5, 1.0, (60, 120, 300, 600)),
    (0.01, 0.9, 0.5, (60, 120, 300)),
    (0.05, 0.4, 4.0, (30, 60, 300, 900)),
    (0.0001, 0.9, 5.0, (300, 60)),  # 1 of N is quiet enough
    (0.2, 1.0, 4.0, (600, 60, 300)),  # M of M
    (0.2, 0.8, 30.0, (600, 60, 300)),  # the whole formula counts
    (0.2, 0.5, 1.0, (300, 20, 30)),  # the shortest period is not the quickest
    (0.02, 0.3, 1.0, (120, 600)),
)


def minutes_to_detect(
    noise: float, failing: float, m: int, n: int, period_s: float
) -> float:
    """Mean minutes from the start of a failure to the alarm, on M of N datapoints.

    `noise` is the share of runs that fail in a healthy shop, `failing` the share that
    fails in the failure.
    """
    return _periods(noise, failing, m, n) * period_s / 60


@functools.cache
def _periods(noise: float, failing: float, m: int, n: int) -> float:
    return alarms.mean_detection_s(
        failing_probability=failing,
        healthy_probability=noise,
        datapoints_to_alarm=m,
        evaluation_periods=n,
        period_s=1.0,
    )


def _false(noise: float, m: int, n: int, period_s: float) -> float:
    """False alarms a month."""
    return MONTH_S * alarms.false_alarms_per_s(
        breach_probability=noise,
        datapoints_to_alarm=m,
        evaluation_periods=n,
        period_s=period_s,
    )


@to_its_end
def check(tuned: Callable) -> Verdict:
    """Whether its alarm keeps the budget, and is within 5% of the quickest."""
    for shop in SHOPS:
        noise, failing, budget, periods = shop
        found = call(tuned, noise, failing, budget, list(periods), timeout_s=20.0)
        _is_an_alarm(found, periods)
        verdict = _over_budget(found, shop) or _too_slow(found, shop)
        if verdict is not None:
            return verdict
    return passed(
        f"tried: {len(SHOPS)} shops; each alarm keeps its budget, and is within "
        f"{NEAR - 1:.0%} of the quickest of {_count():,}"
    )


def _count() -> int:
    return sum(MOST_N * (MOST_N + 1) // 2 * len(periods) for *_, periods in SHOPS)


def _is_an_alarm(found: Any, periods: Sequence[int]) -> None:
    if not isinstance(found, tuple | list) or len(found) != 3:  # noqa: PLR2004
        raise Stopped(failed(f"It answers {kind(found)}, not (m, n, period_s)."))
    if any(
        isinstance(x, bool) or not isinstance(x, int | float | np.number) for x in found
    ):
        raise Stopped(failed("M, N and the period are not all numbers."))
    if not all(math.isfinite(x) for x in found):
        raise Stopped(failed(f"M, N and the period are not all finite: {found!r:.60}"))
    m, n, period_s = found
    if period_s not in periods:
        raise Stopped(
            failed(
                f"The period is {period_s:g}, and there are {list(periods)} s.",
                look="The answer is `(m, n, period_s)`, the period in seconds.",
            )
        )
    if m != int(m) or n != int(n) or not 1 <= m <= n <= MOST_N:
        raise Stopped(
            failed(
                f"{m:g} of {n:g} is no alarm: 1 <= M <= N <= {MOST_N}.",
                look="M comes first." if m > n else f"N is at most {MOST_N} here.",
            )
        )


def _over_budget(found: Any, shop: tuple) -> Verdict | None:
    noise, _, budget, _ = shop
    m, n, period_s = (int(x) for x in found)
    false = _false(noise, m, n, period_s)
    if false <= budget * (1 + 1e-9):
        return None
    return failed(
        f"{_shop(shop)}: {m} of {n} at {period_s} s gives {_number(false)} false "
        f"alarms a month, and the budget is {budget:g}.",
        look=_over(noise, m, n, period_s, budget),
    )


def _over(noise: float, m: int, n: int, period_s: int, budget: float) -> str:
    asked = "Does your formula give that number? "
    run = MONTH_S / period_s * noise**m * (1 - noise) ** (n - m)
    if math.comb(n - 1, m - 1) > 1 and run <= budget:
        return asked + (
            "An alarm can begin in more than one way: M − 1 of the N − 1 datapoints "
            "between breach, whichever they are, `math.comb(n - 1, m - 1)`."
        )
    return asked + (
        "Begin: a breach comes in, a good datapoint drops out, and M − 1 of the N − 1 "
        "between breach. So often in each period; a month has how many?"
    )


def _too_slow(found: Any, shop: tuple) -> Verdict | None:
    noise, failing, *_ = shop
    m, n, period_s = (int(x) for x in found)
    minutes = minutes_to_detect(noise, failing, m, n, period_s)
    best = _best(shop)
    quickest = minutes_to_detect(noise, failing, *best)
    if minutes <= NEAR * quickest:
        return None
    return failed(
        f"{_shop(shop)}: {m} of {n} at {period_s} s takes {minutes:.1f} minutes to "
        f"detect, and {quickest:.1f} can be had for the same budget.",
        _picture(shop, (m, n, period_s), best),
        look=f"{_alarm(best)} is the quickest that keeps the budget: it has "
        f"{_number(_false(noise, *best))} false alarms a month and takes "
        f"{quickest:.1f} minutes. Do you try it? If so, compare both numbers with "
        "yours.",
    )


@functools.cache
def _best(shop: tuple) -> tuple[int, int, int]:
    noise, failing, budget, periods = shop
    every = (
        (m, n, period_s)
        for n, period_s in itertools.product(range(1, MOST_N + 1), periods)
        for m in range(1, n + 1)
    )
    quiet = [one for one in every if _false(noise, *one) <= budget]
    return min(quiet, key=lambda one: minutes_to_detect(noise, failing, *one))


def _shop(shop: tuple) -> str:
    noise, failing, *_ = shop
    return f"{100 * noise:g}% of healthy runs fail, {failing:.0%} in a failure"


def _number(false: float) -> str:
    return f"{false:,.0f}" if false >= 100 else f"{false:.3g}"  # noqa: PLR2004


def _alarm(alarm: tuple[int, int, int]) -> str:
    m, n, period_s = alarm
    return f"{m} of {n} at {period_s} s"


def _picture(shop: tuple, yours: tuple, best: tuple) -> Any:
    noise, failing, *_ = shop
    rows = [_alarm(one) for one in (yours, best)]
    minutes = [minutes_to_detect(noise, failing, *one) for one in (yours, best)]
    return dots(
        rows,
        {"minutes to detect": minutes},
        title="Your alarm, and the quickest within the budget",
        x_label="minutes (log scale)",
    )
