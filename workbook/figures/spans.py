"""What a timeline is made of: spans and moments, checked, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real

from workbook.figures.style import kind_color

__all__ = ["Mark", "Span", "check_spans", "spans_text"]


@dataclass(frozen=True)
class Span:
    """Something of a lane that lasts from `start` to `end`, in the timeline's unit."""

    lane: str
    start: float
    end: float
    label: str = ""
    kind: str = "healthy"


@dataclass(frozen=True)
class Mark:
    """A moment of a lane, or of all lanes where `lane` is empty."""

    lane: str
    at: float
    label: str = ""
    kind: str = "context"


def check_spans(spans: Sequence[Span], marks: Sequence[Mark]) -> None:
    """Refuse what cannot be drawn, with a ValueError that says which and why."""
    if not spans:
        raise ValueError("a timeline needs at least one span")
    _check_types(spans, Span)
    _check_types(marks, Mark)
    for thing in (*spans, *marks):
        kind_color(thing.kind)
        _check_times(thing)
    lanes = {span.lane for span in spans}
    for mark in marks:
        if mark.lane and mark.lane not in lanes:
            known = ", ".join(sorted(lanes))
            raise ValueError(f"{mark} is on an unknown lane: there are {known}")


def _check_types(things: Sequence, wanted: type) -> None:
    for thing in things:
        if not isinstance(thing, wanted):
            what = f"{wanted.__name__}({', '.join(wanted.__annotations__)})"
            raise ValueError(f"{thing!r} cannot be drawn: write {what}")


def _check_times(thing: Span | Mark) -> None:
    times = (thing.start, thing.end) if isinstance(thing, Span) else (thing.at,)
    for time in times:
        if not isinstance(time, Real) or not isfinite(time):
            raise ValueError(f"{thing} is not at a time: give a finite number")
    if times[-1] < times[0]:
        raise ValueError(f"{thing} ends before it starts: exchange start and end")


def spans_text(spans: Sequence[Span], marks: Sequence[Mark], unit: str) -> str:
    """The timeline in words, in order of time."""
    events = [
        (s.start, f"{s.start:g} to {s.end:g} {unit}: {s.lane}, {s.label or s.kind}")
        for s in spans
    ]
    events += [
        (m.at, f"{m.at:g} {unit}: " + ", ".join(filter(None, [m.lane, m.label])))
        for m in marks
    ]
    return "\n".join(f"{words}." for _, words in sorted(events, key=lambda e: e[0]))
