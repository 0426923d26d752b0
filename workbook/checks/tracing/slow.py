"""Exercise 3: the longest part of an order's critical path."""

import random
from collections.abc import Callable
from numbers import Real
from typing import Any

from workbook.figures import Bar, Picture, waterfall
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.patterns.tracing import Span

__all__ = ["check"]

_CLOSE = 1e-6  # seconds

Answer = tuple[str, str, float]


def check(slow_hop: Callable) -> Verdict:
    """Whether it names the longest wait or work on the path, and its length."""
    try:
        return _check(slow_hop)
    except Stopped as end:
        return end.verdict


def _check(slow_hop: Callable) -> Verdict:
    cases = _cases()
    for spans, lesson in cases:
        _compare(slow_hop, spans, lesson)
    for seed in range(200):
        _compare(slow_hop, _order(seed), "A random order comes out otherwise.")
    return passed(f"tried: {len(cases)} orders, and 200 drawn at random")


def _span(name: str, parent: str, start_s: float, end_s: float, id_: str = "") -> Span:
    return Span(id_ or name, parent, "t", name, name, start_s, end_s)


def _cases() -> list[tuple[list[Span], str]]:
    place, charge = _span("place", "", 0, 1), _span("charge", "place", 2, 9)
    mail = _span("mail", "charge", 10, 12)
    waits = [place, _span("charge", "place", 8, 10), _span("mail", "charge", 11, 13)]
    beside = [*waits, _span("report", "place", 1, 12.5)]
    failed_once = _span("charge", "place", 3, 4, "first")
    again = [place, failed_once, _span("charge", "place", 60, 62), _mail_at(63)]
    early = [_span("place", "", 0, 12.5), _span("charge", "place", 2, 9), _mail_at(14)]
    twice = [
        place,
        _span("charge", "place", 30, 32),
        failed_once,
        _span("mail", "charge", 63, 64),
    ]
    told_twice = [
        place,
        _span("relay", "place", 1, 4, "relay-1"),
        _span("charge", "relay-1", 4, 9),
        _span("relay", "charge", 9, 12, "relay-2"),
        _span("mail", "relay-2", 12, 13),
    ]
    outlived = [_span("place", "", 0, 20), _span("mail", "place", 2, 3)]
    busy = [_span("place", "", 0, 10), _span("charge", "place", 2, 4), _mail_at(11)]
    return [
        ([place, charge, mail], "The longest work is not found."),
        (waits, "The longest part is a wait: nobody works, and no span shows it."),
        (beside, "What did not end last is beside the path, however long it took."),
        (again, "A failed attempt is part of the wait, which began with the sender."),
        (early, "A span that sends before it ends counts up to the next one's begin."),
        ([place], "An order with one span has one part."),
        (
            [_span("charge", "gone", 5, 7), _span("mail", "charge", 8, 9)],
            "A span whose parent is not in the log is where the path begins.",
        ),
        (twice, "Two spans have one name: the parent is found by its id."),
        (told_twice, "Two parts with one name are two parts."),
        (outlived, "The last to end may have a child that ended long before."),
        (busy, "A child's length is not what its parent's work is shortened by."),
    ]


def _mail_at(start_s: float) -> Span:
    """A mail that follows the charge."""
    return _span("mail", "charge", start_s, start_s + 1)


def _order(seed: int) -> list[Span]:
    """A tree of spans, each child after its parent's begin, some before its end."""
    rng = random.Random(seed)
    spans = [_span("s0", "", 0.0, rng.uniform(1, 10))]
    for number in range(1, rng.randint(2, 9)):
        parent = rng.choice(spans)
        start_s = parent.start_s + rng.uniform(0.1, 12)
        end_s = max(start_s, parent.end_s) + rng.uniform(0.1, 8)
        spans.append(_span(f"s{number}", parent.span_id, start_s, end_s))
    rng.shuffle(spans)
    return spans


def _right(spans: list[Span]) -> tuple[Answer, set[str]]:
    """The longest part, and the spans on the path."""
    by_id = {span.span_id: span for span in spans}
    span = max(spans, key=lambda one: one.end_s)
    now_s, parts, path = span.end_s, [], set()
    while True:
        parts.append((now_s - span.start_s, span.name, "work"))
        path.add(span.span_id)
        parent = by_id.get(span.parent_id)
        if parent is None:
            break
        now_s = min(parent.end_s, span.start_s)
        parts.append((span.start_s - now_s, span.name, "wait"))
        span = parent
    length_s, name, kind = max(parts)
    return (name, kind, length_s), path


def _compare(slow_hop: Callable, spans: list[Span], lesson: str) -> None:
    (name, kind, length_s), path = _right(spans)
    found = _read(call(slow_hop, list(spans)))
    same = found[:2] == (name, kind) and abs(found[2] - length_s) < _CLOSE
    if same:
        return
    said, right = _in_words(*found), _in_words(name, kind, length_s)
    if said == right:
        lesson = "The seconds are rounded too far."
        said = _in_words(*found, digits=6)
        right = _in_words(name, kind, length_s, digits=6)
    told = f"{lesson} It says {said}; right is {right}."
    title = f"The longest part is {right}"
    raise Stopped(failed(told, _picture(spans, path, title)))


def _in_words(name: str, kind: str, length_s: float, digits: int = 1) -> str:
    of = "wait for" if kind == "wait" else "work of"
    return f"the {of} {name} ({length_s:.{digits}f} s)"


def _read(answer: Any) -> Answer:
    try:
        name, kind, length_s = answer
    except (TypeError, ValueError):
        raise Stopped(
            failed(f"It answers {answer!r}, and not a name, a kind and seconds.")
        ) from None
    if kind not in ("work", "wait") or not isinstance(length_s, Real):
        raise Stopped(
            failed(
                f"It answers {answer!r}, which is not, in this order, the name, "
                '"work" or "wait", and the seconds.'
            )
        )
    return str(name), kind, float(length_s)


def _picture(spans: list[Span], path: set[str], title: str) -> Picture:
    by_id = {span.span_id: span for span in spans}
    bars = []
    for span in sorted(spans, key=lambda one: one.start_s):
        parent = by_id.get(span.parent_id)
        sent = min(parent.end_s, span.start_s) if parent else None
        critical = span.span_id in path
        bars.append(Bar(span.name, span.start_s, span.end_s, 0, sent, critical))
    return waterfall(bars, title=title)
