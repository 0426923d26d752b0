"""What the checks of lab 09 share: a fresh shop, plain calls, and verdicts."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from botocore.exceptions import HTTPClientError

from workbook.checks.exactly_once.costs import own_calls
from workbook.checks.exactly_once.shop import open_shop
from workbook.cloud import clock, local_cloud
from workbook.cloud.context import LambdaContext
from workbook.cloud.snapshot import restore, take
from workbook.explore import Exploration, Run, explore
from workbook.learn import (
    Verdict,
    call,
    failed,
    from_exploration,
    inconclusive,
    passed,
)
from workbook.learn.blame import describe, learners_line
from workbook.learn.running import Stopped
from workbook.patterns.idempotency import InProgress, PayloadChanged

__all__ = [
    "EVENT",
    "OTHER_EVENT",
    "attempts_at",
    "context",
    "explored",
    "fresh_shop",
    "plainly",
    "verdict_on",
    "wrapped",
]

EVENT = {"order_id": "order-7", "yen": 4200}
OTHER_EVENT = {"order_id": "order-8", "yen": 9900}

_ANOTHER_STUB = (
    "Your answer calls a function that is still a stub, from another exercise."
)
_SOLVE_IT = (
    "Solve that one first, or write what you need from it into this answer: each "
    "exercise can be checked alone."
)


_RETURN_IT = "A decorator ends with `return` and the name of its inner function."
_NO_RETURN = "A delivery did not come back: it called on and on, or waited."
_DO_NOT_WAIT = (
    "Do not wait for the other delivery: waiting is paid for, and may end in the "
    "function's timeout. Fail, and the queue brings the message back."
)

# Enough for a few tries of everything, few enough to be drawn.
_MOST_CALLS = 20

# What an answer raises on purpose, and what a lost response or request looks like.
_MEANT = (InProgress, PayloadChanged, HTTPClientError)


@contextmanager
def fresh_shop() -> Iterator[None]:
    """An empty shop in the mock cloud; the learner's tables and clock come back."""
    with nullcontext() if clock.running() else local_cloud():
        world, moment_s = take(), clock.seconds()
        open_shop()
        try:
            yield
        finally:
            restore(world)
            clock.jump_to(moment_s)


def plainly(answer: Callable, *args: Any) -> Any:
    """The value of the learner's code on the happy path; its errors end the check."""
    own_calls.start()
    try:
        # An answer may change its event: the next call gets one that is as it was.
        return call(answer, *map(_copied, args))
    except Stopped as stop:
        if stop.verdict.status != "not attempted":
            raise
        raise Stopped(inconclusive(_ANOTHER_STUB, look=_SOLVE_IT)) from None
    finally:
        own_calls.stop()


def _copied(argument: Any) -> Any:
    return copy.deepcopy(argument) if isinstance(argument, dict) else argument


def wrapped(decorator: Callable, handler: Callable) -> Callable:
    """`handler` in the learner's decorator; ends the check if that is no function."""
    decorated = plainly(decorator, handler)
    if callable(decorated):
        return decorated
    name = getattr(decorator, "__name__", "your decorator")
    what = "nothing" if decorated is None else f"a {type(decorated).__name__}"
    reason = f"`{name}(handler)` gave back {what}, not a function."
    raise Stopped(failed(reason, look=_RETURN_IT))


def context() -> LambdaContext:
    """A context for a plain call."""
    return LambdaContext(function_name="sell", timeout_s=25)


def explored(
    handler: Callable, event: Any, invariant: Callable, **bounds: Any
) -> Exploration:
    """`handler` under every schedule within `bounds`, each in a fresh shop.

    Without bounds: one delivery, nothing goes wrong.
    """
    bounds = {"deliveries": 1, "faults": (), "max_receives": 3, **bounds}
    world = {"setup": open_shop, "progress": False, "max_calls": _MOST_CALLS}
    return explore(handler, event, invariant=invariant, **world, **bounds)


def verdict_on(
    explorations: Iterable[Exploration], advice: Mapping[str, str], *, tried: str
) -> Verdict:
    """The verdict on explorations, taken one by one up to the first that fails.

    `advice` says for each reason that an invariant may give what to look at, and
    `tried` for a pass what the schedules were.
    """
    schedules = 0
    for found in explorations:
        if not found.holds or not found.schedules:
            return _verdict_on_failing(found, _look(found, advice))
        schedules += found.schedules
    return passed(f"It holds in all {schedules} schedules: {tried}.")


def _verdict_on_failing(found: Exploration, look: str) -> Verdict:
    run = found.counterexample
    if run is not None and not run.steps:  # no call, so nothing to draw
        return failed(found.why, look=look)
    if run is not None and run.stuck and not run.broken:
        return failed(_NO_RETURN, run.picture, look=f"{_DO_NOT_WAIT} {look}".strip())
    return from_exploration(found, look=look)


def attempts_at(table: str, run: Run) -> int:
    """How many writes to `table` a run sent."""
    writes = {"PutItem", "UpdateItem", "DeleteItem"}
    requests = [step.request for step in run.steps]
    sent = [r for r in requests if r.operation in writes]
    return sum(r.params.get("TableName") == table for r in sent)


def _look(found: Exploration, advice: Mapping[str, str]) -> str:
    """What to look at: our advice, and how the learner's code failed if it did."""
    parts = [advice.get(found.why, "")]
    if found.counterexample is not None:
        parts += _raised(found.counterexample)
    return " ".join(part for part in parts if part)


def _raised(run: Run) -> list[str]:
    """The first error in a run that the learner's code did not mean, in a sentence."""
    for end in run.ended:
        if end.error is None or isinstance(end.error, _MEANT):
            continue
        if (line := learners_line(end.error.__traceback__)) is not None:
            return [f"Your code raised {describe(end.error)} ({line})."]
    return []
