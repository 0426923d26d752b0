"""JSON, the only thing that reaches a function or leaves it.

Lambda carries an event as JSON text, so a handler never sees the caller's own
objects: tuples arrive as lists, integer keys as strings, and what JSON cannot
say is refused.

Sources, read 2026-11-23:

- payload of 6 MB for a synchronous call, 1 MB for an asynchronous one:
  https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
- ``RequestTooLargeException``: same page, "Errors"
- what the Python runtime does with a result (``Decimal`` is written as a number,
  anything else that JSON cannot say is ``Runtime.MarshalError``):
  https://github.com/aws/aws-lambda-python-runtime-interface-client
"""

import json
import math
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

__all__ = [
    "ASYNCHRONOUS_LIMIT_BYTES",
    "SYNCHRONOUS_LIMIT_BYTES",
    "decode_result",
    "encode_event",
]

SYNCHRONOUS_LIMIT_BYTES = 6 * 1024 * 1024
ASYNCHRONOUS_LIMIT_BYTES = 1024 * 1024


def encode_event(event: Any, *, limit_bytes: int) -> str:
    """Write `event` as JSON text, as the caller of ``Invoke`` must.

    Raises ``TypeError`` for what JSON cannot say and botocore's ``ClientError``
    (``RequestTooLargeException``) above `limit_bytes`.
    """
    try:
        text = json.dumps(event, allow_nan=False)
    except (TypeError, ValueError) as reason:
        raise TypeError(
            f"the event cannot be sent: {reason}. Lambda carries events as JSON: "
            "turn a Decimal into int, float or str, a set into a sorted list, "
            "a datetime into text."
        ) from None
    _refuse_above(limit_bytes, len(text.encode()))
    return text


def decode_result(result: Any) -> Any:
    """Return what a caller reads when a handler returns `result`.

    Raises ``TypeError`` or ``ValueError`` when the runtime could not write it.
    """
    return json.loads(json.dumps(result, default=_number))


def _number(value: Any) -> float:
    if isinstance(value, Decimal):
        if value.is_nan():
            return math.nan
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _refuse_above(limit_bytes: int, size_bytes: int) -> None:
    if size_bytes <= limit_bytes:
        return
    message = f"{size_bytes} byte payload is too large for the Event invocation type"
    if limit_bytes == SYNCHRONOUS_LIMIT_BYTES:
        message = f"Request must be smaller than {limit_bytes} bytes"
    raise ClientError(
        {
            "Error": {
                "Code": "RequestTooLargeException",
                "Message": f"{message} (limit {limit_bytes} bytes)",
            },
            "ResponseMetadata": {"HTTPStatusCode": 413},
        },
        "Invoke",
    )
