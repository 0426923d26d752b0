"""A DynamoDB stream that drives a function.

What AWS documents, read 2026-11-23:

- parameters, defaults and bounds: ``BatchSize`` 100 (1 to 10,000),
  ``StartingPosition`` ``TRIM_HORIZON`` or ``LATEST``, ``MaximumRetryAttempts`` -1
  (for ever, to 10,000), ``MaximumRecordAgeInSeconds`` -1 (for ever; 60 to 604,800),
  ``MaximumBatchingWindowInSeconds`` 0 to 300:
  https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
- records live 24 hours:
  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
- a failed batch blocks its shard; it is tried again until it expires, is too old
  or the attempts are used up; halving it costs no attempt; then its place in the
  stream, not its content, goes to the destination:
  https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
- with ``ReportBatchItemFailures`` the lowest failed sequence number is the
  checkpoint: what is before it is done, the rest is tried again:
  https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
- filters drop records before the function is invoked:
  https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html

Not modelled: more than one shard (moto has one, so order holds for the whole table;
on AWS only for each item), shards that split, ``ParallelizationFactor``, tumbling
windows, S3 and Kafka destinations, delay between write and stream. The waits
between attempts are ours (AWS gives none): 1 s, doubling to 5 min. Ours too: an
attempt at the rest of a batch counts against the same limit, and records that
outlive the stream's 24 hours are reported like those beyond their maximum age.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from moto.events.models import EventPattern

from .. import clock
from .batch import check_response_types, failed_items
from .bounds import one_of, within
from .destination import checked, deliver
from .discarded import discard_record
from .invocation import Invocation, Throttled
from .record import sequence_number
from .shard import Shard
from .source import Source

if TYPE_CHECKING:
    from .direct import Function

__all__ = ["StreamSource"]

RETENTION_S = 24 * 3600
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 300.0


@dataclass
class _Batch:
    """Records in order; `retries` counts attempts after the first."""

    records: list[dict[str, Any]]
    retries: int = 0
    invocations: int = 0
    last: Invocation | None = field(default=None, repr=False)

    def part(self, records: list[dict[str, Any]]) -> "_Batch":
        return _Batch(records, self.retries, self.invocations, self.last)


class StreamSource(Source):
    """An event source mapping from the stream of `table` to `function`.

    `table` is a table's name with its stream switched on. `on_failure` is the ARN
    of a standard queue or topic. `filters` are event patterns (dicts) of which one
    must match. Raises ``ValueError`` for settings that AWS refuses.
    """

    def __init__(
        self,
        function: "Function",
        table: str,
        *,
        starting_position: str,
        batch_size: int = 100,
        maximum_batching_window_in_seconds: int = 0,
        maximum_retry_attempts: int = -1,
        maximum_record_age_in_seconds: int = -1,
        bisect_batch_on_function_error: bool = False,
        on_failure: str | None = None,
        function_response_types: Sequence[str] = (),
        filters: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__(function)
        self.table = table
        self.batch_size = batch_size
        self.window_s = maximum_batching_window_in_seconds
        self.maximum_retry_attempts = maximum_retry_attempts
        self.maximum_record_age_s = maximum_record_age_in_seconds
        self.bisect = bisect_batch_on_function_error
        self.on_failure = on_failure
        self.filters = [EventPattern(None, pattern) for pattern in filters]
        self._partial = check_response_types(function_response_types)
        self._check(starting_position)
        self.discarded: list[dict[str, Any]] = []
        self._fresh: deque[dict[str, Any]] = deque()
        self._work: deque[_Batch] = deque()
        self._not_before_s = 0.0
        self._busy = self._in_handler = False
        self.shard = Shard(table, starting_position)

    def __repr__(self) -> str:
        """Table and function by name."""
        return f"<StreamSource {self.table} → {self.function.name}>"

    @property
    def idle(self) -> bool:
        """Whether every record of the stream is done with."""
        waiting = self._busy or self._work or self._fresh
        return not waiting and self.shard.unread() == 0

    def describe_left(self) -> str:
        """Say how many records are left."""
        held = sum(len(batch.records) for batch in self._work) + len(self._fresh)
        return f"stream of {self.table}: {held + self.shard.unread()} records"

    def poll(self) -> None:
        """Read new records, and invoke with what is due."""
        if self._busy:
            return
        self._fresh.extend(r for r in self.shard.read() if self._wanted(r))
        while not self._busy and (batch := self._due_batch()):
            self._try(batch)
        self._set_wake()

    def _check(self, starting_position: str) -> None:
        one_of("StartingPosition", starting_position, ["TRIM_HORIZON", "LATEST"])
        within("BatchSize", self.batch_size, 1, 10_000)
        within("MaximumBatchingWindowInSeconds", self.window_s, 0, 300)
        within("MaximumRetryAttempts", self.maximum_retry_attempts, -1, 10_000)
        if self.maximum_record_age_s != -1:
            age_s = self.maximum_record_age_s
            within("MaximumRecordAgeInSeconds (or -1)", age_s, 60, 604_800)
        checked("OnFailure", self.on_failure, services=("sqs", "sns"))

    def _wanted(self, record: dict[str, Any]) -> bool:
        return not self.filters or any(p.matches_event(record) for p in self.filters)

    def _due_batch(self) -> _Batch | None:
        """Return the batch to try now, after dropping what has grown too old."""
        self._form_batch()
        if not self._work:
            return None
        batch = self._work[0]
        old = [r for r in batch.records if self._expires_s(r) <= clock.seconds()]
        if old:
            batch.records = batch.records[len(old) :]
            self._discard(batch.part(old), "RecordAgeExceeded")
        if not batch.records:
            self._work.popleft()
            self._not_before_s = 0.0
            return self._due_batch()
        return batch if clock.seconds() >= self._not_before_s else None

    def _form_batch(self) -> None:
        if self._work or not self._fresh:
            return
        if len(self._fresh) >= self.batch_size or clock.seconds() >= self._window_end():
            count = min(self.batch_size, len(self._fresh))
            self._work.append(_Batch([self._fresh.popleft() for _ in range(count)]))

    def _window_end(self) -> float:
        first = self._fresh[0]["dynamodb"]["ApproximateCreationDateTime"]
        return first + self.window_s

    def _expires_s(self, record: dict[str, Any]) -> float:
        longest_s = RETENTION_S
        if self.maximum_record_age_s != -1:
            longest_s = min(longest_s, self.maximum_record_age_s)
        return record["dynamodb"]["ApproximateCreationDateTime"] + longest_s

    def _next_moment_s(self) -> float | None:
        if self._work and not self._busy:
            expiry_s = self._expires_s(self._work[0].records[0])
            return min(self._not_before_s, expiry_s)
        return self._window_end() if self._fresh and not self._busy else None

    def _try(self, batch: _Batch) -> None:
        self._busy = self._in_handler = True
        try:
            self.function.begin(
                {"Records": batch.records},
                partial(self._finished, batch),
                source="dynamodb",
                attempt=batch.invocations + 1,
            )
        except Throttled:  # tried again without using up an attempt
            self._busy = False
            self._not_before_s = clock.seconds() + FIRST_WAIT_S
        except BaseException:
            self._busy = False
            raise
        finally:
            self._in_handler = False

    def _finished(self, batch: _Batch, invocation: Invocation) -> None:
        batch.invocations += 1
        batch.last = invocation
        self._busy = False
        self._work.popleft()
        numbers = [sequence_number(record) for record in batch.records]
        failed = failed_items(invocation, numbers, partial=self._partial)
        if failed:
            checkpoint = numbers.index(min(failed, key=int))
            rest = batch.part(batch.records[checkpoint:])
            self._failed(rest, whole=len(failed) == len(numbers))
        if not self._in_handler:
            self.poll()

    def _failed(self, batch: _Batch, *, whole: bool) -> None:
        if whole and self.bisect and len(batch.records) > 1:
            middle = len(batch.records) // 2
            self._work.appendleft(batch.part(batch.records[middle:]))
            self._work.appendleft(batch.part(batch.records[:middle]))
            return
        batch.retries += 1
        if 0 <= self.maximum_retry_attempts < batch.retries:
            self._discard(batch, "RetryAttemptsExhausted")
            return
        self._work.appendleft(batch)
        wait_s = min(FIRST_WAIT_S * 2.0 ** min(batch.retries - 1, 20), LONGEST_WAIT_S)
        self._not_before_s = clock.seconds() + wait_s

    def _discard(self, batch: _Batch, condition: str) -> None:
        record = discard_record(
            batch.records,
            condition,
            invocations=batch.invocations,
            last=batch.last,
            function_arn=self.function.arn,
            shard=self.shard,
        )
        self.discarded.append(record)
        if self.on_failure is not None:
            deliver(
                self.on_failure,
                record,
                succeeded=False,
                function_arn=self.function.arn,
            )
