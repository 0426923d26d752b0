"""Put an envelope into what carries it.

Where metadata can stand outside of the body (HTTP headers, attributes), it does, under
the names of `NAMES`: filters and proxies see it there. Elsewhere it stands in the body,
`{"metadata": …, "data": …}`.

Sources, read 2026-11-29: a message of SQS has at most ten attributes, none of them
empty (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
sqs-message-metadata.html); SNS drops a message with more on its way to a queue that
gets it raw (docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html). We use
seven.
"""

import json
from typing import Any
from urllib.parse import quote

from workbook.patterns.events.envelope import Envelope

__all__ = ["NAMES", "to_attributes", "to_bus", "to_detail", "to_headers", "to_item"]

# Field → its name in a header or an attribute. `traceparent` is W3C's own.
NAMES = {
    "id": "event-id",
    "type": "event-type",
    "version": "event-version",
    "time": "event-time",
    "correlation_id": "correlation-id",
    "causation_id": "causation-id",
    "traceparent": "traceparent",
}
_PLAIN = "!#$&'()*+,/:;=?@[]^`{|}~\"<>\\"  # of ASCII only % and spaces change


def to_headers(envelope: Envelope) -> dict[str, str]:
    """HTTP headers; the data is the body. What is not ASCII is percent-encoded."""
    return {
        NAMES[name]: quote(str(value), safe=_PLAIN)
        for name, value in envelope.metadata.items()
    }


def to_attributes(envelope: Envelope) -> dict[str, dict[str, str]]:
    """`MessageAttributes` for SQS and SNS; the data is the body, as JSON."""
    return {
        NAMES[name]: {
            "DataType": "Number" if isinstance(value, int) else "String",
            "StringValue": str(value),
        }
        for name, value in envelope.metadata.items()
    }


def to_detail(envelope: Envelope) -> dict[str, Any]:
    """The detail of an EventBridge event, or the payload of an invocation."""
    return {"metadata": envelope.metadata, "data": dict(envelope.data)}


def to_bus(envelope: Envelope, *, bus: str, source: str) -> dict[str, str]:
    """An entry for PutEvents. EventBridge gives it an id of its own, anew each time."""
    return {
        "EventBusName": bus,
        "Source": source,
        "DetailType": envelope.type,
        "Detail": json.dumps(to_detail(envelope)),
    }


def to_item(envelope: Envelope) -> dict[str, Any]:
    """Attributes of a DynamoDB item beside its keys. The data is JSON: floats live."""
    return {"metadata": envelope.metadata, "data": json.dumps(dict(envelope.data))}
