"""From the steps of a run to the rows of a sequence diagram."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from workbook.explore.describe import (
    describe_call,
    describe_error,
    describe_place,
    describe_reply,
    describe_target,
    describe_value,
)
from workbook.figures import Step as Row

if TYPE_CHECKING:
    from workbook.explore.machine import Step
    from workbook.explore.run import Run

__all__ = ["diagram_steps"]

_KINDS = {
    "ok": "call",
    "crash after": "call",
    "resent": "call",
    "throttled": "error",
    "response lost": "lost",
    "request lost": "request_lost",
}


def diagram_steps(run: "Run") -> list[Row]:
    """The rows of the run's diagram, from the first call to the last ending."""
    return list(_rows(run))


def _rows(run: "Run") -> Iterator[Row]:
    endings = {(end.delivery, end.attempt): end for end in run.ended}
    last_step = {(step.choice.delivery, step.attempt): step for step in run.steps}
    started: set[tuple[int, int]] = set()
    if not run.steps:
        yield Row("note", _lane(0), label="no call to AWS was made")
    round_ = 0
    for step in run.steps:
        who = (step.choice.delivery, step.attempt)
        if step.round > round_:
            waited_s = run.redeliver_after_s * (step.round - round_)
            yield Row("wait", "", label=f"{waited_s:g} s later: delivered again")
            round_ = step.round
        if who not in started:
            started.add(who)
            yield Row("start", _lane(who[0]), label=f"attempt {who[1]}")
        yield from _call_rows(step)
        if last_step[who] is step:
            yield from _ending(endings.get(who))
    if run.stuck:
        lane = _lane(run.steps[-1].choice.delivery) if run.steps else _lane(0)
        yield Row("stuck", lane, label="goes no further")
    for delivery in run.dead_letters:
        yield Row("note", _lane(delivery), label="given up: to the dead-letter queue")


def _lane(delivery: int) -> str:
    return f"delivery {delivery + 1}"


def _call_rows(step: "Step") -> Iterator[Row]:
    lane, request, fate = _lane(step.choice.delivery), step.request, step.choice.fate
    if request.service == "time":
        yield Row("note", lane, label=f"sleeps {request.params['seconds']:g} s")
        return
    if fate != "crash before":
        error = step.reply.error if fate in ("ok", "resent", "throttled") else None
        kind = "error" if error is not None else _KINDS[fate]
        yield Row(
            kind,
            lane,
            target=describe_target(request),
            label=describe_call(request)
            + (" (sent twice)" if fate == "resent" else ""),
            reply=_reply(step, error),
        )
    if fate.startswith("crash"):
        yield Row("crash", lane, label=f"{fate} {describe_place(request)}")


def _reply(step: "Step", error: BaseException | None) -> str:
    if error is not None:
        return describe_error(error)
    if step.choice.fate in ("ok", "resent"):
        return describe_reply(step.request, step.reply.value)
    return ""


def _ending(end: Any) -> Iterator[Row]:
    if end is None or end.outcome == "crashed":
        return
    label = "fails: " + describe_error(end.error)
    if end.outcome == "returned":
        label = "returns " + describe_value(end.value)
    yield Row("return", _lane(end.delivery), label=label)
