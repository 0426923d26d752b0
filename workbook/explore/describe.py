"""Short words for calls and answers, as they stand in a sequence diagram."""

import re
from http import HTTPStatus
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from workbook.explore.invocation import Request

__all__ = [
    "describe_call",
    "describe_error",
    "describe_place",
    "describe_reply",
    "describe_target",
    "describe_value",
]

_SERVICES = {
    "dynamodb": "DynamoDB",
    "events": "EventBridge",
    "lambda": "Lambda",
    "logs": "CloudWatch Logs",
    "sns": "SNS",
    "sqs": "SQS",
    "stepfunctions": "Step Functions",
}
_RESOURCE_PARAMETERS = (
    "TableName",
    "QueueUrl",
    "TopicArn",
    "FunctionName",
    "StreamArn",
    "stateMachineArn",
    "Bucket",
)
_WIRE_TYPES = {"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"}
# Where an object lies in memory differs from run to run.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
# Of a long random id the first digits tell enough.
_UUID = re.compile(
    r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
)
_deserialize = TypeDeserializer().deserialize


def describe_target(request: Request) -> str:
    """The lane a call goes to: the resource's name, then the service's."""
    if request.protocol == "http":
        return request.service
    service = _SERVICES.get(request.service, request.service)
    name = _resource(request.params)
    return f"{name} ({service})" if name else service


def describe_place(request: Request) -> str:
    """The operation and the resource it goes to: "PutItem charges"."""
    if request.protocol == "http":
        return f"{describe_call(request)} at {request.service}"
    return f"{request.operation} {_resource(request.params)}".rstrip()


def _resource(params: dict) -> str:
    for parameter in _RESOURCE_PARAMETERS:
        if isinstance(params.get(parameter), str):
            return params[parameter].rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    return " + ".join(_tables(params))


def describe_call(request: Request) -> str:
    """The operation and the item it is about: "PutItem order-7"."""
    if request.protocol == "http":
        return _short(request.operation)
    key = request.params.get("Key") or request.params.get("Item")
    if isinstance(key, dict) and key:
        return f"{request.operation} {_short(_plain(next(iter(key.values()))))}"
    body = request.params.get("MessageBody") or request.params.get("Message")
    if isinstance(body, str):
        return f"{request.operation} {_short(body)}"
    return request.operation


def describe_reply(request: Request, value: Any) -> str:
    """What came back: "nothing", the item's other attributes, or "ok"."""
    if not isinstance(value, dict):
        return "ok"
    if request.protocol == "http":
        return _status(value["status_code"])
    if request.operation == "GetItem":
        item = value.get("Item")
        return "nothing" if item is None else _attributes(item, request.params["Key"])
    if request.operation == "ReceiveMessage":
        return _count(value.get("Messages", []), "message")
    if "Items" in value:
        return _count(value["Items"], "item")
    return "ok"


def describe_error(error: BaseException | None) -> str:
    """An error in a few words: AWS's own code where it has one."""
    response = getattr(error, "response", None)
    if isinstance(response, dict) and "Error" in response:
        return str(response["Error"].get("Code", "error")).removesuffix("Exception")
    return type(error).__name__


def describe_value(value: Any) -> str:
    """What a handler returned, cut to a readable length."""
    return "nothing" if value is None else _short(repr(_plain(value)), 34)


def _status(code: int) -> str:
    """An HTTP status in words: "201 Created"."""
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def _tables(params: dict) -> list[str]:
    entries = params.get("TransactItems") or []
    parts = [part for entry in entries for part in entry.values()]
    names = [part["TableName"] for part in parts if isinstance(part, dict)]
    names += list(params.get("RequestItems") or {})
    return list(dict.fromkeys(name.rsplit("/", 1)[-1] for name in names))


def _attributes(item: dict, key: dict) -> str:
    rest = {name: _plain(value) for name, value in item.items() if name not in key}
    shown = ", ".join(f"{name} {value}" for name, value in rest.items())
    return _short(shown or "the item", 30)


def _plain(value: Any) -> Any:
    """A DynamoDB value as Python has it; anything else as it is."""
    if isinstance(value, dict) and len(value) == 1 and set(value) <= _WIRE_TYPES:
        return _deserialize(value)
    return value


def _count(found: list, noun: str) -> str:
    return f"{len(found)} {noun}{'' if len(found) == 1 else 's'}"


def _short(text: Any, length: int = 26) -> str:
    text = _ADDRESS.sub("", " ".join(str(text).split()))
    text = _UUID.sub(r"\1…", text)
    return text if len(text) <= length else text[: length - 1] + "…"
