"""The smallest sale under every schedule."""

import pytest

from workbook.storm import NAIVE, OURS, Design, Stage, explore_smallest
from workbook.storm.designs import pay, reserve

SALES = {
    "two buyers": {},
    "a duplicate": {"orders": ("order-1", "order-1")},
    "a bad card": {"bad_cards": ("order-1",)},
    "a duplicate with a bad card": {
        "orders": ("order-1", "order-1"),
        "bad_cards": ("order-1",),
    },
    "a duplicate and a rival": {
        "orders": ("order-1", "order-1", "order-2"),
        "faults": (),
        "preemptions": 2,
    },
}


@pytest.mark.parametrize("sale", SALES)
def test_ours_holds(sale):
    found = explore_smallest(OURS, **SALES[sale])
    assert found.holds, found
    assert found.schedules > 10
    assert found.exhaustive


@pytest.mark.parametrize("sale", ["two buyers", "a duplicate"])
def test_the_naive_design_breaks(sale):
    assert explore_smallest(NAIVE, **SALES[sale]).verdict == "broken"


def ours_but(**handlers):
    stages = {"orders": Stage(reserve), "payments": Stage(pay), **handlers}
    return Design("changed", stages)


def test_a_crash_between_the_seat_and_the_message_is_found():
    def passes_on_only_new_orders(order, shop):
        if "Item" not in shop.orders.get_item(Key={"order_id": order["order_id"]}):
            reserve(order, shop)

    found = explore_smallest(ours_but(orders=Stage(passes_on_only_new_orders)))
    assert "never heard how it ended" in found.why


def test_a_charge_without_a_key_is_found():
    def pays_without_a_key(order, shop):
        real = shop.bank.charge

        def charge(order_id, yen, card, *, key):
            return real(order_id, yen, card)

        shop.bank.charge = charge
        pay(order, shop)

    found = explore_smallest(ours_but(payments=Stage(pays_without_a_key)))
    assert "was charged 2 times" in found.why
