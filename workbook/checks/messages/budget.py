"""Exercise 4: a retry budget, put into a shop that is in a storm."""

from collections.abc import Callable
from typing import Any

import numpy as np

from workbook.checks.messages.words import kind
from workbook.figures import Picture, curves
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.sim.retry import Storm, retry_storm

__all__ = ["MOST", "SHARE", "check"]

SHARE, MOST = 0.1, 10  # tokens a new request brings; tokens the bucket holds
_SHOP = {"arrival_rate_per_s": 200, "capacity_per_s": 300, "seed": 5, "duration_s": 60}


def check(budget: Callable[[], Any]) -> Verdict:
    """Whether it lets a tenth retry, saves up ten at most, and ends the storm."""
    return (
        _by_hand(budget)
        or _in_the_storm(budget)
        or passed(
            "tried: a good day, a long quiet, a run of failures, and a storm at two "
            "thirds of the server's capacity"
        )
    )


def _by_hand(budget: Callable) -> Verdict | None:
    fresh = _made(budget)
    if _granted(fresh, MOST) < MOST:
        return failed(
            f"A full bucket does not give the {MOST} retries it holds.",
            look="A budget starts full: the first failures of a day may be retried.",
        )
    _new_requests(fresh, 11)
    if not _granted(fresh, 1):
        return failed(
            "After eleven new requests there is a token, and it allows no retry.",
            look=f"Each new request brings {SHARE:g} of a token.",
        )
    return (
        _when_empty(_made(budget))
        or _after_a_long_quiet(_made(budget))
        or _two_clients(budget)
        or _in_the_long_run(_made(budget))
    )


def _when_empty(fresh: Any) -> Verdict | None:
    _granted(fresh, MOST)
    if _granted(fresh, 5):
        return failed(
            f"After {MOST} retries and no new request it still allows one more.",
            look="`may_retry()` takes a token each time it says True.",
        )
    _new_requests(fresh, 9)
    if _granted(fresh, 1):
        return failed(
            "Nine new requests bring less than one token, and it allows a retry.",
            look="A retry needs a whole token.",
        )
    _new_requests(fresh, 2)
    if not _granted(fresh, 1):
        return failed(
            "Each time it refuses a retry it takes a token as well.",
            look="`may_retry()` takes a token only if it says True.",
        )
    return None


def _in_the_long_run(fresh: Any) -> Verdict | None:
    """A thousand new requests that all fail: a tenth may be retried, and ten more."""
    wanted = MOST + round(1_000 * SHARE)

    def may_retry() -> int:
        granted = 0
        for _ in range(1_000):
            fresh.new_request()
            granted += bool(fresh.may_retry())
        return granted

    granted = call(may_retry)
    if abs(granted - wanted) <= 1:  # a sum of tenths is a hair less than a whole
        return None
    return failed(
        f"Of a thousand new requests that all fail it lets {granted} try again, "
        f"where {wanted} is right.",
        look=f"Each new request brings {SHARE:g} of a token, a retry takes one.",
    )


def _new_requests(budget: Any, times: int) -> None:
    for _ in range(times):
        call(budget.new_request)


def _after_a_long_quiet(rested: Any) -> Verdict | None:
    def quiet() -> None:
        for _ in range(5_000):
            rested.new_request()

    call(quiet)
    saved = _granted(rested, 600)
    if saved > MOST:
        return failed(
            f"After a quiet time it allows {saved} retries at once: it saved up more "
            f"than {MOST} tokens.",
            look="Cap what the bucket holds.",
        )
    return None


def _two_clients(budget: Callable) -> Verdict | None:
    one, other = _made(budget), _made(budget)
    _granted(one, MOST)
    if not _granted(other, 1):
        return failed(
            "One client's retries empty another client's budget.",
            look="Keep the tokens in `self`, not in the class or a global.",
        )
    return None


def _made(budget: Callable) -> Any:
    made = call(budget)
    for name in ("new_request", "may_retry"):
        if not callable(getattr(made, name, None)):
            raise Stopped(failed(f"The budget has no method `{name}()`."))
    return made


def _granted(made: Any, times: int) -> int:
    """How many of so many retries are allowed."""

    def may_retry() -> list:
        return [made.may_retry() for _ in range(times)]

    answers = call(may_retry)
    for answer in answers:
        if not isinstance(answer, bool | np.bool_):
            reason = f"`may_retry()` answers {kind(answer)}, not True or False."
            raise Stopped(failed(reason))
    return sum(map(bool, answers))


def _in_the_storm(budget: Callable) -> Verdict | None:
    run = retry_storm(budget=_made(budget), retries=1, **_SHOP)
    if run.recovered:
        return None
    return failed(
        "The shop does not come out of the storm.",
        _picture(run),
        look="Count how many of the requests that you let through are retries.",
    )


def _picture(run: Storm) -> Picture:
    return curves(
        np.arange(60),
        {"sent": run.offered_per_s(), "answered in time": run.goodput_per_s()},
        kinds={"sent": "context", "answered in time": "fault"},
        title="With your budget the shop does not recover",
        x_label="time, s",
        y_label="requests a second",
    )
