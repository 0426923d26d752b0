"""The envelope: the same after every carrier, derived ids, and what carries none."""

import base64
import json
from dataclasses import replace

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from workbook.cloud.functions.message import to_record
from workbook.patterns.events import (
    Envelope,
    NoEnvelope,
    caused_by,
    each_envelope,
    envelopes,
    first,
    iso,
    to_attributes,
    to_bus,
    to_detail,
    to_headers,
    to_item,
)

QUEUE = "arn:aws:sqs:ap-northeast-1:123456789012:orders"
typed = TypeSerializer().serialize

# --- each carrier, as its service hands it to a function ----------------------------


def by_http(envelope):
    headers = {name.upper(): value for name, value in to_headers(envelope).items()}
    assert all(value.isascii() and value.strip() == value for value in headers.values())
    return {"headers": headers, "body": json.dumps(envelope.data)}


def by_http_in_base64(envelope):
    event = by_http(envelope)
    body = base64.b64encode(event["body"].encode()).decode()
    return {**event, "body": body, "isBase64Encoded": True}


def message(body, attributes=None, number=1):
    raw = {"MessageId": f"m-{number}", "ReceiptHandle": "r", "MD5OfBody": "x"}
    more = {"Body": body, "Attributes": {}, "MessageAttributes": attributes or {}}
    return to_record({**raw, **more}, QUEUE)


def by_sqs(envelope):
    return {"Records": [message(json.dumps(envelope.data), to_attributes(envelope))]}


def notification(envelope):
    attributes = {
        name: {"Type": value["DataType"], "Value": value["StringValue"]}
        for name, value in to_attributes(envelope).items()
    }
    text = json.dumps(envelope.data)
    return {"Type": "Notification", "Message": text, "MessageAttributes": attributes}


def by_sns(envelope):
    return {"Records": [{"EventSource": "aws:sns", "Sns": notification(envelope)}]}


def by_sns_through_a_queue(envelope):
    return {"Records": [message(json.dumps(notification(envelope)))]}


def by_eventbridge(envelope):
    entry = to_bus(envelope, bus="b", source="shop")
    detail = json.loads(entry["Detail"])
    return {"id": "of the bus", "detail-type": entry["DetailType"], "detail": detail}


def by_eventbridge_through_a_queue(envelope):
    return {"Records": [message(json.dumps(by_eventbridge(envelope)))]}


def by_eventbridge_with_a_library_at_work(envelope):
    attributes = {"traceparent": {"DataType": "String", "StringValue": "00-of-the-sdk"}}
    return {"Records": [message(json.dumps(by_eventbridge(envelope)), attributes)]}


def by_stream(envelope):
    item = {"order_id": "order-7", **to_item(envelope)}
    image = {name: typed(value) for name, value in item.items()}
    return {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": image}}]}


def by_invocation(envelope):
    return json.loads(json.dumps(to_detail(envelope)))


def by_destination(envelope):
    return {"requestPayload": {}, "responsePayload": by_invocation(envelope)}


CARRIERS = [
    by_http,
    by_http_in_base64,
    by_sqs,
    by_sns,
    by_sns_through_a_queue,
    by_eventbridge,
    by_eventbridge_through_a_queue,
    by_eventbridge_with_a_library_at_work,
    by_stream,
    by_invocation,
    by_destination,
]

# Strings that SQS takes: no control characters, no lone surrogates; and not empty.
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Co")), min_size=1
)
data = st.dictionaries(
    words,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=5,
    ),
    max_size=3,
)  # fmt: skip
any_envelope = st.builds(
    Envelope,
    id=words,
    type=words,
    version=st.integers(1, 10**6),
    time=st.floats(0, 4e9).map(iso),
    correlation_id=words,
    causation_id=st.just("") | words,
    traceparent=st.just("") | words,
    data=data,
)


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.__name__)
@given(envelope=any_envelope)
def test_it_arrives_as_it_left(carrier, envelope):
    assert envelopes(carrier(envelope)) == [envelope]


def test_a_queue_s_message_has_room_for_three_more_attributes():
    whole = replace(PLACED, causation_id="ask-7", traceparent="00-a-b-01")
    assert len(to_attributes(whole)) == 7
    assert all(value["StringValue"] for value in to_attributes(PLACED).values())


# --- one event follows from another ---------------------------------------------------

PLACED = first("OrderPlaced", {"seats": 2}, id="order-7", at=1_520_730_000.25)


def test_the_first_event_begins_a_correlation():
    assert (PLACED.id, PLACED.correlation_id, PLACED.causation_id) == (
        "order-7",
        "order-7",
        "",
    )
    assert (
        PLACED.time == "2018-03-11T01:00:00.250000Z" and PLACED.at == 1_520_730_000.25
    )


def test_what_follows_names_its_cause_and_shares_the_correlation():
    reserved = caused_by(PLACED, "SeatReserved", {}, at=1)
    paid = caused_by(reserved, "OrderPaid", {}, at=2)
    assert paid.causation_id == reserved.id != paid.id
    assert reserved.causation_id == PLACED.id
    assert {e.correlation_id for e in (PLACED, reserved, paid)} == {"order-7"}


