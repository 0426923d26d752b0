"""Exercise 1: twelve orders through four hops, two of them in batches."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbook.checks.tracing.carrying import BATCH, CARRIERS, requests
from workbook.checks.tracing.passing import (
    KINDS,
    Seen,
    made,
    one_after_the_other,
    one_span,
    right_parent,
    rightly_named,
    sent_all,
    worked_on_all,
)
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped, try_call
from workbook.patterns.events import Envelope, first
from workbook.patterns.tracing import Telemetry, here, rebuild

__all__ = ["check"]

_ORDERS = 12
_AT = 1_520_730_000.0


def check(hop: Callable) -> Verdict:
    """Whether each order is one chain of spans, and each event names its cause."""
    try:
        return _check(hop)
    except Stopped as end:
        return end.verdict


def _check(hop: Callable) -> Verdict:
    run = _Run(hop)
    events = run.asked()
    for name in KINDS:
        events = run.through(name, events)
    run.again()
    run.strangers()
    run.twins()
    run.refused()
    return passed(
        f"tried: {_ORDERS} orders over HTTP, SQS, EventBridge and a stream, in batches "
        f"of {BATCH}; a second delivery; a broken traceparent; two events of one order "
        "in a batch; work that fails"
    )


# --- the run --------------------------------------------------------------------------


class _Refused(Exception):
    """What a `work` of ours raises."""


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
        worked_on_all(name, events, seen)
        sent = sent_all(name, events, seen)
        self._spanned(name, events, seen)
        self._last[name] = called, sent
        return sent

    def again(self) -> None:
        """A batch is delivered once more: the same events must come of it."""
        called, before = self._last["reserve"]
        seen = self._call("reserve", called)
        if len(seen.sent) != len(before):
            raise Stopped(
                failed(
                    f"A batch that comes twice sends {len(before)} events the first "
                    f"time, and {len(seen.sent)} the second.",
                    look="It comes again because nobody knows whether the first went "
                    "well; what was sent twice has the same id, and is recognised.",
                )
            )
        if [event.id for event in seen.sent] != [event.id for event in before]:
            raise Stopped(
                failed(
                    "A batch that comes twice makes other event ids the second time: "
                    "whoever gets both cannot tell that they are one event.",
                    look="`caused_by` derives the id from its cause.",
                )
            )

    def twins(self) -> None:
        """Two events of one order in one batch: each is worked on."""
        asked = [
            first("OrderPlaced", {"seats": n}, at=_AT, id=f"p-{n}", correlation_id="o")
            for n in (1, 2)
        ]
        seen = self._call("reserve", CARRIERS["reserve"].carry(asked))
        if [event.causation_id for event in seen.sent] != ["p-1", "p-2"]:
            raise Stopped(
                failed(
                    "Of two events of one order in one batch, one is lost.",
                    look="An order has many events: `cause.id` tells them apart.",
                )
            )

    def refused(self) -> None:
        """What `work` raises must come out, or nobody delivers the event again."""
        event = first("OrderAsked", {"seats": 1}, at=_AT, id="r", correlation_id="r")

        def work(cause: Envelope) -> tuple[str, dict]:
            raise _Refused("no seat")

        sent: list[Any] = []
        given = (requests([event])[0], "place", self._telemetry("place"), work)
        outcome = try_call(self._hop, *given, sent.append)
        if sent or not isinstance(outcome.error, _Refused):
            raise Stopped(
                failed(
                    "`work` fails, and the hop "
                    + ("sends something." if sent else "ends as if all were well."),
                    look="Let the exception out: Lambda delivers the event again.",
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

    def _call(self, name: str, called: list[dict]) -> Seen:
        seen = Seen()
        telemetry = self._telemetry(name)

        def work(cause: Envelope) -> tuple[str, dict]:
            seen.worked.append(cause)
            seen.where[cause.id] = here()
            return KINDS[name], made(name, cause)

        for event in called:
            call(self._hop, event, name, telemetry, work, seen.sent.append)
        return seen

    def _spanned(self, name: str, events: list[Envelope], seen: Seen) -> None:
        self._caused(name)
        traces, found = rebuild(self._lines, by="correlation_id"), []
        for event in events:
            trace = traces[event.correlation_id]
            mine = [span for span in trace.spans if span.name == name]
            rightly_named(name, trace, mine)
            one_span(name, event, mine, seen)
            right_parent(name, event, trace, mine[0])
            found += mine
        one_after_the_other(found)

    def _caused(self, name: str) -> None:
        """Spans of no event: telemetry was not told the cause."""
        traces = rebuild(self._lines).values()
        spans = [span for trace in traces for span in trace.spans]
        if any(not span.correlation_id for span in spans):
            raise Stopped(
                failed(
                    f"A span of “{name}” belongs to no event.",
                    look="`telemetry.span(name, cause)`: by the cause it knows its "
                    "order, and whose child it is.",
                )
            )
