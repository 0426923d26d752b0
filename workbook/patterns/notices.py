"""Alarms go off in numbers; a person hears of each incident once, and of its end.

    on_change(table, change, tell=send)

An *incident* begins when one of a service's alarms goes off while none was, and ends
when all are well again. The service's record in the table holds each alarm's state and
the notices that are still to be told. A change is written into it under the condition
that nobody else has written meanwhile; then the notices are told, and then struck off.

So a change that comes twice, or late, changes nothing. A process that dies after the
write leaves its notice in the record, and the next delivery tells it. One that dies
right after telling tells it again: the notice has the same id, by which whoever gets it
can drop the second (PagerDuty calls that `dedup_key`). Introduced in chapter 13.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

__all__ = ["Change", "Incidents", "Notice", "after", "on_change", "read_change"]

_TRIES = 5  # of a write that somebody else was quicker with


@dataclass(frozen=True)
class Change:
    """An alarm's change of state, to "ALARM" or "OK", at epoch seconds `at_s`."""

    alarm: str
    state: str
    at_s: float
    reason: str = ""


@dataclass(frozen=True)
class Notice:
    """What a person is told; `id` is the same each time it is told."""

    id: str
    text: str


@dataclass(frozen=True)
class Incidents:
    """A service's record: its alarms' last changes, and notices that are not yet told.

    `number` counts its incidents, from 1; `version` counts the writes.
    """

    service: str
    alarms: Mapping[str, Change] = field(default_factory=lambda: MappingProxyType({}))
    number: int = 0
    untold: tuple[Notice, ...] = ()
    version: int = 0

    @property
    def open(self) -> tuple[str, ...]:
        """The alarms that are on: an incident is open while there is one."""
        on = (name for name, last in self.alarms.items() if last.state == "ALARM")
        return tuple(sorted(on))


def after(record: Incidents, change: Change) -> Incidents:
    """The record after a change: itself if the change is not newer than the last."""
    last = record.alarms.get(change.alarm)
    if last is not None and change.at_s <= last.at_s:
        return record
    alarms = MappingProxyType({**record.alarms, change.alarm: change})
    changed = replace(record, alarms=alarms)
    if bool(changed.open) == bool(record.open):
        return changed
    begins = bool(changed.open)
    number = record.number + begins
    notice = _begun(record, number, change) if begins else _over(record)
    return replace(changed, number=number, untold=(*record.untold, notice))


def on_change(
    table: Any, change: Change, *, tell: Callable[[Notice], None], service: str = "shop"
) -> None:
    """Note `change` in the record of `service`, and tell what is to be told.

    `table` is a boto3 Table with partition key `service`. Raises what `tell` raises,
    and ConditionalCheckFailedException if others are quicker five times: then the same
    change must come again.
    """
    record = _write(table, service, lambda record: after(record, change))
    for notice in record.untold:
        tell(notice)
        _write(table, service, lambda now, told=notice: _struck_off(now, told))


def read_change(message: Mapping[str, Any]) -> Change:
    """The change that an alarm's message to SNS tells of, `message` being its JSON."""
    moment = dt.datetime.fromisoformat(message["StateChangeTime"])
    return Change(
        message["AlarmName"],
        message["NewStateValue"],
        moment.timestamp(),
        message.get("NewStateReason", ""),
    )


def _begun(record: Incidents, number: int, change: Change) -> Notice:
    text = f"{record.service}: incident {number} has begun. {change.alarm}"
    return Notice(f"{record.service}/{number}/begun", f"{text}: {change.reason}")


def _over(record: Incidents) -> Notice:
    text = f"{record.service}: incident {record.number} is over."
    return Notice(f"{record.service}/{record.number}/over", text)


def _struck_off(record: Incidents, told: Notice) -> Incidents:
    return replace(record, untold=tuple(n for n in record.untold if n != told))


def _write(
    table: Any, service: str, change: Callable[[Incidents], Incidents]
) -> Incidents:
    """The record after `change`, written unless nothing has changed."""
    for tries_left in reversed(range(_TRIES)):
        before = _read(table, service)
        now = change(before)
        if now == before:
            return before
        try:
            return _put(table, replace(now, version=before.version + 1))
        except table.meta.client.exceptions.ConditionalCheckFailedException:
            if not tries_left:
                raise
    raise AssertionError("the loop returns or raises")


def _read(table: Any, service: str) -> Incidents:
    found = table.get_item(Key={"service": service}, ConsistentRead=True).get("Item")
    if found is None:
        return Incidents(service)
    said = json.loads(found["record"])
    return Incidents(
        service,
        MappingProxyType({one["alarm"]: Change(**one) for one in said["alarms"]}),
        said["number"],
        tuple(Notice(**one) for one in said["untold"]),
        int(found["version"]),
    )


def _put(table: Any, record: Incidents) -> Incidents:
    said = {
        "alarms": [vars(change) for change in record.alarms.values()],
        "number": record.number,
        "untold": [vars(notice) for notice in record.untold],
    }
    item = {"service": record.service, "version": record.version}
    table.put_item(
        Item={**item, "record": json.dumps(said)},
        ConditionExpression="attribute_not_exists(service) OR version = :before",
        ExpressionAttributeValues={":before": record.version - 1},
    )
    return record
