"""What the shop decides: commands and a state in, events out. No input, no output.

    events = decide(state, command)
    for event in events:
        state = evolve(state, event)

Nothing in here reads a clock, draws a number, or calls anybody: the time comes with the
command, and what a decision needs to know comes as the state. So the same commands give
the same events, today and when somebody asks in a year why it happened.

The life of an order, an arrow an event:

    placed -> reserved -> paid -> ticketed            a ticket
                       -> unpaid -> released          the payment was declined
           -> rejected                                sold out

Deliveries repeat, so commands do: a command whose work is done already gives no events.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

__all__ = [
    "DECLINED",
    "EVENTS",
    "Command",
    "Event",
    "Impossible",
    "Order",
    "State",
    "decide",
    "evolve",
    "replay",
]

DECLINED = "declined"  # what a payment provider answers when it takes no money


class Impossible(ValueError):
    """A command that nothing which has happened can have caused."""


@dataclass(frozen=True)
class Command:
    """Somebody wants something: `kind` of the order `order_id`, `at` epoch seconds."""

    kind: str
    order_id: str
    at: float
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Something happened to an order: `number` counts its events from 1."""

    kind: str
    order_id: str
    number: int
    at: float
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same for every delivery of the event, another for every other."""
        return f"{self.order_id}#{self.number}"


@dataclass(frozen=True)
class Order:
    """An order as its events have made it; `events` is how many there were."""

    status: str = "unknown"
    events: int = 0
    price_yen: int = 0
    notified: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen, but for telling the buyer."""
        return self.status in ("ticketed", "rejected", "released")


@dataclass(frozen=True)
class State:
    """As much of the shop as a decision looks at: the free seats, and some orders."""

    seats_free: int = 0
    orders: Mapping[str, Order] = field(default_factory=lambda: MappingProxyType({}))

    def __deepcopy__(self, memo: dict) -> "State":
        """Nothing of it ever changes, so it is a copy of itself."""
        return self

    def order(self, order_id: str) -> Order:
        """The order, or one to which nothing has happened yet."""
        return self.orders.get(order_id, Order())


def decide(state: State, command: Command) -> list[Event]:
    """The events that `command` causes in `state`: none if its work is done already.

    Raises `Impossible` for a command that came before what it needs, and ValueError for
    a kind of command that there is not.
    """
    if command.kind not in _DECISIONS:
        raise ValueError(f"{command.kind!r}: the shop knows {', '.join(_DECISIONS)}")
    order = state.order(command.order_id)
    kind, details = _DECISIONS[command.kind](state, order, command)
    if kind is None:
        return []
    return [Event(kind, command.order_id, order.events + 1, command.at, details)]


def evolve(state: State, event: Event) -> State:
    """The state after `event`."""
    seats, status = EVENTS[event.kind]
    before = state.order(event.order_id)
    after = replace(
        before,
        status=status or before.status,
        events=event.number,
        price_yen=event.details.get("price_yen", before.price_yen),
        notified=before.notified or event.kind == "BuyerNotified",
    )
    orders = MappingProxyType({**state.orders, event.order_id: after})
    return State(state.seats_free + seats, orders)


def replay(events: Iterable[Event], state: State | None = None) -> State:
    """The state after all of `events`, from `state` or from nothing."""
    state = state or State()
    for event in events:
        state = evolve(state, event)
    return state


# Each event: by how much it changes the free seats, and what the order then is.
EVENTS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "OrderPlaced": (0, "placed"),
        "SeatReserved": (-1, "reserved"),
        "OrderRejected": (0, "rejected"),
        "PaymentCaptured": (0, "paid"),
        "PaymentFailed": (0, "unpaid"),
        "TicketIssued": (0, "ticketed"),
        "SeatReleased": (+1, "released"),
        "BuyerNotified": (0, ""),
    }
)

_Decision = tuple[str | None, Mapping[str, Any]]
_NOTHING: _Decision = (None, {})


def _place_order(state: State, order: Order, command: Command) -> _Decision:
    return ("OrderPlaced", command.details) if not order.events else _NOTHING


def _reserve_seat(state: State, order: Order, command: Command) -> _Decision:
    if not _ready(order, "placed", command):
        return _NOTHING
    if state.seats_free < 1:
        return "OrderRejected", {"reason": "sold out"}
    return "SeatReserved", {}


def _record_payment(state: State, order: Order, command: Command) -> _Decision:
    if not _ready(order, "reserved", command):
        return _NOTHING
    taken = command.details["outcome"] != DECLINED
    return "PaymentCaptured" if taken else "PaymentFailed", command.details


def _issue_ticket(state: State, order: Order, command: Command) -> _Decision:
    if not _ready(order, "paid", command):
        return _NOTHING
    return "TicketIssued", {"ticket": f"ticket-{command.order_id}"}


def _release_seat(state: State, order: Order, command: Command) -> _Decision:
    return ("SeatReleased", {}) if _ready(order, "unpaid", command) else _NOTHING


def _record_notice(state: State, order: Order, command: Command) -> _Decision:
    if not order.ended:
        raise Impossible(f"{command.order_id} is {order.status}: nothing to tell yet")
    return _NOTHING if order.notified else ("BuyerNotified", command.details)


_DECISIONS: Mapping[str, Callable[[State, Order, Command], _Decision]] = {
    "PlaceOrder": _place_order,
    "ReserveSeat": _reserve_seat,
    "RecordPayment": _record_payment,
    "IssueTicket": _issue_ticket,
    "ReleaseSeat": _release_seat,
    "RecordNotice": _record_notice,
}

# What comes before what; an order takes one way through it.
_AFTER = {
    "unknown": {"placed"},
    "placed": {"reserved", "rejected"},
    "reserved": {"paid", "unpaid"},
    "paid": {"ticketed"},
    "unpaid": {"released"},
}


def _ready(order: Order, wanted: str, command: Command) -> bool:
    """Whether the order is where the command needs it; False if it is past that.

    Raises `Impossible` if it is not there yet, or went another way.
    """
    if order.status == wanted:
        return True
    if order.status in _reached_from(wanted):
        return False
    raise Impossible(
        f"{command.kind} wants {command.order_id} to be {wanted}, and it is "
        f"{order.status}"
    )


def _reached_from(status: str) -> set[str]:
    """Every status that can come after `status`."""
    found: set[str] = set()
    for later in _AFTER.get(status, ()):
        found |= {later} | _reached_from(later)
    return found
