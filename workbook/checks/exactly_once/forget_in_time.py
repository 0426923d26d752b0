"""Exercise 4: a record is forgotten in time, and an expired one counts as absent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from boto3.dynamodb.conditions import Attr

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
from workbook.checks.exactly_once.shop import charged, records
from workbook.cloud import clock
from workbook.explore import Exploration, Records, Run
from workbook.learn import Verdict, failed

__all__ = ["check"]

_KEEP_S = 7140  # with the minute below, two hours
_MINUTE_S = 60
_YEAR_S = 365 * 24 * 3600

_NOBODY = "The only delivery of an order did not win: nobody was charged."
_IN_TURN = "A duplicate that came a moment later won as well: charged twice."
_RACE = "Two deliveries at the same moment both won: charged twice."
_LOSER_FAILED = "The delivery that came second failed instead of being told False."
_OTHER_ORDER = "A second order was turned away because of the first: not charged."
_MISSING = "The record has no attribute `expires_at`: DynamoDB keeps it for ever."
_TEXT = "`expires_at` is not a Number: DynamoDB's time to live does not look at it."
_FAR = "`expires_at` lies centuries ahead: milliseconds, where seconds are asked."
_PAST = "`expires_at` lies decades back: DynamoDB ignores it and keeps the record."
_KEPT = "The record is still in the table a minute after its time."
_EARLY = "A minute before its time the record no longer kept a duplicate out."
_LATE = "An expired record that DynamoDB had not deleted yet turned the order away."
_BOTH = "Two deliveries both took the place of one expired record: charged twice."
_DELETED = (
    "DynamoDB deleted the expired record between your read and your write, and the "
    "order was turned away."
)

_NOW = "Write `int(time.time()) + keep_s`: seconds since 1970, as a Number."
_ADVICE = ADVICE | {
    _NOBODY: "Return True where the write went through.",
    _IN_TURN: "A record whose time has not come must refuse the claim.",
    _RACE: "Claim with one conditional write.",
    _LOSER_FAILED: "Catch the refusal of the condition, and only that.",
    _OTHER_ORDER: "Is the order's id the key of the record?",
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
    _DELETED: "The condition must also accept that the record is gone. (In the "
    "picture, delivery 2 is DynamoDB's time to live at work.)",
}

_TRIED = (
    "two deliveries in every order of their calls, before and after the record's "
    "time, two orders, and a throttled call"
)


def check(claim_for: Callable[[str, int], Any]) -> Verdict:
    """Whether a claim holds for its time, and neither longer nor shorter."""
    order_id = EVENT["order_id"]
    with fresh_shop():
        if verdict := after_one(plainly(claim_for, order_id, _KEEP_S)):
            return verdict
        items = records().scan()["Items"]
        keys = [item["id"] for item in items]
        claim = _keeping(claim_for)
        verdict = _outliving(claim, _flaw_in(items) or _KEPT) or verdict_on(
            _explorations(claim, keys), _ADVICE, tried=_TRIED
        )
        no_table = verdict.passed and takes_any_error(claim, order_id)
        return no_table or verdict


def _keeping(claim_for: Callable) -> Callable:
    return lambda order_id: claim_for(order_id, _KEEP_S)


def _flaw_in(items: list[dict]) -> str:
    """What is wrong with the expiry of what an answer wrote, if anything is."""
    moments = [item.get("expires_at") for item in items]
    if None in moments:
        return _MISSING
    if any(not isinstance(moment, Decimal) for moment in moments):
        return _TEXT
    ahead_s = [moment - int(clock.seconds()) for moment in moments]
    if any(seconds > 100 * _YEAR_S for seconds in ahead_s):
        return _FAR
    return _PAST if any(seconds < -5 * _YEAR_S for seconds in ahead_s) else ""


def _outliving(claim: Callable, reason: str) -> Verdict | None:
    """The verdict, for `reason`, on a record still there a minute after its time."""

    def anything_goes() -> bool:
        """No record outlives its time"""
        return True

    forgotten = Records("records", kept_at_most_s=_KEEP_S + _MINUTE_S)
    found = explored(charging(claim), EVENT, anything_goes, records=forgotten)
    if found.verdict != "broken":
        return None
    picture = replace(found.counterexample, broken=reason).picture
    return failed(reason, picture, look=_ADVICE[reason])


def _explorations(claim: Callable, keys: list[str]) -> Iterator[Exploration]:
    def once(*events: dict, none: str = _NOBODY, many: str = _RACE) -> Callable:
        return one_charge_each(*events, none=none, many=many, failing=_LOSER_FAILED)

    sell, later = charging(claim), _selling_when_it_comes_back(claim)
    yield explored(sell, EVENT, once(EVENT))
    in_turn = {"deliveries": 2, "preemptions": 0}
    yield explored(sell, EVENT, once(EVENT, many=_IN_TURN), **in_turn)
    both = [EVENT, OTHER_EVENT]
    yield explored(sell, both, once(*both, none=_OTHER_ORDER))
    yield explored(sell, EVENT, once(EVENT), deliveries=2)
    before, after = (
        {"redeliver_after_s": _KEEP_S + more_s} for more_s in (-_MINUTE_S, _MINUTE_S)
    )
    yield explored(later, EVENT, _still_kept_out, **before)
    afresh = once(EVENT, none=_LATE, many=_BOTH)
    yield explored(later, EVENT, afresh, **after)
    yield explored(later, EVENT, afresh, deliveries=2, **after)
    deleted = once(EVENT, none=_DELETED, many=_BOTH)
    yield explored(_beside_time_to_live(later, keys), [EVENT, {}], deleted, **after)
    yield from throttled_calls(sell, failing=_LOSER_FAILED)


def _still_kept_out(run: Run) -> str:
    """Before its time is over, a record keeps a duplicate out"""
    return _EARLY if charged(EVENT["order_id"]) else ""


def _selling_when_it_comes_back(claim: Callable) -> Callable:
    """A handler that claims and fails; it sells when its message comes a second time.

    By then the record of the first time is old, and still stands in the table.
    """
    first_s = clock.seconds()

    def sell(event: dict, context: Any) -> str:
        if clock.seconds() > first_s:
            return charging(claim)(event, context)
        claim(event["order_id"])
        raise TimeoutError("the provider did not answer")

    return sell


def _beside_time_to_live(sell: Callable, keys: list[str]) -> Callable:
    """`sell`; for an empty event, what DynamoDB does to records that have expired."""
    first_s = clock.seconds()

    def sell_or_expire(event: dict, context: Any) -> str:
        if event:
            return sell(event, context)
        if clock.seconds() == first_s:
            raise TimeoutError("nothing has expired yet")
        for key in keys:
            _expire(key)
        return "expired"

    return sell_or_expire


def _expire(key: str) -> None:
    """Delete a record if its time is over, in one step."""
    over = Attr("expires_at").lt(int(clock.seconds()))
    try:
        records().delete_item(Key={"id": key}, ConditionExpression=over)
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return  # a new claim has taken the record's place
