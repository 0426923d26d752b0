"""Exercise 1: a retry that stays within its budget, and repeats only what it may."""

from collections.abc import Callable

from workbook.checks.wrapping.day import Budget, Day
from workbook.learn import Verdict, call_or_error, failed, passed
from workbook.shop.payments import NotCharged, Unknown

__all__ = ["check"]


def check(tried: Callable) -> Verdict:
    """Whether the answer retries what is safe, in time, and no more than it may."""
    return (
        _how_often(tried)
        or _what_comes_out(tried)
        or _unknown(tried)
        or _other_errors(tried)
        or _within_the_budget(tried)
        or _with_pauses(tried)
        or passed(
            "tried: replies of each kind in every order that matters, an empty budget, "
            "two Retry-Afters, and forty waits"
        )
    )


def _no() -> NotCharged:
    return NotCharged("429")


def _how_often(tried: Callable) -> Verdict | None:
    for refusals in (0, 1, 2):
        day = Day([*(_no() for _ in range(refusals)), "receipt"])
        came = day.run(tried)
        if day.calls > refusals + 1:
            return failed("It goes on calling after the call has succeeded.")
        if day.calls <= refusals:
            return failed(
                f"After {_times(refusals, 'surely-not')} it does not try again, and "
                "three attempts are allowed.",
                look="The first attempt is number 1: two retries may follow.",
            )
        if came != "receipt":
            return failed(
                "The call succeeds, and its answer is not returned.",
                look="`return` what `call()` returns.",
            )
    day = Day([None])
    if day.run(tried) is not None or day.calls > 1:
        return failed(
            "The call succeeds with the answer None, and it is called again.",
            look="An answer is an answer: only an exception is a failure.",
        )
    return None


def _what_comes_out(tried: Callable) -> Verdict | None:
    day = Day([_no() for _ in range(5)])
    came = day.run(tried)
    if day.calls != 3:
        return failed(
            f"A provider that always refuses is called {day.calls} times, and three "
            "attempts are allowed.",
            look="Count the attempts, the first one too.",
        )
    if not isinstance(came, NotCharged):
        return failed(
            "All attempts fail, and no error comes out.",
            look="After the last attempt, raise the error again.",
        )
    if came not in day.raised:
        return failed(
            "All attempts fail, and another error comes out than the call raised.",
            look="`raise` the error that you caught: whoever called may read it.",
        )
    if came is not day.raised[-1]:
        return failed(
            "All attempts fail, and what comes out is not the last error.",
            look="Raise what the last attempt raised: its `retry_after_s` counts now.",
        )
    return None


def _other_errors(tried: Callable) -> Verdict | None:
    day = Day([KeyError("a mistake in the shop"), "receipt"])
    came = call_or_error((NotCharged, Unknown, KeyError), tried, *day.tools)
    if day.calls > 1 or not isinstance(came, KeyError):
        return failed(
            "The call raises a KeyError, a mistake of our own, and it is tried again.",
            look="Catch `NotCharged` alone.",
        )
    return None


def _unknown(tried: Callable) -> Verdict | None:
    for before in ([], [_no()]):
        day = Day([*before, Unknown("silence"), "receipt"])
        came = day.run(tried)
        if day.calls > len(before) + 1:
            return failed(
                "It calls again after a silence: perhaps the first call has charged.",
                look="Catch `NotCharged` alone.",
            )
        if not isinstance(came, Unknown):
            return failed(
                "After a silence something else comes out than Unknown.",
                look="Let `Unknown` through: whoever called has to ask.",
            )
    return None


def _within_the_budget(tried: Callable) -> Verdict | None:
    day = Day([_no(), "receipt"], Budget(0))
    came = day.run(tried)
    if day.calls > 1:
        return failed(
            "The budget is empty, and it tries again.",
            look="Retry only if `budget.take()` says True.",
        )
    if not isinstance(came, NotCharged):
        return failed("The budget is empty, and the error does not come out.")
    if day.sleeps:
        return failed(
            "The budget is empty, no retry follows, and it sleeps all the same.",
            look="Ask the budget first, and sleep if there is a token.",
        )
    for replies, needed in ((["receipt"], 0), ([_no(), "receipt"], 1), ([_no()], 2)):
        day = Day(replies)
        day.run(tried)
        if day.budget.given > needed:
            return failed(
                f"It takes {_times(day.budget.given, 'token')} for "
                f"{_times(needed, 'retry')}.",
                look="The first attempt costs nothing, and after the last one no "
                "retry follows.",
            )
    return None


def _with_pauses(tried: Callable) -> Verdict | None:
    day = Day([_no(), _no(), "receipt"])
    day.run(tried)
    if day.order != ["call", "sleep", "call", "sleep", "call"]:
        return failed(
            "It does not sleep once between each two attempts.",
            look="`sleep(seconds)` before each retry, and neither before the first "
            "attempt nor after the last.",
        )
    late = Day([NotCharged("429", 7.0), "receipt"])
    late.run(tried)
    if sum(late.sleeps) < 7:
        return failed(
            "The provider says Retry-After: 7, and it comes back sooner.",
            look="Wait at least `error.retry_after_s`.",
        )
    if sum(late.sleeps) > 7.1 + 1e-9:
        return failed(
            "The provider says Retry-After: 7, and it waits for "
            f"{sum(late.sleeps):.3g} s.",
            look="Never less than `error.retry_after_s`, and hardly more: `max` takes "
            "the longer of two waits.",
        )
    return _jitter(tried) or _jitter_above_a_retry_after(tried)


def _jitter_above_a_retry_after(tried: Callable) -> Verdict | None:
    waits = []
    for _ in range(40):
        day = Day([NotCharged("429", 0.05), "receipt"])
        day.run(tried)
        waits += day.sleeps
    if max(waits) > 0.05:
        return None
    return failed(
        "The provider says Retry-After: 0.05, and of forty waits none is longer, so "
        "that all clients come back at the same moment.",
        look="The wait is random up to 0.1 s all the same, and at least "
        "`error.retry_after_s`: the longer of the two.",
    )


def _jitter(tried: Callable) -> Verdict | None:
    waits = []
    for _ in range(40):
        day = Day([_no(), _no(), "receipt"])
        day.run(tried)
        waits.append(day.sleeps)
    for place, ceiling_s in enumerate((0.1, 0.2)):
        longest = max(wait[place] for wait in waits)
        if longest > ceiling_s + 1e-9 or min(wait[place] for wait in waits) < 0:
            return failed(
                f"Wait number {place + 1} is {longest:.2g} s, and its ceiling is "
                f"{ceiling_s:g} s.",
                look="Full jitter: anywhere from 0 to `0.1 * 2 ** (attempt - 1)`.",
            )
        if len({wait[place] for wait in waits}) < 5:
            return failed(
                "In forty tries it knows fewer than five waits, so that clients come "
                "back together.",
                look="`random.uniform(0, ceiling)`.",
            )
        if min(wait[place] for wait in waits) > 0.4 * ceiling_s:
            return failed(
                f"In forty tries wait number {place + 1} is never short.",
                look="Full jitter begins at 0.",
            )
        if longest < 0.6 * ceiling_s:
            return failed(
                f"In forty tries wait number {place + 1} never comes near its ceiling "
                f"of {ceiling_s:g} s.",
                look="The ceiling doubles with each attempt: 0.1 s, then 0.2 s.",
            )
    return None


def _times(number: int, noun: str) -> str:
    words = {0: "no", 1: "one", 2: "two", 3: "three"}
    plural = noun if number == 1 else {"retry": "retries"}.get(noun, noun + "s")
    return f"{words.get(number, number)} {plural}"
