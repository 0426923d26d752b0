"""An SQS queue that drives a function.

What AWS documents, read 2026-11-23:

- ``BatchSize`` 10 by default, at most 10,000 (10 for FIFO); above 10 a batching
  window of at least 1 s; the window is 0 to 300 s and not for FIFO;
  ``MaximumConcurrency`` 2 to 1,000:
  https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html and
  https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
- a message stays in the queue, hidden, while the function works; success deletes
  it, an error leaves it until the visibility timeout ends; then it comes again.
  A throttled batch is tried until that moment, then dropped back:
  https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
- a FIFO group waits for its failed message; batches in flight are limited by the
  number of groups:
  https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
- more than ``maxReceiveCount`` receives move a message to the dead-letter queue:
  https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
- a visibility timeout shorter than the function's timeout is refused when the
  source is made; six times the function's timeout is advised:
  https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html

Not modelled: the climb from 5 batches at once by 300 a minute (without
``maximum_concurrency`` up to 1,000 run at once), the slower polling after errors,
filters, provisioned pollers, the 6 MB limit of a batch, unequal order in a standard
queue. The wait between attempts of a throttled batch is ours: 1 s, doubling.

A handler that advances the clock past the visibility timeout stands for one that is
slow: its messages are delivered once more when it returns, in AWS while it still
runs. With ``Function(duration_s=...)`` deliveries overlap at their exact times. A
success then deletes the message with its old receipt handle; AWS says that such a
delete may fail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import clock
from . import mock
from .batch import check_response_types, failed_items
from .bounds import within
from .inbox import RECEIVE_LIMIT, Inbox
from .invocation import Invocation, Throttled
from .message import to_record
from .source import Source

if TYPE_CHECKING:
    from .direct import Function

__all__ = ["QueueSource"]

MOST_AT_ONCE = 1_000
THROTTLE_WAIT_S = (1.0, 60.0)  # first and longest


@dataclass(frozen=True)
class _Batch:
    """Messages taken together; they are ours until `visible_again_s`."""

    messages: list[dict[str, Any]]
    visible_again_s: float

    @property
    def attempt(self) -> int:
        counts = (m["Attributes"]["ApproximateReceiveCount"] for m in self.messages)
        return max(int(count) for count in counts)


class QueueSource(Source):
    """An event source mapping from `queue` (URL, ARN or name) to `function`.

    `function_response_types` takes ``["ReportBatchItemFailures"]``. Raises
    ``ValueError`` for settings that AWS refuses.
    """

    def __init__(
        self,
        function: "Function",
        queue: str,
        *,
        batch_size: int = 10,
        maximum_batching_window_in_seconds: int = 0,
        maximum_concurrency: int | None = None,
        function_response_types: Sequence[str] = (),
    ) -> None:
        super().__init__(function)
        self.inbox = Inbox(queue)
        self.batch_size = batch_size
        self.window_s = maximum_batching_window_in_seconds
        self.maximum_concurrency = maximum_concurrency
        self._partial = check_response_types(function_response_types)
        self._check()
        self._held: list[dict[str, Any]] = []
        self._held_since_s = 0.0
        self._in_flight = 0
        self._in_handler = False

    def __repr__(self) -> str:
        """Queue and function by name."""
        return f"<QueueSource {self.inbox.name} → {self.function.name}>"

    @property
    def idle(self) -> bool:
        """Whether the queue is empty and no batch is held or in flight."""
        busy = self._held or self._in_flight
        return not busy and mock.is_empty(self.inbox.arn)

    def describe_left(self) -> str:
        """Say how many messages are left."""
        left = mock.messages_left(self.inbox.arn)
        return f"{self.inbox.name}: {left} messages"

    def poll(self) -> None:
        """Receive batches and invoke, until the queue or the concurrency is empty."""
        if self._in_handler:
            return
        while self._has_room() and (messages := self._gather()):
            self._dispatch(messages)
        self._set_wake()

    def _check(self) -> None:
        fifo = self.inbox.arn.endswith(".fifo")
        within("BatchSize", self.batch_size, 1, 10 if fifo else 10_000)
        within("MaximumBatchingWindowInSeconds", self.window_s, 0, 300)
        if fifo and self.window_s:
            raise ValueError("MaximumBatchingWindowInSeconds must be 0 for FIFO queues")
        if self.batch_size > RECEIVE_LIMIT and self.window_s < 1:
            raise ValueError(
                "MaximumBatchingWindowInSeconds must be at least 1 when BatchSize is "
                f"above {RECEIVE_LIMIT}, not {self.window_s!r}"
            )
        if self.maximum_concurrency is not None:
            within("MaximumConcurrency", self.maximum_concurrency, 2, MOST_AT_ONCE)
        self._check_timeouts()

    def _check_timeouts(self) -> None:
        visible_s = self.inbox.visibility_timeout_s()
        timeout_s = self.function.timeout_s
        if visible_s < timeout_s:
            raise ValueError(
                f"Queue visibility timeout: {visible_s} seconds is less than Function "
                f"timeout: {timeout_s:g} seconds. Set VisibilityTimeout of the queue "
                f"to six times the timeout, {6 * timeout_s:g}, or shorten timeout_s"
            )

    def _has_room(self) -> bool:
        return self._in_flight < (self.maximum_concurrency or MOST_AT_ONCE)

    def _next_moment_s(self) -> float | None:
        visible_s = mock.next_visible_s(self.inbox.arn)
        if not self._held:
            return visible_s
        due_s = self._held_since_s + self.window_s
        return due_s if visible_s is None else min(due_s, visible_s)

    def _gather(self) -> list[dict[str, Any]]:
        """Return the messages of a batch that is due, or none."""
        self._hold(self.inbox.receive(self.batch_size - len(self._held)))
        full = len(self._held) >= self.batch_size
        if not full and clock.seconds() < self._held_since_s + self.window_s:
            return []
        messages, self._held = self._held, []
        return messages

    def _hold(self, messages: list[dict[str, Any]]) -> None:
        if messages and not self._held:
            self._held_since_s = clock.seconds()
        self._held += messages

    def _dispatch(self, messages: list[dict[str, Any]]) -> None:
        self._in_flight += 1
        batch = _Batch(messages, self._held_since_s + self.inbox.visibility_timeout_s())
        self._try(batch, THROTTLE_WAIT_S[0])

    def _try(self, batch: _Batch, next_wait_s: float) -> None:
        records = [to_record(m, self.inbox.arn) for m in batch.messages]
        done = partial(self._finished, batch)
        self._in_handler = True
        try:
            self.function.begin(
                {"Records": records}, done, source="sqs", attempt=batch.attempt
            )
        except Throttled:
            self._throttled(batch, next_wait_s)
        except BaseException:
            self._in_flight -= 1  # interrupted: the queue shows the messages again
            raise
        finally:
            self._in_handler = False

    def _retry(self, batch: _Batch, next_wait_s: float) -> None:
        self._try(batch, next_wait_s)
        self.poll()

    def _throttled(self, batch: _Batch, wait_s: float) -> None:
        again_s = clock.seconds() + wait_s
        if again_s >= batch.visible_again_s:
            self._in_flight -= 1  # dropped: the queue shows the messages again itself
            return
        longer_s = min(2 * wait_s, THROTTLE_WAIT_S[1])
        clock.call_at(again_s, partial(self._retry, batch, longer_s))

    def _finished(self, batch: _Batch, invocation: Invocation) -> None:
        again = self._overtaken(batch)
        ids = [message["MessageId"] for message in batch.messages]
        failed = failed_items(invocation, ids, partial=self._partial)
        self.inbox.delete([m for m in batch.messages if m["MessageId"] not in failed])
        self._in_flight -= 1
        self._hold(again)
        if not self._in_handler:
            self.poll()

    def _overtaken(self, batch: _Batch) -> list[dict[str, Any]]:
        """Take what became visible while the handler itself moved the clock.

        Another poller would have taken it at that moment, before our delete.
        """
        if self._in_handler and clock.seconds() > batch.visible_again_s:
            return self.inbox.receive(self.batch_size - len(self._held))
        return []
