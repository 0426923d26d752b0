"""An answer under every schedule, and the verdict on what came of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import HTTPClientError

from workbook.checks.exactly_once.shop import open_shop
from workbook.explore import Exploration, Run, explore
from workbook.learn import Verdict, failed, from_exploration, passed
from workbook.learn.blame import describe, learners_line
from workbook.patterns.idempotency import InProgress, PayloadChanged

__all__ = [
    "FAULTS",
    "explored",
    "explored_for_waits",
    "only_in_progress",
    "verdict_on",
    "writes_to",
]

FAULTS = {"faults": ("crash", "response_lost")}

_WAITED = "A delivery waited for another one: it slept, or asked again and again."
_NO_RETURN = "A delivery did not come back: it called on and on, or waited."
_DO_NOT_WAIT = (
    "Do not wait for the other delivery: waiting is paid for, and may end in the "
    "function's timeout. Fail, and the queue brings the message back."
)

# Enough for a few tries of everything, few enough to be drawn.
_MOST_CALLS = 20

# One look before the claim and one after it; the third of the same is a loop.
_MOST_ALIKE = 2
_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}

# What an answer raises on purpose, and what a lost response or request looks like.
_MEANT = (InProgress, PayloadChanged, HTTPClientError)


def explored(
    handler: Callable, event: Any, invariant: Callable, **bounds: Any
) -> Exploration:
    """`handler` under every schedule within `bounds`, each in a fresh shop.

    Without bounds: one delivery, nothing goes wrong.
    """
    bounds = {"deliveries": 1, "faults": (), "max_receives": 3, **bounds}
    world = {"setup": open_shop, "progress": False, "max_calls": _MOST_CALLS}
    return explore(handler, event, invariant=invariant, **world, **bounds)


def explored_for_waits(handler: Callable, event: Any) -> Exploration:
    """Whether one of two deliveries at once waits for the other.

    At most one interruption: an answer that asks on and on has thousands of other
    schedules, which all come to the same.
    """
    return explored(handler, event, _nobody_waits, deliveries=2, preemptions=1)


def _nobody_waits(run: Run) -> str:
    """No delivery waits for another one"""
    return _WAITED if _slept(run) or _asked_on_and_on(run) else ""


def _slept(run: Run) -> bool:
    return any(step.request.service == "time" for step in run.steps)


def _asked_on_and_on(run: Run) -> bool:
    """Whether an invocation made the same call more often than makes sense."""
    made = Counter(
        (step.choice.delivery, step.attempt, step.request.identity)
        for step in run.steps
    )
    return any(times > _MOST_ALIKE for times in made.values())


def only_in_progress(run: Run) -> bool:
    """Whether no invocation of a run raised anything but `InProgress`."""
    raised = [end.error for end in run.ended if end.outcome == "raised"]
    return all(isinstance(error, InProgress) for error in raised)


def writes_to(table: str, run: Run) -> list:
    """The steps of a run that wrote to `table`, or would have, in order."""
    return [
        step
        for step in run.steps
        if step.request.operation in _WRITES and table in _tables_of(step.request)
    ]


def _tables_of(request: Any) -> set[str]:
    """The tables that a request names, also inside a transaction."""
    inner = [part for one in _transacted(request) for part in one.values()]
    return {part.get("TableName", "") for part in (request.params, *inner)}


def _transacted(request: Any) -> list[dict]:
    return request.params.get("TransactItems") or []


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
        picture = replace(run, stuck=_NO_RETURN).picture
        return failed(_NO_RETURN, picture, look=f"{_DO_NOT_WAIT} {look}".strip())
    return from_exploration(found, look=look)


def _look(found: Exploration, advice: Mapping[str, str]) -> str:
    """What to look at: our advice, and how the learner's code failed if it did."""
    ours = _DO_NOT_WAIT if found.why == _WAITED else advice.get(found.why, "")
    parts = [ours]
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
