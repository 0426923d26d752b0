"""The access patterns: first the questions, then the tables."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

__all__ = ["PATTERNS", "Design", "Question", "Row"]

# What a design answers with: orders, payments and tickets in the shop's own words.
Row = Mapping[str, Any]


class Design(Protocol):
    """Tables that hold the same sales and answer the same eight questions."""

    def one_order(self, order_id: str) -> list[Row]:
        """The order of that id."""

    def orders_of(self, buyer_id: str) -> list[Row]:
        """A buyer's orders, newest first."""

    def whole_order(self, order_id: str) -> list[Row]:
        """The order, its payment and its ticket."""

    def order_paid_by(self, payment_ref: str) -> list[Row]:
        """The payment of that reference, which names its order."""

    def placed_between(self, tour: str, start: str, end: str) -> list[Row]:
        """The orders of a night from `start` to `end`, oldest first."""

    def open_orders(self) -> list[Row]:
        """Every order that has not ended, oldest first."""

    def door_list(self, tour: str) -> list[Row]:
        """The tickets of a night by seat."""

    def ticket_at(self, tour: str, seat: str) -> list[Row]:
        """The ticket for a seat, if it is sold."""


Question = Callable[[Design], list[Row]]

#: The questions as they are asked in chapter 10, each of the same sales.
PATTERNS: Mapping[str, Question] = {
    "one order": lambda shop: shop.one_order("order-04200"),
    "a buyer's orders": lambda shop: shop.orders_of("buyer-0035"),
    "an order, all of it": lambda shop: shop.whole_order("order-04200"),
    "who paid this?": lambda shop: shop.order_paid_by("ap-04200"),
    "a night, one hour": lambda shop: shop.placed_between(
        "night-07", "2018-02-01T04:00:00Z", "2018-02-01T05:00:00Z"
    ),
    "open orders": lambda shop: shop.open_orders(),
    "door list": lambda shop: shop.door_list("night-07"),
    "is seat 17 sold?": lambda shop: shop.ticket_at("night-07", "0017"),
}
