"""What a schedule of the template calls, and with which event."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.client import BaseClient
from time_machine import escape_hatch

from ..local import REGION
from .process import ACCOUNT
from .stack import Deployed

__all__ = ["Target", "targets"]

_SCHEDULE = "AWS::Scheduler::Schedule"


@dataclass(frozen=True)
class Target:
    """A function that is called, and the event that it gets."""

    arn: str
    event: Any


def targets(
    client: Callable[[str], BaseClient], stack: Deployed, schedule: str
) -> list[Target]:
    """What a rule (`Schedule` in SAM) or a schedule (`ScheduleV2`) calls."""
    if stack.types[schedule] == _SCHEDULE:
        said = client("scheduler").get_schedule(Name=stack.ids[schedule])
        found, arn = [said["Target"]], said["Arn"]
    else:
        events, rule = client("events"), stack.ids[schedule].split("|")[-1]
        arn = events.describe_rule(Name=rule)["Arn"]
        found = events.list_targets_by_rule(Rule=rule)["Targets"]
    return [Target(one["Arn"], _event(one.get("Input"), arn)) for one in found]


def _event(text: str | None, arn: str) -> Any:
    """The input that the template gives; without one, EventBridge's own event.

    docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html has it.
    """
    if text:
        return json.loads(text)
    virtual = escape_hatch.is_travelling()  # the environment goes on in real time
    real = escape_hatch.datetime.datetime if virtual else datetime
    moment = real.now(UTC)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [arn],
        "detail": {},
    }
