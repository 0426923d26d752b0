"""The four hops' carriers: events as each service hands them to a function."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from boto3.dynamodb.types import TypeSerializer

from workbook.patterns.events import (
    Envelope,
    to_attributes,
    to_bus,
    to_headers,
    to_item,
)

__all__ = ["BATCH", "CARRIERS", "Carrier", "requests"]

BATCH = 5  # events that come together, where they do
_typed = TypeSerializer().serialize


@dataclass(frozen=True)
class Carrier:
    """How events come: `called` in words, `carry` as what the function is given."""

    called: str
    carry: Callable[[list[Envelope]], list[dict]]


def _in_batches(records: Iterable[dict]) -> list[dict]:
    found = list(records)
    return [
        {"Records": found[start : start + BATCH]}
        for start in range(0, len(found), BATCH)
    ]


def requests(events: list[Envelope]) -> list[dict]:
    """Requests of API Gateway, one for each event."""
    return [{"headers": to_headers(e), "body": json.dumps(e.data)} for e in events]


def _messages(events: list[Envelope]) -> list[dict]:
    return _in_batches(map(_message, events))


def _message(event: Envelope) -> dict:
    attributes = {
        name: {"dataType": value["DataType"], "stringValue": value["StringValue"]}
        for name, value in to_attributes(event).items()
    }
    body = json.dumps(event.data)
    return {"messageId": event.id, "body": body, "messageAttributes": attributes}


def _bus_events(events: list[Envelope]) -> list[dict]:
    entries = [to_bus(event, bus="", source="") for event in events]
    return [
        {"detail-type": entry["DetailType"], "detail": json.loads(entry["Detail"])}
        for entry in entries
    ]


def _stream(events: list[Envelope]) -> list[dict]:
    images = ({n: _typed(v) for n, v in to_item(event).items()} for event in events)
    return _in_batches(
        {"eventName": "INSERT", "dynamodb": {"NewImage": image}} for image in images
    )


CARRIERS: Mapping[str, Carrier] = {
    "place": Carrier("a request", requests),
    "reserve": Carrier("a batch of SQS", _messages),
    "charge": Carrier("an event of EventBridge", _bus_events),
    "mail": Carrier("a batch of a stream", _stream),
}
