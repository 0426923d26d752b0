"""Pure tests of a copy of the shop: commands in, events out, and nothing is called."""

from workbook.planted.copies import Copy

__all__ = ["pure"]

_LIFE = ("PlaceOrder", "ReserveSeat", "RecordPayment", "IssueTicket", "RecordNotice")
_PAID = {"outcome": "captured", "reference": "till-aya", "news": "TicketIssued"}


def pure(copy: Copy) -> None:
    """Every pure test; raises AssertionError at the first thing that is wrong."""
    core = copy.module("core")
    _a_life(core)
    _the_last_seat(core)
    _too_early(core)
    _there_and_back(copy)


def _lived(core, *kinds: str, seats_free: int = 1):
    """The events of these commands, one after another, and the state afterwards."""
    state, events = core.State(seats_free), []
    for kind in kinds:
        new = core.decide(state, core.Command(kind, "aya", 10.5, _PAID))
        state, events = core.replay(new, state), events + new
    return events, state


def _a_life(core) -> None:
    events, state = _lived(core, *_LIFE, *_LIFE)  # each command comes twice
    numbers = [event.number for event in events]
    assert numbers == [1, 2, 3, 4, 5], f"events numbered {numbers}, not 1 to 5"
    assert state.order("aya").ended and state.seats_free == 0


def _the_last_seat(core) -> None:
    events, state = _lived(core, "PlaceOrder", "ReserveSeat", seats_free=0)
    assert events[-1].kind == "OrderRejected", f"sold out, and {events[-1].kind}"
    assert state.seats_free == 0


def _too_early(core) -> None:
    for number, kind in enumerate(_LIFE[1:], 1):
        _, state = _lived(core, *_LIFE[: number - 1])
        try:
            core.decide(state, core.Command(kind, "aya", 10.5, _PAID))
        except core.Impossible:
            continue
        raise AssertionError(f"{kind} comes too early, and nobody says so")


def _there_and_back(copy: Copy) -> None:
    log, events = copy.module("log"), _lived(copy.module("core"), *_LIFE)[0]
    for event in events:
        assert log.from_item(log.to_item(event)) == event, "an item loses something"
