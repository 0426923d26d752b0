"""Find the envelopes in whatever a Lambda function is called with.

The shapes are those that AWS documents for each source:
docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, with-sns.html, with-ddb.html,
services-apigateway-develop.html (payload 2.0) and invocation-async-retain-records.html.
A message in a queue may itself be wrapped: by SNS, unless the subscription delivers
raw, or by EventBridge.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from boto3.dynamodb.types import TypeDeserializer

from workbook.patterns.events.carriers import NAMES
from workbook.patterns.events.envelope import Envelope, NoEnvelope, opened

__all__ = ["envelopes", "open_record"]

_FIELDS = {name: field for field, name in NAMES.items()}
_plain = TypeDeserializer().deserialize


def envelopes(event: Mapping[str, Any]) -> list[Envelope]:
    """Every envelope in a function's event, in order: one, or a batch's.

    Raises `NoEnvelope` at the first record without one.
    """
    if isinstance(event, Mapping) and "Records" in event:
        return [open_record(record) for record in event["Records"]]
    return [_open(event)]


def open_record(record: Mapping[str, Any]) -> Envelope:
    """The envelope of one record of SQS, SNS or a DynamoDB stream. Or `NoEnvelope`."""
    if "Sns" in record:
        return _from_notification(record["Sns"])
    if "dynamodb" in record:
        return _from_image(record["dynamodb"].get("NewImage"))
    return _from_message(record)


def _open(event: Any) -> Envelope:
    """An event that stands alone: a request, an EventBridge event, a payload."""
    if not isinstance(event, Mapping):
        raise NoEnvelope(f"an event is a JSON object, not {type(event).__name__}")
    if "headers" in event:
        return _from_request(event)
    if "detail" in event:
        event = event["detail"]
    elif "responsePayload" in event:  # what an asynchronous call sends on
        event = event["responsePayload"]
    inside = event if isinstance(event, Mapping) else {}
    return opened(inside.get("metadata"), inside.get("data"))


def _from_request(request: Mapping[str, Any]) -> Envelope:
    found = _named(request["headers"], unquote)
    body = request.get("body") or "{}"
    if request.get("isBase64Encoded"):
        body = _decoded(body)
    return opened(found, _json(body))


def _from_message(record: Mapping[str, Any]) -> Envelope:
    """Attributes of its own first; else what the body is the wrapping of."""
    found = _named(_values(record.get("messageAttributes"), "stringValue"))
    body = _json(record.get("body") or "")
    if "id" in found:  # a traceparent alone may be a library's
        return opened(found, body)
    if isinstance(body, Mapping) and body.get("Type") == "Notification":
        return _from_notification(body)
    return _open(body)


def _from_notification(notice: Mapping[str, Any]) -> Envelope:
    found = _named(_values(notice.get("MessageAttributes"), "Value"))
    return opened(found, _json(notice.get("Message") or ""))


def _from_image(image: Mapping[str, Any] | None) -> Envelope:
    if image is None:
        raise NoEnvelope("the record has no new image: the item was removed")
    item = {name: _plain(value) for name, value in image.items()}
    return opened(item.get("metadata"), _json(item.get("data") or ""))


def _values(attributes: Any, key: str) -> dict[str, Any]:
    """Attributes by name, each without its data type."""
    given = attributes if isinstance(attributes, Mapping) else {}
    return {name: a.get(key) for name, a in given.items() if isinstance(a, Mapping)}


def _named(found: Any, read: Callable[[str], str] = str) -> dict[str, str]:
    """Our fields among headers or attributes, whose names may be in any case."""
    given = found if isinstance(found, Mapping) else {}
    return {
        _FIELDS[name.lower()]: read(str(value))
        for name, value in given.items()
        if name.lower() in _FIELDS and value is not None
    }


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        raise NoEnvelope("the data is no JSON") from None


def _decoded(body: str) -> str:
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, ValueError):
        raise NoEnvelope("the body is no base64") from None
