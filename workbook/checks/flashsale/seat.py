"""Exercise 1: a seat for an order, once, whoever comes when."""

from collections.abc import Callable
from typing import Any

from workbook.checks.flashsale.scene import explored, fresh, open_till, order
from workbook.cloud import clock
from workbook.learn import Outcome, Verdict, failed, passed, try_call
from workbook.storm import DECLINED, PRICE_YEN, TICKET, Design, Shop, Stage
from workbook.storm.bank import kept_yen
from workbook.storm.designs import RESERVED, pay

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
# The seat of order-2 comes back while both messages of order-1 are under way.
_A_SEAT_COMES_BACK: dict[str, dict[str, Any]] = {
    "a duplicate, and a seat that comes back": {
        "orders": ("order-2", "order-1", "order-1"),
        "bad_cards": ("order-2",),
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
        "Only a refusal says that no seat is left: let an error out. And a crash "
        "between two writes loses the seat: put both into one transaction.",
    ),
    "never heard": (
        "An order got its seat, and after a fault nobody ever heard of it again.",
        "An order that is known and reserved must be sent on once more: the attempt "
        "before may have died just before it sent.",
    ),
}

_REASONS_BACK = {
    **_REASONS,
    "was told: ": (
        "Two messages of one order were under way while a seat came back: one got the "
        "seat, and the other told the buyer that it is sold out.",
        "First write that the order got no seat, then tell what `note` answers: "
        "another message may have been faster.",
    ),
}


def check(reserve: Callable[[dict, Shop], Any]) -> Verdict:
    """Whether seats are given once, and each order hears of it."""
    return (
        _in_turn(reserve)
        or _again(reserve)
        or _ended(reserve)
        or _later(reserve)
        or _poison(reserve)
        or _everywhere(reserve)
    )


def _in_turn(reserve: Callable) -> Verdict | None:
    with open_till(seats=2) as till:
        memory: dict = {}
        for number in (1, 2):
            sent = till.serve(reserve, order(number), within=memory)
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
        if till.status_of("order-1") not in (RESERVED, ""):
            return failed(
                "An order has its seat, and its status is "
                f"“{till.status_of('order-1')}”.",
                look="The payment goes on from RESERVED, the constant.",
            )
        if kept_yen(till.account.books()):
            return failed(
                "It has charged the buyer already.",
                look="The payment is the other function's, and exercise 2.",
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
                look="Neither the number of seats nor what an environment remembers "
                "says anything about this order: its status in `orders` does.",
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


def _ended(reserve: Callable) -> Verdict | None:
    """A duplicate of an order that has its end, sooner or later than the last seat."""
    for status in (TICKET, DECLINED):
        for seats in (0, 1):
            with open_till(seats=seats) as till:
                item = {"order_id": "order-1", "status": status}
                till.shop.orders.put_item(Item=item)
                sent = till.serve(reserve, order(1), within={})
                if set(_news(sent)) - {status} or till.seats_left != seats:
                    return failed(
                        f"An order that ended with “{status}” came again, and "
                        f"{_said(sent)}; {till.seats_left} seats are left of {seats}.",
                        look="An order that is known keeps its status, and its buyer "
                        "hears that and nothing else.",
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


def _failed_once(reserve: Callable) -> Verdict | None:
    """An attempt fails as it sends, and the next comes to the same environment."""
    with open_till(seats=1) as till:
        memory: dict = {}
        shop = till.shop
        with_no_queue = Shop(shop.seats, shop.orders, shop.bank, _no_answer, memory)
        try_call(reserve, order(1), with_no_queue)
        sent = till.serve(reserve, order(1), within=memory)
    if not any(queue == "payments" for queue, _ in sent):
        return failed(
            "An attempt could not send its order on; the next one, in the same "
            "environment, does not send it either.",
            look="That a message was seen does not mean that it was done: the order's "
            "status says what is left to do.",
        )
    return None


def _no_answer(queue: str, message: dict) -> None:
    raise TimeoutError(f"no answer from {queue!r}")


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
    stages["payments"] = Stage(pay)
    returned = explored(Design("yours", stages), _A_SEAT_COMES_BACK, _REASONS_BACK)
    if isinstance(returned, Verdict):
        return returned
    return _failed_once(reserve) or passed(
        f"It holds in all {found + returned} schedules: two buyers and one seat, "
        "duplicates, a seat that comes back, a crash, a lost answer or a throttled "
        "call anywhere; and in a warm environment."
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
