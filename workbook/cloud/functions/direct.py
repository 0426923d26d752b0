"""A function, and the direct (``RequestResponse``) way to invoke it.

What AWS documents, read 2026-11-23:

- the caller waits; an error of the function is status 200 with the header
  ``X-Amz-Function-Error``; nobody retries for the caller:
  https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html and
  https://docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html
- above the reserved concurrency a call is refused with 429
  (``TooManyRequestsException``):
  https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
- timeout 1 to 900 s, 3 s unless told; memory 128 to 10,240 MB:
  https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html

What is modelled otherwise. A handler's body runs at one instant of virtual time.
Its length is `duration_s`, or what it advances the clock by. A run longer than
the timeout is reported as timed out, but the body has run to its end: on AWS it
is cut off somewhere in the middle. Cold starts, the account's concurrency and
the scaling rate are not modelled.
"""

import json
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from .. import clock
from ..context import LambdaContext
from .asynchronous import AsynchronousConfig, AsynchronousQueue
from .aws import ACCOUNT, region
from .bounds import within
from .invocation import Invocation, Throttled, run_handler, timed_out
from .wait import Summary, settle
from .wire import SYNCHRONOUS_LIMIT_BYTES, encode_event

__all__ = ["Function"]

Handler = Callable[[Any, Any], Any]


class Function:
    """A handler deployed in virtual time, with a log of its invocations.

    `duration_s` is how long each invocation takes: seconds, or a function of the
    event. `reserved_concurrency` refuses what comes above it; None never does.
    `log` lists every finished `Invocation` in order of its end. Raises
    ``TypeError`` for a handler that cannot be called, ``ValueError`` for a setting
    outside AWS's bounds.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        name: str | None = None,
        timeout_s: float = 3.0,
        memory_mb: int = 128,
        duration_s: float | Callable[[Any], float] = 0.0,
        reserved_concurrency: int | None = None,
    ) -> None:
        if not callable(handler):
            raise TypeError(f"handler must be a function(event, context): {handler!r}")
        within("Timeout", timeout_s, 1, 900)
        within("MemorySize", memory_mb, 128, 10_240)
        if reserved_concurrency is not None:
            within("ReservedConcurrentExecutions", reserved_concurrency, 0, 1_000)
        self.handler = handler
        self.name = name or _name(handler)
        self.timeout_s = timeout_s
        self.memory_mb = memory_mb
        self.duration_s = duration_s
        self.reserved_concurrency = reserved_concurrency
        self.running = 0
        self.log: list[Invocation] = []
        self.asynchronous = AsynchronousQueue(self)
        self._requests = 0

    def __repr__(self) -> str:
        """Name and how often it ran."""
        return f"<Function {self.name}: {len(self.log)} invocations>"

    @property
    def arn(self) -> str:
        """The ARN that the function would have."""
        return f"arn:aws:lambda:{region()}:{ACCOUNT}:function:{self.name}"

    @property
    def begun(self) -> int:
        """How many invocations were begun, those that still run included."""
        return self._requests

    @property
    def idle(self) -> bool:
        """Whether nothing runs and no asynchronous event waits."""
        return self.running == 0 and self.asynchronous.idle

    def invoke(self, event: Any) -> Invocation:
        """Invoke directly and wait; an error of the handler is in the result.

        Raises ``TypeError`` when `event` is not JSON, and ``ClientError`` with
        ``RequestTooLargeException`` or ``TooManyRequestsException``.
        """
        text = encode_event(event, limit_bytes=SYNCHRONOUS_LIMIT_BYTES)
        invocation = self.begin(json.loads(text), _nobody, source="direct")
        if invocation.end_s > clock.seconds():
            clock.advance_to(invocation.end_s)
        return invocation

    def invoke_async(self, event: Any) -> str:
        """Hand over `event` and return its request id at once (status 202).

        The handler runs when the clock next moves, or in `drain`.
        """
        return self.asynchronous.send(event)

    def configure_async(self, **settings: Any) -> AsynchronousConfig:
        """Set retries, age and destinations: see `AsynchronousConfig`."""
        self.asynchronous.config = AsynchronousConfig(**settings)
        return self.asynchronous.config

    def drain(self, *, within_s: float = 21_600.0) -> Summary:
        """Let virtual time run until every asynchronous event has ended."""
        return settle(self, within_s=within_s)

    def table(self) -> Any:
        """Return the log as a DataFrame, one row an invocation."""
        import pandas as pd  # noqa: PLC0415 - half a second, and few callers need it

        columns = ["source", "request_id", "attempt", "outcome", "start_s", "end_s"]
        rows = [[getattr(row, column) for column in columns] for row in self.log]
        return pd.DataFrame(rows, columns=columns)

    def begin(
        self,
        event: Any,
        done: Callable[[Invocation], None],
        *,
        source: str,
        attempt: int = 1,
        request_id: str | None = None,
    ) -> Invocation:
        """Start an invocation; `done` is called with it when it ends.

        For event sources. Raises `Throttled` when the reserved concurrency is used up.
        """
        self._admit()
        request_id = request_id or self.new_request_id()
        try:
            invocation = self._run(event, source, attempt, request_id)
        except BaseException:
            self.running -= 1
            raise
        _at(invocation.end_s, partial(self._end, invocation, done))
        return invocation

    def new_request_id(self) -> str:
        """Return the next request id: the same in every run of a notebook."""
        self._requests += 1
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.arn}/{self._requests}"))

    def _admit(self) -> None:
        limit = self.reserved_concurrency
        if limit is not None and self.running >= limit:
            raise Throttled
        self.running += 1

    def _run(
        self, event: Any, source: str, attempt: int, request_id: str
    ) -> Invocation:
        start_s = clock.seconds()
        # A copy: the log keeps the event as it was sent, whatever the handler does.
        own_copy = json.loads(json.dumps(event))
        outcome, payload = run_handler(
            self.handler, own_copy, self._context(request_id)
        )
        end_s = max(clock.seconds(), start_s + self._length_s(event))
        if end_s - start_s > self.timeout_s:
            outcome, payload = "timeout", timed_out(request_id, self.timeout_s)
            end_s = max(clock.seconds(), start_s + self.timeout_s)
        return Invocation(
            function=self.name,
            source=source,
            request_id=request_id,
            attempt=attempt,
            outcome=outcome,
            start_s=start_s,
            end_s=end_s,
            event=event,
            payload=payload,
        )

    def _context(self, request_id: str) -> LambdaContext:
        return LambdaContext(
            function_name=self.name,
            aws_request_id=request_id,
            timeout_s=self.timeout_s,
            memory_mb=self.memory_mb,
        )

    def _length_s(self, event: Any) -> float:
        length = self.duration_s
        return float(length(event) if callable(length) else length)

    def _end(self, invocation: Invocation, done: Callable[[Invocation], None]) -> None:
        self.running -= 1
        self.log.append(invocation)
        done(invocation)


def _name(handler: Handler) -> str:
    name = getattr(handler, "__name__", "")
    return name if name.isidentifier() else "handler"  # a lambda has no good name


def _nobody(invocation: Invocation) -> None:
    """Tell nobody: the direct caller has the invocation already."""


def _at(when_s: float, callback: Callable[[], None]) -> None:
    if when_s <= clock.seconds():
        callback()
    else:
        clock.call_at(when_s, callback)
