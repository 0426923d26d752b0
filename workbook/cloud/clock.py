"""Virtual time: one clock for the whole process, moved by hand.

While it runs, `time.time()` and `datetime.now()` stand still everywhere (time-machine
sees to that), so that visibility timeouts, leases and retry schedules pass when a cell
says so and every timestamp comes out the same. `time.sleep` in the main thread moves
the clock instead of waiting. `time.monotonic()` goes on: the notebook's own machinery
waits by it. The clock counts whole microseconds.
"""

import datetime as dt
import heapq
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import time_machine

from . import waiting
from .expiry import expire_items

__all__ = [
    "START",
    "Handle",
    "advance",
    "advance_to",
    "call_at",
    "call_later",
    "expire_items",
    "jump_to",
    "next_due",
    "now",
    "running",
    "seconds",
    "set_aside",
    "start",
    "stop",
]

# Ten in the morning in Sapporo, on the day of the talk.
START = dt.datetime(2018, 3, 11, 1, 0, tzinfo=dt.UTC)

# So many callbacks while the clock stands still: one of them must call itself again.
_MOST_AT_ONCE = 100_000


@dataclass(order=True)
class Handle:
    """A callback that waits for its moment."""

    due_us: int
    number: int
    callback: Callable[[], object] | None = field(compare=False)

    def cancel(self) -> None:
        """Never run the callback; no harm if it already ran."""
        self.callback = None


class _State:
    """The one clock: what holds the time, and what waits for its moment."""

    travel: time_machine.travel | None = None
    traveller: time_machine.Traveller | None = None
    due: list[Handle] = []
    numbers = itertools.count()


def start(at: dt.datetime = START) -> None:
    """Stop the time at `at`, an aware datetime. A running clock starts afresh."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone: say datetime(..., tzinfo=UTC)")
    if running():
        jump_to(at.timestamp())
        return
    _State.travel = time_machine.travel(at, tick=False)
    _State.traveller = _State.travel.start()
    waiting.start(advance)


def stop() -> None:
    """Let real time go on; what still waits for its moment is dropped."""
    _State.due.clear()
    if running():
        waiting.stop()
        _State.travel.stop()
        _State.travel = _State.traveller = None


def running() -> bool:
    """Whether virtual time is on."""
    return _State.traveller is not None


def now() -> dt.datetime:
    """The time, in UTC: virtual while the clock runs, else real."""
    return dt.datetime.now(dt.UTC)


def seconds() -> float:
    """The time in seconds since 1970: virtual while the clock runs, else real."""
    return time.time()


def advance(seconds: float) -> None:
    """Let `seconds` pass, and run what falls due on the way, in order.

    Each callback sees the clock at its own moment; those of one moment run in the order
    of their registration. A callback may register others, and may itself advance the
    clock. If one raises, the clock stands at its moment, it is not run again, and the
    others still wait for theirs. Raises ValueError for a negative number.
    """
    if seconds < 0:
        raise ValueError(
            f"the clock cannot go back by {-seconds} s: advance() takes 0 or more, and "
            "clock.jump_to(moment) rewinds, dropping what was due"
        )
    _advance_to_us(_now_us() + _us(seconds))


def advance_to(epoch_s: float) -> None:
    """Advance to a moment given in seconds since 1970, as `advance` does."""
    if _us(epoch_s) < _now_us():
        raise ValueError(
            f"{epoch_s} lies {seconds() - epoch_s:.6f} s in the past: "
            "clock.jump_to(moment) rewinds, dropping what was due"
        )
    _advance_to_us(_us(epoch_s))


def call_at(when_s: float, callback: Callable[[], object]) -> Handle:
    """Let `advance` run `callback()` at `when_s`, in seconds since 1970.

    A moment that has passed counts as now: the next `advance` runs it, be it
    `advance(0)`. Returns a handle with `cancel()`.
    """
    _demand_running()
    handle = Handle(_us(when_s), next(_State.numbers), callback)
    heapq.heappush(_State.due, handle)
    return handle


def call_later(delay_s: float, callback: Callable[[], object]) -> Handle:
    """Let `advance` run `callback()` once `delay_s` seconds have passed."""
    if delay_s < 0:
        raise ValueError(f"a delay of {delay_s} s lies in the past: take 0 or more")
    return call_at(seconds() + delay_s, callback)


def next_due() -> float | None:
    """The moment of the next callback in seconds since 1970, or None if none waits."""
    _drop_cancelled()
    return _State.due[0].due_us / 1e6 if _State.due else None


def jump_to(epoch_s: float) -> None:
    """Set the clock, forwards or back; no callback runs and all are dropped."""
    _demand_running()
    _State.due.clear()
    _move(_us(epoch_s))


@contextmanager
def set_aside() -> Iterator[None]:
    """Give the block a clock of its own: time and callbacks come back after it."""
    _demand_running()
    due, at_us = _State.due, _now_us()
    _State.due = []
    try:
        yield
    finally:
        _State.due = due
        _move(at_us)


def _advance_to_us(target_us: int) -> None:
    _demand_running()
    seen_us, at_once = _now_us(), 0
    while (handle := _take_due(target_us)) is not None:
        _move(max(handle.due_us, _now_us()))  # a callback may have advanced the clock
        at_once = at_once + 1 if _now_us() == seen_us else 0
        seen_us = _now_us()
        if at_once > _MOST_AT_ONCE:
            raise RuntimeError(f"{handle.callback} keeps calling itself at one moment")
        handle.callback()
    _move(max(target_us, _now_us()))


def _take_due(target_us: int) -> Handle | None:
    _drop_cancelled()
    if _State.due and _State.due[0].due_us <= target_us:
        return heapq.heappop(_State.due)
    return None


def _drop_cancelled() -> None:
    while _State.due and _State.due[0].callback is None:
        heapq.heappop(_State.due)


def _move(target_us: int) -> None:
    step_us = target_us - _now_us()
    if step_us and running():  # a callback may have stopped the clock
        _State.traveller.shift(dt.timedelta(microseconds=step_us))


def _now_us() -> int:
    return time.time_ns() // 1000


def _us(seconds: float) -> int:
    # A float near 1.5e9 is a quarter of a microsecond off at most: rounding mends it.
    return round(seconds * 1e6)


def _demand_running() -> None:
    if not running():
        raise RuntimeError("the virtual clock is not running: call local_cloud() first")
