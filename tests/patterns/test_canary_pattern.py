"""A canary judges its own orders, whoever calls it and however often."""

import pytest

from workbook.patterns.canary import Finding, is_synthetic, judge, run, synthetic_id

STEPS = ("placed", "paid", "sent")
WHOLE = [("placed", 10.0), ("paid", 10.5), ("sent", 11.25)]
AT = 1_520_730_000.0  # 2018-03-11 01:00 UTC


class Shop:
    """Orders by id, each with the trace that it will have."""

    def __init__(self, trace=WHOLE):
        self.trace, self.orders, self.asked = trace, {}, []

    def place(self, order_id):
        self.asked.append(order_id)
        self.orders[order_id] = self.trace

    def read(self, order_id):
        return self.orders.get(order_id, [])

    def run(self, at_s, **changes):
        tools = {"place": self.place, "trace": self.read, **changes}
        return run(at_s, period_s=60, steps=STEPS, **tools)


@pytest.mark.parametrize(
    ("trace", "hop", "why"),
    [
        (WHOLE, "", ""),
        (WHOLE[:1], "paid", "there is no paid"),
        (WHOLE[:2], "sent", "there is no sent"),
        ([], "placed", "there is no placed"),
        ([WHOLE[0], ("refused", 1)], "paid", "refused in place of paid"),
        ([*WHOLE, ("sent", 12)], "sent", "sent after the end"),
    ],
)
def test_the_first_step_that_is_wrong_is_named(trace, hop, why):
    found = judge("o", trace, STEPS)
    assert (found.hop, found.why, found.ok) == (hop, why, not hop)
    assert found.latency_ms == (1250 if not hop else None)


def test_the_id_follows_from_the_period():
    assert (
        synthetic_id(AT + 59.9, 60) == synthetic_id(AT, 60) == "canary-20180311T010000Z"
    )
    assert synthetic_id(AT + 60, 60) == "canary-20180311T010100Z"
    assert is_synthetic(synthetic_id(AT, 60)) and not is_synthetic("order-7")


def test_a_run_judges_the_order_of_the_run_before():
    shop = Shop()
    assert shop.run(AT) == Finding("canary-20180311T005900Z")  # there was none
    shop.trace = WHOLE[:1]
    assert shop.run(AT + 61).latency_ms == 1250
    assert shop.run(AT + 125).hop == "paid"
    assert len(shop.orders) == 3


def test_a_run_that_comes_again_places_and_judges_the_same():
    shop = Shop()
    shop.run(AT)
    first = shop.run(AT + 60)
    assert shop.run(AT + 61) == first
    assert shop.asked[1] == shop.asked[2]


def test_a_door_that_is_shut_is_the_first_step():
    def shut(order_id):
        raise RuntimeError("404")

    found = Shop().run(AT, place=shut)
    assert (found.hop, found.why) == ("placed", "RuntimeError: 404")
    assert found.order_id == synthetic_id(AT, 60)


def test_a_door_that_lies_is_found_out_at_once():
    found = Shop().run(AT, place=lambda order_id: None)
    assert (found.hop, found.why) == ("placed", "accepted, and there is no placed")
