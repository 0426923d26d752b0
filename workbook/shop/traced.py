"""The shop with an envelope on every event: six functions, each over another carrier.

    place_order    HTTP headers               → an item, told by the table's stream
    relay          DynamoDB stream            → EventBridge
    reserve_seat   EventBridge, in batches    → SQS
    charge         SQS attributes             → SNS
    issue_ticket   SNS, delivered raw
    notify_buyer   SNS, delivered wrapped

Each spans its work as the child of the span that sent the event, and sends its own on.
`traced.yaml` says what calls what. Introduced in chapter 08.
"""

import functools
import json
import os
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from workbook.patterns.events import (
    Envelope,
    NoEnvelope,
    caused_by,
    each_envelope,
    envelopes,
    to_attributes,
    to_bus,
    to_item,
)
from workbook.patterns.tracing import Telemetry, here
from workbook.shop import till
from workbook.shop.wire import SOURCE, client, table

__all__ = [
    "PRICE_YEN",
    "STEPS",
    "charge",
    "issue_ticket",
    "next_event",
    "notify_buyer",
    "place_order",
    "relay",
    "reserve_seat",
    "telemetry",
]

STEPS = ("place-order", "relay", "reserve-seat", "charge", "issue-ticket",
         "notify-buyer")  # fmt: skip
PRICE_YEN = 3_800

telemetry = functools.cache(Telemetry)  # one for each service


def place_order(event: dict, context: Any) -> dict[str, Any]:
    """Answer a request of API Gateway (payload 2.0): 202 when the order is kept."""
    try:
        (asked,) = envelopes(event)
    except NoEnvelope as reason:
        return {"statusCode": 400, "body": str(reason)}
    with telemetry("place-order").span("place-order", asked):
        kind = "ExpressOrderPlaced" if asked.data.get("express") else "OrderPlaced"
        placed = next_event(asked, kind, asked.data)
        _put_once("ORDERS", placed.correlation_id, to_item(placed))
    return {"statusCode": 202, "body": placed.correlation_id}


@each_envelope
def relay(placed: Envelope, context: Any) -> None:
    """Tell the bus what the stream told: the same event, sent on by another span."""
    with telemetry("relay").span("relay", placed):
        sent_on = replace(placed, traceparent=here())
        entry = to_bus(sent_on, bus=os.environ["BUS"], source=SOURCE)
        answer = client("events").put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise RuntimeError(answer["Entries"][0]["ErrorCode"])


@each_envelope
def reserve_seat(placed: Envelope, context: Any) -> None:
    """OrderPlaced → SeatReserved, with what it costs."""
    with telemetry("reserve-seat").span("reserve-seat", placed):
        yen = PRICE_YEN * int(placed.data["seats"])
        reserved = next_event(placed, "SeatReserved", {**placed.data, "yen": yen})
        client("sqs").send_message(
            QueueUrl=os.environ["TO_CHARGE"],
            MessageBody=json.dumps(reserved.data),
            MessageAttributes=to_attributes(reserved),
        )


@each_envelope
def charge(reserved: Envelope, context: Any) -> None:
    """SeatReserved → OrderPaid. The provider's part is a span of its own."""
    service, data = telemetry("charge"), reserved.data
    with service.span("charge", reserved):
        with service.span("ask-provider"):
            till.charge(
                table("TILL"),
                key=reserved.correlation_id,
                card=data["card"],
                amount_yen=data["yen"],
            )
        service.log("money taken", yen=data["yen"], card=data["card"])
        paid = next_event(reserved, "OrderPaid", data)
        client("sns").publish(
            TopicArn=os.environ["PAID"],
            Message=json.dumps(paid.data),
            MessageAttributes=to_attributes(paid),
        )


@each_envelope
def issue_ticket(paid: Envelope, context: Any) -> None:
    """OrderPaid → a ticket."""
    with telemetry("issue-ticket").span("issue-ticket", paid):
        _put_once("TICKETS", paid.correlation_id, {"seats": paid.data["seats"]})


@each_envelope
def notify_buyer(paid: Envelope, context: Any) -> None:
    """OrderPaid → a mail."""
    service = telemetry("notify-buyer")
    with service.span("notify-buyer", paid):
        service.log(f"mail to {paid.data['email']}")
        client("sns").publish(TopicArn=os.environ["NOTICES"], Message="Your ticket")


def next_event(cause: Envelope, kind: str, data: Any) -> Envelope:
    """The event that follows, sent by the span at work."""
    return caused_by(cause, kind, data, at=time.time(), traceparent=here())


def _put_once(variable: str, order_id: str, item: dict[str, Any]) -> None:
    """Keep an item for an order, unless an earlier attempt did."""
    kept = table(variable)
    refused = kept.meta.client.exceptions.ConditionalCheckFailedException
    with suppress(refused):
        kept.put_item(
            Item={"order_id": order_id, **item},
            ConditionExpression="attribute_not_exists(order_id)",
        )
