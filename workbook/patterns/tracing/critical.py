"""The critical path: what would have had to be quicker, for an order to be done sooner.

Found backwards, from the last thing that ended. Within a span, what a part of it does
is that part's time. Before a span begins lies the time since its sender ended: the wait
for it, in queues and on the way. The segments join without a gap, so their lengths add
up to the whole time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workbook.patterns.tracing.trace import Span, Trace

__all__ = ["Segment", "critical_path"]


@dataclass(frozen=True)
class Segment:
    """A part of the path: `kind` is "work" of the span, or "wait" for it to begin."""

    span: Span
    kind: str
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Seconds."""
        return self.end_s - self.start_s


def critical_path(trace: Trace) -> list[Segment]:
    """The segments from the first thing that happened on it to the last of the trace.

    It ends where the trace does, and begins at a root, or at an orphan where the trace
    is broken. An attempt that failed is part of the wait for the one that did not.
    """
    found = [s for s in _back(trace) if s.end_s > s.start_s]
    return found[::-1]


def _back(trace: Trace) -> Iterator[Segment]:
    # Of spans that end together, the one that began last depends on most.
    span = max(trace.spans, key=lambda s: (s.last_s, s.start_s))
    now_s, seen, left = span.last_s, {span.span_id}, set()
    while True:
        part = _last_part(trace, span, now_s, seen)
        if part is not None:  # go down into it
            yield Segment(span, "work", part.last_s, now_s)
            span, now_s = part, part.last_s
            seen.add(part.span_id)
            continue
        begun_s = min(span.start_s, now_s)
        yield Segment(span, "work", begun_s, now_s)
        left.add(span.span_id)
        parent = trace.parent(span)
        if parent is None or parent.span_id in left:
            return
        now_s = min(parent.last_s, begun_s)  # clocks differ: never forwards
        yield Segment(span, "wait", now_s, begun_s)
        span = parent
        seen.add(span.span_id)


def _last_part(trace: Trace, span: Span, now_s: float, seen: set[str]) -> Span | None:
    """The span within `span` that it set off and that ended last before `now_s`."""
    parts = [
        one
        for one in trace.children(span)
        if one.span_id not in seen
        and span.start_s <= one.start_s
        and one.last_s <= now_s
    ]
    return max(parts, key=lambda one: one.last_s, default=None)
