"""Numbers on an axis: plain ones, as many as fit beside each other.

Powers like 1e+06, and offsets at an axis's end, cannot be read from the last row.
"""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator

from workbook.figures.text import width

__all__ = ["MOST", "SIXTIES", "TENS", "fitting", "linear_ticks", "log_ticks", "numbers"]

_GAP = 10.0  # points between two numbers side by side
MOST = 8  # numbers on an axis
TENS = (1, 2, 2.5, 5, 10)
SIXTIES = (1, 2, 3, 5, 6, 10)  # steps that suit seconds and minutes
_DIGITS = 12  # decimals: what a float of seconds since 1970 can hold, and some


def numbers(values: Sequence[float]) -> list[str]:
    """`values` written out, all with as many decimals as the finest of them needs."""
    values = [float(value) for value in values]
    step = _least_step(values)
    decimals = next(d for d in range(_DIGITS + 1) if _near_enough(values, d, step))
    return [f"{round(value, decimals) + 0.0:,.{decimals}f}" for value in values]


def _least_step(values: list[float]) -> float:
    ordered = sorted({0.0, *values} if len(values) == 1 else set(values))
    return min(np.diff(ordered), default=1.0)


def _near_enough(values: list[float], decimals: int, step: float) -> bool:
    off = max((abs(round(value, decimals) - value) for value in values), default=0)
    return off <= step / 1000 or decimals == _DIGITS


def linear_ticks(
    low: float, high: float, most: int = MOST, *, steps: Sequence[float] = TENS
) -> list[float]:
    """At most `most` + 1 round numbers from `low` to `high`."""
    slack = 1e-9 * (high - low)
    found = MaxNLocator(most, steps=steps).tick_values(low, high)
    return [float(v) for v in found if low - slack <= v <= high + slack]


def log_ticks(low: float, high: float, most: int = MOST) -> list[float]:
    """The same for a log scale: powers of ten if they are three or more, else finer."""
    for digits in ((1,), (1, 2, 5)):
        found = LogLocator(subs=digits, numticks=most).tick_values(low, high)
        found = [float(v) for v in found if low * (1 - 1e-9) <= v <= high * (1 + 1e-9)]
        if min(most, 3) <= len(found) <= most:
            return found
    return [v for v in linear_ticks(low, high, min(most, 4)) if v > 0]


def fitting(
    ticks: Callable[[int], list[float]],
    labels: Callable[[list[float]], list[str]],
    to_points: Callable[[float], float],
) -> list[float]:
    """The most of `ticks(most)` whose `labels` do not touch at `to_points` each."""
    for most in range(MOST, 1, -1):
        found = ticks(most)
        if _apart(labels(found), [to_points(value) for value in found]):
            return found
    return found[:1]


def _apart(words: list[str], middles: list[float]) -> bool:
    halves = [width(word) / 2 for word in words]
    ends = [middle + half for middle, half in zip(middles, halves, strict=True)]
    starts = [middle - half for middle, half in zip(middles, halves, strict=True)]
    return all(
        end + _GAP <= start for end, start in zip(ends[:-1], starts[1:], strict=True)
    )
