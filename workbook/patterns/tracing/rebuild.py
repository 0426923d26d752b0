"""Traces out of log lines: who caused whom, and when.

A span has two lines, `"span": "begin"` and `"span": "end"`, which share its `span_id`.
Lines may come in any order and from many functions, may come twice, may be missing, and
may stand among lines that are no JSON: whatever is there is used, and what does not fit
is told, not dropped.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from workbook.patterns.tracing.trace import Line, Span, Trace

__all__ = ["read", "rebuild"]


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
    return replace(span, start_s=start_s, end_s=end_s, error=error)


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
