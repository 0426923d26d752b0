"""An EventBridge rule that drives a function.

What AWS documents, read 2026-11-23:

- an event goes to every target of a rule whose pattern it matches:
  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
- a target that cannot be reached is tried for 24 hours and up to 185 times, with
  growing, jittered waits (``MaximumEventAgeInSeconds`` 60 to 86,400,
  ``MaximumRetryAttempts`` 0 to 185); then the event goes to the target's
  dead-letter queue, or is dropped:
  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
- a target that does not exist is not tried again; the attributes of a dead letter:
  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
- a function is invoked asynchronously: once Lambda has taken the event, the rule's
  retries are over, and the function's own retries and destinations begin:
  https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchevents.html

How an event travels here: moto's bus matches it against the rule and puts it in a
queue that this source made and set as the rule's target (moto 5.2.5 delivers to
queues and log groups; a function as target makes its ``put_events`` fail). The
source takes it from there. Mended on the way: the envelope's missing ``account``, and
rules that are switched off, which moto serves.

Not modelled: input transformers, archives, schedules, latency. The waits between
attempts are ours, as AWS names none: 1 s, doubling to 10 min, each drawn between
half and the whole.
"""

import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from botocore.exceptions import ClientError

from .. import clock
from . import mock
from .aws import ACCOUNT, client
from .bounds import one_of, within
from .destination import checked, dead_letter
from .inbox import Inbox
from .source import Source

if TYPE_CHECKING:
    from .direct import Function

__all__ = ["RuleSource"]

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 600.0
STATES = ("available", "unavailable", "gone")


@dataclass
class _Delivery:
    """An event on its way to the function; `attempts` that have failed."""

    envelope: dict[str, Any]
    accepted_s: float
    attempts: int = 0


