"""What the checks of this lab share: a clock to move, and a learner's object."""

from collections.abc import Callable
from typing import Any

from workbook.learn import call, failed
from workbook.learn.running import Stopped

__all__ = ["Clock", "made"]


class Clock:
    """A clock that the check moves: `clock()` answers seconds."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds


def made(kind: Callable, method: str, *args: Any) -> Any:
    """An object of the learner's class, which must have this method."""
    one = call(kind, *args)
    if not callable(getattr(one, method, None)):
        raise Stopped(failed(f"The class has no method `{method}()`."))
    return one
