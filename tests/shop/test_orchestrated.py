"""A state machine that calls the same functions ends where the choreography ends."""

import json

import pytest
from cfnlint.api import lint_all
from test_shop import Shop

from workbook.cloud import local_cloud
from workbook.shop import ORCHESTRATED, TEMPLATE, till

ORDERS = [
    ("o-1", "4242"),
    ("o-2", till.DECLINED_CARD),
    ("o-3", "4242"),
    ("o-4", "4242"),
]


def lives(template, orders, *, seats=2):
    """What happened to each order, what was taken, and the seats that are left."""
    with local_cloud():
        shop = Shop(seats=seats, template=template)
        for order_id, card in orders:
            shop.order(order_id, card)
            assert shop.stack.settle().done
        kinds = {order_id: shop.kinds(order_id) for order_id, _ in orders}
        return kinds, shop.taken_yen, shop.seats_free


def test_both_designs_end_alike():
    led, danced = lives(ORCHESTRATED, ORDERS), lives(TEMPLATE, ORDERS)
    assert led == danced
    kinds, taken, free = led
    assert [kinds[order_id][-2] for order_id, _ in ORDERS] == [
        "TicketIssued", "SeatReleased", "TicketIssued", "OrderRejected",
    ]  # fmt: skip
    assert (list(taken), free) == (["o-1", "o-3"], 0)


def test_a_step_that_fails_for_a_while_is_tried_again(monkeypatch):
    real, tries = till.charge, []

    def charge(*args, **kwargs):
        tries.append(1)
        if len(tries) < 4:
            raise ConnectionError("the provider does not answer")
        return real(*args, **kwargs)

    monkeypatch.setattr(till, "charge", charge)
    kinds, taken, _ = lives(ORCHESTRATED, ORDERS[:1])
    assert kinds["o-1"][-2:] == ["TicketIssued", "BuyerNotified"]
    assert (len(tries), taken) == (4, {"o-1": 3800})


def test_an_execution_that_is_started_twice_sells_once():
    with local_cloud():
        shop = Shop(template=ORCHESTRATED)
        shop.order("o-1")
        shop.stack.settle()
        detail = {"order_id": "o-1", "number": 1, "at": 0.0, "details": {}}
        again = {"detail-type": "OrderPlaced", "detail": detail}
        ended = shop.stack.run("OrderFlow", again, name="again")
        assert ended["status"] == "SUCCEEDED"
        assert shop.kinds("o-1")[-1] == "BuyerNotified"
        assert len(shop.kinds("o-1")) == 5
        assert shop.taken_yen == {"o-1": 3800}
        assert shop.seats_free == 1


@pytest.mark.parametrize("path", [ORCHESTRATED], ids=["orchestrated"])
def test_the_template_is_clean(path):
    faults = lint_all(path.read_text())
    assert [str(f) for f in faults if f.rule.id[0] in "EW"] == []
    states = json.loads(path.with_name("order_flow.asl.json").read_text())["States"]
    tasks = [state for state in states.values() if state["Type"] == "Task"]
    assert all("Retry" in task for task in tasks)
