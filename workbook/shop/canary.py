"""The canary of the shop, and who tells a person: the functions of `canary.yaml`.

`handler` runs every minute: it places a synthetic order through the shop's front door,
and judges the last minute's by the events in the shop's log. Side effects: an order,
and a log line with metrics. `on_queue` gets what alarms say. Side effect: one message
to a person for each incident. Introduced in chapter 13.
"""

import json
import os
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime
from typing import Any

from workbook.patterns.canary import Finding, run
from workbook.patterns.metrics import emf
from workbook.patterns.notices import Notice, on_change, read_change
from workbook.shop import log
from workbook.shop.wire import client, each_record, table

__all__ = ["STEPS", "handler", "line_of", "on_queue", "over_http"]

STEPS = ("OrderPlaced", "SeatReserved", "PaymentCaptured", "TicketIssued",
         "BuyerNotified")  # fmt: skip
PERIOD_S = 60.0
NAMESPACE = "Shop/Canary"


def handler(event: dict, context: Any) -> dict[str, Any]:
    """A moment of the schedule, whose `time` EventBridge sends -> what was found."""
    at_s = datetime.fromisoformat(event["time"]).timestamp()
    finding = run(at_s, period_s=PERIOD_S, steps=STEPS, place=_place, trace=_trace)
    print(line_of(finding, time.time()))
    return {"hop": finding.hop, "why": finding.why}


def line_of(finding: Finding, at_s: float) -> str:
    """The finding as a line in the embedded metric format.

    The order's id and the hop are to be searched for, and are no metrics.
    """
    metrics = {"Succeeded": (int(finding.ok), "Count")}
    if finding.latency_ms is not None:
        metrics["LatencyMs"] = (round(finding.latency_ms), "Milliseconds")
    said = {"order_id": finding.order_id, "hop": finding.hop, "why": finding.why}
    where = {"canary": "order"}
    return emf(NAMESPACE, metrics, dimensions=where, at_s=at_s, **said)


def over_http(order: dict[str, str]) -> int:
    """POST an order to the front door; the status of the answer."""
    request = urllib.request.Request(
        f"{os.environ['SHOP_URL']}/orders",
        data=json.dumps(order).encode(),
        headers={"Content-Type": "application/json"},
    )
    if host := os.environ.get("SHOP_HOST"):  # an emulator tells APIs apart by it
        request.add_header("Host", host)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=10) as answer:
        return answer.status


front_door: Callable[[dict[str, str]], int] = over_http  # on the mock, a function call


def _place(order_id: str) -> None:
    status = front_door({"order_id": order_id, "buyer": "canary", "card": "4242"})
    if status != 202:
        raise RuntimeError(f"the front door answered {status}")


def _trace(order_id: str) -> list[tuple[str, float]]:
    return [(event.kind, event.at) for event in log.read(table("EVENTS"), order_id)]


def _tell(notice: Notice) -> None:
    message = json.dumps({"id": notice.id, "text": notice.text})
    client("sns").publish(TopicArn=os.environ["PEOPLE"], Message=message)


@each_record
def on_queue(message: dict, context: Any) -> None:
    """An alarm's message -> the service's record, and what a person is to be told."""
    on_change(table("INCIDENTS"), read_change(message), tell=_tell)
