"""What the checks of lab 14 share: a till to try one message at, and explorations."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from workbook.checks.exactly_once.costs import OwnCalls
from workbook.checks.process import Program
from workbook.checks.world import fresh_cloud
from workbook.learn import Verdict, call, failed, from_exploration
from workbook.providers import Account, in_process
from workbook.shop.selling import TOUR
from workbook.storm import Design, Shop, explore_smallest, open_tables
from workbook.storm.bank import Bank, FestivalBank
from workbook.storm.weather import BAD_CARD, GOOD_CARD

__all__ = [
    "Till",
    "explored",
    "fresh",
    "open_shop",
    "open_till",
    "order",
    "own_calls",
]

own_calls = OwnCalls()


@dataclass
class Till:
    """A shop to call a handler in by hand; `sent` is what it sent, to which queue."""

    shop: Shop
    account: Account
    sent: list[tuple[str, dict]] = field(default_factory=list)

    def serve(self, handler: Callable, message: dict, *, within: dict) -> list:
        """Give a message to a handler, in an environment; what it has sent then."""
        self.sent.clear()
        shop = Shop(
            self.shop.seats, self.shop.orders, self.shop.bank, self._send, within
        )
        own_calls.start()
        try:
            call(handler, dict(message), shop)
        finally:
            own_calls.stop()
        return list(self.sent)

    def _send(self, queue: str, message: dict) -> None:
        self.sent.append((queue, message))

    @property
    def seats_left(self) -> int:
        """The number in the table."""
        found = self.shop.seats.get_item(Key=TOUR, ConsistentRead=True)
        return int(found["Item"]["seats_left"])

    def status_of(self, order_id: str) -> str:
        """The order's status in the table, or ""."""
        key = {"order_id": order_id}
        found = self.shop.orders.get_item(Key=key, ConsistentRead=True)
        return found.get("Item", {}).get("status", "")

    def give_back(self) -> None:
        """A seat comes back, as the payment function gives it back."""
        self.shop.seats.update_item(
            Key=TOUR,
            UpdateExpression="SET seats_left = seats_left + :one",
            ExpressionAttributeValues={":one": 1},
        )


def open_shop(seats: int = 2) -> Shop:
    """A shop with so many seats, for the lab's own cells; what is sent is printed."""
    office = open_tables(seats)
    account = in_process(FestivalBank()).open_account()
    return Shop(office.seats, office.orders, Bank(account.client()), print)


@contextmanager
def open_till(seats: int) -> Iterator[Till]:
    """A till in a cloud of its own."""
    with fresh_cloud():
        office = open_tables(seats)
        account = in_process(FestivalBank()).open_account()
        bank = Bank(account.client())
        yield Till(Shop(office.seats, office.orders, bank, print), account)


def order(number: int, *, bad_card: bool = False) -> dict:
    """The message of an order."""
    card = BAD_CARD if bad_card else GOOD_CARD
    return {"order_id": f"order-{number}", "card": card}


def fresh(handler: Callable) -> Callable:
    """The handler, each time in a process that remembers nothing."""
    program = Program(handler)

    def in_a_new_process(message: dict, shop: Shop) -> Any:
        return program.start()(message, shop)

    return in_a_new_process


def explored(
    design: Design,
    sales: Mapping[str, Mapping[str, Any]],
    reasons: Mapping[str, tuple[str, str]],
) -> Verdict | int:
    """The verdict on the first sale that does not hold, or how many schedules did.

    `reasons` say for a piece of the invariant's sentence what to tell the learner, and
    where to look.
    """
    tried = 0
    for sale in sales.values():
        found = explore_smallest(design, **sale)
        if not found.holds:
            reason, look = _in_words(found.why, reasons)
            verdict = from_exploration(found, reason=reason, look=look)
            return verdict if found.counterexample else failed(found.why, look=look)
        tried += found.schedules
    return tried


def _in_words(why: str, reasons: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    for piece, words in reasons.items():
        if piece in why:
            return words
    return why, ""
