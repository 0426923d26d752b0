"""A service's spans and its log, joined by their ids.

The spans are made by the OpenTelemetry SDK; each writes a line when it begins, with the
event that set it off, and one when it ends, as JSON. A span that never ends, since its
process died, so leaves its first line; an exporter would never hear of it.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from workbook.patterns.events.envelope import Envelope, iso
from workbook.patterns.tracing.scrub import scrub

__all__ = ["Telemetry", "here"]

_W3C = TraceContextTextMapPropagator()
_handled: ContextVar[Envelope | None] = ContextVar("handled", default=None)


class Telemetry:
    """The spans and the log of `service`.

    `write` takes a line; on Lambda `print` is enough, since CloudWatch Logs keeps what
    a function prints. `exporter` gets each span that has ended. The log holds no
    personal data as far as `scrub` can tell.
    """

    def __init__(
        self,
        service: str,
        *,
        write: Callable[[str], Any] = print,
        exporter: SpanExporter | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.service, self._write, self._clock = service, write, clock
        named = Resource({"service.name": service})
        self._spans = TracerProvider(resource=named, shutdown_on_exit=False)
        self._spans.add_span_processor(_Lines(self._line))
        if exporter is not None:
            self._spans.add_span_processor(SimpleSpanProcessor(exporter))
        self._tracer = self._spans.get_tracer(__name__)

    @contextmanager
    def span(self, name: str, cause: Envelope | None = None) -> Iterator[Span]:
        """Span a piece of work: what `cause` set off, or a part of the span around.

        The sender's span becomes the parent; a `traceparent` that is missing or broken
        begins a new trace. An exception ends the span as failed, and comes out.
        """
        before = _handled.set(cause or _handled.get())
        span = self._begin(name, cause)
        try:
            with trace.use_span(
                span, record_exception=False, set_status_on_exception=False
            ):
                yield span
        except Exception as error:  # its type only: its text may hold anything
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            span.end()
            raise
        finally:
            _handled.reset(before)
        span.end()

    def log(self, message: str, *, level: str = "INFO", **fields: Any) -> None:
        """Write a line with the ids of the span and of the event at work."""
        self._line({"level": level, "message": message, **_ids(), **fields})

    def _begin(self, name: str, cause: Envelope | None) -> Span:
        if cause is None:
            return self._tracer.start_span(name)
        sender = _W3C.extract({"traceparent": cause.traceparent}, context=Context())
        return self._tracer.start_span(
            name, context=sender, kind=SpanKind.CONSUMER, attributes=_names(cause)
        )

    def _line(self, fields: dict[str, Any]) -> None:
        line = {"time": iso(self._clock()), "service": self.service, **fields}
        self._write(json.dumps(scrub(line)))


def here() -> str:
    """The `traceparent` to send on: it names the span at work. Empty without one."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent", "")


class _Lines(SpanProcessor):
    """A line when a span begins, and a line when it ends."""

    def __init__(self, line: Callable[[dict[str, Any]], None]) -> None:
        self._line = line

    def on_start(self, span: Any, parent_context: Context | None = None) -> None:
        cause = _handled.get() if span.kind is SpanKind.CONSUMER else None
        event = {"data": dict(cause.data)} if cause else {}
        self._line({**_about(span, "begin", f"{span.name} begins"), **event})

    def on_end(self, span: ReadableSpan) -> None:
        failed = span.status.status_code is StatusCode.ERROR
        about = _about(span, "end", f"{span.name} {'fails' if failed else 'ends'}")
        error = {"level": "ERROR", "error": span.status.description} if failed else {}
        self._line({**about, **error})


def _about(span: Any, moment: str, message: str) -> dict[str, Any]:
    parent = f"{span.parent.span_id:016x}" if span.parent else ""
    return {
        "level": "INFO",
        "message": message,
        "span": moment,
        "name": span.name,
        "trace_id": f"{span.context.trace_id:032x}",
        "span_id": f"{span.context.span_id:016x}",
        "parent_id": parent,
        **_event_ids(),
        **(span.attributes or {}),
    }


def _ids() -> dict[str, str]:
    """The ids of the span and of the event at work."""
    at_work = trace.get_current_span().get_span_context()
    if not at_work.is_valid:
        return _event_ids()
    span = {
        "trace_id": f"{at_work.trace_id:032x}",
        "span_id": f"{at_work.span_id:016x}",
    }
    return {**span, **_event_ids()}


def _event_ids() -> dict[str, str]:
    cause = _handled.get()
    return _names(cause) if cause else {}


def _names(event: Envelope) -> dict[str, str]:
    named = {
        "correlation_id": event.correlation_id,
        "event_id": event.id,
        "event_type": event.type,
        "causation_id": event.causation_id,
    }
    return {name: value for name, value in named.items() if value}
