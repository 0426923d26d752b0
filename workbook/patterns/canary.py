"""A canary: a synthetic order that goes through the real shop, and is judged.

    finding = run(at_s, period_s=60, steps=STEPS, place=post, trace=read)
    finding.hop                     # "" or the first step that was not done

A run places this period's order and judges the last one's, by the trace that it left:
nobody waits for anything. It keeps no state, since the orders' ids follow from the
time. So a run that comes again places the same order again and judges the same one.

An id says that its order is synthetic, in every function and in every report.
Introduced in chapter 13.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["PREFIX", "Finding", "is_synthetic", "judge", "run", "synthetic_id"]

PREFIX = "canary-"

Trace = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Finding:
    """What a run found: `hop` is the first step that was not done, "" if all were.

    `why` says it in words. `latency_ms` is from the first event of the order to its
    last, and None where it has none or did not get that far.
    """

    order_id: str
    hop: str = ""
    why: str = ""
    latency_ms: float | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was wrong."""
        return not self.hop


def is_synthetic(order_id: str) -> bool:
    """Whether a canary made the order, and no buyer."""
    return order_id.startswith(PREFIX)


def synthetic_id(at_s: float, period_s: float) -> str:
    """The id of the order of the period that epoch second `at_s` lies in."""
    begin = dt.datetime.fromtimestamp(at_s // period_s * period_s, dt.UTC)
    return f"{PREFIX}{begin:%Y%m%dT%H%M%SZ}"


def judge(order_id: str, trace: Trace, steps: Sequence[str]) -> Finding:
    """Whether `trace`, pairs of an event's kind and its epoch seconds, is `steps`."""
    for number, step in enumerate(steps):
        if number == len(trace):
            return Finding(order_id, step, f"there is no {step}")
        if trace[number][0] != step:
            return Finding(order_id, step, f"{trace[number][0]} in place of {step}")
    if len(trace) > len(steps):
        return Finding(order_id, steps[-1], f"{trace[len(steps)][0]} after the end")
    return Finding(order_id, latency_ms=1000 * (trace[-1][1] - trace[0][1]))


def run(
    at_s: float,
    *,
    period_s: float,
    steps: Sequence[str],
    place: Callable[[str], None],
    trace: Callable[[str], Trace],
) -> Finding:
    """Judge the order of the period before `at_s`, and place the order of this one.

    `place(order_id)` raises if the shop refuses, `trace(order_id)` answers the order's
    events so far. Where the period before has no order, since the canary is new or was
    away, only this period's order can be wrong.
    """
    last, this = synthetic_id(at_s - period_s, period_s), synthetic_id(at_s, period_s)
    try:
        place(this)
    except Exception as error:  # whatever it is, the finding is that the door is shut
        return Finding(this, steps[0], f"{type(error).__name__}: {error}")
    if not trace(this):
        return Finding(this, steps[0], f"accepted, and there is no {steps[0]}")
    events = trace(last)
    return judge(last, events, steps) if events else Finding(last)
