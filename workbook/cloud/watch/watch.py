"""A watch over stacks on the mock: a minute passes, and CloudWatch does its part.

What is measured, under AWS's names (read 2026-11-29):

- AWS/Lambda `Invocations`, `Errors`, `Duration`, of each function
  (docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html). A partial batch
  response is no error: the invocation has succeeded.
- AWS/SQS `ApproximateNumberOfMessagesVisible` and `ApproximateAgeOfOldestMessage`, of
  each queue
  (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
- What the functions print in the embedded metric format.

An alarm is looked at when a minute is over. For `warm_up` minutes it is not looked at
at all, so that missing data from before there was anything to measure raise no alarm:
CloudWatch has that as `WarmUpConfiguration`
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html).

Not modelled: other metrics, percentiles, high resolution, metric math, the minutes that
a metric needs to arrive, and actions that are no SNS topic.
"""

import functools
import io
import json
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .. import clock
from ..functions import Function, mock
from ..functions.aws import client, queue_name
from ..template import Stack
from .embedded import read_emf
from .rule import LOOKED_FARTHER, Alarm
from .store import Store

__all__ = ["Moved", "Watch"]


@dataclass(frozen=True)
class Moved:
    """An alarm's change of state, so many minutes after the watch began."""

    minute: int
    alarm: str
    state: str


class Watch:
    """A watch over `stacks`: `minute()` lets one pass. `warm_up` is in minutes.

    It looks at the alarms that are there when it begins, whoever made them. `metrics`
    is what was measured, `lines` what the functions printed, `changes` each change of
    an alarm, and `states` how they stand.
    """

    def __init__(self, *stacks: Stack, warm_up: int = 0) -> None:
        self.stacks, self.warm_up = stacks, warm_up
        self.metrics = Store()
        self.lines: list[str] = []
        self.changes: list[Moved] = []
        self.states: dict[str, str] = {}
        self.minutes = 0
        self._read = 0
        self._seen = {name: len(f.log) for name, f in self._functions().items()}
        self._queues = [
            stack.name_of(queue)
            for stack in stacks
            for queue in stack.template.of_type("AWS::SQS::Queue")
        ]
        for function in self._functions().values():
            function.handler = self._listening(function.handler)
        self._alarms = [
            (Alarm.of(said), said)
            for page in client("cloudwatch").get_paginator("describe_alarms").paginate()
            for said in page["MetricAlarms"]
        ]

    def minute(self) -> None:
        """Let the stacks work until the minute is over, then measure and look."""
        end_s = (clock.seconds() // 60 + 1) * 60
        while not self._settled(end_s):
            pass
        clock.advance_to(max(end_s, clock.seconds()))
        self.minutes += 1
        self._measure(end_s - 1)
        if self.minutes > self.warm_up:
            self._look(end_s)

    def count(self, namespace: str, name: str, **dimensions: Any) -> None:
        """Add 1 to a metric that something else than these stacks publishes."""
        pairs = tuple(sorted((key, str(value)) for key, value in dimensions.items()))
        self.metrics.put(namespace, name, pairs, clock.seconds(), 1.0)

    # --- the minute -------------------------------------------------------------------

    def _settled(self, end_s: float) -> bool:
        """Let each stack settle; whether none of them has set another one to work."""
        runs = [
            stack.settle(within_s=end_s - clock.seconds()).invocations
            for stack in self.stacks
        ]
        return len(runs) == 1 or not any(runs)

    def _measure(self, now_s: float) -> None:
        for name, function in self._functions().items():
            for ran in function.log[self._seen[name] :]:
                self._put_invocation(name, ran)
            self._seen[name] = len(function.log)
        for queue in self._queues:
            self._put_queue(queue, now_s)
        for line in self.lines[self._read :]:
            for one in read_emf(line):
                name = one.namespace, one.name, one.dimensions
                self.metrics.put(*name, one.at_s, one.value)
        self._read = len(self.lines)

    def _put_invocation(self, name: str, ran: Any) -> None:
        where, at_s = (("FunctionName", name),), ran.start_s
        duration_ms = 1000 * ran.duration_s
        self.metrics.put("AWS/Lambda", "Invocations", where, at_s, 1.0)
        self.metrics.put("AWS/Lambda", "Errors", where, at_s, float(not ran.ok))
        self.metrics.put("AWS/Lambda", "Duration", where, at_s, duration_ms)

    def _put_queue(self, queue: str, now_s: float) -> None:
        where = (("QueueName", queue_name(queue)),)
        visible, oldest_s = mock.visible(queue), mock.oldest_age_s(queue)
        said = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"
        self.metrics.put("AWS/SQS", said[0], where, now_s, float(visible))
        self.metrics.put("AWS/SQS", said[1], where, now_s, oldest_s)

    # --- the alarms -------------------------------------------------------------------

    def _look(self, now_s: float) -> None:
        for alarm, said in self._alarms:
            if now_s % alarm.period_s:
                continue
            before = self.states.setdefault(alarm.name, "INSUFFICIENT_DATA")
            periods = alarm.evaluation_periods + LOOKED_FARTHER
            values = self.metrics.recent(alarm, now_s, periods)
            state = alarm.state(values, before)
            if state != before:
                self._change(said, alarm, values, state)

    def _change(self, said: Mapping, alarm: Alarm, values: list, state: str) -> None:
        before, self.states[alarm.name] = self.states[alarm.name], state
        self.changes.append(Moved(self.minutes, alarm.name, state))
        seen = [value for value in values if value is not None]
        reason = f"{alarm.metric} was {', '.join(f'{v:g}' for v in seen) or 'missing'}"
        cloudwatch = client("cloudwatch")
        cloudwatch.set_alarm_state(
            AlarmName=alarm.name, StateValue=state, StateReason=reason
        )
        key = {"ALARM": "AlarmActions", "OK": "OKActions"}.get(state, "")
        for topic in said.get(key) or ():
            message = _message(said, state, before, reason)
            client("sns").publish(TopicArn=topic, Message=json.dumps(message))

    # --- helpers ----------------------------------------------------------------------

    def _functions(self) -> dict[str, Function]:
        return {f.name: f for stack in self.stacks for f in stack.functions.values()}

    def _listening(self, handler: Callable[[Any, Any], Any]) -> Callable:
        """The handler, with what it prints kept here instead of shown."""

        @functools.wraps(handler)
        def listened(event: Any, context: Any) -> Any:
            printed = io.StringIO()
            try:
                with redirect_stdout(printed):
                    return handler(event, context)
            finally:
                self.lines += printed.getvalue().splitlines()

        return listened


def _message(said: Mapping, state: str, before: str, reason: str) -> dict[str, Any]:
    """What CloudWatch sends to a topic, as far as our functions read it."""
    moment = datetime.fromtimestamp(clock.seconds(), UTC)
    return {
        "AlarmName": said["AlarmName"],
        "AlarmDescription": said.get("AlarmDescription", ""),
        "NewStateValue": state,
        "OldStateValue": before,
        "NewStateReason": reason,
        "StateChangeTime": moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
    }
