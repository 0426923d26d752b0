"""Exercise 1: a conditional write lets one delivery through."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.exceptions import ClientError

from workbook.checks.exactly_once.scene import (
    EVENT,
    OTHER_EVENT,
    explored,
    fresh_shop,
    plainly,
    verdict_on,
)
from workbook.checks.exactly_once.shop import charge, charged, open_shop
from workbook.explore import Exploration, Run
from workbook.learn import Verdict, failed, try_call

__all__ = ["charging", "check", "one_charge_each"]

_NOBODY = "The only delivery of an order did not win: nobody was charged."
_IN_TURN = "A second delivery, after the first had ended, won as well: charged twice."
_RACE = "Two deliveries at the same moment both won: charged twice."
_LOSER_FAILED = "The delivery that came second failed instead of being told False."
_OTHER_ORDER = "A second order was turned away because of the first: not charged."
_THROTTLED = "A throttled call was taken for a lost race: nobody was charged."
_THROTTLED_WON = "A throttled call was taken for a win: charged twice."
_MEMORY = "With an empty table the order was still turned away."
_NO_TABLE = "A missing table was taken for a lost race: the answer was False."

_ELSEWHERE = (
    "Another execution environment has another memory: what one delivery must know of "
    "another belongs in the table `records`."
)
_ADVICE = {
    _NOBODY: "Return True where the write went through.",
    _IN_TURN: "Nothing in your write fails when the order's record is there already.",
    _RACE: "Between your look and your write there is room for another delivery: let "
    "the write itself carry the condition.",
    _LOSER_FAILED: "Catch the refusal of the condition, and only that, and return "
    "False.",
    _OTHER_ORDER: "Is the order's id the key of the record?",
    _THROTTLED: "Only a refused condition means that somebody else was first. Every "
    "other error must get out, so that the queue brings the message back.",
    _THROTTLED_WON: "Only a write that went through means that this delivery won.",
}

_TRIED = (
    "one, two and three deliveries in every order of their calls, two orders, and "
    "a throttled call"
)


def check(claim: Callable[[str], Any]) -> Verdict:
    """Whether one delivery of each order wins, and no error is taken for a defeat."""
    with fresh_shop():
        if _remembers_in_memory(claim):
            return failed(_MEMORY, look=_ELSEWHERE)
        verdict = verdict_on(_explorations(claim), _ADVICE, tried=_TRIED)
        if verdict.passed and _takes_any_error(claim):
            return failed(_NO_TABLE, look=_ADVICE[_THROTTLED])
        return verdict


def charging(claim: Callable[[str], Any]) -> Callable:
    """A handler that charges when `claim` says so; it repeats a throttled charge."""

    def sell(event, context):
        if not claim(event["order_id"]):
            return "somebody else's"
        _charge_patiently(event)
        return "charged"

    return sell


def one_charge_each(*events: dict, none: str, many: str, failing: str) -> Callable:
    """An invariant: each order is charged once; its arguments say what broke it."""

    def one_charge(run: Run) -> str:
        """Each order is charged once"""
        for event in events:
            times = len(charged(event["order_id"]))
            if times != 1:
                return many if times else none
        return failing if run.dead_letters else ""

    return one_charge


def _remembers_in_memory(claim: Callable) -> bool:
    """Whether an order that won is turned away when its record is gone."""
    won = plainly(claim, EVENT["order_id"])
    open_shop()
    return bool(won) and not plainly(claim, EVENT["order_id"])


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
    throttled = once(EVENT, none=_THROTTLED, many=_THROTTLED_WON)
    one_throttle = {"faults": ("throttle",), "crashes": 0, "losses": 1}
    yield explored(sell, EVENT, throttled, **one_throttle)
    yield explored(sell, EVENT, throttled, deliveries=2, **one_throttle)
    yield explored(sell, EVENT, once(EVENT), deliveries=3)


def _takes_any_error(claim: Callable) -> bool:
    """Whether `claim` gives an answer although there is no table to ask."""
    boto3.client("dynamodb").delete_table(TableName="records")
    outcome = try_call(claim, EVENT["order_id"])
    return outcome.returned


def _charge_patiently(event: dict) -> None:
    """Charge; once more if the first call was throttled, which is not the lesson."""
    try:
        charge(event["order_id"], event["yen"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ThrottlingException":
            raise
        charge(event["order_id"], event["yen"])
