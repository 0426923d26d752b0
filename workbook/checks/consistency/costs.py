"""What the learner's own calls of lab 11 would have cost."""

from collections.abc import Callable
from typing import Any

from workbook.checks.exactly_once.costs import OwnCalls
from workbook.learn import Outcome, call, try_call

__all__ = ["own_calls", "plainly", "tried"]

own_calls = OwnCalls()


def plainly(answer: Callable, *args: Any) -> Any:
    """The value of the learner's code, undisturbed; its errors end the check."""
    with _counted():
        return call(answer, *args)


def tried(answer: Callable, *args: Any) -> Outcome:
    """What comes of the learner's code where an error of it is part of the check."""
    with _counted():
        return try_call(answer, *args)


class _counted:
    def __enter__(self) -> None:
        own_calls.start()

    def __exit__(self, *error: object) -> None:
        own_calls.stop()
