"""Functions: errors, retries, destinations, partial batches, concurrency."""

import json
from typing import Any

from workbook.facts import fact

from .places import Place
from .scenario import documented, error_of

__all__ = ["SCENARIOS"]

_GUIDE = "lambda/latest/dg/"
_READ = "2026-11-23"
_ATTEMPTS = 1 + fact("lambda.async.retries").value


def _received(place: Place, queue: str) -> list[str]:
    """What is in a queue of the stack, as text."""
    asked = {"QueueUrl": place.ids[queue], "MaxNumberOfMessages": 10}
    found = place.client("sqs").receive_message(**asked)
    return [message["Body"] for message in found.get("Messages", [])]


def _first(place: Place, queue: str) -> dict[str, Any]:
    """The first record that reaches a queue of the stack."""
    found = place.settled(lambda: _received(place, queue))
    return json.loads(found[0]) if found else {}


def _send(place: Place, queue: str, *bodies: str) -> None:
    entries = [{"Id": body, "MessageBody": body} for body in bodies]
    place.client("sqs").send_message_batch(QueueUrl=place.ids[queue], Entries=entries)


def _is_empty(place: Place, queue: str) -> bool:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    asked = {"QueueUrl": place.ids[queue], "AttributeNames": names}
    counts = place.client("sqs").get_queue_attributes(**asked)["Attributes"]
    return not any(int(count) for count in counts.values())


def _given_up(place: Place, queue: str, dead: str) -> str:
    """What is in the dead-letter queue once the queue itself is empty."""
    place.settled(lambda: _is_empty(place, queue))
    return ", ".join(sorted(_received(place, dead))) or "nothing"


@documented(
    "What the caller reads of a function that raised ValueError",
    "Unhandled, ValueError: there is no seat",
    _GUIDE + "python-exceptions.html",
    read=_READ,
)
def error_of_a_function(place: Place) -> str:
    answer = place.invoke("Fail", {})
    said = answer["Payload"]
    return f"{answer['FunctionError']}, {said['errorType']}: {said['errorMessage']}"


@documented(
    "A function that always raises, invoked asynchronously",
    f"{_ATTEMPTS} attempts, RetriesExhausted, the event",
    _GUIDE + "invocation-async-retain-records.html",
    read=_READ,
)
def retries_of_an_asynchronous_invocation(place: Place) -> str:
    place.invoke("Fail", {"order_id": "o-1"}, asynchronous=True)
    return _gave_up(_first(place, "Failures"), {"order_id": "o-1"})


@documented(
    "A function that always raises, called by a rule of EventBridge",
    f"{_ATTEMPTS} attempts, RetriesExhausted, the event",
    _GUIDE + "services-cloudwatchevents.html",
    read=_READ,
)
def retries_of_a_rule(place: Place) -> str:
    entry = {
        "EventBusName": place.ids["Bus"],
        "Source": "shop",
        "DetailType": "OrderPlaced",
        "Detail": json.dumps({"order_id": "o-1"}),
    }
    place.client("events").put_events(Entries=[entry])
    record = _first(place, "FailuresByRule")
    payload = record.get("requestPayload", {})
    return _gave_up(record | {"requestPayload": payload.get("detail")},
                    {"order_id": "o-1"})  # fmt: skip


@documented(
    "The destination of a function that succeeds, invoked asynchronously",
    "Success, the event, the result",
    _GUIDE + "invocation-async-retain-records.html",
    read=_READ,
)
def destination_of_a_success(place: Place) -> str:
    place.invoke("Work", {"order_id": "o-1"}, asynchronous=True)
    record = _first(place, "Successes")
    if not record:
        return "nothing"
    event = record["requestPayload"] == {"order_id": "o-1"}
    result = record["responsePayload"] == {"worked": {"order_id": "o-1"}}
    condition = record["requestContext"]["condition"]
    said = [condition, "the event" if event else "", "the result" if result else ""]
    return ", ".join(part for part in said if part)


@documented(
    "A batch of three in which the function names one as failed, again and again",
    "only the failed one is given up",
    _GUIDE + "services-sqs-errorhandling.html",
    read=_READ,
)
def partial_batch(place: Place) -> str:
    place.invoke("Pick", {"Records": []})  # a slow start would outlast the visibility
    _send(place, "ToPick", "good", "bad", "fine")
    given_up = _given_up(place, "ToPick", "NotPicked")
    return "only the failed one is given up" if given_up == "bad" else given_up


@documented(
    "A batch of two in which the function names a message that is not in it",
    "the whole batch is given up",
    _GUIDE + "services-sqs-errorhandling.html",
    read=_READ,
)
def partial_batch_that_names_nobody(place: Place) -> str:
    place.invoke("Lie", {"Records": []})
    _send(place, "ToLie", "one", "two")
    given_up = _given_up(place, "ToLie", "LiedAbout")
    return "the whole batch is given up" if given_up == "one, two" else given_up


@documented(
    "A batch of two that makes the function raise, with maxReceiveCount 2",
    "the whole batch is given up",
    _GUIDE + "services-sqs-errorhandling.html",
    read=_READ,
)
def batch_that_raises(place: Place) -> str:
    _send(place, "ToFail", "one", "two")
    given_up = _given_up(place, "ToFail", "Failed")
    return "the whole batch is given up" if given_up == "one, two" else given_up


@documented(
    "A function whose reserved concurrency is 0",
    "TooManyRequestsException",
    _GUIDE + "configuration-concurrency.html",
    read=_READ,
)
def no_concurrency(place: Place) -> str:
    return error_of(lambda: place.invoke("Frozen", {}))


def _gave_up(record: dict[str, Any], event: dict[str, Any]) -> str:
    """What a record at the destination for failures says."""
    if not record:
        return "nothing"
    context = record["requestContext"]
    attempts, condition = context["approximateInvokeCount"], context["condition"]
    kept = "the event" if record["requestPayload"] == event else "another event"
    return f"{attempts} attempts, {condition}, {kept}"


SCENARIOS = (
    error_of_a_function,
    retries_of_an_asynchronous_invocation,
    retries_of_a_rule,
    destination_of_a_success,
    partial_batch,
    partial_batch_that_names_nobody,
    batch_that_raises,
    no_concurrency,
)
