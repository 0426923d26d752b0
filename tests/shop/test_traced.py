"""The traced shop: one whole trace an order, over every carrier, through faults."""

import json

import boto3
import pytest

from workbook.cloud import clock, faults, local_cloud
from workbook.cloud.logs import keep_logs, lines
from workbook.cloud.template import deploy
from workbook.patterns.events import first, to_headers
from workbook.patterns.tracing import progress, rebuild, stuck_at
from workbook.shop import TRACED
from workbook.shop.traced import STEPS

WHOLE = [
    (0, "place-order"),
    (1, "relay"),
    (2, "reserve-seat"),
    (3, "charge"),
    (4, "ask-provider"),
    (4, "issue-ticket"),
    (4, "notify-buyer"),
]
BUYER = {"email": "aya@example.com", "card": "4242424242424242"}


class Shop:
    def __init__(self):
        self.stack = deploy(TRACED)
        keep_logs(*self.stack.functions.values())

    def order(self, order_id, **more):
        data = {"seats": 1, **BUYER, **more}
        ids = {"id": f"ask-{order_id}", "correlation_id": order_id}
        asked = first("OrderAsked", data, at=clock.seconds(), **ids)
        request = {"headers": to_headers(asked), "body": json.dumps(data)}
        return self.stack["PlaceOrder"].invoke(request)

    def lines(self):
        return lines(*(f.name for f in self.stack.functions.values()))

    def traces(self):
        return rebuild(self.lines(), by="correlation_id")


@pytest.fixture
def shop():
    with local_cloud():
        yield Shop()


def shape(trace):
    return [(depth, span.name) for depth, span in trace.walk()]


def test_an_order_is_one_tree_over_all_carriers(shop):
    for number in range(12):  # more than a batch of the queues
        assert shop.order(f"order-{number}").payload["statusCode"] == 202
    shop.stack.settle()
    traces = shop.traces()
    assert len(traces) == 12
    for trace in traces.values():
        assert shape(trace) == WHOLE
        assert not trace.orphans and len({s.trace_id for s in trace.spans}) == 1
    assert len({s.trace_id for t in traces.values() for s in t.spans}) == 12
    tickets = boto3.resource("dynamodb").Table(shop.stack.name_of("Tickets"))
    assert tickets.scan(Select="COUNT")["Count"] == 12


def test_no_log_line_has_the_buyer_s_data(shop):
    shop.order("order-1")
    shop.stack.settle()
    text = "\n".join(shop.lines())
    assert "money taken" in text and "mail to [email]" in text
    assert not any(value in text for value in BUYER.values())


@pytest.mark.parametrize("nth", range(1, 8))
def test_a_crash_at_any_call_leaves_one_trace_and_a_whole_order(shop, nth):
    with faults.crash_after(nth) as fault:
        if not shop.order("order-1").ok:
            shop.order("order-1")  # the page asks again: the same event
        shop.stack.settle()
    assert fault.log, "it struck"
    trace = shop.traces()["order-1"]
    assert stuck_at(trace, STEPS) == "" and not trace.orphans
    assert "begun" in {span.state for span in trace.spans}


def test_what_stands_still_is_told_by_the_trace_alone(shop):
    shop.order("poison", seats="two")
    shop.order("express", express=True)
    shop.stack.settle()
    traces = shop.traces()
    assert progress(traces["poison"], STEPS)["reserve-seat"] == "failed"
    assert [s.error for s in traces["poison"].spans].count("ValueError") == 3
    assert progress(traces["express"], STEPS)["relay"] == "done"
    assert stuck_at(traces["express"], STEPS) == "reserve-seat"


def test_a_request_without_an_envelope_is_refused(shop):
    answer = shop.stack["PlaceOrder"].invoke({"headers": {}, "body": "{}"}).payload
    assert answer["statusCode"] == 400 and "no id" in answer["body"]
