"""Whether a log line speaks of its own run alone, as a new process has to."""

from collections.abc import Callable
from typing import Any

from workbook.cloud.watch import read_emf
from workbook.learn import call, failed
from workbook.learn.running import Stopped

__all__ = ["forgets"]

Run = tuple[str, float | None]  # hop, latency in ms

GOOD: Run = ("", 800.0)
FAILED: Run = ("SeatReserved", None)
SLOW: Run = ("", 9_000.0)
BEFORE = 5  # runs


def forgets(line: Callable) -> None:
    """Stop the check if the same run makes other metrics after other runs."""
    for run in (GOOD, FAILED, SLOW):
        if _after(line, GOOD, run) != _after(line, FAILED, run):
            raise Stopped(
                failed(
                    "After five failed runs the same run makes other metrics than "
                    "after five good ones.",
                    look="Each run is a new process, and remembers nothing. A line "
                    "says what became of its own run; the alarm looks at N of them.",
                )
            )


def _after(line: Callable, before: Run, run: Run) -> list[Any]:
    """The metrics of `run` after some others."""
    for minute in range(BEFORE):
        call(line, *before, 60.0 * minute)
    return read_emf(call(line, *run, 60.0 * BEFORE))
