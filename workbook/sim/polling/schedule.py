"""Asking at growing intervals for something that happens once: the end of a job."""

import math

import numpy as np

from workbook.sim.checks import at_least, positive

__all__ = ["exponential_schedule", "poll_until"]


def exponential_schedule(
    *, first_s: float, factor: float, until_s: float, cap_s: float = math.inf
) -> np.ndarray:
    """When to ask: after `first_s`, then after waits that grow by `factor` to `cap_s`.

    Shape (calls,), up to the first time not before `until_s`. Without a cap, an event
    at t is known within first_s + (factor - 1) x t.
    """
    positive(first_s=first_s, until_s=until_s)
    at_least(1, factor=factor)
    if not cap_s >= first_s:
        raise ValueError(f"cap_s={cap_s!r}: it must not be below first_s={first_s:g}")
    times_s, wait_s, now_s = [], min(first_s, cap_s), 0.0
    while now_s < until_s:
        now_s += wait_s
        times_s.append(now_s)
        wait_s = min(wait_s * factor, cap_s)
    return np.array(times_s)


def poll_until(
    done_s: np.ndarray, schedule_s: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Delay in seconds and number of calls for each of `done_s`; two arrays.

    Each watcher waits for one event, at `done_s`, and asks at the times `schedule_s`,
    both counted from its start. The schedule must reach the last event.
    """
    done_s, schedule_s = np.asarray(done_s, float), np.asarray(schedule_s, float)
    if np.any(np.diff(schedule_s) <= 0):
        raise ValueError("schedule_s must grow from call to call")
    if not len(schedule_s) or (len(done_s) and not done_s.max() <= schedule_s[-1]):
        raise ValueError("schedule_s ends before the last of done_s: let it go on")
    call = np.searchsorted(schedule_s, done_s)
    return schedule_s[call] - done_s, call + 1
