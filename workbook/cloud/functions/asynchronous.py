"""Asynchronous invocation: Lambda's own queue in front of a function.

What AWS documents, read 2026-11-23:

- a function error is tried again twice, after one minute and then after two;
  throttles (429) and system errors go back to the queue, the wait growing from 1 s
  to 5 min, until the event is too old; the same event may arrive twice though
  nothing failed:
  https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
- ``MaximumRetryAttempts`` 0 to 2, ``MaximumEventAgeInSeconds`` 60 to 21,600:
  https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
- the invocation record for a destination, the three attributes of a dead-letter
  message, and that a function with a reserved concurrency of zero sends new events
  there without a retry:
  https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html

Not modelled: longer waits when the queue is long, system errors, S3 destinations,
the loop detection. AWS names the conditions ``RetriesExhausted``,
``EventAgeExceeded`` and ``Success``; ``ZeroReservedConcurrency`` is what a live
function reports, the page does not name it. When an event can no longer be tried
before it is too old, it is given up at that age, not before.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import clock
from .bounds import within
from .destination import checked, dead_letter, deliver, iso_time
from .invocation import Invocation, Throttled
from .wire import ASYNCHRONOUS_LIMIT_BYTES, encode_event

if TYPE_CHECKING:
    from .direct import Function

__all__ = ["AsynchronousConfig", "AsynchronousQueue"]

RETRY_WAITS_S = (60.0, 120.0)
FIRST_THROTTLE_WAIT_S = 1.0
LONGEST_THROTTLE_WAIT_S = 300.0
DUPLICATE_AFTER_S = 1.0  # our choice: AWS says only that a duplicate may come


@dataclass(frozen=True)
class AsynchronousConfig:
    """How failed events are treated; names and bounds are AWS's.

    `on_success` and `on_failure` take a `Function` or the ARN of a standard queue,
    a standard topic or an event bus; `dead_letter_queue` the ARN of a queue or
    topic. `duplicates` is the share of events delivered twice though nothing
    failed, drawn with `seed`.
    """

    maximum_retry_attempts: int = 2
    maximum_event_age_in_seconds: float = 21_600
    on_success: Any = None
    on_failure: Any = None
    dead_letter_queue: str | None = None
    duplicates: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what AWS refuses."""
        within("MaximumRetryAttempts", self.maximum_retry_attempts, 0, 2)
        age_s = self.maximum_event_age_in_seconds
        within("MaximumEventAgeInSeconds", age_s, 60, 21_600)
        within("duplicates", self.duplicates, 0, 1)
        checked("OnSuccess", self.on_success)
        checked("OnFailure", self.on_failure)
        checked("DeadLetterConfig", self.dead_letter_queue, services=("sqs", "sns"))


@dataclass
class _Entry:
    """An event in the queue. `invocations` counts runs, `throttles` refusals."""

    request_id: str
    event: Any
    accepted_s: float
    throttles: int = 0
    invocations: int = 0
    last: Invocation | None = field(default=None, repr=False)


