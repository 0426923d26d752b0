"""The smallest sale, under every schedule: two buyers, one seat, the same handlers.

The explorer runs a buyer's whole way as one delivery: the order's message, and then
whatever messages its handlers have sent. Whatever fails or dies comes back and goes on
with the message that it was at, as each queue would bring it. A message that is sent is
in its queue at once; the calls to DynamoDB and to the bank are the steps at which
deliveries interleave and faults strike.

An environment's `memory` is empty here: what it does when it is warm only the storm
shows.
"""

import copy
from collections import deque
from collections.abc import Sequence
from typing import Any

from workbook.cloud.fresh import fresh_cloud
from workbook.explore import Exploration, Run, explore
from workbook.providers import Account, in_process
from workbook.storm.audit import audit
from workbook.storm.bank import Bank, FestivalBank, kept_yen
from workbook.storm.design import BUYERS, FIRST, Design, Shop, open_tables
from workbook.storm.result import Result, Told
from workbook.storm.weather import BAD_CARD, GOOD_CARD, Buyer, Weather

__all__ = ["explore_smallest"]

_MOST_CALLS = 40


class _Sale:
    """A sale whose deliveries the explorer runs; begun afresh for each schedule."""

    def __init__(self, design: Design, orders: Sequence[str], cards: dict, seats: int):
        self.design, self.orders, self.seats = design, list(orders), seats
        names = dict.fromkeys(orders)
        self.buyers = {o: Buyer(o, 0.0, cards.get(o, GOOD_CARD)) for o in names}
        self.bank = FestivalBank(sleep=lambda _: None)
        self.account: Account = in_process(self.bank).open_account()
        self.http = self.account.client()

    def begin(self) -> None:
        """What the explorer calls before each schedule."""
        self.ways = [deque([(FIRST, self._order(o))]) for o in self.orders]
        self.told: list[Told] = []
        self.office = open_tables(self.seats)

    def _order(self, order_id: str) -> dict:
        return {"order_id": order_id, "card": self.buyers[order_id].card}

    def deliver(self, event: dict, context: Any) -> None:
        """A buyer's way, from the message at which it stands to its end."""
        way, memory = self.ways[event["way"]], {}
        while way:
            queue, message = way[0]
            shop = Shop(
                self.office.seats,
                self.office.orders,
                Bank(self.http),
                lambda name, sent: self._send(way, name, sent),
                memory,
            )
            self.design.stages[queue].handler(copy.deepcopy(message), shop)
            way.popleft()

    def _send(self, way: deque, queue: str, message: dict) -> None:
        if queue == BUYERS:
            self.told.append(Told(0.0, message["order_id"], message["news"]))
        elif queue in self.design.stages:
            way.append((queue, copy.deepcopy(message)))
        else:
            raise ValueError(f"no stage of this design reads {queue!r}")

    def every_invariant_holds(self, run: Run) -> str:
        """Every invariant of the sale holds"""
        found = audit(self._result(run))
        lost = found.of("Every order ends")  # what else is broken then follows from it
        return "" if found.holds else (lost or found.breaches[0]).says

    def _result(self, run: Run) -> Result:
        dead = tuple(self.orders[number] for number in run.dead_letters)
        return Result(
            design=self.design.name,
            weather=Weather(buyers=len(self.buyers), seats=self.seats, poison=0),
            buyers=self.buyers,
            told=tuple(self.told),
            charges_yen=kept_yen(self.account.books()),
            dead=dead,
            samples=(),
            usd={},
            calls=run.calls,
            invocations=len(run.ended),
            errors=0,
            ended_s=0.0,
        )


def explore_smallest(
    design: Design,
    *,
    orders: Sequence[str] = ("order-1", "order-2"),
    bad_cards: Sequence[str] = (),
    seats: int = 1,
    **bounds: Any,
) -> Exploration:
    """Every invariant under every schedule of a very small sale.

    `orders` are the messages in "orders", all in flight at once: an order that is named
    twice was delivered twice. The `bounds` are those of `workbook.explore.explore`; by
    default one fault: a crash, a lost answer, or a throttled call.
    """
    bounds = {
        "faults": ("crash", "response_lost", "throttle"),
        "max_calls": _MOST_CALLS,
        "progress": False,
        **bounds,
    }
    cards = dict.fromkeys(bad_cards, BAD_CARD)
    with fresh_cloud():
        sale = _Sale(design, orders, cards, seats)
        return explore(
            sale.deliver,
            [{"way": number} for number in range(len(orders))],
            deliveries=1,
            setup=sale.begin,
            invariant=sale.every_invariant_holds,
            outside=[sale.bank],
            **bounds,
        )
