"""Exercise 2: a stored result gives duplicates the first delivery's answer."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from workbook.checks.exactly_once.judging import (
    explored,
    explored_for_waits,
    only_in_progress,
    verdict_on,
)
from workbook.checks.exactly_once.scene import (
    EVENT,
    OTHER_EVENT,
    context,
    fresh_shop,
    handed_on,
    plainly,
    tried,
    wrapped,
    wrote_into_the_book,
)
from workbook.checks.exactly_once.shop import charge, charged, open_shop
from workbook.cloud.snapshot import restore, take
from workbook.explore import Exploration, Run
from workbook.learn import Verdict, failed
from workbook.learn.running import Stopped
from workbook.patterns.idempotency import InProgress

__all__ = ["check"]

_FIRST = "The first delivery did not get what the handler returned."
_AGAIN = "A duplicate that came after the end ran the handler again: charged twice."
_OTHER = "A duplicate that came after the end got another answer than the first."
_TURNED_AWAY = "A duplicate that came after the end failed: the answer was there."
_RACE = "Two deliveries at the same moment both ran the handler: charged twice."
_EMPTY = "A duplicate that came too early was answered before there was an answer."
_STRANDED = "A duplicate that came too early never got the answer when it came back."
_MIXED = "Another order did not get an answer of its own."
_SLOT = "After another order a duplicate got that order's answer, or none."
_NOT_IN_PROGRESS = (
    "A delivery that found no answer yet failed, but not by `InProgress`."
)
_NOT_JSON = "The stored answer came back changed: JSON can no longer carry it."
_FALSY = "A handler that returned nothing, or 0, ran again for the duplicate."
_STILL_BUSY = (
    "A result that counts as false was taken for none: the duplicate was told that the "
    "order was still being worked on."
)
_CHANGED = "An answer that JSON can carry did not come back the same."
_MEMORY = "The answer was remembered in Python's memory, not in the table."

_ADVICE = {
    _FIRST: "Return the handler's result also when this delivery is the first.",
    _AGAIN: "Claim the order before you run the handler, and ask whether you won.",
    _OTHER: "A duplicate must not be able to tell that it is one: return the stored "
    "result itself.",
    _TURNED_AWAY: "Read the record when the claim is refused: it may hold the answer.",
    _RACE: "Between your look and your write there is room for another delivery: claim "
    "with a conditional write first.",
    _EMPTY: "Raise `InProgress` while there is a claim and no answer: a delivery that "
    "returns is deleted from the queue, one that fails comes back.",
    _STRANDED: "When it comes back, the claim is still there, and by then the answer "
    "is, too.",
    _NOT_IN_PROGRESS: "Whoever reads the log must see that nothing is wrong: raise "
    "`InProgress` where there is a claim and no answer.",
    _MIXED: "Are the claim and the answer kept under the order's own id?",
}


_ELSEWHERE = (
    "Another execution environment has another memory: both the claim and the answer "
    "belong in the table `records`."
)
_AS_JSON = (
    "A Table stores numbers as Decimal and refuses fractions: `json.dumps` before you "
    "store and `json.loads` after you read keep an answer as it was."
)
_IS_THERE = (
    "Ask whether the record *has* an answer (`in`), not whether the answer counts as "
    "true."
)

# A fraction, a list and a null: what a handler's answer may hold.
_ANSWER = {"seats": ["A1", "A2"], "discount": 0.1, "note": None}

_TRIED = "two and three deliveries in every order of their calls, and two orders"


def check(remembered: Callable[[Callable], Callable]) -> Verdict:
    """Whether duplicates get the first result, one after the other and at once."""
    with fresh_shop():
        answer = handed_on(remembered, _sell, EVENT)
        if verdict := wrote_into_the_book():
            return verdict
        if answer not in _answers(EVENT):
            return failed(_FIRST, look=_ADVICE[_FIRST])
        sell_once = wrapped(remembered, _sell)
        if _in_memory(remembered, sell_once):
            return failed(_MEMORY, look=_ELSEWHERE)
        verdict = verdict_on(_explorations(sell_once), _ADVICE, tried=_TRIED)
        if not verdict.passed:
            return verdict
        return _one_slot(sell_once) or _any_answer(remembered) or verdict


def _sell(event: dict, context: Any) -> dict:
    """The handler to be decorated: each run of it is another charge."""
    charge_id = charge(event["order_id"], event["yen"])
    return {"charge_id": charge_id, "yen": event["yen"]}


def _answers(event: dict) -> list[dict]:
    """What the runs of `_sell` for an order returned, as the book tells it."""
    entries = charged(event["order_id"]).items()
    return [{"charge_id": charge_id, "yen": yen} for charge_id, yen in entries]


def _in_memory(remembered: Callable, sell_once: Callable) -> bool:
    """Whether anything but the table decides what a duplicate gets."""
    open_shop()
    for _ in range(2):
        tried(sell_once, EVENT, context())
    times = len(_answers(EVENT))
    tried(wrapped(remembered, _sell), EVENT, context())
    forgets = times == 1 and len(_answers(EVENT)) == 2
    known = take()
    open_shop()
    tried(wrapped(remembered, _sell), EVENT, context())
    elsewhere = _answers(EVENT)
    restore(known)
    again = tried(wrapped(remembered, _sell), EVENT, context())
    return forgets or not elsewhere or again.value in elsewhere


def _explorations(sell_once: Callable) -> Iterator[Exploration]:
    in_turn = _settled(EVENT, many=_AGAIN, other=_OTHER, failing=_TURNED_AWAY)
    yield explored(sell_once, EVENT, in_turn, deliveries=2, preemptions=0)
    yield explored_for_waits(sell_once, EVENT)
    both = [EVENT, OTHER_EVENT]
    mixed = _settled(*both, many=_AGAIN, other=_MIXED, failing=_MIXED)
    yield explored(sell_once, both, mixed)
    at_once = _settled(EVENT, many=_RACE, other=_EMPTY, failing=_STRANDED)
    yield explored(sell_once, EVENT, at_once, deliveries=2)
    yield explored(sell_once, EVENT, at_once, deliveries=3)


def _settled(*events: dict, many: str, other: str, failing: str) -> Callable:
    """An invariant: one charge an order, and its answer for each of its deliveries."""

    def one_charge_one_answer(run: Run) -> str:
        """Each order is charged once, and each delivery gets that charge's answer"""
        known = [_answers(event) for event in events]
        if any(len(answers) > 1 for answers in known):
            return many
        if run.dead_letters:
            return failing
        if not only_in_progress(run):
            return _NOT_IN_PROGRESS
        right = [answer for answers in known for answer in answers]
        each_has_one = all(answers for answers in known)
        return "" if each_has_one and _all_in(right, run.returned) else other

    return one_charge_one_answer