class AsynchronousQueue:
    """The queue between ``Invoke`` with type ``Event`` and the function."""

    def __init__(self, function: "Function") -> None:
        self.function = function
        self.config = AsynchronousConfig()
        self.waiting = 0
        self.given_up: list[tuple[str, str]] = []

    @property
    def idle(self) -> bool:
        """Whether no event waits for an attempt or is being tried."""
        return self.waiting == 0

    @property
    def config(self) -> AsynchronousConfig:
        """The settings in force."""
        return self._config

    @config.setter
    def config(self, config: AsynchronousConfig) -> None:
        self._config = config
        self._rng = np.random.default_rng(config.seed)

    def send(self, event: Any) -> str:
        """Queue `event` and return its request id."""
        text = encode_event(event, limit_bytes=ASYNCHRONOUS_LIMIT_BYTES)
        request_id = self.function.new_request_id()
        self._enqueue(request_id, text, 0.0)
        if self._rng.random() < self.config.duplicates:
            self._enqueue(request_id, text, DUPLICATE_AFTER_S)
        return request_id

    def _enqueue(self, request_id: str, text: str, delay_s: float) -> None:
        entry = _Entry(request_id, json.loads(text), clock.seconds())
        self.waiting += 1
        clock.call_later(delay_s, partial(self._try, entry))

    def _try(self, entry: _Entry) -> None:
        if self.function.reserved_concurrency == 0:
            self._give_up(entry, "ZeroReservedConcurrency")
            return
        try:
            self.function.begin(
                entry.event,
                partial(self._tried, entry),
                source="asynchronous",
                attempt=entry.invocations + 1,
                request_id=entry.request_id,
            )
        except Throttled:
            self._throttled(entry)

    def _throttled(self, entry: _Entry) -> None:
        wait_s = FIRST_THROTTLE_WAIT_S * 2.0**entry.throttles
        entry.throttles += 1
        self._again(entry, min(wait_s, LONGEST_THROTTLE_WAIT_S))

    def _tried(self, entry: _Entry, invocation: Invocation) -> None:
        entry.invocations += 1
        entry.last = invocation
        if invocation.ok:
            self._close(entry, "Success", self.config.on_success)
        elif entry.invocations > self.config.maximum_retry_attempts:
            self._give_up(entry, "RetriesExhausted")
        else:
            self._again(entry, RETRY_WAITS_S[entry.invocations - 1])

    def _again(self, entry: _Entry, wait_s: float) -> None:
        too_old_s = entry.accepted_s + self.config.maximum_event_age_in_seconds
        next_s = clock.seconds() + wait_s
        what: Callable[[], None] = partial(self._try, entry)
        if next_s > too_old_s:
            next_s = max(too_old_s, clock.seconds())
            what = partial(self._give_up, entry, "EventAgeExceeded")
        clock.call_at(next_s, what)

    def _give_up(self, entry: _Entry, condition: str) -> None:
        self.given_up.append((entry.request_id, condition))
        queue = self.config.dead_letter_queue
        if queue is not None:
            dead_letter(queue, entry.event, _attributes(entry, condition))
        self._close(entry, condition, self.config.on_failure)

    def _close(self, entry: _Entry, condition: str, destination: Any) -> None:
        self.waiting -= 1
        if destination is not None:
            deliver(
                destination,
                self._record(entry, condition),
                succeeded=condition == "Success",
                function_arn=self.function.arn,
            )

    def _record(self, entry: _Entry, condition: str) -> dict[str, Any]:
        record: dict[str, Any] = {
            "version": "1.0",
            "timestamp": iso_time(clock.seconds()),
            "requestContext": {
                "requestId": entry.request_id,
                "functionArn": f"{self.function.arn}:$LATEST",
                "condition": condition,
                "approximateInvokeCount": entry.invocations,
            },
            "requestPayload": entry.event,
        }
        return record | _response(entry.last)


def _response(last: Invocation | None) -> dict[str, Any]:
    if last is None:  # never ran: there is no response to speak of
        return {}
    context = {"statusCode": last.status_code, "executedVersion": "$LATEST"}
    if last.function_error:
        context["functionError"] = last.function_error
    return {"responseContext": context, "responsePayload": last.payload}


def _attributes(entry: _Entry, condition: str) -> dict[str, tuple[str, str]]:
    code, message = ("429", "Rate Exceeded.")
    if condition == "ZeroReservedConcurrency":
        message = "Function not invoked: its reserved concurrency is zero"
    elif entry.last is not None:
        code, message = "200", str(entry.last.payload.get("errorMessage", ""))
    return {
        "RequestID": ("String", entry.request_id),
        "ErrorCode": ("Number", code),
        "ErrorMessage": ("String", message[:1024] or "-"),
    }
