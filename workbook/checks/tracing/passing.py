"""What is looked at when the events have gone through a hop of exercise 1.

Each function ends the check with its reason, or is content.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.checks.tracing.carrying import CARRIERS
from workbook.figures import Bar, Picture, waterfall
from workbook.learn import failed
from workbook.learn.running import Stopped
from workbook.patterns.events import Envelope
from workbook.patterns.tracing import Span, Trace

__all__ = [
    "KINDS",
    "Seen",
    "made",
    "one_after_the_other",
    "one_span",
    "right_parent",
    "rightly_named",
    "sent_all",
    "worked_on_all",
]

# Each hop, and what its work makes of an event.
KINDS: Mapping[str, str] = {
    "place": "OrderPlaced",
    "reserve": "SeatReserved",
    "charge": "OrderPaid",
    "mail": "MailSent",
}


@dataclass
class Seen:
    """What a hop worked on and sent; `where` is the span at work, by event."""

    worked: list[Envelope] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)
    sent: list[Any] = field(default_factory=list)


def made(name: str, cause: Envelope) -> dict:
    """The data that `work` answers: of the cause's data not all is in it."""
    return {"seats": cause.data["seats"], name: len(name)}


def worked_on_all(name: str, events: list[Envelope], seen: Seen) -> None:
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


def sent_all(name: str, events: list[Envelope], seen: Seen) -> list[Envelope]:
    if len(seen.sent) != len(events):
        raise Stopped(
            failed(f"“{name}” gets {len(events)} events and sends {len(seen.sent)}.")
        )
    for sent in seen.sent:
        if not isinstance(sent, Envelope):
            raise Stopped(failed(f"It sends {type(sent).__name__}, and no Envelope."))
    _in_order(name, events, seen.sent)
    for event, sent in zip(events, seen.sent, strict=True):
        _follows(event, sent, KINDS[name], made(name, event))
    return seen.sent


def _in_order(name: str, events: list[Envelope], sent: list[Envelope]) -> None:
    causes = [event.causation_id for event in sent]
    wanted = [event.id for event in events]
    if causes != wanted and sorted(causes) == sorted(wanted):
        raise Stopped(
            failed(f"“{name}” sends in another order than `envelopes(event)` gives.")
        )


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


def rightly_named(name: str, trace: Trace, mine: list[Span]) -> None:
    others = {span.name for span in trace.spans if span.service == name}
    if others and not mine:
        raise Stopped(
            failed(
                f"The span of {trace.key} is called “{min(others)}”, not “{name}”.",
                look="Each hop is given the `name` of its spans.",
            )
        )


def one_after_the_other(spans: list[Span]) -> None:
    """Whether each span has ended when the next begins."""
    in_time = sorted(spans, key=lambda span: span.start_s)
    for one, after in itertools.pairwise(in_time):
        if one.last_s > after.start_s:
            raise Stopped(
                failed(
                    f"The span of {one.correlation_id} is still open when "
                    f"that of {after.correlation_id} begins.",
                    look="Its time would be that of the whole batch.",
                )
            )


def one_span(name: str, event: Envelope, mine: list[Span], seen: Seen) -> None:
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


def right_parent(name: str, event: Envelope, trace: Trace, span: Span) -> None:
    before = ["ask", *KINDS][[*KINDS].index(name)]
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
