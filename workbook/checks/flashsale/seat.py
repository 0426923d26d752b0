"""Exercise 1: a seat for an order, once, whoever comes when."""

from collections.abc import Callable
from typing import Any

from workbook.checks.flashsale.scene import explored, fresh, open_till, order
from workbook.cloud import clock
from workbook.learn import Outcome, Verdict, failed, passed, try_call
from workbook.storm import PRICE_YEN, TICKET, Design, Shop, Stage

__all__ = ["check"]

_AN_HOUR_S = 3_600
_SALES: dict[str, dict[str, Any]] = {
    "two buyers, no fault": {"faults": ()},
    "a duplicate, no fault": {"orders": ("order-1", "order-1"), "faults": ()},
    "two buyers": {},
    "a duplicate": {"orders": ("order-1", "order-1")},
    "a duplicate and a rival": {
        "orders": ("order-1", "order-1", "order-2"),
        "faults": (),
        "preemptions": 2,
    },
}
_REASONS = {
    "got ticket": (
        "Two buyers, one seat, and both were sent on to pay.",
        "The look at the number and its change must be one write with a condition.",
    ),
    "was told: ": (
        "An order that came twice was sent on to pay, and told that it is sold out.",
        "Seat and order change together, once for each order; and what an order has "
        "become, it stays.",
    ),
    "seat was free": (
        "A buyer was turned away, and in the end a seat was left over.",
        "A crash between two writes loses the seat: put both into one transaction.",
    ),
    "never heard": (
        "An order got its seat, and after a fault nobody ever heard of it again.",
        "An order that is known and reserved must be sent on once more: the attempt "
        "before may have died just before it sent.",
    ),
}


def check(reserve: Callable[[dict, Shop], Any]) -> Verdict:
    """Whether seats are given once, and each order hears of it."""
    return (
        _in_turn(reserve)
        or _again(reserve)
        or _later(reserve)
        or _poison(reserve)
        or _everywhere(reserve)
    )


def _in_turn(reserve: Callable) -> Verdict | None:
    with open_till(seats=2) as till:
        for number in (1, 2):
            sent = till.serve(reserve, order(number), within={})
            if [queue for queue, _ in sent] != ["payments"]:
                return failed(
                    f"A seat is free, and {_said(sent)}.",
                    look='`shop.send("payments", order)` for an order with a seat, and '
                    "nothing else.",
                )
            if sent[0][1] != order(number):
                return failed(
                    "What it sends on is not the order.",
                    look="The payment needs the same dict.",
                )
        if till.seats_left != 0:
            return failed(
                f"Two seats of two are taken, and the table says {till.seats_left}.",
                look="`seats_left` is the number that everybody goes by.",
            )
        sent = till.serve(reserve, order(3), within={})
        if _news(sent) != ["sold out"]:
            return failed(
                f"No seat is left, and {_said(sent)}.",
                look="`shop.tell(order_id, SOLD_OUT)` for an order without a seat.",
            )
    return None


def _again(reserve: Callable) -> Verdict | None:
    """Duplicates, one after the other, in one warm environment."""
    with open_till(seats=1) as till:
        memory: dict = {}
        till.serve(reserve, order(1), within=memory)
        till.serve(reserve, order(2), within=memory)
        sent = till.serve(reserve, order(1), within=memory)
        if "sold out" in _news(sent):
            return failed(
                "An order with a seat came again, after the last seat had gone, and "
                "was told that it is sold out.",
                look="What an environment remembers says nothing about this order: "
                "its status in `orders` does.",
            )
        till.give_back()
        sent = till.serve(reserve, order(2), within={})
        if any(queue == "payments" for queue, _ in sent):
            return failed(
                "An order was told that it is sold out, a seat came back, and its "
                "duplicate got the seat: one buyer hears two things.",
                look="Write down that an order got no seat, too.",
            )
    return None


def _later(reserve: Callable) -> Verdict | None:
    """A seat comes back, and an hour later somebody new wants it."""
    with open_till(seats=1) as till:
        memory: dict = {}
        for number in (1, 2):
            till.serve(reserve, order(number), within=memory)
        till.give_back()
        clock.advance(_AN_HOUR_S)
        sent = till.serve(reserve, order(3), within=memory)
        if not any(queue == "payments" for queue, _ in sent):
            return failed(
                "A seat came back, and an hour later it is still not sold.",
                look="A belief needs an end: `time.time()` plus a few seconds.",
            )
    return None


def _poison(reserve: Callable) -> Verdict | None:
    with open_till(seats=1) as till:
        outcome: Outcome = try_call(reserve, {"odrer_id": "poison-1"}, till.shop)
    if outcome.error is None:
        return failed(
            "A message that is no order was taken for done.",
            look="Let errors out: the queue brings the message back, and in the end "
            "puts it where somebody looks.",
        )
    return None


def _everywhere(reserve: Callable) -> Verdict:
    stages = {"orders": Stage(fresh(reserve)), "payments": Stage(_pays)}
    found = explored(Design("yours", stages), _SALES, _REASONS)
    if isinstance(found, Verdict):
        return found
    return passed(
        f"It holds in all {found} schedules: two buyers and one seat, duplicates, a "
        "crash, a lost answer or a throttled call anywhere; and in a warm environment."
    )


def _pays(message: dict, shop: Shop) -> None:
    """A payment that asks nothing of the tables."""
    order_id = message["order_id"]
    shop.bank.charge(order_id, PRICE_YEN, message["card"], key=order_id)
    shop.tell(order_id, TICKET)


def _news(sent: list) -> list[str]:
    return [message.get("news") for queue, message in sent if queue == "buyers"]


def _said(sent: list) -> str:
    if not sent:
        return "it sends nothing to anybody"
    told = [f"tells “{news}”" for news in _news(sent)]
    queues = [f"sends to “{queue}”" for queue, _ in sent if queue != "buyers"]
    return "it " + " and ".join(queues + told)
