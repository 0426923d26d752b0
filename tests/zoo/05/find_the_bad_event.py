"""Answers to 05.2-find-the-bad-event."""

import copy
from bisect import bisect_left
from functools import reduce
from itertools import accumulate

import numpy as np

from tests.zoo import right, wrong
from workbook.checks.lab05 import EVENING, OPEN, enough_seats
from workbook.shop import core


def states_of(log, evolve, start):
    """The state after each event."""
    return list(accumulate(log, evolve, initial=start))[1:]


def positions(log, evolve, invariant, start):
    """All positions after whose event the invariant does not hold."""
    states = states_of(log, evolve, start)
    return [n for n, state in enumerate(states) if not invariant(state)]


@wrong("is at position 22 (order-7#2), and you say None")
def halves_the_log(log, evolve, invariant, start):
    def broken(count):
        return not invariant(reduce(evolve, log[:count], start))

    count = bisect_left(range(len(log) + 1), True, key=broken)
    return count - 1 if count <= len(log) else None


@wrong("is at position 22 (order-7#2), and you say None", same_as="halves_the_log")
def looks_at_the_end_first(log, evolve, invariant, start):
    if invariant(reduce(evolve, log, start)):
        return None
    return positions(log, evolve, invariant, start)[0]


@wrong("calls `evolve` 79,003 times for 400 events")
def replays_from_the_beginning(log, evolve, invariant, start):
    for position in range(len(log)):
        if not invariant(reduce(evolve, log[: position + 1], start)):
            return position
    return None


@wrong(
    "calls `evolve` 79,003 times for 400 events", same_as="replays_from_the_beginning"
)
def replays_from_the_beginning_in_loops(log, evolve, invariant, start):
    for position in range(len(log)):
        state = start
        for event in log[: position + 1]:
            state = evolve(state, event)
        if not invariant(state):
            return position


@wrong("and you say 23")
def counts_from_one(log, evolve, invariant, start):
    for number, state in enumerate(states_of(log, evolve, start), start=1):
        if not invariant(state):
            return number
    return None


@wrong("and you say 23", same_as="counts_from_one")
def counts_the_start(log, evolve, invariant, start):
    for count, state in enumerate(accumulate(log, evolve, initial=start)):
        if not invariant(state):
            return count
    return None


@wrong("and you say 21")
def says_the_last_good_one(log, evolve, invariant, start):
    found = positions(log, evolve, invariant, start)
    return found[0] - 1 if found else None


@wrong("and you say 27")
def finds_the_last_bad_one(log, evolve, invariant, start):
    return max(positions(log, evolve, invariant, start), default=None)


@wrong("(order-7#2), and you say 0")
def turns_the_invariant_round(log, evolve, invariant, start):
    for position, state in enumerate(states_of(log, evolve, start)):
        if invariant(state):
            return position
    return None


@wrong("and you say 39")
def ends_at_the_last_event(log, evolve, invariant, start):
    position, state = 0, start
    while position < len(log) - 1:
        state = evolve(state, log[position])
        position += 1
    return position


@wrong("and you say -1")
def minus_one_for_never(log, evolve, invariant, start):
    state = reduce(evolve, log, start)
    return -1 if invariant(state) else len(log) - 1


@wrong("you say 2.")
def asks_where_the_event_stands(log, evolve, invariant, start):
    state = start
    for event in log:
        state = evolve(state, event)
        if not invariant(state):
            return log.index(event)
    return None


@wrong("is at position 4 ({'order_id': 'order-4', 'seat': 'A2'}), and you say None")
def takes_every_state_for_a_number(log, evolve, invariant, start):
    state = start
    for position, event in enumerate(log):
        state = evolve(state, event)
        if not invariant(state):
            return position if not isinstance(state, dict) else None
    return None


@wrong("whose first event breaks it the first bad event is at position 0 (-1), and you")
def takes_nought_for_nothing(log, evolve, invariant, start):
    found = next(iter(positions(log, evolve, invariant, start)), None)
    return found or None


@wrong("whose last event breaks it the first bad event is at position 3 (-7), and you")
def stops_before_the_last(log, evolve, invariant, start):
    state = start
    for position in range(len(log) - 1):
        state = evolve(state, log[position])
        if not invariant(state):
            return position
    return None


@wrong(
    "whose last event breaks it the first bad event is at position 3 (-7), and you",
    same_as="stops_before_the_last",
)
def looks_before_each_event(log, evolve, invariant, start):
    state = start
    for position, event in enumerate(log):
        if not invariant(state):
            return position - 1
        state = evolve(state, event)
    return None


@wrong("In a log without events there is no bad event, and you say 0.")
def nought_for_an_empty_log(log, evolve, invariant, start):
    if not log:
        return 0
    return next(iter(positions(log, evolve, invariant, start)), None)


