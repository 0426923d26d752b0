"""The logs of exercise 2: each with its `evolve`, its invariant and its start."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbook.shop import core
from workbook.shop.core import Event, State

__all__ = ["EVENING", "LOGS", "OPEN", "Story", "enough_seats", "first_broken"]

OPEN = State(seats_free=6)


@dataclass(frozen=True)
class Story:
    """A log, and what belongs to it.

    `name` begins a sentence about it; `level` is the number, called `unit`, that a
    picture shows of a state.
    """

    name: str
    log: list[Any]
    evolve: Callable[[Any, Any], Any]
    invariant: Callable[[Any], bool]
    start: Any
    unit: str = "yen in the till"
    level: Callable[[Any], float] = float

    def levels(self) -> list[float]:
        """The number at the start and after each event."""
        state, found = self.start, [self.level(self.start)]
        for event in self.log:
            state = self.evolve(state, event)
            found.append(self.level(state))
        return found


def first_broken(story: Story) -> list[int]:
    """The positions of all events after which the invariant does not hold, in order."""
    state, found = story.start, []
    for position, event in enumerate(story.log):
        state = story.evolve(state, event)
        if not story.invariant(state):
            found.append(position)
    return found


def enough_seats(state: State) -> bool:
    """Whether no more seats are reserved than there are."""
    return state.seats_free >= 0


def _evening() -> list[Event]:
    """Ten orders for six seats, by a shop that does not look; four cards are declined.

    A declined order's seat comes back, so at the end there are enough.
    """
    rng = np.random.default_rng(4)
    events = []
    for number in range(1, 11):
        paid = number not in (3, 6, 7, 9)
        rest = ("PaymentCaptured", "TicketIssued")
        kinds = ("OrderPlaced", "SeatReserved", *rest)
        if not paid:
            kinds = ("OrderPlaced", "SeatReserved", "PaymentFailed", "SeatReleased")
        at = 60 * number + np.cumsum(rng.exponential(90, len(kinds)))
        events += [
            Event(kind, f"order-{number}", step, round(float(when), 1))
            for step, (kind, when) in enumerate(zip(kinds, at, strict=True), start=1)
        ]
    return sorted(events, key=lambda event: event.at)


EVENING = _evening()


def _till(balance: int, event: int) -> int:
    return balance + event


def _not_owing(balance: int) -> bool:
    return balance >= 0


def _seated(seats: dict, event: dict) -> dict:
    return {**seats, event["order_id"]: event["seat"]}


def _no_seat_twice(seats: dict[str, Hashable]) -> bool:
    taken = [seat for seat in seats.values() if seat is not None]
    return len(set(taken)) == len(taken)


def _takes(order_id: str, seat: str | None) -> dict:
    return {"order_id": order_id, "seat": seat}


def _till_of(name: str, *log: int) -> Story:
    return Story(name, list(log), _till, _not_owing, 0)


_SEATS = Story(
    "In a log of who takes which seat",
    [
        _takes("order-1", "A1"),
        _takes("order-2", "A2"),
        _takes("order-1", None),
        _takes("order-3", "A1"),
        _takes("order-4", "A2"),
        _takes("order-2", "A3"),
        _takes("order-5", "A3"),
        _takes("order-5", "A4"),
    ],
    _seated,
    _no_seat_twice,
    {},
    "seats taken",
    lambda seats: float(sum(seat is not None for seat in seats.values())),
)


def _long(name: str, last: int) -> Story:
    """A till of four hundred events in which all is well up to the last but four."""
    return _till_of(name, *[5, -3, -2] * 132, last, 900, 0, 0)


LOGS = (
    Story(
        "In the log of the evening",
        EVENING,
        core.evolve,
        enough_seats,
        OPEN,
        "seats free",
        lambda state: float(state.seats_free),
    ),
    # Its -300 comes three times: harmless, too much, and again after it has healed.
    _till_of("In a till that owes twice", 500, 0, -300, -300, 200, 50, -300, -10, 900),
    _SEATS,
    _till_of("In a log whose first event breaks it", -1, 5, 0, 5),
    _till_of("In a log whose last event breaks it", 3, 0, 3, -7),
    _till_of("In a log without events"),
    _till_of("In a log that is never broken", 5, -5, 0, 10, -3),
    _long("In a log of 400 events that breaks late", -1),
    _long("In a log of 400 events that is never broken", 0),
)
