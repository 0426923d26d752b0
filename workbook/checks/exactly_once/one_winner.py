"""Exercise 1: a conditional write lets one delivery through."""

from collections.abc import Callable, Iterator
from typing import Any

from workbook.checks.exactly_once.claiming import (
    ADVICE,
    after_one,
    charging,
    one_charge_each,
    takes_any_error,
    throttled_calls,
)
from workbook.checks.exactly_once.judging import explored, verdict_on
from workbook.checks.exactly_once.scene import (
    EVENT,
    OTHER_EVENT,
    fresh_shop,
    plainly,
)
from workbook.checks.exactly_once.shop import open_shop
from workbook.explore import Exploration
from workbook.learn import Verdict, failed

__all__ = ["check"]

_NOBODY = "The only delivery of an order did not win: nobody was charged."
_IN_TURN = "A second delivery, after the first had ended, won as well: charged twice."
_RACE = "Two deliveries at the same moment both won: charged twice."
_LOSER_FAILED = "The delivery that came second failed instead of being told False."
_OTHER_ORDER = "A second order was turned away because of the first: not charged."
_MEMORY = "With an empty table the order was still turned away."

_ELSEWHERE = (
    "Another execution environment has another memory: what one delivery must know of "
    "another belongs in the table `records`."
)
_ADVICE = ADVICE | {
    _NOBODY: "Return True where the write went through.",
    _IN_TURN: "Nothing in your write fails when the order's record is there already.",
    _RACE: "Between your look and your write there is room for another delivery: let "
    "the write itself carry the condition.",
    _LOSER_FAILED: "Catch the refusal of the condition, and only that, and return "
    "False.",
    _OTHER_ORDER: "Is the order's id the key of the record?",
}

_TRIED = (
    "one, two and three deliveries in every order of their calls, two orders, and "
    "a throttled call"
)


def check(claim: Callable[[str], Any]) -> Verdict:
    """Whether one delivery of each order wins, and no error is taken for a defeat."""
    order_id = EVENT["order_id"]
    with fresh_shop():
        won = plainly(claim, order_id)
        if verdict := after_one(won) or _in_memory(claim, won):
            return verdict
        verdict = verdict_on(_explorations(claim), _ADVICE, tried=_TRIED)
        return (verdict.passed and takes_any_error(claim, order_id)) or verdict


def _in_memory(claim: Callable, won: Any) -> Verdict | None:
    """The verdict on an order that won and is turned away when its record is gone."""
    open_shop()
    lost = won and not plainly(claim, EVENT["order_id"])
    return failed(_MEMORY, look=_ELSEWHERE) if lost else None


def _explorations(claim: Callable) -> Iterator[Exploration]:
    def once(*events: dict, none: str = _NOBODY, many: str = _RACE) -> Callable:
        return one_charge_each(*events, none=none, many=many, failing=_LOSER_FAILED)

    sell = charging(claim)
    yield explored(sell, EVENT, once(EVENT, many=_NOBODY))
    in_turn = {"deliveries": 2, "preemptions": 0}
    yield explored(sell, EVENT, once(EVENT, many=_IN_TURN), **in_turn)
    both = [EVENT, OTHER_EVENT]
    yield explored(sell, both, once(*both, none=_OTHER_ORDER))
    yield explored(sell, EVENT, once(EVENT), deliveries=2)
    yield from throttled_calls(sell, failing=_LOSER_FAILED)
    yield explored(sell, EVENT, once(EVENT), deliveries=3)
