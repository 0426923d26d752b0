"""Runs a learner's code so that nothing it does can hurt the check that calls it."""

import contextvars
import ctypes
import inspect
import threading
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from types import FunctionType
from typing import Any

from workbook.learn.blame import describe, learners_line
from workbook.learn.stub import is_your_turn
from workbook.learn.verdict import Verdict, failed, not_attempted, raised

__all__ = [
    "NO_THREAD_LEFT",
    "Outcome",
    "Stopped",
    "call",
    "call_or_error",
    "in_a_thread",
    "try_call",
    "verdict_on_error",
]

STUB_IS_THERE = (
    "A stub is as it was: put your answer in place of its line "
    '`raise NotImplementedError("your turn")`.'
)

NO_THREAD_LEFT = "So many threads run already that none could be started for the check."


class Stopped(Exception):
    """Ends a check with a verdict, from however deep inside it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class _Halt(BaseException):
    """Thrown into a thread that did not come back in time."""


@dataclass(frozen=True)
class Outcome:
    """What came of a call: a `value`, an `error`, or neither because it `hung`."""

    value: Any = None
    error: BaseException | None = None
    hung: bool = False

    @property
    def returned(self) -> bool:
        """Whether the call came back with a value (which may be None)."""
        return self.error is None and not self.hung


def call(answer: Callable, *args: Any, timeout_s: float = 5.0, **kwargs: Any) -> Any:
    """The value of `answer(*args, **kwargs)`, the learner's code, run in a thread.

    When it raises, hangs or cannot take these arguments, the check ends here with the
    verdict that says so. To test that it raises, use `try_call`.
    """
    return call_or_error((), answer, *args, timeout_s=timeout_s, **kwargs)


def call_or_error(
    errors: tuple[type[Exception], ...],
    answer: Callable,
    *args: Any,
    timeout_s: float = 5.0,
    **kwargs: Any,
) -> Any:
    """As `call`, but an error named in `errors` is given back, as part of the task."""
    _fits(answer, args, kwargs)
    outcome = try_call(answer, *args, timeout_s=timeout_s, **kwargs)
    if outcome.hung:
        raise Stopped(_hung(answer, timeout_s))
    if isinstance(outcome.error, errors):
        return outcome.error
    if outcome.error is not None:
        raise _ended_by(answer, outcome.error)
    return outcome.value


def try_call(
    answer: Callable, *args: Any, timeout_s: float = 5.0, **kwargs: Any
) -> Outcome:
    """What comes of `answer(*args, **kwargs)`; an exception is part of the outcome.

    An untouched stub still ends the check. `timeout_s` is wall-clock time, also while
    the virtual clock stands still.
    """
    outcome = in_a_thread(lambda: answer(*args, **kwargs), timeout_s=timeout_s)
    if is_your_turn(outcome.error):
        raise Stopped(not_attempted(STUB_IS_THERE))
    return outcome


def verdict_on_error(
    error: BaseException, *, not_in: frozenset[str] = frozenset()
) -> Verdict | None:
    """The verdict on an exception of the learner's code; None if it was not theirs."""
    if is_your_turn(error):
        return not_attempted(STUB_IS_THERE)
    line = learners_line(error.__traceback__, not_in=not_in)
    if line is None:
        return None
    return raised(f"{describe(error)} (your {line})", look=_advice(error))


def in_a_thread(
    work: Callable[[], Any], *, timeout_s: float, grace_s: float = 1.0
) -> Outcome:
    """Run `work()` in a daemon thread, for at most `timeout_s` seconds.

    A thread that is late, or that the reader interrupts, is asked to stop (Python can
    do that only between two of its instructions) and has `grace_s` to come back.
    Where so many threads run that Python can start no other, Stopped ends the check.
    """
    box: list[Outcome] = []
    done = Event()
    scope = contextvars.copy_context()
    thread = Thread(target=scope.run, args=(_run, work, box, done), daemon=True)
    try:
        thread.start()
    except RuntimeError:
        raise Stopped(raised(NO_THREAD_LEFT, look="Restart the kernel.")) from None
    try:
        in_time = done.wait(timeout_s)
    except KeyboardInterrupt as interrupt:
        _throw(thread, KeyboardInterrupt)
        done.wait(grace_s)
        return box[0] if box else Outcome(error=interrupt)
    if not in_time:
        _throw(thread, _Halt)
        done.wait(grace_s)
        return Outcome(hung=True)
    return box[0]


def _run(work: Callable[[], Any], box: list[Outcome], done: Event) -> None:
    try:
        box.append(Outcome(value=work()))
    except BaseException as error:  # sys.exit() and worse: it is the learner's code
        box.append(Outcome(error=error))
    finally:
        done.set()


def _throw(thread: threading.Thread, kind: type[BaseException]) -> None:
    """Raise `kind` in another thread: a loop that never ends would eat a core for ever.

    https://docs.python.org/3/c-api/threads.html#c.PyThreadState_SetAsyncExc
    """
    ident = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(kind))


def _fits(answer: Callable, args: tuple, kwargs: dict) -> None:
    """End the check if `answer` cannot be called with these arguments."""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # built in: calling it will tell
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise Stopped(_wrong_arguments(answer, signature, len(args), error)) from None


def _wrong_arguments(
    answer: Callable, signature: inspect.Signature, given: int, error: TypeError
) -> Verdict:
    name = getattr(answer, "__name__", "your answer")
    return failed(
        f"{name}{signature} cannot be called as the exercise asks: {error}.",
        look=f"Keep the stub's signature: it is called with {given} argument(s).",
    )


def _hung(answer: Callable, timeout_s: float) -> Verdict:
    name = getattr(answer, "__name__", "your answer")
    return failed(
        f"{name} did not come back within {timeout_s:g} s.",
        look="Look for a loop that never ends, a sleep, or a lock that is never freed.",
    )


def _ended_by(answer: Callable, error: BaseException) -> BaseException:
    """What ends the check: the learner's verdict, or the error itself if it is ours.

    An error without a line of theirs is theirs only if the answer is built in.
    """
    if verdict := verdict_on_error(error):
        return Stopped(verdict)
    return (
        error if isinstance(answer, FunctionType) else Stopped(raised(describe(error)))
    )


def _advice(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "The function calls itself without end."
    if isinstance(error, SystemExit):
        return "A function gives its result with `return`: it must not end Python."
    return ""
