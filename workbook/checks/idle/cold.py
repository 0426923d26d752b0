"""Exercise 3: who starts cold, request by request, and then their share."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workbook.figures import Mark, Picture, Span, timeline
from workbook.learn import Verdict, call, failed, passed
from workbook.sim.coldstart import environments, most_recent_first

__all__ = ["check", "cold_by_the_rule"]

# What each shows; arrivals and service times in seconds; the idle timeout.
_STORIES = (
    ("the first request", (0.0,), (1.0,), 60.0),
    ("a second request soon after the first is done", (0.0, 30.0), (1.0, 1.0), 60.0),
    ("two requests at the same time", (0.0, 0.5), (2.0, 2.0), 60.0),
    ("a request after a long pause", (0.0, 200.0), (1.0, 1.0), 60.0),
    (
        "a pause counted from the end of a long request",
        (0.0, 100.0), (90.0, 1.0), 60.0,
    ),
    (
        "of two idle environments the one used last",
        (0.0, 0.5, 50.0, 61.2, 61.3), (1.0,) * 5, 60.0,
    ),
    (
        "a short request that ends before a longer one",
        (0.0, 1.0, 60.0), (30.0, 1.0, 1.0), 45.0,
    ),
)  # fmt: skip
# Arrivals a second, mean service in seconds, idle timeout.
_LOADS = ((0.01, 2.0, 600.0), (0.2, 5.0, 20.0), (2.0, 1.0, 3.0))
_REQUESTS = 2_000


def cold_by_the_rule(
    arrival_s: Sequence[float], service_s: Sequence[float], idle_timeout_s: float
) -> list[bool]:
    """The exercise's own rule, in which the environment used last is used again."""
    arrived, served = np.array(arrival_s), np.array(service_s)
    run = environments(arrived, served, idle_timeout_s=idle_timeout_s)
    return run.cold.tolist()


def check(cold: Callable[..., Any]) -> Verdict:
    """Whether it marks the cold requests of seven stories and three random loads."""
    for story in _STORIES:
        verdict = _told(cold, *story)
        if verdict is not None:
            return verdict
    shares = []
    for seed, load in enumerate(_LOADS):
        found = _drawn(cold, *load, seed)
        if isinstance(found, Verdict):
            return found
        shares.append(found)
    yours = ", ".join(f"{share:.1%} ± {error:.1%}" for share, error, _ in shares)
    theory = ", ".join(f"{share:.1%}" for _, _, share in shares)
    return passed(
        f"tried: {len(_STORIES)} stories and {len(_LOADS)} loads of {_REQUESTS:,} "
        f"requests; your shares {yours} (standard error), by theory {theory}"
    )


def _told(cold: Callable, words: str, arrival_s, service_s, timeout_s):
    found = _marks(call(cold, list(arrival_s), list(service_s), timeout_s))
    right = cold_by_the_rule(arrival_s, service_s, timeout_s)
    if isinstance(found, str):
        return failed(found, look="One True or False for each request, in order.")
    if found == right:
        return None
    if len(found) != len(right):
        return failed(f"{len(right)} requests, and {len(found)} answers.")
    number = next(n for n, pair in enumerate(zip(found, right, strict=True)) if
                  pair[0] != pair[1])  # fmt: skip
    is_cold = "cold" if right[number] else "not cold"
    return failed(
        f"{words.capitalize()}: request {number + 1} is {is_cold}, and your answer "
        "says the opposite.",
        _picture(words, arrival_s, service_s, timeout_s, right),
    )


def _marks(found: Any) -> list[bool] | str:
    """The answer as booleans, or what is wrong with it."""
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if not isinstance(found, list | tuple):
        kind = "nothing" if found is None else f"a {type(found).__name__}"
        return f"It answers {kind}, not a list with an entry for each request."
    if not all(isinstance(one, bool | np.bool_) or one in (0, 1) for one in found):
        return "Its list holds something else than True and False."
    return [bool(one) for one in found]


def _drawn(cold: Callable, rate, mean_s, timeout_s, seed):
    """The answer's share, its standard error and theory's; a verdict if it is wrong."""
    rng = np.random.default_rng(seed)
    arrival_s = np.cumsum(rng.exponential(1 / rate, _REQUESTS)).tolist()
    service_s = rng.exponential(mean_s, _REQUESTS).tolist()
    # the answer gets lists of its own, which it may change
    found = _marks(call(cold, list(arrival_s), list(service_s), timeout_s))
    right = cold_by_the_rule(arrival_s, service_s, timeout_s)
    if isinstance(found, str):
        return failed(found)
    if found != right:
        off = sum(a != b for a, b in zip(found, right, strict=False))
        return failed(
            f"{_REQUESTS:,} requests at {rate:g} a second, {mean_s:g} s each, idle "
            f"timeout {timeout_s:g} s: {off or 'some'} of your answers are wrong.",
            look="Every story before this was right; look at what many environments "
            "at once change.",
        )
    theory = most_recent_first(
        arrival_rate_per_s=rate, service_s=mean_s, idle_timeout_s=timeout_s
    )
    return *_share(found), theory.cold_share


def _share(marks: list[bool]) -> tuple[float, float]:
    """The share that is cold, and its standard error from twenty stretches."""
    stretches = np.reshape(marks, (20, -1)).mean(axis=1)
    return float(np.mean(marks)), float(stretches.std(ddof=1) / math.sqrt(20))


def _picture(words: str, arrival_s, service_s, timeout_s, right) -> Picture:
    """Each request in its environment; the cold ones marked."""
    free_s: list[float] = []
    spans, marks = [], []
    for number, (at, lasts, is_cold) in enumerate(
        zip(arrival_s, service_s, right, strict=True), start=1
    ):
        idle = [n for n, t in enumerate(free_s) if t <= at <= t + timeout_s]
        place = max(idle, key=lambda n: free_s[n]) if idle else len(free_s)
        free_s[place : place + 1] = [at + lasts]
        lane = f"environment {place + 1}"
        spans.append(Span(lane, at, at + lasts, str(number), "healthy"))
        if is_cold:
            marks.append(Mark(lane, at, "cold", "fault"))
    return timeline(spans, title=words.capitalize(), marks=marks, unit="s")
