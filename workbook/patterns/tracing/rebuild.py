"""Traces out of log lines: who caused whom, and when.

A span has two lines, `"span": "begin"` and `"span": "end"`, which share its `span_id`.
Lines may come in any order and from many functions, may come twice, may be missing, and
may stand among lines that are no JSON: whatever is there is used, and what does not fit
is told, not dropped.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

__all__ = ["Span", "Trace", "read", "rebuild"]

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
        return "\n".join(self._row(depth, span) for depth, span in self.walk())

    def _row(self, depth: int, span: Span) -> str:
        name = "   " * (depth - 1) + "└─ " * bool(depth) + span.name
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


def read(lines: Iterable[str | Line]) -> list[Line]:
    """The lines that are JSON objects, in order of their time.

    Lambda's own lines (START, REPORT), and lines of libraries, are left out.
    """
    found = [_object(line) if isinstance(line, str) else line for line in lines]
    return sorted(filter(None, found), key=lambda line: str(line.get("time", "")))


def rebuild(
    lines: Iterable[str | Line], *, by: str = "trace_id", keep_lines: bool = True
) -> dict[str, Trace]:
    """The traces in `lines`, by trace id or by another field, in order of their begin.

    By `correlation_id` a trace is all that belongs to an order, even where a broken
    `traceparent` began a new trace in the middle: then it has an orphan, or two roots.
    """
    spans: dict[str, dict[str, Span]] = defaultdict(dict)
    kept: dict[str, list[Line]] = defaultdict(list)
    for line in read(lines):
        key = line.get(by)
        if not isinstance(key, str) or not key:
            continue
        if keep_lines:
            kept[key].append(line)
        if line.get("span") in ("begin", "end") and line.get("span_id"):
            mine = spans[key]
            mine[line["span_id"]] = _with(mine.get(line["span_id"]), line)
    return {
        key: Trace(key, _sorted(found), tuple(kept[key]))
        for key, found in sorted(spans.items(), key=lambda pair: _begin(pair[1]))
    }


def _object(line: str) -> Line | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _with(span: Span | None, line: Line) -> Span:
    """The span after one more of its lines; the second of a kind changes nothing."""
    at_s = _seconds(line.get("time"))
    ends = line["span"] == "end"
    if span is None:
        return _new(line, at_s, at_s if ends else None)
    start_s = min(span.start_s, at_s)
    end_s = at_s if ends and span.end_s is None else span.end_s
    error = span.error or str(line.get("error") or "")
    return _replaced(span, start_s=start_s, end_s=end_s, error=error)


def _new(line: Line, start_s: float, end_s: float | None) -> Span:
    def text(name: str) -> str:
        return str(line.get(name) or "")

    return Span(
        span_id=line["span_id"],
        parent_id=text("parent_id"),
        trace_id=text("trace_id"),
        name=text("name"),
        service=text("service"),
        start_s=start_s,
        end_s=end_s,
        error=text("error"),
        correlation_id=text("correlation_id"),
        event_id=text("event_id"),
    )


def _replaced(span: Span, **changes: Any) -> Span:
    return Span(**{**span.__dict__, **changes})


def _seconds(time: Any) -> float:
    """RFC 3339 as epoch seconds; 0 for what cannot be read."""
    try:
        return dt.datetime.fromisoformat(time).timestamp()
    except (TypeError, ValueError):
        return 0.0


def _sorted(spans: Mapping[str, Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans.values(), key=lambda span: (span.start_s, span.last_s)))


def _begin(spans: Mapping[str, Span]) -> float:
    return min(span.start_s for span in spans.values())
