"""What happened to an order, put together from what many functions wrote.

    telemetry = Telemetry("charge")
    with telemetry.span("charge", envelope):     # a span, and two lines in the log
        telemetry.log("money taken", yen=3800)   # a line with the ids of the span

    traces = rebuild(lines, by="correlation_id")
    print(traces["order-7"].tree())

Spans are OpenTelemetry's, so any exporter may have them; the log alone is enough to
rebuild them. Personal data does not reach the log. Introduced in chapter 08.
"""

from workbook.patterns.tracing.critical import Segment, critical_path
from workbook.patterns.tracing.progress import progress, stuck_at
from workbook.patterns.tracing.rebuild import read, rebuild
from workbook.patterns.tracing.scrub import scrub
from workbook.patterns.tracing.telemetry import Telemetry, here
from workbook.patterns.tracing.trace import Span, Trace
from workbook.patterns.tracing.traceparent import TraceContext, carry_on, parse

__all__ = [
    "Segment",
    "Span",
    "Telemetry",
    "Trace",
    "TraceContext",
    "carry_on",
    "critical_path",
    "here",
    "parse",
    "progress",
    "read",
    "rebuild",
    "scrub",
    "stuck_at",
]
