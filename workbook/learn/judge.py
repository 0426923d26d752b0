"""The frame round every check: whatever happens inside, a verdict comes out."""

import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbook.learn.blame import describe
from workbook.learn.capture import captured
from workbook.learn.running import (
    STUB_IS_THERE,
    Outcome,
    Stopped,
    in_a_thread,
    verdict_on_error,
)
from workbook.learn.stub import still_a_stub
from workbook.learn.verdict import Verdict, failed, inconclusive, not_attempted

__all__ = ["judge"]

Check = Callable[[Any], Verdict]


def judge(check: Check, answer: Any, *, limit_s: float = 120.0) -> Verdict:
    """The verdict of `check` on `answer`; never raises, never runs past `limit_s`.

    A check that breaks is inconclusive: neither a pass nor the learner's fault.
    """
    outcome, printed = _run(check, answer, limit_s)
    return replace(_verdict(check, outcome, limit_s), printed=printed)


def _run(check: Check, answer: Any, limit_s: float) -> tuple[Outcome, str]:
    """Run the check with its prints kept and Python's own limits restored after it."""
    recursion = sys.getrecursionlimit()
    with captured() as (kept, errors):

        def work() -> Verdict:
            errors.through = threading.get_ident()
            return _before(answer) or check(answer)

        try:
            outcome = in_a_thread(work, timeout_s=limit_s)
        except Stopped as at_the_start:
            outcome = Outcome(error=at_the_start)
    sys.setrecursionlimit(recursion)
    return outcome, kept.text


def _before(answer: Any) -> Verdict | None:
    """The verdict on what needs no check: an untouched stub, or no function at all."""
    if still_a_stub(answer):
        return not_attempted(STUB_IS_THERE)
    return None if callable(answer) else _not_callable(answer)


def _verdict(check: Check, outcome: Outcome, limit_s: float) -> Verdict:
    if outcome.hung:
        return inconclusive(
            f"The check was cut off after {limit_s:g} s.",
            look="Your code may be waiting for something, or the machine is very busy.",
        )
    if isinstance(outcome.error, KeyboardInterrupt):
        return inconclusive("You stopped the check.")
    if isinstance(outcome.error, Stopped):
        return outcome.error.verdict
    if outcome.error is not None:
        theirs = verdict_on_error(outcome.error, not_in=_files_of(check))
        return theirs or _broke(describe(outcome.error))
    if not isinstance(outcome.value, Verdict):
        return _broke("it gave no verdict")
    return outcome.value


def _files_of(check: Check) -> frozenset[str]:
    code = getattr(check, "__code__", None)
    return frozenset({code.co_filename} if code else ())


def _broke(reason: str) -> Verdict:
    return inconclusive(
        f"The check itself broke ({reason}). It is not your fault.",
        look="Please report it, with your answer.",
    )


def _not_callable(answer: Any) -> Verdict:
    what = "None" if answer is None else f"a value of type {type(answer).__name__}"
    return failed(
        f"The check was given {what}, not a function.",
        look="Hand over the function itself, by its name and without brackets.",
    )
