"""Exercise 1: full jitter, recognised by how its waits are spread."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workbook.checks.messages.words import kind
from workbook.figures import Picture, curves
from workbook.learn import Verdict, call, failed, passed, try_call
from workbook.learn.running import Stopped

__all__ = ["BASE_S", "CAP_S", "check"]

BASE_S, CAP_S = 0.005, 2.0
_DRAWS = 5_000
_FAILURES = (1, 2, 4, 6, 8, 9, 12, 40)
# Kolmogorov and Smirnov: with 5,000 draws a right answer is further off than this about
# once in four million checks; the seed is fixed, so that it never is.
_FAR = 2.8 / math.sqrt(_DRAWS)
_EDGE = 0.03  # a right answer comes nearer to both ends, but once in 10**66 checks


_NO_SLEEP = "Return the seconds and do not sleep: the waiting is your caller's part."


def check(wait_s: Callable[..., Any]) -> Verdict:
    """Whether the waits are uniform between nought and a doubling, capped ceiling."""
    first = call(wait_s, 1, np.random.default_rng(1))
    if not _is_number(first):
        return failed(f"After one failure it answers {kind(first)}, not seconds.")
    draws = {failures: _draws(wait_s, failures) for failures in _FAILURES}
    return _judged(draws) or _other_chance(wait_s) or _done(draws)


def _draws(wait_s: Callable, failures: int) -> np.ndarray:
    rng = np.random.default_rng(failures)

    def many() -> list:
        return [wait_s(failures, rng) for _ in range(_DRAWS)]

    outcome = try_call(many, timeout_s=5)
    if outcome.hung:
        reason = f"{_DRAWS:,} calls of it did not end within 5 s."
        raise Stopped(failed(reason, look=_NO_SLEEP))
    if outcome.error is not None:
        raise outcome.error
    found = outcome.value
    odd = next((value for value in found if not _is_number(value)), 0.0)
    if not _is_number(odd):
        reason = f"After {failures} failures it answers {kind(odd)}, not seconds."
        raise Stopped(failed(reason))
    return np.array(found, float)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return False
    return math.isfinite(value)


def _ceiling_s(failures: int) -> float:
    return min(CAP_S, BASE_S * 2.0**failures)


def _judged(draws: dict[int, np.ndarray]) -> Verdict | None:
    """What is wrong with the waits, the plainest misconception first."""
    for failures, waits_s in draws.items():
        reason, look = _problem(failures, waits_s)
        if reason:
            return failed(reason, _picture(failures, waits_s), look=look)
    return None


def _problem(failures: int, waits_s: np.ndarray) -> tuple[str, str]:
    ceiling_s = _ceiling_s(failures)
    after = f"After {failures} failure{'s' * (failures > 1)}"
    if waits_s.min() < 0:
        return f"{after} it waits a negative time.", "A wait is nought or more."
    if np.ptp(waits_s) == 0:
        return (
            "It always waits the same: a crowd that fails together comes back "
            "together.",
            "Draw the wait with `rng`.",
        )
    if waits_s.max() > ceiling_s * 1.0001:
        if ceiling_s == CAP_S and failures > 8:
            return (
                f"{after} it waits longer than the cap of {CAP_S:g} s.",
                "Take the smaller of the cap and what doubling gives.",
            )
        return (
            f"{after} it waits longer than {_ms(ceiling_s)}, the ceiling.",
            "The ceiling is the base times two to the power of the failures.",
        )
    if waits_s.max() < (1 - _EDGE) * ceiling_s:
        return (
            f"{after} it never waits longer than {_ms(waits_s.max())}; the ceiling is "
            f"{_ms(ceiling_s)}.",
            "The ceiling is the base times two to the power of the failures; every "
            "wait up to it may come.",
        )
    if waits_s.min() > _EDGE * ceiling_s:
        return (
            f"{after} it never waits less than {_ms(waits_s.min())}: that is jitter on "
            "top of a fixed wait.",
            "Full jitter draws the whole wait, from nought up.",
        )
    spread = np.arange(1, _DRAWS + 1) / _DRAWS
    if np.abs(np.sort(waits_s) / ceiling_s - spread).max() > _FAR:
        return (
            "The waits reach from nought to the ceiling, but not evenly.",
            "Every wait up to the ceiling should be as likely as any other.",
        )
    return "", ""


def _other_chance(wait_s: Callable) -> Verdict | None:
    def ten(seed: int) -> list:
        rng = np.random.default_rng(seed)
        return call(lambda: [wait_s(5, rng) for _ in range(10)])

    if ten(3) != ten(3):
        return failed(
            "With the same `rng` it waits otherwise the second time.",
            look="Take chance from `rng` and from nowhere else: then a test can repeat "
            "what happened.",
        )
    return None


def _ms(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def _picture(failures: int, waits_s: np.ndarray) -> Picture:
    shares = np.linspace(0, 100, 101)
    wanted_ms = 1000 * _ceiling_s(failures) * shares / 100
    return curves(
        shares,
        {"yours": 1000 * np.percentile(waits_s, shares), "full jitter": wanted_ms},
        kinds={"yours": "fault"},
        title=f"Your waits after {failures} failure{'s' * (failures > 1)}, in order",
        x_label="share of the waits that are shorter, %",
        y_label="wait, ms",
    )


def _done(draws: dict[int, np.ndarray]) -> Verdict:
    return passed(
        f"tried: {len(draws)} numbers of failures, {_DRAWS:,} waits of each, against "
        "an even spread"
    )
