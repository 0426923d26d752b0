"""Exercise 4: the concurrency that keeps rejections at a target, by Erlang's B."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from workbook.checks.functional.misread import misread
from workbook.checks.messages.words import kind
from workbook.figures import Picture, curves
from workbook.learn import Verdict, call, failed, passed, try_call
from workbook.learn.running import Stopped
from workbook.sim.queueing import erlang_b, loss_system, servers_for_loss

__all__ = ["LOADS", "TIES", "check"]

# Arrivals a second, seconds of work each, share that may be rejected. In the first each
# known mistake gives a number of its own. No target is near what a whole number of
# places gives: rounding decides nothing.
LOADS = (
    (50, 0.5, 0.05),
    (10, 0.5, 0.01),
    (100, 0.2, 0.001),
    (0.5, 0.4, 0.05),
    (3, 8.0, 0.02),
    (200, 0.5, 0.6),
    (2_000, 0.5, 0.01),
    (3_000, 1.0, 0.01),
)
# Met exactly, with loads and shares that are exact in binary. By logarithms one of them
# may be missed by a rounding; whoever asks for less than the target misses both.
TIES = ((2, 0.5, 0.5), (12, 0.25, 0.75))
_REQUESTS = 100_000
_MOST = 5_000  # places up to which a picture is drawn
_DRAWN = 40  # limits in it, at most, besides the two that it is about
_STEP = "Get the share for n places from that for n - 1, in a loop from 1 up."
_LARGE = 700  # a load at work at once, from which on e to its power is no float
_OVERFLOWS = (
    "Does something grow beyond what a float holds (1e308)? Then inf / inf is nan, and "
    f"no comparison with nan holds. {_STEP}"
)
_ADVICE = {
    "OverflowError": f"Large powers and factorials do not fit into a float. {_STEP}",
    "RecursionError": "For a thousand places it calls itself a thousand times, and "
    f"Python stops there. {_STEP}",
}


def check(concurrency_needed: Callable[..., Any]) -> Verdict:
    """Whether it gives the smallest limit that meets each target."""
    for load in LOADS:
        verdict = _one(concurrency_needed, *load)
        if verdict is not None:
            return verdict
    most = max(_erlang(*load[:2]) for load in LOADS)
    number = len(LOADS) + len(TIES)
    return (
        _ties(concurrency_needed)
        or _no_load(concurrency_needed)
        or passed(
            f"tried: {number} loads up to {most:,.0f} at work at once, two that meet "
            "their target exactly, and no load at all"
        )
    )


def _ties(answer: Callable) -> Verdict | None:
    """The verdict on targets that are met exactly: one of them may be missed by one."""
    verdicts = [_one(answer, *load) for load in TIES]
    one_more = [_asked(answer, *load) == _right(*load) + 1 for load in TIES]
    wrong = [v for v in verdicts if v is not None]
    if len(wrong) == 1 and any(one_more):
        return None
    return wrong[0] if wrong else None


def _right(arrivals_per_s: float, duration_s: float, target: float) -> int:
    load = _erlang(arrivals_per_s, duration_s)
    return servers_for_loss(offered_load=load, lost_share=target)


def _erlang(arrivals_per_s: float, duration_s: float) -> float:
    return arrivals_per_s * duration_s


def _one(answer: Callable, arrivals_per_s, duration_s, target) -> Verdict | None:
    asked = (arrivals_per_s, duration_s, target)
    found = _asked(answer, *asked)
    right = _right(*asked)
    if found == right:
        return None
    said = f"{right:,} {_are(right)} needed, and your answer is {found:,}"
    return failed(
        f"{_told(*asked)}: {said}. {_because(found, right, *asked)}",
        _picture(found, right, *asked),
        look=misread(answer, found, asked) or _look(found, right, asked),
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _told(arrivals_per_s: float, duration_s: float, target: float) -> str:
    return (
        f"{arrivals_per_s:,g} requests a second of {duration_s:g} s, of which "
        f"{100 * target:g}% may be rejected"
    )


def _asked(answer: Callable, *asked: float) -> int:
    """The answer to one load; whatever ends the check there says which load it was."""
    try:
        found = call(answer, *asked)
    except Stopped as stop:
        look = f"{stop.verdict.look} It was asked about {_told(*asked)}.".strip()
        if _erlang(*asked[:2]) >= _LARGE:
            look = f"It was asked about {_told(*asked)}. {_OVERFLOWS}"
        for error, advice in _ADVICE.items():
            if error in stop.verdict.reason:
                look = advice
        raise Stopped(replace(stop.verdict, look=look)) from None
    whole = isinstance(found, int | np.integer) and not isinstance(found, bool)
    if not whole:
        reason = f"It answers {kind(found)}, not a whole number of places."
        raise Stopped(failed(reason, look=f"It was asked about {_told(*asked)}."))
    if abs(found) > 10**12:
        raise Stopped(failed("It answers a number of more than twelve digits."))
    return int(found)


def _because(found: int, right: int, *asked: float) -> str:
    """What the simulation, or the formula, says of a wrong limit."""
    arrivals_per_s, duration_s, _ = asked
    if found < 1:
        return "With no place at all everything is rejected."
    load = _erlang(arrivals_per_s, duration_s)
    if found < right:
        share = erlang_b(servers=found, offered_load=load)
        ran = _simulated(found, arrivals_per_s, duration_s)
        said = f"{found:,} {_reject(found)} {share:.2%}, and in a simulation of"
        return f"{said} {_REQUESTS:,} requests {ran:.2%}."
    share = erlang_b(servers=right, offered_load=load)
    return f"{right:,} {_reject(right)} {share:.2%} only."


def _reject(places: int) -> str:
    return "rejects" if places == 1 else "reject"


def _simulated(servers: int, arrivals_per_s: float, duration_s: float) -> float:
    """The share rejected by so many places, in a run with exponential durations."""
    run = loss_system(
        arrival_rate_per_s=arrivals_per_s, service_s=duration_s, servers=servers,
        requests=_REQUESTS, seed=1,
    )  # fmt: skip
    return run.rejected_share


def _look(found: int, right: int, asked: tuple[float, float, float]) -> str:
    if found == right + 1:
        return "One too many: a limit that just meets the target is enough."
    if found == right - 1:
        return "One too few: that limit does not meet the target yet."
    if _erlang(*asked[:2]) >= _LARGE:
        return f"The small loads are right. {_OVERFLOWS}"
    return "Erlang's B for 1, 2, 3 … places, until it is no more than the target."


def _no_load(answer: Callable) -> Verdict | None:
    outcome = try_call(answer, 0, 0.5, 0.01)
    if outcome.hung or isinstance(outcome.error, ZeroDivisionError):
        did = "does not come back" if outcome.hung else "divides by zero"
        return failed(
            f"Without any requests it {did}.",
            look="What is the answer there? Ask for it before anything else.",
        )
    found = _asked(answer, 0, 0.5, 0.01)
    if found == 1:
        return None
    return failed(
        f"Without any requests 1 place is enough, and your answer is {found:,}.",
        look="The smallest limit to consider is 1: with 0 the first request that comes "
        "after all is rejected.",
    )


def _picture(found: int, right: int, *asked: float) -> Picture | None:
    """Erlang's share for each limit, simulated ones over it, and the target."""
    arrivals_per_s, duration_s, target = asked
    if not 1 <= found <= _MOST:
        return None
    load = _erlang(arrivals_per_s, duration_s)
    low, high = min(found, right), max(found, right)
    margin = max(2, (high - low) // 4)
    limits = np.linspace(max(1, low - margin), high + margin, _DRAWN).round()
    limits = np.unique(np.append(limits, [found, right])).astype(int)
    shares = [100 * erlang_b(servers=int(n), offered_load=load) for n in limits]
    tried = sorted({found, right})
    simulated = [100 * _simulated(n, arrivals_per_s, duration_s) for n in tried]
    by_limit = dict(zip(limits.tolist(), shares, strict=True))
    return curves(
        limits,
        {"rejected": shares, "target": np.full(len(limits), 100 * target)},
        points={"rejected": (tried, simulated)},
        kinds={"target": "context"},
        title=f"A limit of {found:,} rejects {by_limit[found]:.2g}%, and {right:,} "
        f"{_reject(right)} {by_limit[right]:.2g}%; the target is {100 * target:g}%",
        x_label="concurrency limit",
        y_label="rejected, % (line: Erlang B; points: simulation of "
        f"{_REQUESTS:,} requests)",
    )
