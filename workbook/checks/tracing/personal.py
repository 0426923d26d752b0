"""Exercise 4: a scrubber that finds what is personal and leaves the ids."""

import copy
import json
import random
import re
from collections.abc import Callable
from typing import Any

from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.patterns.tracing.scrub import luhn

__all__ = ["CARD", "EMAIL", "PERSONAL", "PHONE", "check", "is_card"]

#: Keys whose values are replaced whole, in lower case.
PERSONAL = frozenset({"buyer", "card", "email", "phone"})
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: A telephone number: a plus or a zero, then three groups.
PHONE = re.compile(r"(?<![\w-])(?:\+\d{1,3}[ -]?|0)\d{1,4}(?:[ -]\d{2,4}){2}(?![\w-])")
#: What may be a card number: 14 to 19 digits, in groups or not.
CARD = re.compile(r"(?<![\w-])\d(?:[ -]?\d){13,18}(?![\w-])")

_VISA, _AMEX = "4242 4242 4242 4242", "378282246310005"
_WRONG = "4242 4242 4242 4241"
_PLAIN = {"yen": 3800, "at_s": 1520730000.25, "paid": True, "seat": None}
_PLAIN |= {"at_ns": 1520730000000000003}  # its last digit would do for a card's
_ZERO = "4242 0242 4242 4240"  # a card in which a telephone number could begin
_TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

# What is given, what is right, and the lesson if it is the first that differs.
_CASES: list[tuple[Any, Any, str]] = [
    (_PLAIN, _PLAIN,
     "Numbers, True and None must stay what they are."),
    ({"email": "aya@example.com"}, {"email": "[personal]"},
     "The value under a personal key stays, or its key has gone."),
    ({"Card": {"last4": 4242}}, {"Card": "[personal]"},
     "A personal key with a capital letter, or with more than a text, is missed."),
    ({"order": {"buyer": "Aya", "seats": 2}},
     {"order": {"buyer": "[personal]", "seats": 2}},
     "What is nested is not looked at."),
    ([{"n": [{"phone": "1"}]}], [{"n": [{"phone": "[personal]"}]}],
     "Lists are not looked at."),
    ({"message": "mail to aya@example.com and bo@example.org"},
     {"message": "mail to [email] and [email]"},
     "An e-mail address in a sentence stays."),
    ("call +81 90-1234-5678", "call [phone]", "A telephone number in text stays."),
    (f"paid by {_VISA}", "paid by [card]", "A card number in text stays."),
    (f"{_AMEX} and {_AMEX}", "[card] and [card]",
     "A card with fifteen digits, or a second card, stays."),
    (f"ticket {_WRONG}", f"ticket {_WRONG}",
     "A number that fails the check digit is no card, and is gone."),
    ({"span_id": _VISA.replace(" ", ""), "order_id": "aya@example.com"},
     {"span_id": _VISA.replace(" ", ""), "order_id": "aya@example.com"},
     "Ids are changed: then the log cannot be joined any more."),
    ({"traceparent": _TRACE, "at": "2018-03-11T01:00:00Z"},
     {"traceparent": _TRACE, "at": "2018-03-11T01:00:00Z"},
     "A traceparent or a time is taken for something personal."),
    ({"seat_id": _VISA}, {"seat_id": _VISA},
     "A key that ends in `_id` is an id, whatever stands before."),
    ({"paid": _VISA, "_idle": "aya@example.com"},
     {"paid": "[card]", "_idle": "[email]"},
     "A key that has “id” in it and does not end in `_id` is no id."),
    ({"card_reader": "till 3", "emails": 2}, {"card_reader": "till 3", "emails": 2},
     "A key that only begins like a personal one is not personal."),
    ({"phone": None, "card": 0}, {"phone": "[personal]", "card": "[personal]"},
     "Under a personal key something is left because it is empty."),
    ({"seats": 0, "note": "", "tags": [], "more": {}, "paid": False},
     {"seats": 0, "note": "", "tags": [], "more": {}, "paid": False},
     "What is empty stays as it is, empty."),
    ({"aya@example.com": 1}, {"aya@example.com": 1}, "Keys stay as they are."),
    (f"aya@example.com, 090-1234-5678, {_VISA}", "[email], [phone], [card]",
     "A text may hold all three kinds."),
    (f"{_VISA} and {_WRONG}", f"[card] and {_WRONG}",
     "A card takes the number that stands after it along."),
    (f"{_WRONG} and {_VISA}", f"{_WRONG} and [card]",
     "A number that is no card saves the card after it, or is taken along."),
    (f"{_AMEX}, trace-{_AMEX}", f"[card], trace-{_AMEX}",
     "Replaced is more than what `CARD` found."),
    ("4242424242424242@example.com", "[email]",
     "An address is looked for before a card, whose digits may stand in it."),
    (f"by {_ZERO}", "by [card]",
     "A card is looked for before a telephone, which may stand in it."),
]  # fmt: skip


def is_card(text: str) -> bool:
    """Whether the digits in `text` end with their check digit, by Luhn's formula."""
    return luhn("".join(sign for sign in text if sign.isdigit()))


def check(scrub: Callable) -> Verdict:
    """Whether it replaces what it should, wherever it stands, and nothing else."""
    try:
        return _check(scrub)
    except Stopped as end:
        return end.verdict


def _check(scrub: Callable) -> Verdict:
    for given, right, lesson in _CASES:
        _compare(scrub, given, right, lesson)
    for seed in range(100):
        digits = _digits(seed)
        right = "no [card]" if luhn(digits) else f"no {digits}"
        _compare(scrub, f"no {digits}", right, "The check digit is not Luhn's.")
    return passed(f"tried: {len(_CASES)} log lines, and a hundred numbers of 14 to 19")


def _digits(seed: int) -> str:
    """A number of 14 to 19 digits; every other one with a right check digit."""
    rng = random.Random(seed)
    body = f"{rng.randrange(10 ** (13 + seed % 6)):0{13 + seed % 6}}"
    body = "4" + body[1:]  # a zero in front would be a telephone's
    if seed % 2:
        return next(body + str(n) for n in range(10) if luhn(body + str(n)))
    return next(body + str(n) for n in range(10) if not luhn(body + str(n)))


def _compare(scrub: Callable, given: Any, right: Any, lesson: str) -> None:
    mine = copy.deepcopy(given)
    found = call(scrub, mine)
    if mine != given:
        raise Stopped(
            failed(
                "It changes what it was given, and the function goes on with the rest.",
                look="Build a new dict and a new list.",
            )
        )
    # By JSON, since True == 1 and a tuple is not a list there.
    if _json(found) != _json(right):
        raise Stopped(failed(lesson, look=f"{_json(given)} becomes {_json(found)}."))


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return repr(value)
