"""What a call touches, and so which calls commute.

Two calls of different invocations *commute* when their order cannot matter: they touch
different items, or both only read. The explorer then needs to run only one of the two
orders. Where this module does not know an operation it assumes that the operation
touches everything: that costs time, never a missed failure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeSerializer

__all__ = ["EVERYTHING", "NOTHING", "Touch", "conflict", "touches"]

_WIRE_TYPES = {"S", "N", "B"}
_serialize = TypeSerializer().serialize


@dataclass(frozen=True)
class Touch:
    """One resource that a call reads or writes.

    `path` goes from general to particular: `("dynamodb", "orders", "…key…")`.
    A shorter path covers every longer one that begins with it; the empty path covers
    all.
    """

    path: tuple[str, ...]
    writes: bool


EVERYTHING = (Touch((), writes=True),)
EVERYTHING_READ = (Touch((), writes=False),)
NOTHING: tuple[Touch, ...] = ()


def conflict(a: Iterable[Touch], b: Iterable[Touch]) -> bool:
    """Whether the order of two calls with these touches can matter."""
    return any(_clash(one, other) for one in a for other in b)


def _clash(one: Touch, other: Touch) -> bool:
    if not (one.writes or other.writes):
        return False
    shared = min(len(one.path), len(other.path))
    return one.path[:shared] == other.path[:shared]


def touches(
    service: str, operation: str, params: dict, describe_table: Callable[[str], dict]
) -> tuple[Touch, ...]:
    """What one call touches.

    `describe_table(name)` answers DynamoDB's table description: a put names its key
    only through the table's key schema, and a table with a stream keeps the order of
    its writes.
    """
    try:
        if service == "dynamodb":
            return tuple(_dynamodb(operation, params, describe_table))
    except Exception:  # a call that is malformed or unheard of: assume the worst
        return EVERYTHING
    if service == "sqs":  # one queue's receive can move a message to another queue
        return (Touch(("sqs",), writes=True),)
    if operation.startswith(("List", "Describe", "Head")):
        return EVERYTHING_READ
    return EVERYTHING


def _dynamodb(
    operation: str, params: dict, describe_table: Callable
) -> Iterable[Touch]:
    def item(table: str, key_or_item: dict, writes: bool) -> Touch:
        return _item_touch(describe_table(_table_name(table)), key_or_item, writes)

    if operation == "GetItem":
        yield item(params["TableName"], params["Key"], False)
    elif operation in ("UpdateItem", "DeleteItem"):
        yield item(params["TableName"], params["Key"], True)
    elif operation == "PutItem":
        yield item(params["TableName"], params["Item"], True)
    elif operation in ("Query", "Scan"):
        yield Touch(("dynamodb", _table_name(params["TableName"])), writes=False)
    elif operation == "BatchGetItem":
        for table, request in params["RequestItems"].items():
            yield from (item(table, key, False) for key in request["Keys"])
    elif operation == "BatchWriteItem":
        for table, requests in params["RequestItems"].items():
            for request in requests:
                put, delete = request.get("PutRequest"), request.get("DeleteRequest")
                yield item(table, put["Item"] if put else delete["Key"], True)
    elif operation in ("TransactWriteItems", "TransactGetItems"):
        for entry in params["TransactItems"]:
            ((action, part),) = entry.items()
            key = part["Item"] if action == "Put" else part["Key"]
            reads = action in ("Get", "ConditionCheck")
            yield item(part["TableName"], key, not reads)
    elif operation.startswith(("Describe", "List")):
        yield Touch(("dynamodb",), writes=False)
    else:
        yield from EVERYTHING


def _table_name(name_or_arn: str) -> str:
    return name_or_arn.rsplit("/", 1)[-1]


def _item_touch(table: dict, key_or_item: dict, writes: bool) -> Touch:
    path = ("dynamodb", table["TableName"])
    if writes and table.get("StreamSpecification", {}).get("StreamEnabled"):
        return Touch(path, writes)
    names = [element["AttributeName"] for element in table["KeySchema"]]
    key = "|".join(repr(_wire(key_or_item[name])) for name in names)
    return Touch((*path, key), writes)


def _wire(value: Any) -> dict:
    """A key attribute as the service sees it, sent by a client or a resource."""
    wire = value
    if not (isinstance(value, dict) and set(value) <= _WIRE_TYPES):
        wire = _serialize(value)
    ((kind, content),) = wire.items()
    if kind == "N":  # 7 and 7.0 are one number, and so one item
        content = str(Decimal(content).normalize())
    return {kind: bytes(content) if kind == "B" else content}
