"""What AWS bills for one API call, counted from its parameters and its answer.

DynamoDB bills request units (see `workbook.cloud.recorder.units`), queues, topics and
buses bill requests in steps of 64 KB, Lambda bills an invocation; what an invocation
does while it runs is not an API call.

A client sees only what it sent and got back, so sizes are close, not exact. An update
is as large as the attributes in the call or in its answer; items that a filter dropped
are taken to be as large as those it let through; writes to indexes are not seen at all.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workbook.cloud.recorder.units import item_size, read_units, write_units
from workbook.facts import fact, usd

__all__ = ["PRICES", "Charge", "meter"]

READ = "dynamodb.price.read"
WRITE = "dynamodb.price.write"
QUEUE = "sqs.price.standard"
FIFO = "sqs.price.fifo"
TOPIC = "sns.price.request"
BUS = "eventbridge.price.custom_event"
INVOKE = "lambda.price.request"

#: The prices that a call may be billed at.
PRICES = (READ, WRITE, QUEUE, FIFO, TOPIC, BUS, INVOKE)

_WRITES = ("Put", "Update", "Delete", "ConditionCheck")
_CARRIED = {"Body", "Message", "MessageAttributes", "MessageBody", "Subject"}
_CARRIED |= {"Detail", "DetailType", "Resources", "Source"}
_LISTS = ("Entries", "Messages", "PublishBatchRequestEntries")

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Charge:
    """So many units of what the fact `price` is the price of."""

    price: str
    units: Decimal

    @property
    def usd(self) -> Decimal:
        """The charge in USD, the free tier left out."""
        return self.units * usd(self.price)


def meter(service: str, operation: str, params: Data, answer: Data) -> Charge | None:
    """The charge for a call that AWS carried out; None if it has no price here.

    `service` is boto3's name of it; `params` and `answer` are as the caller has them.
    """
    measure = _MEASURES.get((service, operation)) or _MEASURES.get((service, "*"))
    return measure(params, answer) if measure else None


def _written(params: Data, answer: Data) -> Charge:
    """One put, update or delete: the larger of what was sent and what came back."""
    before_or_after = item_size(answer.get("Attributes") or {})
    return Charge(WRITE, write_units(max(_sent(params), before_or_after)))


def _sent(request: Data) -> int:
    """Bytes of the item in a write, or of what is seen of it: key and new values."""
    if "Item" in request:
        return item_size(request["Item"])
    updates = "UpdateExpression" in request
    values = request.get("ExpressionAttributeValues", {}) if updates else {}
    return item_size(request.get("Key", {})) + item_size(values)


def _got(params: Data, answer: Data) -> Charge:
    size = item_size(answer.get("Item") or {})
    return Charge(READ, read_units(size, kind=_consistency(params)))


def _batch_got(params: Data, answer: Data) -> Charge:
    """Each item by itself; a key that no item was found for takes the least."""
    units = Decimal(0)
    for name, asked in params["RequestItems"].items():
        found = answer.get("Responses", {}).get(name, [])
        left = answer.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
        missing = max(0, len(asked["Keys"]) - len(found) - len(left))
        sizes = [item_size(item) for item in found] + [0] * missing
        units += sum(read_units(size, kind=_consistency(asked)) for size in sizes)
    return Charge(READ, units)


def _batch_written(params: Data, answer: Data) -> Charge:
    tables = params["RequestItems"].values()
    requests = [next(iter(request.values())) for table in tables for request in table]
    return Charge(WRITE, sum((write_units(_sent(r)) for r in requests), Decimal(0)))


def _searched(params: Data, answer: Data) -> Charge:
    """A query or scan: one read of all it looked at, whatever a filter then dropped."""
    items = answer.get("Items") or []
    size = sum(item_size(item) for item in items)
    if items:
        size = math.ceil(size * answer.get("ScannedCount", len(items)) / len(items))
    return Charge(READ, read_units(size, kind=_consistency(params)))


def _transacted(params: Data, answer: Data) -> Charge:
    actions = params["TransactItems"]
    sizes = [_sent(a[kind]) for a in actions for kind in _WRITES if kind in a]
    units = (write_units(size, transactional=True) for size in sizes)
    return Charge(WRITE, sum(units, Decimal(0)))


def _transact_got(params: Data, answer: Data) -> Charge:
    sizes = [item_size(each.get("Item") or {}) for each in answer["Responses"]]
    units = (read_units(size, kind="transactional") for size in sizes)
    return Charge(READ, sum(units, Decimal(0)))


def _consistency(request: Data) -> str:
    return "strong" if request.get("ConsistentRead") else "eventual"


def _queued(params: Data, answer: Data) -> Charge:
    """Any call to SQS: a request for each 64 KB that it carries, there or back."""
    fifo = str(params.get("QueueUrl", params.get("QueueName", ""))).endswith(".fifo")
    carried = max(_payload(params), _payload(answer))
    return Charge(FIFO if fifo else QUEUE, _chunks(carried, "sqs"))


def _published(params: Data, answer: Data) -> Charge:
    return Charge(TOPIC, _chunks(_payload(params), "sns"))


def _put_on_bus(params: Data, answer: Data) -> Charge:
    events = (_chunks(_payload(event), "eventbridge") for event in params["Entries"])
    return Charge(BUS, sum(events, Decimal(0)))


def _invoked(params: Data, answer: Data) -> Charge:
    return Charge(INVOKE, Decimal(1))


def _payload(carried: Data) -> int:
    """Bytes of the bodies and attributes that a call or its answer carries."""
    own = [content for name, content in carried.items() if name in _CARRIED]
    inner = [entry for name in _LISTS for entry in carried.get(name) or []]
    return sum(map(_bytes, own)) + sum(map(_payload, inner))


def _bytes(content: Any) -> int:
    text = content if isinstance(content, str) else json.dumps(content, default=str)
    return len(text.encode("utf-8", "surrogatepass"))


def _chunks(size: int, service: str) -> Decimal:
    step = fact(f"{service}.price.chunk").value * fact("dynamodb.kb").value
    return Decimal(max(1, math.ceil(size / step)))


_MEASURES: dict[tuple[str, str], Callable[[Data, Data], Charge]] = {
    ("dynamodb", "BatchGetItem"): _batch_got,
    ("dynamodb", "BatchWriteItem"): _batch_written,
    ("dynamodb", "DeleteItem"): _written,
    ("dynamodb", "GetItem"): _got,
    ("dynamodb", "PutItem"): _written,
    ("dynamodb", "Query"): _searched,
    ("dynamodb", "Scan"): _searched,
    ("dynamodb", "TransactGetItems"): _transact_got,
    ("dynamodb", "TransactWriteItems"): _transacted,
    ("dynamodb", "UpdateItem"): _written,
    ("events", "PutEvents"): _put_on_bus,
    ("lambda", "Invoke"): _invoked,
    ("lambda", "InvokeAsync"): _invoked,
    ("sns", "*"): _published,
    ("sqs", "*"): _queued,
}