@wrong("In a log that is never broken there is no bad event, and you say 5.")
def its_length_for_never(log, evolve, invariant, start):
    if not log:
        return None
    return next(iter(positions(log, evolve, invariant, start)), len(log))


@wrong("IndexError", status="your code raised")
def takes_the_first_of_none(log, evolve, invariant, start):
    return positions(log, evolve, invariant, start)[0]


@wrong("it answers the event itself, not a position")
def gives_the_event(log, evolve, invariant, start):
    found = positions(log, evolve, invariant, start)
    return log[found[0]] if found else None


@wrong("it answers a bool, not a position")
def says_whether(log, evolve, invariant, start):
    return bool(positions(log, evolve, invariant, start))


@wrong("it answers a generator, not a position")
def yields_them_all(log, evolve, invariant, start):
    yield from positions(log, evolve, invariant, start)


@wrong("it answers a list, not a position")
def lists_them_all(log, evolve, invariant, start):
    return positions(log, evolve, invariant, start)


@wrong("is at position 22 (order-7#2), and you say None", same_as="halves_the_log")
def never_keeps_the_state(log, evolve, invariant, start):
    for position, event in enumerate(log):
        if not invariant(evolve(start, event)):
            return position
    return None


@wrong("is at position 22 (order-7#2), and you say None", same_as="halves_the_log")
def begins_with_a_shop_of_its_own(log, evolve, invariant, start):
    start = core.State(seats_free=1000)
    return next(iter(positions(log, evolve, invariant, start)), None)


@wrong("It changes the log")
def takes_the_events_out(log, evolve, invariant, start):
    position, state = 0, start
    while log:
        state = evolve(state, log.pop(0))
        if not invariant(state):
            return position
        position += 1
    return None


@wrong("is at position 3 (-300), and you say 22.")
def knows_one_log_alone(log, evolve, invariant, start):
    return positions(EVENING, core.evolve, enough_seats, OPEN)[0]


@wrong("AttributeError: 'int' object has no attribute 'seats_free'",
       status="your code raised")  # fmt: skip
def asks_for_seats_in_every_state(log, evolve, invariant, start):
    return next(iter(positions(log, evolve, enough_seats, start)), None)


@wrong("AttributeError: 'State' object has no attribute", status="your code raised")
def exchanges_state_and_event(log, evolve, invariant, start):
    state = start
    for position, event in enumerate(log):
        state = evolve(event, state)
        if not invariant(state):
            return position
    return None


@wrong("did not come back")
def never_goes_on(log, evolve, invariant, start):
    state, position = start, 0
    while position < len(log):
        if not invariant(state):
            return position
    return None


@right
def of_all_states(log, evolve, invariant, start):
    states = accumulate(log, evolve, initial=start)
    return next((n for n, s in enumerate(states, -1) if not invariant(s)), None)


@right
def calls_itself(log, evolve, invariant, start):
    if not log:
        return None
    state = evolve(start, log[0])
    if not invariant(state):
        return 0
    later = calls_itself(log[1:], evolve, invariant, state)
    return None if later is None else later + 1


@right
def with_numpy(log, evolve, invariant, start):
    bad = np.array([not invariant(s) for s in states_of(log, evolve, start)], bool)
    return np.argmax(bad) if bad.any() else None


@right
def looks_first_whether_there_is_one(log, evolve, invariant, start):
    if all(invariant(state) for state in states_of(log, evolve, start)):
        return None
    return positions(log, evolve, invariant, start)[0]


@right
def reaches_twice_as_far_each_time(log, evolve, invariant, start):
    reach = 1
    while reach < len(log) and invariant(reduce(evolve, log[:reach], start)):
        reach *= 2
    found = positions(log[:reach], evolve, invariant, start)
    return (
        found[0]
        if found
        else next(iter(positions(log, evolve, invariant, start)), None)
    )


@right
def in_blocks_of_ten(log, evolve, invariant, start):
    for begin in range(0, len(log), 10):
        block = log[begin : begin + 10]
        for end in range(len(block)):
            if not invariant(reduce(evolve, block[: end + 1], start)):
                return begin + end
        start = reduce(evolve, block, start)
    return None


@right
def on_a_copy_that_it_empties(log, evolve, invariant, start):
    left, state = copy.deepcopy(log)[::-1], start
    while left:
        state = evolve(state, left.pop())
        if not invariant(state):
            return len(log) - len(left) - 1
    return None


@wrong("is at position 22 (order-7#2), and you say None", same_as="halves_the_log")
def gives_up_after_the_first(log, evolve, invariant, start):
    for position, event in enumerate(log):
        start = evolve(start, event)
        if not invariant(start):
            return position
        return None
