"""The audit: eight sentences that must be true when the storm is over.

It looks at nothing inside a design: only at what buyers were told, at the bank's books,
and at the dead-letter queues.
"""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbook.storm.design import DECLINED, ENDS, SOLD_OUT, TICKET
from workbook.storm.result import Result

__all__ = ["INVARIANTS", "Audit", "Breach", "audit"]

# Which order breaks an invariant, and how, in a sentence.
Case = tuple[str, str]


@dataclass(frozen=True)
class Breach:
    """An invariant that does not hold: in how many cases, and one of them in words."""

    claim: str
    cases: int
    order_id: str
    says: str

    def __str__(self) -> str:
        more = f" ({self.cases:,} cases)" if self.cases > 1 else ""
        return f"{self.says}{more}"


@dataclass(frozen=True, repr=False)
class Audit:
    """The invariants in order, and the breaches of those that do not hold."""

    design: str
    breaches: tuple[Breach, ...]

    @property
    def holds(self) -> bool:
        """Whether every invariant does."""
        return not self.breaches

    @property
    def broken(self) -> int:
        """How many do not."""
        return len(self.breaches)

    def of(self, claim: str) -> Breach | None:
        """The breach of an invariant, or None where it holds."""
        return next((one for one in self.breaches if one.claim == claim), None)

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for claim in INVARIANTS:
            breach = self.of(claim)
            rows.append(("✗" if breach else "✓", claim, str(breach) if breach else ""))
        return rows

    def __repr__(self) -> str:
        head = f"{self.design}: {self.broken} of {len(INVARIANTS)} invariants broken"
        rows = [
            f"{mark} {claim:<{_WIDE}}  {says}" for mark, claim, says in self._rows()
        ]
        return "\n".join([head, *(row.rstrip() for row in rows)])

    def _repr_html_(self) -> str:
        head = f"{self.design}: {self.broken} of {len(INVARIANTS)} invariants broken"
        left = ' style="text-align:left"'
        rows = "".join(
            f"<tr><td>{mark}</td><th scope='row'{left}>{html.escape(claim)}</th>"
            f"<td{left}>{html.escape(says)}</td></tr>"
            for mark, claim, says in self._rows()
        )
        return f"<table><caption>{html.escape(head)}</caption>{rows}</table>"


def audit(result: Result) -> Audit:
    """Which invariants a storm's result breaks, each with an order for an example."""
    breaches = []
    for claim, look in INVARIANTS.items():
        cases = list(look(result))
        if cases:
            breaches.append(Breach(claim, len(cases), *cases[0]))
    return Audit(result.design, tuple(breaches))


# --- the invariants -------------------------------------------------------------------


def _sold_twice(result: Result) -> Iterator[Case]:
    promised, seats = set(), result.weather.seats
    for one in result.told:
        if one.news == TICKET and one.order_id not in promised:
            promised.add(one.order_id)
            if len(promised) > seats:
                yield (
                    one.order_id,
                    f"{one.order_id} got ticket {len(promised):,}, of {_many(seats)}",
                )


def _charged_twice(result: Result) -> Iterator[Case]:
    for order_id, charges in result.charges_yen.items():
        if len(charges) > 1:
            yield order_id, f"{order_id} was charged {len(charges)} times"


def _charged_for_nothing(result: Result) -> Iterator[Case]:
    for order_id in result.charges_yen:
        heard = result.news.get(order_id, [])
        if TICKET not in heard:
            told = " and ".join(heard) or "nothing"
            yield order_id, f"{order_id} was charged and told: {told}"


def _unpaid_ticket(result: Result) -> Iterator[Case]:
    for order_id, heard in result.news.items():
        if TICKET in heard and order_id not in result.charges_yen:
            yield order_id, f"{order_id} has a ticket and was not charged"


def _no_end(result: Result) -> Iterator[Case]:
    if result.stuck:
        yield "", result.stuck
    for order_id in result.buyers:
        if not set(result.news.get(order_id, ())) & set(ENDS):
            where = "it lies in a dead-letter queue"
            lost = "it is nowhere any more"
            yield (
                order_id,
                (
                    f"{order_id} never heard how it ended: "
                    f"{where if order_id in result.dead else lost}"
                ),
            )


def _two_things(result: Result) -> Iterator[Case]:
    for order_id, heard in result.news.items():
        if len(heard) > 1 or not set(heard) <= set(ENDS):
            yield order_id, f"{order_id} was told: {', then '.join(heard)}"


def _turned_away(result: Result) -> Iterator[Case]:
    for order_id, heard in result.news.items():
        buyer = result.buyers.get(order_id)
        if DECLINED in heard and buyer is not None and buyer.card_is_good:
            yield order_id, f"{order_id} was declined, and its card is good"
    declined = sum(DECLINED in heard for heard in result.news.values())
    free = result.weather.seats - result.tickets - declined
    away = [order for order, heard in result.news.items() if SOLD_OUT in heard]
    for order_id in away[: max(free, 0)]:
        yield order_id, f"{order_id} was told “sold out”, and {_left(free)} free"


def _lost_poison(result: Result) -> Iterator[Case]:
    for number in range(1, result.weather.poison + 1):
        if f"poison-{number}" not in result.dead:
            yield f"poison-{number}", f"poison-{number} is in no dead-letter queue"


INVARIANTS: dict[str, Callable[[Result], Iterator[Case]]] = {
    "No seat is sold twice": _sold_twice,
    "Nobody is charged twice": _charged_twice,
    "No charge without a ticket or a refund": _charged_for_nothing,
    "No ticket without a charge": _unpaid_ticket,
    "Every order ends": _no_end,
    "Nobody is told two things": _two_things,
    "Nobody is turned away for nothing": _turned_away,
    "Poison ends in a dead-letter queue": _lost_poison,
}
_WIDE = max(map(len, INVARIANTS))


def _many(seats: int) -> str:
    return "1 seat" if seats == 1 else f"{seats:,} seats"


def _left(seats: int) -> str:
    return "1 seat was" if seats == 1 else f"{seats:,} seats were"