def test_a_handler_that_runs_again_makes_the_same_event():
    again = [caused_by(PLACED, "SeatReserved", {}, at=at).id for at in (1, 99)]
    assert again[0] == again[1]
    others = [
        caused_by(PLACED, "OrderRejected", {}, at=1),
        caused_by(PLACED, "SeatReserved", {}, at=1, key="second"),
        caused_by(replace(PLACED, id="order-8"), "SeatReserved", {}, at=1),
    ]
    assert len({again[0], *(other.id for other in others)}) == 4


# --- what carries no envelope ---------------------------------------------------------

GOOD = to_detail(PLACED)


def without(name):
    metadata = {key: value for key, value in GOOD["metadata"].items() if key != name}
    return {**GOOD, "metadata": metadata}


def having(**changes):
    return {**GOOD, "metadata": {**GOOD["metadata"], **changes}}


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({}, "there is no metadata"),
        (None, "an event is a JSON object, not NoneType"),
        ([1], "an event is a JSON object, not list"),
        ({"metadata": 3, "data": {}}, "there is no metadata"),
        (without("id"), "the metadata has no id"),
        (without("correlation_id"), "has no correlation_id"),
        (having(version="two"), "the version is 'two'"),
        (having(version=0), "the version is '0'"),
        (having(version=-1), "the version is '-1'"),
        (having(time="yesterday"), "the time is 'yesterday'"),
        (having(time="2018-03-11T01:00:00"), "with its zone"),
        ({**GOOD, "data": "text"}, "the data is no JSON object: str"),
        ({"headers": None, "body": None}, "has no id, type"),
        ({"headers": {}, "body": "x", "isBase64Encoded": True}, "no base64"),
        ({"headers": to_headers(PLACED), "body": "{"}, "the data is no JSON"),
        ({"Records": [message("hello")]}, "the data is no JSON"),
        ({"Records": [message("[1]")]}, "not list"),
        ({"Records": [{"dynamodb": {"Keys": {}}}]}, "the item was removed"),
        ({"detail": []}, "there is no metadata"),
        ({"responsePayload": None}, "there is no metadata"),
    ],
)
def test_what_has_none_is_told_by_its_missing_part(event, message):
    with pytest.raises(NoEnvelope, match=message):
        envelopes(event)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["headers", "body", "detail", "metadata", "data", "id"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(body=json_like)
def test_no_body_of_a_message_breaks_it(body):
    try:
        envelopes({"Records": [message(json.dumps(body))]})
    except NoEnvelope as reason:
        assert str(reason)


def test_fields_of_a_later_version_are_dropped():
    (opened,) = envelopes(having(tenant="north"))
    assert opened == PLACED


# --- a batch --------------------------------------------------------------------------


def sink(bad=()):
    """A function of one event, which fails for some; and what it was called with."""
    seen = []

    @each_envelope
    def handle(envelope, context):
        seen.append(envelope.id)
        if envelope.id in bad:
            raise ValueError("bad")
        return envelope.type

    return handle, seen


def numbered(number):
    return first("OrderPlaced", {"n": number}, id=f"order-{number}", at=number)


def queue_of(*numbers):
    records = [
        message(json.dumps({"n": n}), to_attributes(numbered(n)), n) for n in numbers
    ]
    return {"Records": records}


def stream_of(*numbers):
    records = [by_stream(numbered(n))["Records"][0] for n in numbers]
    for number, record in zip(numbers, records, strict=True):
        record["dynamodb"]["SequenceNumber"] = str(number)
    return {"Records": records}


def test_of_a_queue_s_batch_only_the_failed_come_back(capsys):
    handle, seen = sink({"order-2"})
    event = queue_of(1, 2, 3)
    event["Records"].append(message("no envelope", number=4))
    answer = handle(event, None)
    assert seen == ["order-1", "order-2", "order-3"]
    failed = [one["itemIdentifier"] for one in answer["batchItemFailures"]]
    assert failed == ["m-2", "m-4"]
    assert capsys.readouterr().out == "m-2: ValueError\nm-4: NoEnvelope\n"


def test_a_stream_comes_back_from_the_first_that_failed():
    handle, seen = sink({"order-2"})
    answer = handle(stream_of(1, 2, 3), None)
    assert seen == ["order-1", "order-2"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}


@pytest.mark.parametrize("carrier", [by_http, by_sns, by_eventbridge, by_invocation])
def test_one_event_gives_its_answer_or_its_error(carrier):
    handle, _ = sink()
    assert handle(carrier(PLACED), None) == "OrderPlaced"
    handle, _ = sink({PLACED.id})
    with pytest.raises(ValueError, match="bad"):
        handle(carrier(PLACED), None)


def test_an_empty_batch_is_no_failure():
    handle, seen = sink()
    assert handle({"Records": []}, None) == {"batchItemFailures": []}
    assert seen == []
