"""The shop's decisions: what holds whatever is asked, in any order, however often."""

import ast
import copy
import inspect
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.shop import core
from workbook.shop.core import Command, Event, Impossible, State, decide, evolve, replay

KINDS = (
    "PlaceOrder", "ReserveSeat", "RecordPayment", "IssueTicket", "ReleaseSeat",
    "RecordNotice",
)  # fmt: skip
IDS = ("a", "b", "c")
PRICE_YEN = 3800

commands = st.builds(
    lambda kind, order_id, at, declined: Command(
        kind,
        order_id,
        at,
        {"price_yen": PRICE_YEN, "outcome": "declined" if declined else "captured"},
    ),
    st.sampled_from(KINDS),
    st.sampled_from(IDS),
    st.floats(0, 1e9),
    st.booleans(),
)


def carry_out(state, asked):
    """Each command in turn; the impossible ones are refused and change nothing."""
    events = []
    for command in asked:
        try:
            new = decide(state, command)
        except Impossible:
            continue
        events += new
        state = replay(new, state)
    return state, events


def to_the_end(state):
    """What the shop's functions would still ask for, until every order has ended."""
    events = []
    following = {
        "placed": "ReserveSeat", "reserved": "RecordPayment", "paid": "IssueTicket",
        "unpaid": "ReleaseSeat",
    }  # fmt: skip
    while waiting := [i for i, o in state.orders.items() if o.status in following]:
        kind = following[state.order(waiting[0]).status]
        new = decide(state, Command(kind, waiting[0], 0.0, {"outcome": "captured"}))
        assert new, "an order that has not ended can go on"
        events += new
        state = replay(new, state)
    return state, events


def counted(events, kind):
    return [event.order_id for event in events if event.kind == kind]


@given(st.integers(0, 2), st.lists(commands, max_size=40))
def test_seats_are_neither_lost_nor_made(seats, asked):
    state, _ = carry_out(State(seats), asked)
    held = [o for o in state.orders.values() if o.status not in ("placed", "rejected")]
    held = [order for order in held if order.status != "released"]
    assert state.seats_free >= 0
    assert state.seats_free + len(held) == seats


@given(st.integers(0, 2), st.lists(commands, max_size=40))
def test_no_ticket_without_a_payment_and_at_most_one_of_each(seats, asked):
    _, events = carry_out(State(seats), asked)
    tickets, paid = counted(events, "TicketIssued"), counted(events, "PaymentCaptured")
    assert set(tickets) <= set(paid)
    assert not set(tickets) & set(counted(events, "SeatReleased"))
    for kind in core.EVENTS:
        found = counted(events, kind)
        assert len(found) == len(set(found)), kind


@given(st.integers(0, 2), st.lists(commands, max_size=40))
def test_every_order_can_end(seats, asked):
    state, _ = carry_out(State(seats), asked)
    state, _ = to_the_end(state)
    assert all(order.ended for order in state.orders.values())


@given(st.integers(0, 2), st.lists(commands, max_size=40))
def test_replaying_any_part_of_the_log_gives_the_state_of_that_time(seats, asked):
    state, events = State(seats), []
    seen = [state]
    for command in asked:
        state, new = carry_out(state, [command])
        events += new
        seen += [state] * len(new)
    for length, then in enumerate(seen):
        assert replay(events[:length], State(seats)) == then


@given(st.integers(0, 2), st.lists(commands, max_size=30), commands)
def test_a_command_that_comes_again_changes_nothing(seats, asked, command):
    state, _ = carry_out(State(seats), [*asked, command])
    _, again = carry_out(state, [command])
    assert again == []


@given(st.integers(0, 2), st.lists(commands, max_size=30), st.integers())
def test_decisions_draw_no_numbers(seats, asked, seed):
    random.seed(seed)
    before = random.getstate()
    once = carry_out(State(seats), asked)
    assert random.getstate() == before
    assert carry_out(State(seats), asked) == once


@given(st.lists(commands, max_size=30))
def test_deciding_changes_no_state(asked):
    state = State(1)
    for command in asked:
        before = repr(state)
        new = carry_out(state, [command])[1]
        assert repr(state) == before
        state = replay(new, state)


@given(st.lists(commands, max_size=40))
def test_events_are_numbered_from_one_without_a_gap(asked):
    _, events = carry_out(State(1), asked)
    for order_id in IDS:
        numbers = [event.number for event in events if event.order_id == order_id]
        assert numbers == list(range(1, len(numbers) + 1))


def test_the_core_imports_nothing_that_reads_a_clock_or_calls_anybody():
    tree = ast.parse(inspect.getsource(core))
    imported = {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    plain = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert imported == {"collections.abc", "dataclasses", "types", "typing"}
    assert plain == []


@pytest.mark.parametrize(
    ("done", "kind"),
    [
        ([], "ReserveSeat"),
        (["PlaceOrder"], "RecordPayment"),
        (["PlaceOrder", "ReserveSeat"], "IssueTicket"),
        (["PlaceOrder", "ReserveSeat"], "ReleaseSeat"),
        (["PlaceOrder"], "RecordNotice"),
    ],
)
def test_a_command_before_its_cause_is_refused(done, kind):
    asked = [Command(one, "a", 0.0, {"outcome": "captured"}) for one in done]
    state, _ = carry_out(State(1), asked)
    with pytest.raises(Impossible, match="a "):
        decide(state, Command(kind, "a", 0.0, {"outcome": "captured"}))


def test_an_order_that_was_paid_is_never_released():
    asked = [Command(k, "a", 0.0, {"outcome": "captured"}) for k in KINDS[:3]]
    state, _ = carry_out(State(1), asked)
    with pytest.raises(Impossible):
        decide(state, Command("ReleaseSeat", "a", 0.0))


def test_a_tour_that_is_sold_out_rejects():
    state, events = carry_out(
        State(1), [Command(k, i, 0.0) for i in "ab" for k in ("PlaceOrder", KINDS[1])]
    )
    assert counted(events, "SeatReserved") == ["a"]
    assert counted(events, "OrderRejected") == ["b"]
    assert state.seats_free == 0


def test_an_event_has_an_id_of_its_own():
    _, events = carry_out(State(1), [Command(k, "a", 0.0) for k in KINDS[:2]])
    assert [event.id for event in events] == ["a#1", "a#2"]
    assert evolve(State(1), events[0]).order("a").status == "placed"


def test_an_unknown_command_is_told_what_there_is():
    with pytest.raises(ValueError, match="PlaceOrder"):
        decide(State(1), Command("Refund", "a", 0.0))


def test_a_copy_of_a_state_is_the_state():
    state = replay([Event("OrderPlaced", "order-7", 1, at=0.0)])
    assert copy.deepcopy(state) == state
