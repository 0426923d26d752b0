"""Exercise 3: a claim with an end survives a crash of the one who holds it."""

from collections.abc import Callable, Iterator
from typing import Any

from workbook.checks.exactly_once.judging import (
    FAULTS,
    explored,
    explored_for_waits,
    only_in_progress,
    verdict_on,
    writes_to,
)
from workbook.checks.exactly_once.scene import (
    EVENT,
    OTHER_EVENT,
    context,
    fresh_shop,
    plainly,
    wrote_into_the_book,
)
from workbook.checks.exactly_once.shop import LEASE_S, charged
from workbook.cloud import clock
from workbook.explore import Exploration, Run
from workbook.learn import Verdict, failed
from workbook.patterns.idempotency import InProgress

__all__ = ["check"]

_DAY_S = 24 * 3600

_NO_CHARGE = "The only delivery of an order ended, and the order was not charged."
_AMOUNT = "The order was charged with another amount than its `yen`."
_NO_ANSWER = 'The delivery did not return {"charge_id": …} with the id of its charge.'
_TWICE = "Charged twice: after a fault the next attempt made a new charge."
_UNCHARGED = "After a fault the order counted as sold, and nobody was charged."
_QUIET = "A delivery that found the lease held ended as if all were well."
_STANDS = "After a fault the old claim stood for ever: no delivery got past it."
_DIFFERENT = "Two deliveries of one order got different answers."
_AGAIN = "A duplicate that came after the end went to the provider again."
_TURNED_AWAY = "A duplicate that came after the end failed: the answer was there."
_EMPTY = "A duplicate that came after the end was not given the answer."
_OVERLAP = "Two deliveries were at the provider at once: no lease kept one out."
_TOO_SHORT = (
    "After a crash a delivery came a second before the lease's end and was not kept "
    "out."
)
_TOO_LONG = "After a fault the lease held so long that the queue gave the message up."
_NOT_IN_PROGRESS = (
    "A delivery that found the lease held failed, but not by `InProgress`."
)
_BOTH_TOOK_OVER = "After a fault two deliveries took the lease over at once."
_HELD_UP = "Another order was held up, or answered, by this one."

_ADVICE = {
    _TWICE: "Nobody can know how far the crashed attempt had come. Give the provider "
    "the order's id as `key`: then asking again changes nothing.",
    _UNCHARGED: "The record said that the work was done before it was. Store the "
    "answer after the charge, and let the claim be something else than an answer.",
    _QUIET: "A delivery that returns is deleted from the queue. Raise `InProgress`: "
    "then it comes back, and takes over if the holder has died.",
    _STANDS: "Store until when the claim holds, in the seconds of `time.time()`, and "
    "let the condition accept a claim whose end has passed.",
    _DIFFERENT: "Return what the record holds, and nothing else.",
    _AGAIN: "Store the answer in the order's record: a record with an answer must "
    "refuse the claim, also when the lease is over.",
    _TURNED_AWAY: "When the claim is refused, see whether the record has an answer.",
    _EMPTY: "When the claim is refused, give the answer that the record holds.",
    _OVERLAP: "Claim with one conditional write before you charge; whoever is refused "
    "must not go on.",
    _TOO_SHORT: f"The lease must last `LEASE_S` ({LEASE_S} s) from the claim: store "
    "`int(time.time()) + LEASE_S`, and accept only a claim whose end has passed.",
    _TOO_LONG: f"The lease must last `LEASE_S` ({LEASE_S} s) from the claim, no "
    "longer: a message comes back every 30 s, and four times in all.",
    _NOT_IN_PROGRESS: "Whoever reads the log must see that nothing is wrong: raise "
    "`InProgress` where another delivery holds the lease.",
    _BOTH_TOOK_OVER: "The look at the old lease and the new claim must be one write, "
    "with a condition.",
    _HELD_UP: "Is the order's id the key of the record?",
}

_TRIED = (
    "a crash or a lost response at every call, two deliveries in every order of "
    "their calls, a late one before and after the lease's end, two orders"
)


def check(sell: Callable[[dict, Any], dict]) -> Verdict:
    """Whether an order is charged once and answered, whatever crashes where."""
    with fresh_shop():
        answer = plainly(sell, EVENT, context())
        return _after_one(answer) or verdict_on(
            _explorations(sell), _ADVICE, tried=_TRIED
        )


def _after_one(answer: Any) -> Verdict | None:
    """What is wrong after a single delivery, undisturbed."""
    if verdict := wrote_into_the_book():
        return verdict
    entries = charged(EVENT["order_id"])
    if not entries:
        return failed(_NO_CHARGE, look="Call `charge(order_id, yen, key=…)`.")
    if set(entries.values()) != {EVENT["yen"]}:
        return failed(_AMOUNT, look='Charge `event["yen"]`.')
    if not _names_a_charge(answer, entries):
        return failed(_NO_ANSWER, look="`charge` returns the id.")
    return None


