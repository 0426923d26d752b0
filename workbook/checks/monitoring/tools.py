"""Tools that a check hands to a learner's code, and that may be used wrongly."""

import functools
from collections.abc import Callable
from typing import Any

from workbook.learn import Verdict, call
from workbook.learn.running import Stopped

__all__ = ["Misused", "Tools", "ask", "to_its_end"]


class Misused(Exception):
    """A tool was used in a way that ends the check; the tools have the verdict."""


class Tools:
    """What keeps the verdict on a misuse until the learner's code has ended."""

    complaint: Verdict | None = None

    def misused(self, verdict: Verdict) -> Misused:
        """The error to raise, where this is the verdict."""
        self.complaint = verdict
        return Misused(verdict.reason)

    def end_if_misused(self) -> None:
        """End the check with the verdict on a misuse, if there was one."""
        if self.complaint is not None:
            raise Stopped(self.complaint)


def ask(tools: Tools, answer: Callable, *args: Any) -> Any:
    """The value of `answer(*args)`, as `call` has it; a misused tool goes first."""
    try:
        return call(answer, *args)
    finally:
        tools.end_if_misused()


def to_its_end(check: Callable[[Any], Verdict]) -> Callable[[Any], Verdict]:
    """The check, with a verdict that ended it midway given back as any other."""

    @functools.wraps(check)
    def whole(answer: Any) -> Verdict:
        try:
            return check(answer)
        except Stopped as end:
            return end.verdict

    return whole
