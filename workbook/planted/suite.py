"""One suite for two places: the shop from outside, as a buyer and a bookkeeper see it.

`suite(shop)` neither knows nor asks whether the shop stands on the mock or in an
environment. It needs `open_sale`, `order`, `settle`, `story`, `taken_yen` and
`seats_free`: see `workbook.planted.places`.
"""

from typing import Any

__all__ = ["DECLINED", "NO_MONEY", "REJECTED", "TICKET", "TOLD", "expect", "suite"]

TICKET = ["OrderPlaced", "SeatReserved", "PaymentCaptured", "TicketIssued"]
DECLINED = ["OrderPlaced", "SeatReserved", "PaymentFailed", "SeatReleased"]
REJECTED = ["OrderPlaced", "OrderRejected"]
TOLD = "BuyerNotified"
NO_MONEY = "0002"


def expect(what: str, found: Any, wanted: Any) -> None:
    """Raise AssertionError unless `found` is as wanted; `what` says of what."""
    assert found == wanted, f"{what}: {found}, not {wanted}"


def suite(shop: Any) -> None:
    """Two seats, four buyers; raises AssertionError at the first thing that is off."""
    shop.open_sale(seats=2)
    assert shop.order("aya") == 202, "the order is not taken"
    assert shop.order("aya") == 202, "pressing twice is refused"
    assert shop.order("bo", card=NO_MONEY) == 202
    shop.settle("aya", "bo")
    expect("aya's story", shop.story("aya"), [*TICKET, TOLD])
    expect("bo's story", shop.story("bo"), [*DECLINED, TOLD])
    expect("seats free", shop.seats_free, 1)
    assert shop.order("chi") == 202
    shop.settle("chi")
    assert shop.order("dai") == 202
    shop.settle("dai")
    expect("chi's story", shop.story("chi"), [*TICKET, TOLD])
    expect("dai's story", shop.story("dai"), [*REJECTED, TOLD])
    expect("yen taken", shop.taken_yen, 7600)