def _all_in(right: list[dict], returned: tuple) -> bool:
    """Whether every returned value is one of the right ones, and each was returned."""
    return all(value in right for value in returned) and all(
        answer in returned for answer in right
    )


def _one_slot(sell_once: Callable) -> Verdict | None:
    """What is wrong when a duplicate comes after another order was sold."""
    open_shop()
    first = plainly(sell_once, EVENT, context())
    plainly(sell_once, OTHER_EVENT, context())
    if tried(sell_once, EVENT, context()).value == first:
        return None
    return failed(_SLOT, look=_ADVICE[_MIXED])


def _any_answer(remembered: Callable) -> Verdict | None:
    """What is wrong with answers of other kinds than the explored one."""
    if not _as_json(_sell_again(remembered, {"yen": 4200})[0]):
        return failed(_NOT_JSON, look=_AS_JSON)
    for nothing in (None, 0):
        again, runs = _sell_again(remembered, nothing)
        if runs != 1:
            return failed(_FALSY, look=_IS_THERE)
        if again != nothing:
            return failed(_CHANGED, look=_AS_JSON)
    if _sell_again(remembered, _ANSWER) != (_ANSWER, 1):
        return failed(_CHANGED, look=_AS_JSON)
    return None


def _sell_again(remembered: Callable, answer: Any) -> tuple[Any, int]:
    """What the second delivery gets if the handler returns `answer`, and its runs."""
    runs = []

    def handler(event: dict, context: Any) -> Any:
        runs.append(event)
        return answer

    open_shop()
    sell_once = wrapped(remembered, handler)
    plainly(sell_once, EVENT, context())
    again = tried(sell_once, EVENT, context())
    if isinstance(again.error, InProgress):
        raise Stopped(failed(_STILL_BUSY, look=_IS_THERE))
    if again.error is not None:
        raise again.error
    return again.value, len(runs)


def _as_json(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True
