"""Exercise 2: a circuit breaker, held against traces of its states."""

from collections.abc import Callable
from typing import Any

from workbook.checks.wrapping.tries import Clock, made
from workbook.learn import Verdict, call_or_error, failed, passed
from workbook.patterns.backend import BreakerOpen, CircuitBreaker
from workbook.shop.payments import NotCharged, Unknown

__all__ = ["check"]

_THRESHOLD, _OPEN_S = 3, 5.0
_FAIL, _OK = True, False

# Steps are (seconds before the call, whether the service fails), and the sentence for
# a breaker that does otherwise than ours from some step on.
_TRACES = (
    (
        [(1, _FAIL), (1, _FAIL), (1, _OK), (1, _OK)],
        "Two failures in a row are not three, and it refuses the next call.",
        "It opens at the third failure in a row, not before.",
    ),
    (
        [(1, _FAIL), (1, _FAIL), (1, _OK), (1, _FAIL), (1, _OK)],
        "It counts failures that are not in a row.",
        "A success sets the count back to 0.",
    ),
    (
        [(1, _FAIL)] * 3 + [(1, _OK), (1, _OK)],
        "After three failures in a row it goes on asking.",
        "Open: raise `BreakerOpen` without a call.",
    ),
    (
        [(1, _FAIL)] * 3 + [(4.9, _OK)],
        "It asks again before it has been open for `open_s` seconds.",
        "Remember `clock()` when it opens.",
    ),
    (
        [(1, _FAIL)] * 3 + [(1, _OK), (1, _OK), (1, _OK), (2.5, _OK)],
        "It was open for `open_s` seconds, and it still refuses.",
        "Count from the moment it opened, not from the last refusal; then let one "
        "call through.",
    ),
    (
        [(1, _FAIL)] * 3 + [(5, _OK)],
        "It refuses the call that comes exactly `open_s` seconds after it opened.",
        "At `open_s` seconds *and later* a call goes through: refuse only before.",
    ),
    (
        [(1, _FAIL)] * 3 + [(5, _OK), (1, _FAIL), (1, _FAIL), (1, _OK)],
        "The trial has succeeded, and two failures after it already open it.",
        "A success of the trial closes the breaker, and the count begins at 0.",
    ),
    (
        [(1, _FAIL)] * 3 + [(5, _FAIL), (1, _OK)],
        "The trial has failed, and it asks again at once.",
        "One failed trial opens it again, for another `open_s` seconds.",
    ),
    (
        [(1, _FAIL)] * 3 + [(5, _FAIL), (4, _OK), (1.5, _OK), (1, _OK)],
        "The trial has failed, and after another `open_s` seconds there is no new one.",
        "A failed trial opens it as the first failures did, and no longer.",
    ),
)  # fmt: skip


def check(breaker: Callable) -> Verdict:
    """Whether the learner's breaker does as ours in each trace."""
    return (
        _plain(breaker)
        or _traced(breaker)
        or _errors(breaker)
        or _mistakes(breaker)
        or _other_settings(breaker)
        or _slow_failures(breaker)
        or _two_of_them(breaker)
        or passed(f"tried: {len(_TRACES)} traces of failures, trials and pauses")
    )


def _plain(breaker: Callable) -> Verdict | None:
    one = _made(breaker, Clock())
    if call_or_error((BreakerOpen, Unknown), one.call, lambda: "receipt") != "receipt":
        return failed(
            "A call through a closed breaker does not give the call's answer.",
            look="`return` what `function()` returns.",
        )
    if not isinstance(_ask(one, _FAIL, []), Unknown):
        return failed(
            "The service fails, and its error does not come out.",
            look="Note the failure, then `raise`.",
        )
    return None


def _errors(breaker: Callable) -> Verdict | None:
    one, asked = _made(breaker, Clock()), []
    for number in range(_THRESHOLD):
        error = (NotCharged, Unknown)[number % 2]("no")
        if _ask(one, error, asked) is not error:
            return failed(
                "A call fails, and another error comes out than the call raised.",
                look="Also at the failure that opens it: note it, then `raise`.",
            )
    if not isinstance(_ask(one, _OK, asked), BreakerOpen):
        return failed(
            "`NotCharged`, `Unknown`, `NotCharged` in a row do not open it.",
            look="Both errors are failures.",
        )
    return None


