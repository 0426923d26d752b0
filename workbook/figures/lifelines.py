"""When each invocation of a sequence diagram runs: its bars, and its life between."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.figures.steps import CALLS, Step

__all__ = ["Stretch", "stretches"]

_BEFORE, _AFTER = 6.0, 8.0  # points a bar sticks out where no step begins or ends it


@dataclass(frozen=True)
class Stretch:
    """A part of a lane from `top` to `bottom`: it "runs", is "dead" or "stuck"."""

    state: str
    top: float
    bottom: float


def stretches(moments: Sequence[tuple[Step, float]], bottom: float) -> list[Stretch]:
    """The stretches of one lane, from its steps and the heights they happen at."""
    found: list[Stretch] = []
    since: float | None = None
    crashed: float | None = None
    last = 0.0
    for step, at in moments:
        last = at
        if since is None and step.kind != "note":
            since = at if step.kind == "start" else at - _BEFORE
            if crashed is not None:
                found.append(Stretch("dead", crashed, since))
                crashed = None
        if step.kind in ("return", "crash", "stuck"):
            found.append(Stretch("runs", since, at))
            since = None
        if step.kind == "crash":
            crashed = at
        if step.kind == "stuck":
            found.append(Stretch("stuck", at, bottom))
    if since is not None:
        last += _AFTER if moments[-1][0].kind not in CALLS else 2 * _AFTER
        found.append(Stretch("runs", since, min(last, bottom)))
    if crashed is not None:
        found.append(Stretch("dead", crashed, bottom))
    return found
