"""Exercise 5: an order's id that comes back with another payload is refused."""

from collections.abc import Callable, Iterator

from botocore.exceptions import HTTPClientError

from workbook.checks.exactly_once.judging import FAULTS, explored, verdict_on
from workbook.checks.exactly_once.payload_keeping import (
    DEARER,
    ORDER,
    badly_kept,
    sell,
)
from workbook.checks.exactly_once.scene import (
    OTHER_EVENT,
    fresh_shop,
    handed_on,
    wrapped,
    wrote_into_the_book,
)
from workbook.checks.exactly_once.shop import charged
from workbook.explore import Exploration, Run
from workbook.learn import Verdict, failed
from workbook.patterns.idempotency import PayloadChanged

__all__ = ["check"]

_SHUFFLED = {
    "buyer": {"seats": ["A1", "A2"], "name": "Yuki"},
    "yen": 4200,
    "order_id": "order-7",
}
_SAME_DIGITS = ORDER | {"yen": 2400}
_OTHER_SEATS = ORDER | {"buyer": {"name": "Yuki", "seats": ["A1", "B9"]}}

_FIRST = "The first delivery did not get what the handler returned."
_DUPLICATE = "The same payload, delivered again, was refused."
_KEY_ORDER = "The same payload with its keys in another order was refused."
_SERVED = "A changed amount came after the first payload and was served like it."
_SEATS = "The amount was the same, other seats were asked for, and it was served."
_DIGITS = "4,200 yen were asked for, then 2,400, and both were served."
_RACE = "Two payloads came at the same moment and both were served."
_CHARGED = "The changed payload was charged before it was refused."
_UNCLEAR = "The changed payload failed, but not with `PayloadChanged`."
_NEITHER = "Of two payloads neither was served."
_OTHER_ORDER = "Another order was refused because of the first."
_FALSE_ALARM = "A throttled call or a lost response was reported as `PayloadChanged`."
_STRANDED = "After a fault the order's own payload was refused when it came back."

_FIELDS = (
    "Compare the whole payload, not some of its fields: `json.dumps(event, "
    "sort_keys=True)` is one text for it all."
)
_SORTED = (
    "A dict has an order in Python, an event has none: `json.dumps(event, "
    "sort_keys=True)` gives equal payloads the same text, inside nested ones, too."
)
_ADVICE = {
    _DUPLICATE: "Only another payload is to be refused: the condition holds if the "
    "record is absent *or* says the same.",
    _KEY_ORDER: _SORTED,
    _SERVED: "Keep the payload under the order's id, never write over it, and raise "
    "`PayloadChanged` where another one comes.",
    _SEATS: _FIELDS,
    _DIGITS: "Sorting the letters of a text makes one text of many: sort the keys.",
    _RACE: "Between your look and your write there is room for another delivery: let "
    "the write itself carry the condition.",
    _CHARGED: "Compare before you call the handler.",
    _UNCLEAR: "Whoever finds the message in the dead-letter queue must see why: catch "
    "the refusal of the condition and raise `PayloadChanged`.",
    _NEITHER: "The first payload must reach the handler.",
    _OTHER_ORDER: "Is the payload kept under a name with the order's id in it?",
    _FALSE_ALARM: "Only a refused condition means that another payload is there. Every "
    "other error must get out, so that the queue brings the message back.",
    _STRANDED: "An attempt that crashed has left its payload behind: the same payload "
    "must pass.",
}

_TRIED = (
    "duplicates, two payloads in every order of their calls, a crash or a lost "
    "response at every call"
)


def check(same_payload: Callable[[Callable], Callable]) -> Verdict:
    """Whether only an order's first payload, in whatever key order, is served."""
    with fresh_shop():
        answer = handed_on(same_payload, sell, ORDER)
        if verdict := wrote_into_the_book():
            return verdict
        if answer != _answer_in_the_book():
            return failed(_FIRST, look="End with `return handler(event, context)`.")
        if verdict := badly_kept(same_payload):
            return verdict
        guarded = wrapped(same_payload, sell)
        return verdict_on(_explorations(guarded), _ADVICE, tried=_TRIED)


def _answer_in_the_book() -> dict:
    """What the only run of `sell` must have returned."""
    for charge_id, yen in charged("order-7").items():
        return {"charge_id": charge_id, "yen": yen, "buyer": ORDER["buyer"]}
    return {}


def _explorations(guarded: Callable) -> Iterator[Exploration]:
    again = {"deliveries": 2, "preemptions": 0}
    yield explored(guarded, ORDER, _served_twice(_DUPLICATE), **again)
    shuffled = _served_twice(_KEY_ORDER)
    yield explored(guarded, [ORDER, _SHUFFLED], shuffled, preemptions=0)
    others = _served_twice(_OTHER_ORDER)
    yield explored(guarded, [ORDER, OTHER_EVENT], others, preemptions=0)
    dearer = [ORDER, DEARER]
    yield explored(guarded, dearer, _one_served(dearer, _SERVED), preemptions=0)
    seats = [ORDER, _OTHER_SEATS]
    yield explored(guarded, seats, _one_served(seats, _SEATS), preemptions=0)
    digits = [ORDER, _SAME_DIGITS]
    yield explored(guarded, digits, _one_served(digits, _DIGITS), preemptions=0)
    yield explored(guarded, dearer, _one_served(dearer, _RACE))
    yield explored(guarded, ORDER, _served_once_at_last, **FAULTS)
    noise = {"faults": ("throttle", "response_lost"), "crashes": 0, "losses": 1}
    yield explored(guarded, ORDER, _no_false_alarm, **noise)
    yield explored(guarded, dearer, _one_served(dearer, _RACE), preemptions=1, **FAULTS)


def _served_twice(reason: str) -> Callable[[Run], str]:
    def both_pass(run: Run) -> str:
        """Both payloads reach the handler"""
        return "" if len(run.returned) == 2 and all(run.returned) else reason

    return both_pass


def _served_once_at_last(run: Run) -> str:
    """The order is served, whatever crashes"""
    return "" if len(run.returned) == 1 and charged("order-7") else _STRANDED


def _no_false_alarm(run: Run) -> str:
    """An order's only payload is never called a changed one"""
    wrong = any(isinstance(end.error, PayloadChanged) for end in run.ended)
    return _FALSE_ALARM if wrong else ""


def _one_served(events: list[dict], both: str) -> Callable[[Run], str]:
    """An invariant: one of two payloads is served, the other refused, not charged."""

    def only_the_first_payload(run: Run) -> str:
        """Of two payloads one is served, and the other refused"""
        served = [end.delivery for end in run.ended if end.outcome == "returned"]
        if len(served) != 1:
            return both if served else _NEITHER
        amounts = set(charged("order-7").values())
        runs = len(charged("order-7"))
        if amounts != {events[served[0]]["yen"]} or (runs > 1 and not run.faults):
            return _CHARGED
        return "" if _says_why(run, served[0]) else _UNCLEAR

    return only_the_first_payload


def _says_why(run: Run, served: int) -> bool:
    """Whether the refused payload's attempts said so by name, but where a fault hit."""
    errors = [end.error for end in run.ended if end.delivery != served]
    raised = [e for e in errors if e is not None and not isinstance(e, HTTPClientError)]
    return bool(raised) and all(isinstance(e, PayloadChanged) for e in raised)
