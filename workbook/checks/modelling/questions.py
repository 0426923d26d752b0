"""The eight questions of exercise 2: where each looks, and what it should find."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from workbook.shop.access import Sale, sales

__all__ = ["INDEXES", "KEYS", "RANGES", "Range", "Row"]
__all__ += ["asked", "entries", "evenings", "rows"]

Row = Mapping[str, Any]

KEYS = ("pk", "sk")
INDEXES = {
    "by-a": ("a", "a_sort"),
    "by-b": ("b", "b_sort"),
    "open": ("open", "open_sort"),
}
_DAYS = 3
_CUSTOMERS = 2  # who have several orders on one day
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Range:
    """A question: where it looks, for what, and which rows are the answer, in order."""

    index: str
    key: Callable[[Sale], str]
    bounds: Callable[[Sale], tuple[str, str] | None]
    answer: Callable[[Iterable[Sale], Sale], list[Row]]

    @property
    def names(self) -> tuple[str, str]:
        """The attributes that are its partition key and its sort key."""
        return INDEXES[self.index] if self.index else KEYS


def evenings(number: int) -> list[Sale]:
    """So many sales of three days, in no order; on each day the ids fall with time."""
    sold = sales(number, seed=18)
    times = [sale.placed_at for sale in reversed(sold)]
    made = [
        replace(sale, placed_at=_later(at, days=n % _DAYS))
        for n, (sale, at) in enumerate(zip(sold, times, strict=True))
    ]
    Random(18).shuffle(made)
    return made


def asked(sold: list[Sale]) -> list[Sale]:
    """The sales that questions are about: one of each status, and good customers'."""
    best = Counter(sale.buyer_id for sale in sold).most_common(_CUSTOMERS)
    by_status = {sale.status: sale for sale in sold}
    by_buyer = {sale.buyer_id: sale for sale in sold}
    return [*by_status.values(), *(by_buyer[buyer] for buyer, _ in best)]


def rows(sale: Sale) -> dict[str, Row]:
    """What a sale consists of: its order, and a payment and a ticket if it has them."""
    parts = {"order": sale.order, "payment": sale.payment, "ticket": sale.ticket}
    return {name: row for name, row in parts.items() if row}


def entries(sold: Iterable[Sale]) -> dict[str, list[Row]]:
    """The rows that each index is asked for, by anybody."""
    everything = [(sale, row) for sale in sold for row in rows(sale).values()]
    orders = [(sale, row) for sale, row in everything if "buyer_id" in row]
    return {
        "by-a": [row for _, row in everything],
        "by-b": [row for _, row in orders],
        "open": [row for sale, row in orders if not sale.ended],
    }


def _later(at: str, **more: float) -> str:
    return (datetime.strptime(at, _FORMAT) + timedelta(**more)).strftime(_FORMAT)


def _orders(sold: Iterable[Sale], wanted: Callable[[Sale], bool]) -> list[Row]:
    found = [sale.order for sale in sold if wanted(sale)]
    return sorted(found, key=lambda order: order["placed_at"])


def _seats(sold: Iterable[Sale], one: Sale) -> list[Row]:
    found = [s.ticket for s in sold if s.ticket and s.tour == one.tour]
    return sorted(found, key=lambda ticket: ticket["seat"])


def _a_day_from(one: Sale) -> tuple[str, str]:
    """Across midnight, and both ends belong to it."""
    return one.placed_at, _later(one.placed_at, days=1)


RANGES: Mapping[str, Range] = {
    "one order": Range(
        "", lambda s: s.order_id, lambda s: ("ORDER", "ORDER"), lambda _, s: [s.order]
    ),
    "all of an order": Range(
        "", lambda s: s.order_id, lambda s: None, lambda _, s: [*rows(s).values()]
    ),
    "a payment": Range(
        "by-a", lambda s: s.payment_ref, lambda s: None, lambda _, s: [s.payment]
    ),
    "a buyer's orders": Range(
        "by-a",
        lambda s: s.buyer_id,
        lambda s: None,
        lambda sold, s: _orders(sold, lambda o: o.buyer_id == s.buyer_id),
    ),
    "a seat": Range(
        "by-a",
        lambda s: s.seat and s.tour,
        lambda s: (s.seat, s.seat),
        lambda _, s: [s.ticket],
    ),
    "the door list": Range("by-a", lambda s: s.tour, lambda s: None, _seats),
    "a night's orders": Range(
        "by-b",
        lambda s: s.tour,
        _a_day_from,
        lambda sold, s: _orders(
            sold,
            lambda o: (
                o.tour == s.tour
                and _a_day_from(s)[0] <= o.placed_at <= _a_day_from(s)[1]
            ),
        ),
    ),
    "the open orders": Range(
        "open",
        lambda s: "open",
        lambda s: None,
        lambda sold, s: _orders(sold, lambda o: not o.ended),
    ),
}
