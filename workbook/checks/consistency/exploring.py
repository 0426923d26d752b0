"""An answer under every schedule within some bounds, and the verdict on what came."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import HTTPClientError

from workbook.checks.consistency.tables import open_sale
from workbook.explore import Exploration, Run, explore
from workbook.learn import Verdict, failed, from_exploration, passed
from workbook.learn.blame import describe, learners_line

__all__ = ["answers", "explored", "verdict_on"]

_NO_RETURN = "An invocation did not come back: it called on and on, or waited."
_DO_NOT_WAIT = (
    "Do not wait for another invocation, and let no loop be without an end: fail, and "
    "the queue brings the message back."
)
_WAITED = "It waited for something that is not in AWS, such as a lock."
_OTHER_MACHINES = (
    "The other invocation may run on another machine, where no lock of yours is known, "
    "and here it stands still. Only the table can keep two apart: by a condition."
)
_MOST_CALLS = 20


def explored(
    handler: Callable,
    events: Any,
    invariant: Callable[[Run], str],
    *,
    setup: Callable[[], Any] = open_sale,
    **bounds: Any,
) -> Exploration:
    """`handler` under every schedule within `bounds`, each in fresh tables.

    Without bounds: each event delivered once, all at once, and nothing goes wrong.
    """
    bounds = {"deliveries": 1, "faults": (), "max_receives": 3, **bounds}
    world = {"setup": setup, "progress": False, "max_calls": _MOST_CALLS}
    return explore(handler, events, invariant=invariant, **world, **bounds)


def answers(run: Run, names: list[str]) -> list[tuple[str, Any]]:
    """Whose delivery was answered what: `names` holds a name for each delivery."""
    ends = sorted(run.ended, key=lambda end: (end.delivery, end.attempt))
    return [(names[e.delivery], e.value) for e in ends if e.outcome == "returned"]


def verdict_on(
    explorations: Iterable[Exploration],
    advice: Mapping[str, str],
    *,
    tried: str,
) -> Verdict:
    """The verdict on explorations, taken one by one up to the first that fails.

    `advice` says for each reason that an invariant may give what to look at, and
    `tried` for a pass what the schedules were.
    """
    schedules = 0
    for found in explorations:
        if not found.holds or not found.schedules:
            return _failing(found, advice)
        schedules += found.schedules
    return passed(f"It holds in all {schedules} schedules: {tried}.")


def _failing(found: Exploration, advice: Mapping[str, str]) -> Verdict:
    run = found.counterexample
    look = " ".join(filter(None, [advice.get(found.why, ""), _raised(run)]))
    if run is None:
        return from_exploration(found, look=look)
    if "without calling AWS" in run.stuck:
        return failed(_WAITED, look=_OTHER_MACHINES)
    if not run.steps:  # no call, so nothing to draw
        return failed(found.why, look=look)
    if run.stuck and not run.broken:
        picture = replace(run, stuck=_NO_RETURN).picture
        return failed(_NO_RETURN, picture, look=_DO_NOT_WAIT)
    return from_exploration(found, look=look)


def _raised(run: Run | None) -> str:
    """How the learner's code failed in a run, if it did, in a sentence."""
    for end in run.ended if run else ():
        if end.error is None or isinstance(end.error, HTTPClientError):
            continue  # a lost response was the check's own doing
        if (line := learners_line(end.error.__traceback__)) is not None:
            return f"Your code raised {describe(end.error)} ({line})."
    return ""
