"""Exercise 4: a record is forgotten in time, and an expired one counts as absent."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import boto3

from workbook.checks.exactly_once.one_winner import charging, one_charge_each
from workbook.checks.exactly_once.scene import (
    EVENT,
    OTHER_EVENT,
    explored,
    fresh_shop,
    plainly,
    verdict_on,
)
from workbook.checks.exactly_once.shop import charge
from workbook.cloud import clock
from workbook.explore import Exploration, Records, Run
from workbook.learn import Verdict, from_exploration

__all__ = ["check"]

_KEEP_S = 7140  # with the minute below, two hours
_MINUTE_S = 60
_YEAR_S = 365 * 24 * 3600

_NOBODY = "The only delivery of an order did not win: nobody was charged."
_IN_TURN = "A duplicate that came a moment later won as well: charged twice."
_RACE = "Two deliveries at the same moment both won: charged twice."
_LOSER_FAILED = "The delivery that came second failed instead of being told False."
_OTHER_ORDER = "A second order was turned away because of the first: not charged."
_THROTTLED = "A throttled call was taken for a lost race: nobody was charged."
_THROTTLED_WON = "A throttled call was taken for a win: charged twice."
_MISSING = "The record has no attribute `expires_at`: DynamoDB keeps it for ever."
_TEXT = "`expires_at` is not a Number: DynamoDB's time to live does not look at it."
_FAR = "`expires_at` lies centuries ahead: milliseconds, where seconds are asked."
_PAST = "`expires_at` lies decades back: DynamoDB ignores it and keeps the record."
_KEPT = "The record is still in the table a minute after its time."
_EARLY = "A minute before its time the record no longer kept a duplicate out."
_LATE = "An expired record that DynamoDB had not deleted yet turned the order away."
_BOTH = "Two deliveries both took the place of one expired record: charged twice."

_NOW = "Write `int(time.time()) + keep_s`: seconds since 1970, as a Number."
_ADVICE = {
    _NOBODY: "Return True where the write went through.",
    _IN_TURN: "A record whose time has not come must refuse the claim.",
    _RACE: "Claim with one conditional write.",
    _LOSER_FAILED: "Catch the refusal of the condition, and only that.",
    _OTHER_ORDER: "Is the order's id the key of the record?",
    _THROTTLED: "Only a refused condition means that somebody else was first. Every "
    "other error must get out, so that the queue brings the message back.",
    _THROTTLED_WON: "Only a write that went through means that this delivery won.",
    _MISSING: _NOW,
    _TEXT: _NOW,
    _FAR: _NOW,
    _PAST: _NOW,
    _KEPT: "Keep the record for `keep_s` seconds, no longer.",
    _EARLY: "Keep the record for `keep_s` seconds, and compare with the time as it is "
    "now.",
    _LATE: "Time to live deletes within days, not on the second: let the condition "
    "also accept a record whose `expires_at` has passed.",
    _BOTH: "To see that a record has expired and to replace it must be one write, with "
    "a condition.",
}

_TRIED = (
    "two deliveries in every order of their calls, before and after the record's "
    "time, a throttled call, and two orders"
)


def check(claim_for: Callable[[str, int], Any]) -> Verdict:
    """Whether a claim holds for its time, and neither longer nor shorter."""
    with fresh_shop():
        plainly(claim_for, EVENT["order_id"], _KEEP_S)
        flaw = _flaw_in(boto3.client("dynamodb").scan(TableName="records")["Items"])
        claim = _keeping(claim_for)
        kept = _forgotten(claim)
        if kept.verdict == "broken":
            reason = flaw or _KEPT
            return from_exploration(kept, reason=reason, look=_ADVICE[reason])
        return verdict_on(_explorations(claim), _ADVICE, tried=_TRIED)


def _keeping(claim_for: Callable) -> Callable:
    return lambda order_id: claim_for(order_id, _KEEP_S)


def _flaw_in(items: list[dict]) -> str:
    """What is wrong with the expiry of what an answer wrote, if anything is."""
    moments = [item.get("expires_at") for item in items]
    if None in moments:
        return _MISSING
    if any("N" not in moment for moment in moments):
        return _TEXT
    ahead_s = [Decimal(moment["N"]) - int(clock.seconds()) for moment in moments]
    if any(seconds > 100 * _YEAR_S for seconds in ahead_s):
        return _FAR
    return _PAST if any(seconds < -5 * _YEAR_S for seconds in ahead_s) else ""


def _forgotten(claim: Callable) -> Exploration:
    """Whether all that a delivery remembered is gone a minute after its time."""

    def anything_goes() -> bool:
        """No record outlives its time"""
        return True

    forgotten = Records("records", kept_at_most_s=_KEEP_S + _MINUTE_S)
    sell = _selling(claim)
    return explored(sell, EVENT, anything_goes, records=forgotten)


def _explorations(claim: Callable) -> Iterator[Exploration]:
    def once(*events: dict, none: str = _NOBODY, many: str = _RACE) -> Callable:
        return one_charge_each(*events, none=none, many=many, failing=_LOSER_FAILED)

    sell = _selling(claim)
    yield explored(sell, EVENT, once(EVENT))
    in_turn = {"deliveries": 2, "preemptions": 0}
    yield explored(sell, EVENT, once(EVENT, many=_IN_TURN), **in_turn)
    both = [EVENT, OTHER_EVENT]
    yield explored(sell, both, once(*both, none=_OTHER_ORDER))
    yield explored(sell, EVENT, once(EVENT), deliveries=2)
    throttled = once(EVENT, none=_THROTTLED, many=_THROTTLED_WON)
    one_throttle = {"faults": ("throttle",), "crashes": 0, "losses": 1}
    yield explored(charging(claim), EVENT, throttled, **one_throttle)
    yield explored(_selling_for_a_while(claim), EVENT, _held_its_time)
    expired = {"redeliver_after_s": _KEEP_S + _MINUTE_S, "deliveries": 2}
    later = _selling_when_it_comes_back(claim)
    yield explored(later, EVENT, once(EVENT, none=_LATE, many=_BOTH), **expired)


def _selling(claim: Callable) -> Callable:
    def sell(event: dict, context: Any) -> str:
        if not claim(event["order_id"]):
            return "somebody else's"
        charge(event["order_id"], event["yen"])
        return "charged"

    return sell


def _selling_for_a_while(claim: Callable) -> Callable:
    """A handler that claims at once, shortly before the time is over, and after it."""

    def sell(event: dict, context: Any) -> list[bool]:
        won = [bool(claim(event["order_id"]))]
        for seconds in (_KEEP_S - _MINUTE_S, 2 * _MINUTE_S):
            time.sleep(seconds)
            won.append(bool(claim(event["order_id"])))
        return won

    return sell


def _held_its_time(run: Run) -> str:
    """A claim holds for its time, and no longer"""
    first, early, late = run.returned[0] if run.returned else (True, False, False)
    if not first:
        return _NOBODY
    return _EARLY if early else "" if late else _LATE


def _selling_when_it_comes_back(claim: Callable) -> Callable:
    """A handler that claims and fails; it sells when its message comes a second time.

    By then the record of the first time has expired, and still stands in the table.
    """
    comes_back_s = clock.seconds() + _KEEP_S

    def sell(event: dict, context: Any) -> str:
        if clock.seconds() > comes_back_s:
            return _selling(claim)(event, context)
        claim(event["order_id"])
        raise TimeoutError("the provider did not answer")

    return sell
