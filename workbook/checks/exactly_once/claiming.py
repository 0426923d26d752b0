"""What exercises 1 and 4 share: a claim decides who charges, and lets errors out."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from workbook.checks.exactly_once.judging import explored
from workbook.checks.exactly_once.scene import EVENT, tried, wrote_into_the_book
from workbook.checks.exactly_once.shop import book, charge, charged, records
from workbook.explore import Exploration, Run
from workbook.learn import Verdict, failed

__all__ = [
    "ADVICE",
    "after_one",
    "charging",
    "one_charge_each",
    "takes_any_error",
    "throttled_calls",
]

_CHARGED = "Your claim itself charged the order: that is the business of its caller."
_NOT_FREE = "An order without a record was turned away: nobody was charged."
_THROTTLED = "A throttled call was taken for a lost race: nobody was charged."
_THROTTLED_WON = "A throttled call was taken for a win: charged twice."
_NO_TABLE = "A missing table was taken for a lost race: the answer was False."

_ONLY_SAY = (
    "Only say who may charge, with True or False. The check puts your function into a "
    "handler that charges where it gets True."
)
_FREE_TOO = (
    "An order without a record must be free, too: the condition has to hold where "
    "nothing is there yet."
)
_LET_IT_OUT = (
    "Only a refused condition means that somebody else was first. Every other error "
    "must get out, so that the queue brings the message back."
)
ADVICE = {
    _THROTTLED: _LET_IT_OUT,
    _THROTTLED_WON: "Only a write that went through means that this delivery won.",
}


def after_one(won: Any) -> Verdict | None:
    """What is wrong after the very first claim, which answered `won`."""
    if verdict := wrote_into_the_book():
        return verdict
    if book():
        return failed(_CHARGED, look=_ONLY_SAY)
    return (
        None if won or records().scan()["Items"] else failed(_NOT_FREE, look=_FREE_TOO)
    )


def charging(claim: Callable[[str], Any]) -> Callable:
    """A handler that charges when `claim` says so; it repeats a throttled charge."""

    def sell(event: dict, context: Any) -> str:
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


def throttled_calls(sell: Callable, *, failing: str) -> Iterator[Exploration]:
    """One and two deliveries, of which one call is throttled."""
    once = one_charge_each(EVENT, none=_THROTTLED, many=_THROTTLED_WON, failing=failing)
    one_throttle = {"faults": ("throttle",), "crashes": 0, "losses": 1}
    yield explored(sell, EVENT, once, **one_throttle)
    yield explored(sell, EVENT, once, deliveries=2, **one_throttle)


def takes_any_error(claim: Callable, *args: Any) -> Verdict | None:
    """The verdict on a claim that has an answer although there is no table to ask."""
    records().delete()
    outcome = tried(claim, *args)
    return failed(_NO_TABLE, look=_LET_IT_OUT) if outcome.returned else None


def _charge_patiently(event: dict) -> None:
    """Charge; once more if the first call was throttled, which is not the lesson."""
    try:
        charge(event["order_id"], event["yen"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ThrottlingException":
            raise
        charge(event["order_id"], event["yen"])
