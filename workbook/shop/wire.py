"""The shapes in which events travel, and what is the same in every handler.

On the bus an event is an EventBridge envelope: its kind is the `detail-type`, the rest
the `detail`. A queue's record holds the envelope as text in its `body`. A function that
was called asynchronously sends on what it was given and what it returned:
`requestPayload` and `responsePayload`
(docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
"""

import functools
import json
import os
from collections.abc import Callable
from typing import Any

import boto3

from workbook.shop.core import Event

__all__ = ["SOURCE", "client", "each_record", "from_bus", "table", "to_bus"]

SOURCE = "snow-festival-shop"

Handler = Callable[[dict, Any], Any]


def to_bus(event: Event) -> dict[str, str]:
    """The event as an entry of PutEvents, for the bus that the environment names."""
    detail = {
        "order_id": event.order_id,
        "number": event.number,
        "at": event.at,
        "details": dict(event.details),
    }
    return {
        "EventBusName": os.environ["BUS"],
        "Source": SOURCE,
        "DetailType": event.kind,
        "Detail": json.dumps(detail),
    }


def from_bus(envelope: dict) -> Event:
    """The event in an envelope of the bus."""
    detail = envelope["detail"]
    return Event(
        envelope["detail-type"],
        detail["order_id"],
        detail["number"],
        detail["at"],
        detail["details"],
    )


def each_record(handle: Handler) -> Handler:
    """Make a handler of one event into one of a batch from a queue.

    A record that fails is named in the answer, and it alone comes back; the event
    source must have `FunctionResponseTypes: [ReportBatchItemFailures]`
    (docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
    """

    @functools.wraps(handle)
    def on_queue(event: dict, context: Any) -> dict:
        failed = []
        for record in event["Records"]:
            try:
                handle(json.loads(record["body"]), context)
            except Exception as error:  # whatever it is, the others must not suffer
                print(f"{record['messageId']}: {type(error).__name__}: {error}")
                failed.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failed}

    return on_queue


def table(variable: str) -> Any:
    """The DynamoDB table that an environment variable names."""
    return _table(os.environ[variable])


@functools.cache  # a client is made once, and serves while the environment lives
def client(service: str) -> Any:
    """The boto3 client of a service."""
    return boto3.client(service)


@functools.cache
def _table(name: str) -> Any:
    return boto3.resource("dynamodb").Table(name)
