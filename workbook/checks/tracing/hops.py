"""Exercise 1: twelve orders through four hops, two of them in batches."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from workbook.checks.tracing.carrying import BATCH, CARRIERS, requests
from workbook.figures import Bar, Picture, waterfall
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.patterns.events import Envelope, first
from workbook.patterns.tracing import Span, Telemetry, Trace, here, rebuild

__all__ = ["check"]

_ORDERS = 12
_AT = 1_520_730_000.0
# Each hop, and what its work makes of an event.
_KINDS = {
    "place": "OrderPlaced",
    "reserve": "SeatReserved",
    "charge": "OrderPaid",
    "mail": "MailSent",
}


def check(hop: Callable) -> Verdict:
    """Whether each order is one chain of spans, and each event names its cause."""
    try:
        return _check(hop)
    except Stopped as end:
        return end.verdict


def _check(hop: Callable) -> Verdict:
    run = _Run(hop)
    events = run.asked()
    for name in _KINDS:
        events = run.through(name, events)
    run.again()
    run.strangers()
    return passed(
        f"tried: {_ORDERS} orders over HTTP, SQS, EventBridge and a stream, in batches "
        f"of {BATCH}; a second delivery; a broken traceparent"
    )


# --- the run --------------------------------------------------------------------------


@dataclass
class _Seen:
    """What a hop worked on and sent; `where` is the span at work, by event."""

    worked: list[Envelope] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)
    sent: list[Any] = field(default_factory=list)


class _Run:
    def __init__(self, hop: Callable) -> None:
        self._hop = hop
        self._lines: list[str] = []
        self._moments = itertools.count()
        self._last: dict[str, tuple[list[dict], list[Envelope]]] = {}

    def asked(self) -> list[Envelope]:
        """What the browsers send, each from a span of its own."""
        browser, found = self._telemetry("browser"), []
        for number in range(1, _ORDERS + 1):
            ids = {"id": f"ask-{number}", "correlation_id": f"order-{number}"}
            asked = first("OrderAsked", {"seats": number}, at=_AT + number, **ids)
            with browser.span("ask", asked):
                found.append(replace(asked, traceparent=here()))
        return found

    def through(self, name: str, events: list[Envelope]) -> list[Envelope]:
        """Send the events through a hop, and look at what came of it."""
        called = CARRIERS[name].carry(events)
        seen = self._call(name, called)
        _worked_on_all(name, events, seen)
        sent = _sent_all(name, events, seen)
        self._spanned(name, events, seen)
        self._last[name] = called, sent
        return sent

    def again(self) -> None:
        """A batch is delivered once more: the same events must come of it."""
        called, before = self._last["reserve"]
        seen = self._call("reserve", called)
        if [event.id for event in seen.sent] != [event.id for event in before]:
            raise Stopped(
                failed(
                    "A batch that comes twice makes other event ids the second time: "
                    "whoever gets both cannot tell that they are one event.",
                    look="`caused_by` derives the id from its cause.",
                )
            )

    def strangers(self) -> None:
        """A broken `traceparent`: a new trace, and the order goes on."""
        ids = {"id": "ask-0", "correlation_id": "order-0", "traceparent": "00-x-y-z"}
        event = first("OrderAsked", {"seats": 1}, at=_AT, **ids)
        seen = self._call("place", requests([event]))
        if [event.correlation_id for event in seen.sent] != ["order-0"]:
            raise Stopped(
                failed("An event with a broken `traceparent` is not sent on.")
            )

    def _telemetry(self, name: str) -> Telemetry:
        """A service whose clock goes on by a tenth of a second with each line."""
        clock = (_AT + n / 10 for n in self._moments)
        return Telemetry(name, write=self._lines.append, clock=lambda: next(clock))

    def _call(self, name: str, called: list[dict]) -> _Seen:
        seen = _Seen()
        telemetry = self._telemetry(name)

        def work(cause: Envelope) -> tuple[str, dict]:
            seen.worked.append(cause)
            seen.where[cause.id] = here()
            return _KINDS[name], {**cause.data, name: len(name)}

        for event in called:
            call(self._hop, event, name, telemetry, work, seen.sent.append)
        return seen

    def _spanned(self, name: str, events: list[Envelope], seen: _Seen) -> None:
        traces = rebuild(self._lines, by="correlation_id")
        for event in events:
            trace = traces[event.correlation_id]
            mine = [span for span in trace.spans if span.name == name]
            _one_span(name, event, mine, seen)
            _right_parent(name, event, trace, mine[0])


def _worked_on_all(name: str, events: list[Envelope], seen: _Seen) -> None:
    missing = {event.id for event in events} - {event.id for event in seen.worked}
    if missing:
        raise Stopped(
            failed(
                f"“{name}” gets {len(events)} events, {CARRIERS[name].called} each "
                f"time, and `work` never saw {len(missing)} of them.",
                look="A function's event may hold many: `envelopes(event)` gives all.",
            )
        )
    if len(seen.worked) > len(events):
        raise Stopped(failed(f"“{name}” calls `work` more than once for an event."))


def _sent_all(name: str, events: list[Envelope], seen: _Seen) -> list[Envelope]:
    if len(seen.sent) != len(events):
        raise Stopped(
            failed(f"“{name}” gets {len(events)} events and sends {len(seen.sent)}.")
        )
    for event, sent in zip(events, seen.sent, strict=True):
        if not isinstance(sent, Envelope):
            raise Stopped(failed(f"It sends {type(sent).__name__}, and no Envelope."))
        _follows(event, sent, _KINDS[name], {**event.data, name: len(name)})
    return seen.sent


def _follows(event: Envelope, sent: Envelope, kind: str, data: dict) -> None:
    wrong = ""
    if (sent.type, sent.data) != (kind, data):
        wrong = "is not what `work` answered, by its type or its data"
    elif sent.correlation_id != event.correlation_id:
        wrong = f"belongs to {sent.correlation_id!r}, and its cause to the order"
    elif sent.causation_id != event.id:
        wrong = f"says that {sent.causation_id!r} caused it, and {event.id!r} did"
    elif sent.id == event.id:
        wrong = "has the id of its cause, so they look like one event"
    if wrong:
        raise Stopped(
            failed(
                f"The event that {event.correlation_id} sends on {wrong}.",
                look="`caused_by(cause, kind, data, at=…, traceparent=…)`.",
            )
        )


def _one_span(name: str, event: Envelope, mine: list[Span], seen: _Seen) -> None:
    order = event.correlation_id
    if len(mine) != 1:
        raise Stopped(
            failed(
                f"{order} has {len(mine)} spans “{name}”, and should have one.",
                look="A span for each event, not for each batch: "
                "`with telemetry.span(name, cause):` inside of the loop.",
            )
        )
    if mine[0].span_id not in seen.where[event.id]:
        raise Stopped(
            failed(
                f"`work` runs outside of the span “{name}”.",
                look="What is not inside of the span is not in its time.",
            )
        )


def _right_parent(name: str, event: Envelope, trace: Trace, span: Span) -> None:
    before = ["ask", *_KINDS][[*_KINDS].index(name)]
    parent = trace.parent(span)
    if parent is not None and parent.name == before:
        return
    if not span.parent_id:
        told = f"A new trace begins at “{name}” of {trace.key}"
        look = "`here()` is empty when no span is at work: ask inside of the `with`."
    elif parent is None:
        told = f"The parent of “{name}” of {trace.key} is no span of this order"
        look = "Each record of a batch has a sender of its own."
    else:
        told = (
            f"The parent of “{name}” of {trace.key} is “{parent.name}”, not “{before}”"
        )
        look = "Send on the span at work, `here()`, and not what you were sent."
    raise Stopped(failed(f"{told}.", _picture(trace, span, told), look=look))


def _picture(trace: Trace, wrong: Span, told: str) -> Picture:
    """The order's spans, the one under a wrong parent marked."""
    bars = [
        Bar(
            span.name,
            span.start_s - trace.start_s,
            span.last_s - trace.start_s,
            depth,
            kind="fault" if span is wrong else "healthy",
        )
        for depth, span in trace.walk()
    ]
    return waterfall(bars, title=told)
