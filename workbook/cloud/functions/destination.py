"""Where a record of an invocation goes: queue, topic, bus or another function.

Formats as documented, read 2026-11-23, at
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html:
the record is the message of a queue or topic, the payload of a function, and the
``detail`` of an event with source ``lambda`` on a bus. FIFO queues and topics are
refused when they are configured; AWS takes them and then fails to deliver.

A record that cannot be delivered is lost, as on AWS, where only the metric
``DestinationDeliveryFailures`` tells; here a ``UserWarning`` does.
"""

import functools
import json
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from .aws import client, queue_url

__all__ = ["checked", "dead_letter", "deliver", "iso_time"]

_url = functools.cache(queue_url)  # of a queue's ARN, it is always the same

Attributes = dict[str, tuple[str, str]]


def iso_time(epoch_s: float) -> str:
    """Return a time as AWS writes it: ``2018-03-11T01:00:00.000Z``."""
    text = datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def checked(
    name: str, destination: Any, *, services: tuple[str, ...] = ("sqs", "sns", "events")
) -> None:
    """Raise ``ValueError`` unless `destination` is None or one that AWS takes.

    `services` are those whose ARN may be given; a function is taken where a bus is.
    """
    if destination is None or ("events" in services and _is_function(destination)):
        return
    if not str(destination).startswith(tuple(f"arn:aws:{s}:" for s in services)):
        takes = " or ".join(services)
        raise ValueError(f"{name} must be the ARN of {takes}, not {destination!r}")
    if destination.endswith(".fifo"):
        raise ValueError(f"{name} takes standard queues and topics only, not FIFO")


def deliver(
    destination: Any, record: dict[str, Any], *, succeeded: bool, function_arn: str
) -> None:
    """Send an invocation record to its destination."""
    if _is_function(destination):
        _or_warn("the function", lambda: destination.invoke_async(record))
    elif destination.split(":")[2] == "events":
        entry = _bus_entry(destination, record, succeeded, function_arn)
        _or_warn(destination, lambda: client("events").put_events(Entries=[entry]))
    else:
        _send(destination, json.dumps(record), {})


def dead_letter(destination: str, event: Any, attributes: Attributes) -> None:
    """Send `event` as it is to a dead-letter queue or topic, with `attributes`."""
    _send(destination, json.dumps(event), attributes)


def _is_function(destination: Any) -> bool:
    return hasattr(destination, "invoke_async")


def _send(arn: str, text: str, attributes: Attributes) -> None:
    values = {
        name: {"DataType": kind, "StringValue": value}
        for name, (kind, value) in attributes.items()
    }
    if arn.split(":")[2] == "sns":
        topic = {"TopicArn": arn, "Message": text, "MessageAttributes": values}
        _or_warn(arn, lambda: client("sns").publish(**topic))
    else:
        message = {"MessageBody": text, "MessageAttributes": values}
        _or_warn(
            arn,
            lambda: client("sqs").send_message(QueueUrl=_url(arn), **message),
        )


def _bus_entry(
    arn: str, record: dict[str, Any], succeeded: bool, function_arn: str
) -> dict[str, Any]:
    result = "Success" if succeeded else "Failure"
    return {
        "EventBusName": arn.rsplit("/", maxsplit=1)[-1],
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {result}",
        "Resources": [f"{function_arn}:$LATEST", arn],
        "Detail": json.dumps(record),
    }


def _or_warn(where: str, send: Callable[[], Any]) -> None:
    try:
        send()
    except ClientError as reason:
        text = f"DestinationDeliveryFailures: a record for {where} is lost: {reason}"
        warnings.warn(text, UserWarning, stacklevel=2)