def _mistakes(breaker: Callable) -> Verdict | None:
    one, asked = _made(breaker, Clock()), []
    for _ in range(_THRESHOLD):
        if not isinstance(
            _ask(one, KeyError("a mistake in the shop"), asked), KeyError
        ):
            return failed("A call raises a KeyError, and something else comes out.")
    _ask(one, _OK, asked)
    if len(asked) > _THRESHOLD:
        return None
    return failed(
        "A KeyError is a mistake of our own, and three of them open it.",
        look="Only `NotCharged` and `Unknown` are failures of the service.",
    )


def _other_settings(breaker: Callable) -> Verdict | None:
    clock, asked = Clock(), []
    one = made(breaker, "call", 2, 8.0, clock)
    for pause_s, fails in ((1, _FAIL), (1, _FAIL), (7, _OK), (1, _OK)):
        clock.advance(pause_s)
        _ask(one, fails, asked)
    if len(asked) == 3:  # two failures and the trial
        return None
    return failed(
        "With `threshold` 2 and `open_s` 8 it does as with 3 and 5.",
        look="Use the arguments, not their values in the example.",
    )


def _slow_failures(breaker: Callable) -> Verdict | None:
    """Each failure takes four seconds, as timeouts do."""
    clock, asked = Clock(), []
    one = _made(breaker, clock)
    for _ in range(_THRESHOLD):
        _ask(one, _FAIL, asked, takes=lambda: clock.advance(4))
    clock.advance(_OPEN_S - 1)
    _ask(one, _OK, asked)
    if len(asked) == _THRESHOLD:
        return None
    return failed(
        "The calls time out after 4 s, and it opens for less than `open_s` seconds.",
        look="Ask the clock again when the call has failed.",
    )


def _traced(breaker: Callable) -> Verdict | None:
    for steps, reason, look in _TRACES:
        if _trace(breaker, steps) != _expected(steps):
            return failed(reason, look=look)
    return None


def _two_of_them(breaker: Callable) -> Verdict | None:
    clock = Clock()
    one, other = _made(breaker, clock), _made(breaker, clock)
    for _ in range(_THRESHOLD):
        _ask(one, _FAIL, [])
    if isinstance(_ask(other, _OK, []), BreakerOpen):
        return failed(
            "One provider's failures open another provider's breaker.",
            look="Keep the state in `self`, not in the class or a global.",
        )
    return None


def _made(breaker: Callable, clock: Clock) -> Any:
    return made(breaker, "call", _THRESHOLD, _OPEN_S, clock)


def _trace(breaker: Callable, steps: list) -> list[bool]:
    """For each step, whether the service was asked."""
    clock, asked = Clock(), []
    one = _made(breaker, clock)
    for pause_s, fails in steps:
        clock.advance(pause_s)
        before = len(asked)
        _ask(one, fails, asked)
        asked[before:] = [len(asked) > before]
    return asked


def _ask(
    one: Any, fails: bool | Exception, asked: list, takes: Callable = lambda: None
) -> Any:
    def service() -> str:
        asked.append(True)
        takes()
        if fails:
            raise fails if isinstance(fails, Exception) else Unknown("silence")
        return "receipt"

    errors = BreakerOpen, NotCharged, Unknown, KeyError
    return call_or_error(errors, one.call, service)


def _expected(steps: list) -> list[bool]:
    clock = Clock()
    ours = CircuitBreaker(threshold=_THRESHOLD, open_s=_OPEN_S, clock=clock)
    asked = []
    for pause_s, fails in steps:
        clock.advance(pause_s)
        try:
            ours.admit()
        except BreakerOpen:
            asked.append(False)
            continue
        asked.append(True)
        ours.failed() if fails else ours.succeeded()
    return asked
