"""Exercise 1: moments to ask at, as few as the promised delays allow."""

import math
from collections.abc import Callable
from itertools import islice, pairwise
from numbers import Real
from typing import Any

from workbook.figures import Picture, curves
from workbook.learn import Verdict, call, failed, passed, try_call
from workbook.learn.running import Stopped

__all__ = ["check", "ours"]

# first_s, share, cap_s, until_s
SETTINGS = (
    (1.0, 0.5, 30.0, 600.0),
    (2.0, 0.1, 60.0, 900.0),
    (1.0, 1.0, 16.0, 100.0),
    (5.0, 0.25, 5.0, 62.0),
    (0.5, 2.0, 1000.0, 333.0),
    (10.0, 0.5, 30.0, 7.0),
    (20.0, 0.5, 8.0, 30.0),  # the cap is shorter than the first wait
    (1.0, 0.5, 30.0, 3.0),  # a wait ends exactly with the page
)
_MOST = 20_000
_EXACT = 1e-6


def ours(first_s: float, share: float, cap_s: float, until_s: float) -> list[float]:
    """The fewest moments: each as late as the promise of the one before it allows."""
    moments = [0.0]
    while moments[-1] < until_s:
        moments.append(
            min(moments[-1] + _longest(moments[-1], first_s, share, cap_s), until_s)
        )
    return moments[1:]


def check(moments: Callable[..., Any]) -> Verdict:
    """Whether delays are as promised, the last moment is kept, and calls are few."""
    for setting in SETTINGS:
        given = _asked(moments, setting)
        found = _in_time(given, setting) or _few_enough(given, setting)
        if found:
            return found
    calls = len(ours(*SETTINGS[0]))
    return passed(
        f"tried: {len(SETTINGS)} promises; the first one keeps a page informed for ten "
        f"minutes with {calls} calls"
    )


def _asked(moments: Callable, setting: tuple) -> list[float]:
    """The moments as a list of numbers, or the verdict on what is none."""
    given = call(moments, *setting)
    outcome = try_call(lambda: list(islice(iter(given), _MOST)))
    if isinstance(outcome.error, TypeError):
        raise Stopped(
            failed(
                f"It gives {type(given).__name__}, and not one moment after another.",
                look="`yield` each moment, or return a list of them.",
            )
        )
    if outcome.hung:
        raise Stopped(failed("It goes on and on without giving a moment."))
    if isinstance(getattr(outcome.error, "__cause__", None), StopIteration):
        raise Stopped(
            failed(
                "It raises StopIteration within a generator.",
                look="`return` ends a generator.",
            )
        )
    if outcome.error is not None:
        raise outcome.error
    for moment in outcome.value:
        if isinstance(moment, bool) or not isinstance(moment, Real):
            reason = f"It gives {moment!r}, which is no number of seconds."
            raise Stopped(failed(reason))
    if len(outcome.value) == _MOST:
        raise Stopped(
            failed(
                "It never ends: the page would ask for ever.",
                look="The last moment is `until_s`.",
            )
        )
    return outcome.value


def _in_time(given: list[float], setting: tuple) -> Verdict | None:
    first_s, share, cap_s, until_s = setting
    if not given:
        return failed("It gives no moment at all: the page never asks.")
    found = _growing(given, until_s)
    if found:
        return found
    if given[-1] > until_s + _EXACT:
        return failed(
            f"It asks at {given[-1]:g} s, and the page gives up at {until_s:g} s.",
            look="No moment lies after `until_s`.",
        )
    if given[-1] < until_s - _EXACT:
        return failed(
            f"It asks for the last time at {given[-1]:g} s, and the page waits until "
            f"{until_s:g} s.",
            look="Ask once more at `until_s` exactly, before the page gives up.",
        )
    return _as_promised([0.0, *given], setting)


def _growing(given: list[float], until_s: float) -> Verdict | None:
    if given[0] <= 0:
        return failed(
            f"It asks at {given[0]:g} s, and there the page has just begun.",
            look="The first moment comes after the first wait.",
        )
    for earlier, later in pairwise(given):
        if later == earlier >= until_s:
            return failed(
                f"It asks twice at {later:g} s.",
                look="`until_s` comes once, also where a wait ends exactly there.",
            )
        if later <= earlier:
            return failed(
                f"{later:g} s follows {earlier:g} s: the moments do not grow.",
                look="A moment counts from the start, not from the moment before it: "
                "add the wait to the moment.",
            )
    return None


def _as_promised(asked: list[float], setting: tuple) -> Verdict | None:
    first_s, share, cap_s, _ = setting
    for at_s, next_s in pairwise(asked):
        wait_s = next_s - at_s
        if wait_s <= _longest(at_s, first_s, share, cap_s) + _EXACT:
            continue
        if wait_s > cap_s + _EXACT:
            reason = f"and {cap_s:g} s is the most, at any time."
            look = "Cap each wait at `cap_s`."
        elif at_s == 0:
            reason = f"and {first_s:g} s was promised for an order that ends at once."
            look = "The first wait is `first_s`, if the cap allows it."
        else:
            longest_s = _longest(at_s, first_s, share, cap_s)
            reason = f"and {longest_s:.3g} s is the promise then."
            look = "A wait is at most `share` times the moment at which it begins."
        return failed(
            f"It asks at {at_s:g} s and then at {next_s:.4g} s: an end just after "
            f"{at_s:g} s is known {wait_s:.3g} s late, {reason}",
            look=look,
        )
    return None


def _few_enough(given: list[float], setting: tuple) -> Verdict | None:
    best = ours(*setting)
    if len(given) <= len(best):
        return None
    first_s, share, cap_s, until_s = setting
    words = f"{first_s:g} s, {share:g}, a cap of {cap_s:g} s and {until_s:g} s"
    return failed(
        f"With {words} it asks {len(given)} times, and {len(best)} are enough.",
        _picture(given, best),
        look="Wait each time as long as the promise allows: the longer of `first_s` "
        "and `share` times the moment, and at most `cap_s`.",
    )


def _longest(at_s: float, first_s: float, share: float, cap_s: float) -> float:
    return min(cap_s, max(first_s, share * at_s))


def _picture(given: list[float], best: list[float]) -> Picture:
    most = max(len(given), len(best))

    def drawn(moments: list[float]) -> list[float]:
        return [0.0, *moments, *[math.nan] * (most - len(moments))]

    return curves(
        range(most + 1),
        {"yours": drawn(given), "as seldom as promised": drawn(best)},
        kinds={"yours": "fault"},
        title=f"{len(given)} calls, and {len(best)} keep the promise",
        x_label="call number",
        y_label="asked at, s after the start",
    )
