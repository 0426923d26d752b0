"""Answers to 13.1-failing-hop."""

import uuid

from tests.zoo import right, wrong
from workbook.checks.lab13 import LATE_S, STEPS, Refused


def hop_of(trace):
    """What the wrong ones below do right."""
    for number, step in enumerate(STEPS if trace else ()):
        if number == len(trace) or trace[number][0] != step:
            return step
        if trace[number][1] - trace[0][1] > LATE_S:
            return step
    return ""


def placed(minute, shop):
    try:
        shop.place(f"canary-{minute}")
    except Refused:
        return False
    return True


def last(minute, shop):
    return shop.trace(f"canary-{minute - 1}")


@wrong("A run places no order")
def only_judges(minute, shop):
    return hop_of(last(minute, shop))


@wrong("looks like a buyer's")
def an_id_like_any_other(minute, shop):
    shop.place(f"order-{minute}")
    return hop_of(shop.trace(f"order-{minute - 1}"))


@wrong("comes twice for the same minute")
def draws_an_id(minute, shop):
    """Finds the order of the minute before all the same, in what the shop kept."""
    try:
        shop.place(f"canary-{minute}-{uuid.uuid4()}")
    except Refused:
        return STEPS[0]
    names = [name for name in shop.orders if name.startswith(f"canary-{minute - 1}-")]
    return hop_of(shop.trace(names[0])) if names else ""


@wrong("Two minutes place the same order")
def one_id_for_ever(minute, shop):
    shop.place("canary-order")
    return hop_of(shop.trace("canary-order")) and ""


@wrong("In the very first minute")
def an_empty_trace_is_a_failure(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    return hop_of(last(minute, shop) or [("nothing", 0.0)])


@wrong("no SeatReserved comes. It answers 'OrderPlaced'")
def names_the_last_that_was_done(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    hop = hop_of(last(minute, shop))
    return STEPS[STEPS.index(hop) - 1] if hop else ""


@wrong("the tour is sold out. It answers")
def counts_events(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    done = len(last(minute, shop))
    return STEPS[done] if 0 < done < len(STEPS) else ""


@wrong("the payment takes 35 s. It answers")
def knows_no_time(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    return hop_of([(kind, 0.0) for kind, _ in last(minute, shop)])


@wrong("each step is 9 s after the one before")
def late_after_the_step_before(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    trace = last(minute, shop)
    for number, step in enumerate(STEPS if trace else ()):
        if number == len(trace) or trace[number][0] != step:
            return step
        if trace[number][1] - trace[max(number - 1, 0)][1] > LATE_S:
            return step
    return ""


@wrong("and no ticket comes. It answers 'TicketIssued'")
def kinds_first_and_times_later(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    trace = last(minute, shop)
    missing = hop_of([(kind, 0.0) for kind, _ in trace])
    return missing or hop_of(trace)


@wrong("the mail comes 30 s after the order. It answers 'BuyerNotified'")
def late_at_thirty(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    trace = last(minute, shop)
    for number, step in enumerate(STEPS if trace else ()):
        if number == len(trace) or trace[number][0] != step:
            return step
        if trace[number][1] - trace[0][1] >= LATE_S:
            return step
    return ""


@wrong("the first event comes 20 s into the minute")
def late_after_the_minute(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    trace = last(minute, shop)
    for number, step in enumerate(STEPS if trace else ()):
        if number == len(trace) or trace[number][0] != step:
            return step
        if trace[number][1] > 60 * (minute - 1) + LATE_S:
            return step
    return ""


@wrong("before a seat is reserved. It answers ''")
def knows_no_order(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    trace = last(minute, shop)
    came = dict(trace)
    for step in STEPS if trace else ():
        if step not in came or came[step] - trace[0][1] > LATE_S:
            return step
    return ""


def numbered(minute, shop, most):
    try:
        shop.place(f"canary-{minute % most:04}")
    except Refused:
        return STEPS[0]
    return hop_of(shop.trace(f"canary-{(minute - 1) % most:04}"))


@wrong("An hour later the same id")
def the_minute_of_the_hour(minute, shop):
    return numbered(minute, shop, 60)


@wrong("A day later the same id")
def the_minute_of_the_day(minute, shop):
    return numbered(minute, shop, 24 * 60)


@wrong("The front door refuses this minute's order", same_as="swallows_the_refusal")
def judges_before_it_places(minute, shop):
    hop = hop_of(last(minute, shop))
    return STEPS[0] if not placed(minute, shop) and not hop else hop


@wrong("Refused", status="your code raised")
def lets_the_refusal_out(minute, shop):
    shop.place(f"canary-{minute}")
    return hop_of(last(minute, shop))


@wrong("The front door refuses this minute's order")
def swallows_the_refusal(minute, shop):
    placed(minute, shop)
    return hop_of(last(minute, shop))


remembered = []


@wrong("In one process that lives on")
def remembers_in_a_global(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    before = remembered[-1:]
    remembered.append(f"canary-{minute}")
    return hop_of(shop.trace(before[0])) if before else ""


@wrong("not a step's name")
def answers_nothing_when_all_is_well(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    return hop_of(last(minute, shop)) or None


@wrong("is a tuple, not a text")
def an_id_in_two_parts(minute, shop):
    shop.place(("canary-", minute))
    return ""


@wrong("was refused, so there is none")
def looks_back_ten_minutes(minute, shop):
    if not placed(minute, shop):
        return STEPS[0]
    for back in range(1, 12):
        trace = shop.trace(f"canary-{minute - back}")
        if trace:
            return hop_of(trace)
    return ""


@wrong("first run answers")
def judges_the_last_that_it_finds(minute, shop):
    """Right as long as the canary is never away."""
    if not placed(minute, shop):
        return STEPS[0]
    return hop_of(last(minute, shop) or shop.trace(f"canary-{minute - 30}"))


@right
def step_by_step_backwards(minute, shop):
    try:
        shop.place("canary-" + format(minute, "x"))
    except Refused:
        return "OrderPlaced"
    trace = shop.trace("canary-" + format(minute - 1, "x"))
    hop = ""
    for number in reversed(range(len(STEPS)) if trace else ()):
        kind, at_s = (*trace, *[("", 0.0)] * len(STEPS))[number]
        if kind != STEPS[number] or at_s > trace[0][1] + 30:
            hop = STEPS[number]
    return hop


@right
class Sings:
    """A callable that keeps nothing."""

    def __new__(cls, minute, shop):
        try:
            shop.place(f"canary-in-minute-{minute}")
        except Refused:
            return STEPS[0]
        trace = iter(shop.trace(f"canary-in-minute-{minute - 1}"))
        begun = next(trace, None)
        if begun is None:
            return ""
        for step in STEPS[1:]:
            kind, at_s = next(trace, ("", 0.0))
            if kind != step or at_s - begun[1] > LATE_S:
                return step
        return ""
