"""Twelve faults of the shop, one at a time, and who notices them.

Each is a function that breaks a `Night` from now on. None of them is a mistake in the
alarms: they are what a deployment, a provider or a wrong click does.
"""

import json
from collections.abc import Callable
from typing import Any

import boto3

from workbook.checks.monitoring.night import Night

__all__ = ["FAULTS", "undetected"]

Fault = Callable[[Night], None]


def a_bug_in_place_order(night: Night) -> None:
    _replace(night, "PlaceOrder", lambda event, context: {}["seats"])


def the_route_is_gone(night: Night) -> None:
    night.door = lambda order: 404


def a_rule_lost_its_target(night: Night) -> None:
    name, bus = _rule(night, "OnOrderPlaced")
    boto3.client("events").remove_targets(
        Rule=name, EventBusName=bus, Ids=["ToReserve"]
    )


def a_rule_waits_for_another_name(night: Night) -> None:
    name, bus = _rule(night, "OnPaymentCaptured")
    boto3.client("events").put_rule(
        Name=name, EventBusName=bus, EventPattern='{"detail-type": ["Paid"]}'
    )


def nobody_reads_a_queue(night: Night) -> None:
    sources = night.shop.sources
    idle = [s for s in sources if s.function is night.shop["ReserveSeat"]]
    for source in idle:
        sources.remove(source)


def each_message_fails(night: Night) -> None:
    """Its errors stay within the function: the batch's answer names the message."""
    _replace(night, "IssueTicket", _all_failed)


def the_provider_is_away(night: Night) -> None:
    def away(event: Any, context: Any) -> None:
        raise ConnectionError("the provider does not answer")

    _replace(night, "CapturePayment", away)


def the_provider_declines_all(night: Night) -> None:
    real = night.shop["CapturePayment"].handler

    def declined(event: Any, context: Any) -> dict:
        details = {"outcome": "declined", "reference": "contract ended"}
        return {**real(event, context), "details": details}

    _replace(night, "CapturePayment", declined)


def the_provider_is_slow(night: Night) -> None:
    night.shop["CapturePayment"].duration_s = 8.0


def messages_wait(night: Night) -> None:
    boto3.client("sqs").set_queue_attributes(
        QueueUrl=night.shop.name_of("ToIssue"), Attributes={"DelaySeconds": "40"}
    )


def the_canary_is_silent(night: Night) -> None:
    night.singing = False


def one_order_is_poison(night: Night) -> None:
    real = night.shop["ReserveSeat"].handler

    def picky(event: dict, context: Any) -> dict:
        if "order-13" in json.dumps(event):
            return _all_failed(event, context)
        return real(event, context)

    _replace(night, "ReserveSeat", picky)
    night.order("order-13")


FAULTS: dict[str, Fault] = {
    "a bug in PlaceOrder": a_bug_in_place_order,
    "the route is gone (404)": the_route_is_gone,
    "a rule lost its target": a_rule_lost_its_target,
    "a rule waits for another name": a_rule_waits_for_another_name,
    "nobody reads a queue": nobody_reads_a_queue,
    "each message fails": each_message_fails,
    "the provider is away": the_provider_is_away,
    "the provider declines all": the_provider_declines_all,
    "the provider is slow": the_provider_is_slow,
    "messages wait 40 s": messages_wait,
    "the canary is silent": the_canary_is_silent,
    "one order is poison": one_order_is_poison,
}


def undetected(seen: dict[str, dict[str, int]]) -> list[str]:
    """The faults for which no alarm went off; `seen` gives each fault's alarms."""
    return [fault for fault in FAULTS if not seen.get(fault)]


def _replace(night: Night, function: str, handler: Callable) -> None:
    night.shop[function].handler = handler


def _all_failed(event: dict, context: Any) -> dict:
    ids = [{"itemIdentifier": record["messageId"]} for record in event["Records"]]
    return {"batchItemFailures": ids}


def _rule(night: Night, id_: str) -> tuple[str, str]:
    bus, name = night.shop.name_of(id_).split("|")
    return name, bus