class RuleSource(Source):
    """A target of `rule` on `event_bus_name` that is `function`.

    `dead_letter_queue` is the ARN of a standard queue. Set `target` to
    ``"unavailable"`` or ``"gone"`` to see retries and dead letters. `duplicates` is
    the share of events delivered twice (a retry whose first try had arrived after
    all), drawn, like the jitter, with `seed`.
    """

    def __init__(
        self,
        function: "Function",
        rule: str,
        *,
        event_bus_name: str = "default",
        maximum_retry_attempts: int = 185,
        maximum_event_age_in_seconds: float = 86_400,
        dead_letter_queue: str | None = None,
        duplicates: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__(function)
        within("MaximumRetryAttempts", maximum_retry_attempts, 0, 185)
        within("MaximumEventAgeInSeconds", maximum_event_age_in_seconds, 60, 86_400)
        within("duplicates", duplicates, 0, 1)
        checked("DeadLetterConfig", dead_letter_queue, services=("sqs",))
        self.rule = rule
        self.event_bus_name = event_bus_name
        self.maximum_retry_attempts = maximum_retry_attempts
        self.maximum_event_age_s = maximum_event_age_in_seconds
        self.dead_letter_queue = dead_letter_queue
        self.duplicates = duplicates
        self.target = "available"
        self.dropped: list[dict[str, Any]] = []
        self._rng = np.random.default_rng(seed)
        self._waiting = 0
        self._inbox = self._subscribe()

    def __repr__(self) -> str:
        """Rule and function by name."""
        return f"<RuleSource {self.rule} → {self.function.name}>"

    @property
    def target(self) -> str:
        """``available``, ``unavailable`` (tried again) or ``gone`` (given up)."""
        return self._target

    @target.setter
    def target(self, state: str) -> None:
        one_of("target", state, STATES)
        self._target = state

    @property
    def idle(self) -> bool:
        """Whether every matched event was handed over or given up."""
        return self._waiting == 0 and mock.is_empty(self._inbox.arn)

    def describe_left(self) -> str:
        """Say how many events are left."""
        left = self._waiting + mock.messages_left(self._inbox.arn)
        return f"rule {self.rule}: {left} events"

    def poll(self) -> None:
        """Take matched events from the bus and hand them to the function."""
        while messages := self._inbox.receive(10):
            self._inbox.delete(messages)
            if self._enabled():
                for message in messages:
                    self._accept(json.loads(message["Body"]))
        self._set_wake()

    def _subscribe(self) -> Inbox:
        # The function's name in the queue's lets several functions share a rule.
        text = f"{self.event_bus_name}-{self.rule}-{self.function.name}"
        name = re.sub(r"[^A-Za-z0-9_-]", "-", text)[-64:]
        url = client("sqs").create_queue(QueueName=name)["QueueUrl"]
        inbox = Inbox(url)
        client("events").put_targets(
            Rule=self.rule,
            EventBusName=self.event_bus_name,
            Targets=[{"Id": name, "Arn": inbox.arn}],
        )
        return inbox

    def _enabled(self) -> bool:
        rule = client("events").describe_rule(
            Name=self.rule, EventBusName=self.event_bus_name
        )
        return rule["State"] == "ENABLED"

    def _next_moment_s(self) -> float | None:
        return None  # the retries are on the clock already

    def _accept(self, event: dict[str, Any]) -> None:
        envelope = {"version": "0", **event, "account": ACCOUNT}
        envelope.pop("ingestion-time", None)
        copies = 2 if self._rng.random() < self.duplicates else 1
        for _ in range(copies):
            self._waiting += 1
            self._try(_Delivery(envelope, clock.seconds()))

    def _try(self, delivery: _Delivery) -> None:
        if self.target == "gone":
            self._give_up(delivery, "NO_RESOURCE", None)
        elif self.target == "unavailable":
            self._again(delivery, "SERVICE_UNAVAILABLE")
        else:
            self._hand_over(delivery)

    def _hand_over(self, delivery: _Delivery) -> None:
        try:
            self.function.invoke_async(delivery.envelope)
        except ClientError as error:  # too large: trying again would not help
            self._give_up(delivery, error.response["Error"]["Code"], None)
        else:
            self._waiting -= 1

    def _again(self, delivery: _Delivery, code: str) -> None:
        delivery.attempts += 1
        if delivery.attempts > self.maximum_retry_attempts:
            self._give_up(delivery, code, "MaximumRetryAttempts")
            return
        next_s = clock.seconds() + self._wait_s(delivery.attempts)
        too_old_s = delivery.accepted_s + self.maximum_event_age_s
        if next_s > too_old_s:
            last = partial(self._give_up, delivery, code, "MaximumEventAgeInSeconds")
            clock.call_at(max(too_old_s, clock.seconds()), last)
        else:
            clock.call_at(next_s, partial(self._try, delivery))

    def _wait_s(self, attempt: int) -> float:
        ceiling_s = min(FIRST_WAIT_S * 2.0 ** min(attempt - 1, 20), LONGEST_WAIT_S)
        return float(self._rng.uniform(ceiling_s / 2, ceiling_s))

    def _give_up(self, delivery: _Delivery, code: str, condition: str | None) -> None:
        self._waiting -= 1
        self.dropped.append(delivery.envelope)
        if self.dead_letter_queue is not None:
            attributes = self._attributes(delivery, code, condition)
            dead_letter(self.dead_letter_queue, delivery.envelope, attributes)

    def _attributes(
        self, delivery: _Delivery, code: str, condition: str | None
    ) -> dict[str, tuple[str, str]]:
        retries = max(delivery.attempts - 1, 0)
        found = {
            "RULE_ARN": self._rule_arn(),
            "TARGET_ARN": self.function.arn,
            "ERROR_CODE": code,
            "ERROR_MESSAGE": f"the target is {self.target}",
            "RETRY_ATTEMPTS": str(retries),
        }
        if condition is not None:
            found["EXHAUSTED_RETRY_CONDITION"] = condition
        return {name: ("String", value) for name, value in found.items()}

    def _rule_arn(self) -> str:
        rule = client("events").describe_rule(
            Name=self.rule, EventBusName=self.event_bus_name
        )
        return rule["Arn"]
