"""One thing goes wrong, at any call of any function, on the way of an order."""

import pytest
from test_shop import DECLINED, TICKET, Shop

from workbook.cloud import faults, local_cloud
from workbook.shop import till


def response_lost(nth):
    """The answer of the n-th attempt is lost; the SDK asks again."""
    return faults.response_lost(nth=nth)


FAULTS = [
    (faults.crash_before, "4242"),
    (faults.crash_after, "4242"),
    (response_lost, "4242"),
    (faults.crash_after, till.DECLINED_CARD),
]
LONGEST = 60  # calls of an order's functions; there are some twenty-five


def carried_out(fault, card):
    """An order in a new shop; whether the fault struck, and the shop afterwards."""
    with local_cloud():
        shop = Shop()
        with fault as struck:
            if not shop.order("o-1", card).ok:
                shop.order("o-1", card)  # the buyer presses again
            summary = shop.stack.settle()
        assert summary.done, repr(summary)
        kinds, taken = shop.kinds("o-1"), shop.taken_yen
        return bool(struck.log), kinds, taken, shop.seats_free


@pytest.mark.parametrize(("fault", "card"), FAULTS)
def test_one_fault_anywhere_changes_nothing_in_the_end(fault, card):
    paid = card != till.DECLINED_CARD
    expected = [*(TICKET if paid else DECLINED), "BuyerNotified"]
    for nth in range(1, LONGEST):
        struck, *end = carried_out(fault(nth), card)
        assert end == [expected, {"o-1": 3800} if paid else {}, 1 if paid else 2], nth
        if not struck:
            break
    assert 15 < nth < LONGEST - 1, "every call was struck, and then there were no more"
