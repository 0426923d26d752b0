"""Exercise 2: charged once, and then a ticket, or the seat goes back once."""

from collections.abc import Callable
from typing import Any

from workbook.checks.flashsale.scene import Till, explored, fresh, open_till, order
from workbook.learn import Verdict, failed, passed, try_call
from workbook.storm import DECLINED, TICKET, Design, Shop, Stage
from workbook.storm.bank import kept_yen
from workbook.storm.designs import reserve

__all__ = ["check"]

_SALES: dict[str, dict[str, Any]] = {
    "one buyer": {"orders": ("order-1",), "max_receives": 6},
    "a duplicate": {"orders": ("order-1", "order-1")},
    "two buyers, a bad card": {"bad_cards": ("order-1",)},
    "a bad card twice": {
        "orders": ("order-1", "order-1", "order-2", "order-3"),
        "bad_cards": ("order-1",),
        "faults": (),
        "preemptions": 1,
    },
}
_SILENCE = (
    "The bank gave no answer, and a buyer with a good card was told “declined”.",
    "Only a receipt says what the bank decided. Let `NotCharged` and `Unknown` out.",
)
_REASONS = {
    "was charged 2 times": (
        "Its delivery came again, and the buyer was charged again.",
        "Give the bank a key that is the same in every attempt: the order's id.",
    ),
    "its card is good": _SILENCE,
    "was charged and told: declined": _SILENCE,
    "got ticket": (
        "A seat came back more than once, and was sold more than once.",
        "The order's status and the seat must change together, once.",
    ),
    "never heard": (
        "After a fault the buyer never heard how it ended.",
        "Let errors out, so that the message comes again; and an order that has its "
        "end already must hear it again: the attempt before may have died just before "
        "it told.",
    ),
    "was not charged": (
        "A buyer has a ticket and was not charged.",
        "First the receipt, then the ticket.",
    ),
    "was told: ": (
        "After a fault one buyer was told two different things.",
        "Tell what the order has become, which is what `move` answers.",
    ),
    "was charged and told": (
        "A buyer was charged, and got no ticket.",
        "After a charge there is one way on: the ticket.",
    ),
}


def check(pay: Callable[[dict, Shop], Any]) -> Verdict:
    """Whether each order is charged once and comes to its end."""
    return (
        _with_a_good_card(pay)
        or _with_a_bad_card(pay)
        or _two_with_one_card(pay)
        or _everywhere(pay)
    )


def _reserved(till: Till, message: dict) -> None:
    shop = Shop(till.shop.seats, till.shop.orders, till.shop.bank, lambda *_: None)
    reserve(message, shop)


def _with_a_good_card(pay: Callable) -> Verdict | None:
    with open_till(seats=2) as till:
        _reserved(till, order(1))
        sent = till.serve(pay, order(1), within={})
        charges = kept_yen(till.account.books()).get("order-1", [])
        if charges != [4_800]:
            return failed(
                f"A good card, and the bank took {_yen(charges)}.",
                look="`shop.bank.charge` takes the order's id, PRICE_YEN and the card.",
            )
        if sent != [("buyers", {"order_id": "order-1", "news": TICKET})]:
            return failed(
                "It is paid, and the buyer does not hear of the ticket, once.",
                look="`shop.tell(order_id, TICKET)`.",
            )
        if till.status_of("order-1") != TICKET:
            return failed(
                "The ticket is paid, and `orders` still says "
                f"“{till.status_of('order-1')}”.",
                look="`move(shop.office, order_id, RESERVED, TICKET)`.",
            )
        if till.seats_left != 1:
            return failed(
                f"One of two seats is sold, and {till.seats_left} are left.",
                look="The seat was taken when the order was reserved.",
            )
    return None


def _with_a_bad_card(pay: Callable) -> Verdict | None:
    with open_till(seats=2) as till:
        bad = order(1, bad_card=True)
        _reserved(till, bad)
        sent = till.serve(pay, bad, within={})
        if sent != [("buyers", {"order_id": "order-1", "news": DECLINED})]:
            return failed(
                "The card is bad, and the buyer does not hear “declined”, once.",
                look="A receipt with `outcome` “declined” is an answer.",
            )
        if till.seats_left != 2:
            return failed(
                "The card is bad, and the seat does not come back.",
                look="`move(…, seats=+1)`.",
            )
        till.serve(pay, bad, within={})
        if till.seats_left != 2:
            return failed(
                "The message came twice, and so did the seat.",
                look="Only who moves the order from RESERVED gives a seat back.",
            )
    return None


def _two_with_one_card(pay: Callable) -> Verdict | None:
    """Two orders that share their card, and their ids' last digit."""
    with open_till(seats=2) as till:
        for number in (1, 11):
            _reserved(till, order(number))
            outcome = try_call(till.serve, pay, order(number), within={})
            charges = kept_yen(till.account.books()).get(f"order-{number}", [])
            if outcome.error is not None or charges != [4_800]:
                return failed(
                    f"Two orders have the same card, and order-{number} has paid "
                    f"{_yen(charges)}.",
                    look="To the bank, one key is one charge: take what is each "
                    "order's own, its whole id.",
                )
    return None


def _everywhere(pay: Callable) -> Verdict:
    stages = {"orders": Stage(reserve), "payments": Stage(fresh(pay))}
    found = explored(Design("yours", stages), _SALES, _REASONS)
    if isinstance(found, Verdict):
        return found
    return passed(
        f"It holds in all {found} schedules: duplicates, a rival, a bad card, a crash, "
        "a lost answer or a throttled call anywhere."
    )


def _yen(charges: list[int]) -> str:
    return " and ".join(f"{yen:,} yen" for yen in charges) or "nothing"
