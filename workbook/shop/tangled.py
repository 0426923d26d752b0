"""The shop as nine functions that call one another: what chapter 03 warns of.

Each function is small and does one thing, and each waits for the answers of others. As
long as all of them answer, the shop sells as the other designs do. `tangled.yaml` says
who may call whom.
"""

import json
import os
import time
from typing import Any

from workbook.shop import log, stock, till
from workbook.shop.core import Command, replay
from workbook.shop.wire import client, table

__all__ = [
    "Failed",
    "ask",
    "capture_payment",
    "issue_ticket",
    "look_up",
    "notify_buyer",
    "place_order",
    "price",
    "record",
    "release_seat",
    "reserve_seat",
]

Answer = dict[str, Any]


class Failed(Exception):
    """A function that was asked has failed."""


def ask(function: str, question: Answer) -> Answer:
    """Call another function, whose name the environment knows, and wait for it."""
    told = client("lambda").invoke(
        FunctionName=os.environ[function], Payload=json.dumps(question)
    )
    answer = json.loads(told["Payload"].read())
    if "FunctionError" in told:
        raise Failed(f"{function}: {answer.get('errorMessage', answer)}")
    return answer


def place_order(event: dict, context: Any) -> dict:
    """Answer a request of API Gateway (payload 2.0) when everything is done."""
    asked = json.loads(event["body"])
    order = {"order_id": asked["order_id"]}
    about = {"buyer": asked["buyer"], "card": asked["card"], **ask("PRICE", order)}
    ask("RECORD", {**order, "kind": "PlaceOrder", "details": about})
    if ask("RESERVE_SEAT", order)["status"] == "rejected":
        ask("NOTIFY_BUYER", order)
        return {"statusCode": 410, "body": "sold out"}
    if ask("CAPTURE_PAYMENT", order)["status"] == "unpaid":
        ask("RELEASE_SEAT", order)
        return {"statusCode": 402, "body": "the card was declined"}
    ask("ISSUE_TICKET", order)
    return {"statusCode": 201, "body": f"ticket-{asked['order_id']}"}


def price(event: dict, context: Any) -> Answer:
    """What a seat costs."""
    return {"price_yen": int(os.environ["PRICE_YEN"])}


def look_up(event: dict, context: Any) -> Answer:
    """The order as it is, and what was said when it was placed."""
    events = log.read(table("EVENTS"), event["order_id"])
    order = replay(events).order(event["order_id"])
    return {"status": order.status, **(events[0].details if events else {})}


def record(event: dict, context: Any) -> Answer:
    """Write down what was done."""
    asked = event["kind"], event["order_id"], time.time(), event.get("details", {})
    seats = event.get("seats_free", 1)
    order = log.react(table("EVENTS"), Command(*asked), seats_free=lambda: seats)
    return {"status": order.status}


def reserve_seat(event: dict, context: Any) -> Answer:
    """Take a seat out of the stock, and have it written down."""
    order = ask("LOOK_UP", event)
    if order["status"] != "placed":
        return order
    taken = stock.take(table("STOCK"))
    return ask("RECORD", {**event, "kind": "ReserveSeat", "seats_free": int(taken)})


def capture_payment(event: dict, context: Any) -> Answer:
    """Take the money, and have it written down."""
    paid = till.charge(
        table("TILL"),
        key=event["order_id"],
        card=ask("LOOK_UP", event)["card"],
        amount_yen=ask("PRICE", event)["price_yen"],
    )
    return ask("RECORD", {**event, "kind": "RecordPayment", "details": paid})


def issue_ticket(event: dict, context: Any) -> Answer:
    """Have the ticket written down, and the buyer told."""
    order = ask("RECORD", {**event, "kind": "IssueTicket"})
    ask("NOTIFY_BUYER", event)
    return order


def release_seat(event: dict, context: Any) -> Answer:
    """Put the seat back into the stock, have it written down, and the buyer told."""
    stock.give_back(table("STOCK"))
    order = ask("RECORD", {**event, "kind": "ReleaseSeat"})
    ask("NOTIFY_BUYER", event)
    return order


def notify_buyer(event: dict, context: Any) -> Answer:
    """Tell the buyer how it ended, and have that written down."""
    news = {"order_id": event["order_id"], "news": ask("LOOK_UP", event)["status"]}
    client("sns").publish(TopicArn=os.environ["NOTICES"], Message=json.dumps(news))
    return ask("RECORD", {**event, "kind": "RecordNotice", "details": news})