def _explorations(sell: Callable) -> Iterator[Exploration]:
    in_turn = _settled(EVENT, again=_AGAIN, failing=_TURNED_AWAY, other=_EMPTY)
    yield explored(sell, EVENT, in_turn, deliveries=2, preemptions=0)
    yield explored_for_waits(sell, EVENT)
    late = {"redeliver_after_s": LEASE_S + 1, "preemptions": 0}
    both_times = [EVENT, EVENT | {"comes_late": True}]
    yield explored(_coming_late(sell), both_times, in_turn, **late)
    both = [EVENT, OTHER_EVENT]
    yield explored(sell, both, _settled(*both, failing=_HELD_UP, other=_HELD_UP))
    a_second_early = {"redeliver_after_s": LEASE_S - 1, "max_receives": 2}
    yield explored(sell, EVENT, _kept_out, faults=("crash",), **a_second_early)
    yield _disturbed_alone(sell)
    at_once = _settled(EVENT, again=_OVERLAP)
    yield explored(sell, EVENT, at_once, deliveries=2, max_receives=5)
    # Every interleaving of calls without a fault is above; with one, at most one
    # interruption, or the check would take a minute.
    disturbed = {"deliveries": 2, "max_receives": 5, "preemptions": 1, **FAULTS}
    yield explored(sell, EVENT, _settled(EVENT), **disturbed)


def _disturbed_alone(sell: Callable) -> Exploration:
    """One delivery and a fault; where it does not get past a claim, whether ever."""
    bounds = {"max_receives": 4, **FAULTS}
    found = explored(sell, EVENT, _settled(EVENT), **bounds)
    if found.why != _STANDS:
        return found
    a_day_later = {"redeliver_after_s": _DAY_S, "faults": ("crash",)}
    if not explored(sell, EVENT, _free_in_the_end, **a_day_later).holds:
        return found
    return explored(sell, EVENT, _settled(EVENT, failing=_TOO_LONG), **bounds)


def _coming_late(sell: Callable) -> Callable:
    """`sell`; an event that says so comes only when the first lease is over."""
    first_s = clock.seconds()

    def sell_late(event: dict, context: Any) -> Any:
        if event.pop("comes_late", False) and clock.seconds() == first_s:
            raise InProgress("not yet")
        return sell(event, context)

    return sell_late


def _kept_out(run: Run) -> str:
    """Before its end, a lease keeps others out, also if its holder has crashed"""
    claims, charges = writes_to("records", run), writes_to("charges", run)
    holders = [step for step in charges if step.attempt == 1]
    intruders = [step for step in charges if step.attempt == 2]
    if not (claims and holders and intruders):
        return ""
    in_order = run.steps.index(claims[0]) < run.steps.index(holders[0])
    return _TOO_SHORT if in_order else ""


def _free_in_the_end(run: Run) -> str:
    """A claim does not outlive its holder for ever"""
    return _STANDS if run.dead_letters else ""


def _settled(
    *events: dict, again: str = "", failing: str = _STANDS, other: str = _QUIET
) -> Callable[[Run], str]:
    """An invariant: each order charged once, each delivery in the end answered.

    `again` is the reason to give when, without a fault, the provider was asked twice.
    """

    def sold_once(run: Run) -> str:
        """Each order is charged once, and each delivery gets its answer in the end"""
        entries = {}
        for event in events:
            mine = charged(event["order_id"])
            if len(mine) > 1:
                return _TWICE if run.faults else again or _TWICE
            if not mine:
                return _why_uncharged(run, failing, other)
            entries |= mine
        if again and len(writes_to("charges", run)) > len(events):
            return again
        if not run.faults and not only_in_progress(run):
            return _NOT_IN_PROGRESS
        if run.faults and len(writes_to("charges", run)) > 2:
            return _BOTH_TOOK_OVER
        return _why_unanswered(run, entries, len(events), failing, other)

    return sold_once


def _why_uncharged(run: Run, failing: str, other: str) -> str:
    if any(_is_answer(value) for value in run.returned):
        return _UNCHARGED if run.faults else other
    return other if run.returned else failing


def _why_unanswered(
    run: Run, entries: dict[str, int], orders: int, failing: str, other: str
) -> str:
    if run.dead_letters:
        return failing
    if not all(_names_a_charge(value, entries) for value in run.returned):
        return other
    answers = {repr(sorted(value.items(), key=repr)) for value in run.returned}
    return _DIFFERENT if len(answers) > orders else ""


def _is_answer(value: Any) -> bool:
    return isinstance(value, dict) and "charge_id" in value


def _names_a_charge(value: Any, entries: dict[str, int]) -> bool:
    return _is_answer(value) and value["charge_id"] in list(entries)
