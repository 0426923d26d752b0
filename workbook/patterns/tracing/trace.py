"""A span, and a trace: the spans that belong together, as a tree."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

__all__ = ["Line", "Span", "Trace"]

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Span:
    """A piece of work. Times are epoch seconds; what is not known is None or empty.

    `end_s` is None for a span that never ended; `error` is the type of the exception it
    ended in.
    """

    span_id: str
    parent_id: str
    trace_id: str
    name: str
    service: str
    start_s: float
    end_s: float | None
    error: str = ""
    correlation_id: str = ""
    event_id: str = ""

    @property
    def state(self) -> str:
        """ "done", "failed", or "begun" for one that never ended."""
        if self.end_s is None:
            return "begun"
        return "failed" if self.error else "done"

    @property
    def last_s(self) -> float:
        """The last that was heard of it."""
        return self.start_s if self.end_s is None else self.end_s


@dataclass(frozen=True)
class Trace:
    """Spans that belong together, in order of their begin, and all of their lines."""

    key: str
    spans: tuple[Span, ...]
    lines: tuple[Line, ...] = field(default=(), repr=False)

    @property
    def start_s(self) -> float:
        """When the first span began."""
        return min(span.start_s for span in self.spans)

    @property
    def end_s(self) -> float:
        """When the last that was heard of happened."""
        return max(span.last_s for span in self.spans)

    @cached_property
    def roots(self) -> tuple[Span, ...]:
        """The spans without a parent: one, in a whole trace."""
        return tuple(span for span in self.spans if not span.parent_id)

    @cached_property
    def orphans(self) -> tuple[Span, ...]:
        """Spans whose parent is not here: somewhere the context was not carried on.

        A span with a parent here that no root leads to, since parents go round in a
        circle, counts as well.
        """
        reached = {span.span_id for _, span in self._down(self.roots)}
        lost = [s for s in self.spans if s.parent_id and s.parent_id not in self._by_id]
        reached |= {span.span_id for _, span in self._down(lost)}
        rest = [span for span in self.spans if span.span_id not in reached]
        return tuple(lost + rest)

    def children(self, span: Span) -> tuple[Span, ...]:
        """The spans that `span` set off, in order of their begin."""
        return tuple(self._below.get(span.span_id, ()))

    def parent(self, span: Span) -> Span | None:
        """The span that set it off, if it is here."""
        return self._by_id.get(span.parent_id) if span.parent_id else None

    def walk(self) -> Iterator[tuple[int, Span]]:
        """Depth and span, from each root downwards; after them the orphans."""
        yield from self._down([*self.roots, *self.orphans])

    def tree(self) -> str:
        """The tree as text: a line a span, with its begin and its length."""
        rows = list(self.walk())
        branches = _branches([depth for depth, _ in rows])
        return "\n".join(map(self._row, branches, (span for _, span in rows)))

    def _row(self, branch: str, span: Span) -> str:
        name = branch + span.name
        lost = " (orphan)" if span in self.orphans else ""
        begin = f"at {span.start_s - self.start_s:7.3f} s"
        if span.end_s is None:
            return f"{name:<28}{begin}, never ended{lost}"
        ended = f" {span.error}" if span.error else ""
        return f"{name:<28}{begin}, {span.end_s - span.start_s:.3f} s{ended}{lost}"

    @cached_property
    def _by_id(self) -> dict[str, Span]:
        return {span.span_id: span for span in self.spans}

    @cached_property
    def _below(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = defaultdict(list)
        for span in self.spans:
            found[span.parent_id].append(span)
        return found

    def _down(self, tops: Iterable[Span]) -> Iterator[tuple[int, Span]]:
        seen: set[str] = set()
        waiting = [(0, span) for span in reversed(list(tops))]
        while waiting:
            depth, span = waiting.pop()
            if span.span_id in seen:
                continue
            seen.add(span.span_id)
            yield depth, span
            waiting += [(depth + 1, one) for one in reversed(self.children(span))]


def _branches(depths: list[int]) -> list[str]:
    """What is drawn before each row of a tree: the lines to the rows below it."""
    found: list[str] = []
    below: set[int] = set()  # depths at which a later row continues a line
    for depth in reversed(depths):
        below = {one for one in below if one <= depth}
        lines = ["│  " if one in below else "   " for one in range(1, depth)]
        end = ["├─ " if depth in below else "└─ "] if depth else []
        found.append("".join(lines + end))
        below.add(depth)
    return found[::-1]
