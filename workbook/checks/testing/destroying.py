"""Exercise 1: an environment for a test, and nothing of it afterwards."""

import inspect
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from workbook.checks.testing.region import DeployFailed, Region
from workbook.learn import Outcome, Verdict, call, failed, passed, try_call

__all__ = ["check"]

_TRIES = 5


class _NoGenerator(Exception):
    """The answer does not yield."""


@dataclass
class _Test:
    """The test inside: what it was given, and how it ends."""

    region: Region
    ends: BaseException | None = None
    given: Any = None
    ran: bool = False
    complete: bool | None = None

    def __call__(self, given: Any) -> None:
        """Look around, and end as told."""
        self.given, self.ran = given, True
        known = isinstance(given, str) and given in self.region.stacks
        self.complete = self.region.stacks[given] if known else None
        if self.ends is not None:
            raise self.ends


def check(fresh: Callable) -> Verdict:
    """Whether the fixture deploys, waits, yields, and destroys, whatever happens."""
    return (
        _a_good_day(fresh)
        or _two_at_once(fresh)
        or _the_test_ends_badly(fresh)
        or _the_deployment_ends_badly(fresh)
        or _the_end_ends_badly(fresh)
        or passed(
            "tried: a good day, two at once, a test that fails and one that is "
            "interrupted, deployments that break, fail or take too long, and a "
            "throttled delete"
        )
    )


def _a_good_day(fresh: Callable) -> Verdict | None:
    region = Region()
    test, outcome = _lived(fresh, region)
    if outcome.hung or outcome.error is not None:
        return _own(fresh, outcome)
    if test.complete is None:
        return failed(
            f"It yields {test.given!r}, and there is no such stack.",
            look="`yield` the name that you gave to `region.create`.",
        )
    if not test.complete:
        return failed(
            "The test begins before the stack is complete.",
            look="`region.wait_until_complete(name)` comes before the `yield`.",
        )
    if region.left:
        return failed("A good day, and the stack is still there afterwards.")
    if region.robbed:
        return failed("It deletes a stack that is not its own.")
    return None


def _two_at_once(fresh: Callable) -> Verdict | None:
    region = Region()

    def both() -> list[str]:
        with _manager(fresh, region) as one, _manager(fresh, region) as other:
            return [one, other]

    outcome = try_call(both)
    if not outcome.returned or len(set(outcome.value)) < 2:
        return failed(
            "Two of them at once meet: both want the same stack.",
            look="A new name for each run, such as `f'test-{uuid.uuid4()}'`.",
        )
    return None


def _the_test_ends_badly(fresh: Callable) -> Verdict | None:
    for name, error in (
        ("fails", AssertionError("3 seats, not 2")),
        ("is interrupted", KeyboardInterrupt()),
    ):
        region = Region()
        _, outcome = _lived(fresh, region, ends=error)
        if region.left:
            return failed(
                f"The test {name}, and the stack is still there.",
                look="`try:` around the `yield`, and the delete in its `finally:`.",
            )
        if outcome.error is not error:
            return failed(
                f"The test {name}, and that does not come out as it was raised.",
                look="Catch nothing: a `finally` needs no `except`, and no `return`.",
            )
    return None


def _the_deployment_ends_badly(fresh: Callable) -> Verdict | None:
    for name, region in (
        ("`create` breaks halfway", Region(breaks=ConnectionError("lost"))),
        ("The deployment fails", Region(fails=DeployFailed("no such role"))),
        ("The deployment takes too long", Region(fails=TimeoutError("10 minutes"))),
        ("You stop a deployment", Region(fails=KeyboardInterrupt())),
    ):
        test, outcome = _lived(fresh, region)
        if test.ran:
            return failed(f"{name}, and the test runs all the same.")
        if region.left:
            return failed(
                f"{name}, and what was created stays.",
                look="`try:` begins before `region.create(name)`.",
            )
        if outcome.error is not (region.breaks or region.fails):
            return failed(f"{name}, and that does not come out as it was raised.")
    return None


def _the_end_ends_badly(fresh: Callable) -> Verdict | None:
    region = Region(throttles=2)
    _, outcome = _lived(fresh, region)
    if region.left or not outcome.returned:
        return failed(
            "`delete` is throttled twice, and the third time it would work.",
            look=f"`Throttled`: `region.wait()`, and again, {_TRIES} times in all.",
        )
    if "wait" not in region.log:
        return failed(
            "`delete` is throttled, and it asks again at once.",
            look="`region.wait()` before the next time.",
        )
    for name, region, error in (
        ("The test fails", Region(throttles=2), AssertionError("3 seats, not 2")),
        ("`create` breaks halfway", Region(ConnectionError("lost"), throttles=2), None),
    ):
        _, outcome = _lived(fresh, region, ends=error)
        if region.left or outcome.error is not (error or region.breaks):
            return failed(
                f"{name}, and then `delete` is throttled twice: the stack stays, or "
                "what was raised does not come out.",
                look="One `finally` for all ends, with the five times in it.",
            )
    region = Region(throttles=99)
    _, outcome = _lived(fresh, region)
    if outcome.returned:
        return failed(
            "The stack cannot be deleted, and nobody hears of it.",
            look="After the fifth time let `Throttled` out: somebody has to look.",
        )
    tries = region.log.count("delete")
    if tries != _TRIES:
        return failed(f"`delete` is throttled each time, and tried {tries} times.")
    return None


def _lived(
    fresh: Callable, region: Region, ends: BaseException | None = None
) -> tuple[_Test, Outcome]:
    """A test that lives in an environment of the answer's making."""
    test = _Test(region, ends)

    def life() -> None:
        with _manager(fresh, region) as given:
            test(given)

    return test, try_call(life)


def _manager(fresh: Callable, region: Region) -> Any:
    """The answer as a context manager: it may be one already."""
    made = fresh(region)
    if inspect.isgenerator(made):
        return contextmanager(lambda: made)()
    if hasattr(made, "__enter__"):
        return made
    raise _NoGenerator


def _own(fresh: Callable, outcome: Outcome) -> Verdict:
    """A good day that raised: the answer's own mistake, told as such."""
    if isinstance(outcome.error, _NoGenerator):
        return failed(
            "It returns, and does not yield.",
            look="`yield name` where the test is to run, and clean up after it.",
        )
    if isinstance(outcome.error, RuntimeError) and "generator" in str(outcome.error):
        return failed("It does not yield exactly once.", look="One `yield`, no loop.")

    def again() -> None:
        with _manager(fresh, Region()):
            pass

    call(again)  # ends the check with the learner's line
    return failed(f"On a good day {type(outcome.error).__name__} comes out.")
