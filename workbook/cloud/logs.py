"""CloudWatch Logs on the mock: what a function prints is kept, as Lambda does it.

    keep_logs(*stack.functions.values())
    ...
    lines("shop-PlaceOrder")

Each function has a log group, `/aws/lambda/<name>`, and each invocation writes into a
log stream: Lambda's START and END, and in between each line that the function printed,
with its moment (docs.aws.amazon.com/lambda/latest/dg/python-logging.html, read
2026-11-29). On AWS a stream belongs to an instance of the function, which serves many
invocations; here to one invocation. REPORT and the log of a crash are not modelled.
"""

import functools
import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from typing import Any

from . import clock
from .functions import Function
from .functions.aws import client

__all__ = ["keep_logs", "lines", "logged"]

Handler = Callable[[Any, Any], Any]


def keep_logs(*functions: Function) -> None:
    """Keep what these functions print from now on. Doing so again changes nothing."""
    for function in functions:
        if not getattr(function.handler, "logged", False):
            function.handler = logged(function.handler)


def logged(handler: Handler) -> Handler:
    """The handler, with what it prints kept in its log group instead of shown."""

    @functools.wraps(handler)
    def with_log(event: Any, context: Any) -> Any:
        log = _Log(context)
        log.line(f"START RequestId: {context.aws_request_id} Version: $LATEST")
        with redirect_stdout(log):
            try:
                return handler(event, context)
            finally:
                log.finish()

    with_log.logged = True
    return with_log


def lines(*functions: str) -> list[str]:
    """Every line that functions of these names wrote, in order of time.

    On AWS a search over several log groups is a query of Logs Insights.
    """
    found = [event for name in functions for event in _events(f"/aws/lambda/{name}")]
    return [e["message"] for e in sorted(found, key=lambda e: e["timestamp"])]


class _Log(io.TextIOBase):
    """A log stream: takes text, sends whole lines in one call when the run is over."""

    def __init__(self, context: Any) -> None:
        self._where = {
            "logGroupName": context.log_group_name,
            "logStreamName": context.log_stream_name,
        }
        self._id = context.aws_request_id
        self._events: list[dict[str, Any]] = []
        self._rest = ""

    def write(self, text: str) -> int:
        """Take `text`; a line counts from when it is whole."""
        *whole, self._rest = (self._rest + text).split("\n")
        for one in whole:
            self.line(one)
        return len(text)

    def line(self, text: str) -> None:
        if text:
            now_ms = int(clock.seconds() * 1000)
            self._events.append({"timestamp": now_ms, "message": text})

    def finish(self) -> None:
        """Send it all."""
        self.line(self._rest)
        self.line(f"END RequestId: {self._id}")
        logs = client("logs")
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=self._where["logGroupName"])
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_stream(**self._where)  # a retry has its request's stream
        logs.put_log_events(**self._where, logEvents=self._events)


def _events(group: str) -> Iterator[dict[str, Any]]:
    logs = client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    try:
        for page in pages:
            yield from page["events"]
    except logs.exceptions.ResourceNotFoundException:
        return  # it has never run
