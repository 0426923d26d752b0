"""Personal data out of a log line, ids kept.

Two nets. Under a key that says so ("buyer", "email", "card"), whatever stands there is
replaced. Anywhere else, text is searched for e-mail addresses, telephone numbers, and
card numbers that pass the check digit.

A net has holes: a name in free text looks like any other word. What was never written
needs no scrubbing. And data that is scrubbed is not anonymous: an order's id leads to
its buyer, for whoever may ask the table of orders.
"""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["luhn", "scrub"]

PERSONAL = frozenset(
    {
        "address", "birthdate", "birthday", "buyer", "card", "card_number", "cvc",
        "cvv", "dob", "e_mail", "email", "first_name", "full_name", "iban",
        "last_name", "mail", "name_on_card", "passport", "password", "phone",
        "phone_number", "postcode", "recipient", "surname", "telephone", "token",
        "user_name", "username",
    }
)  # fmt: skip
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# 13 digits are left alone: milliseconds since 1970 have as many, cards hardly ever. The
# first digit of a card says the industry; 1 is not used for payment (ISO/IEC 7812-1),
# and microseconds since 1970 begin with it.
_CARD = re.compile(r"(?<![\w.-])[2-6](?:[ -]?\d){13,18}(?![\w-]|\.\d)")
# +81 90-1234-5678, 090 1234 5678, (03) 1234-5678: a plus or a zero, then groups.
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{1,3}[ -]?)?\(?\d{1,5}\)?(?:[ -]?\d{2,4}){2,3}(?![\w-])"
)
_DIGITS = re.compile(r"\D")
_SHORTEST_PHONE, _LONGEST_PHONE = 9, 15  # digits; E.164 allows 15


def scrub(value: Any, *, personal: frozenset[str] = PERSONAL) -> Any:
    """`value` as JSON could hold it, without personal data; the original is untouched.

    `personal` are keys, in lower case and with underscores, whose values are replaced
    whole. Values under keys that end in `_id` stay as they are. What JSON does not know
    becomes text.
    """
    if isinstance(value, Mapping):
        return {_text(str(k)): _under(str(k), v, personal) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub(one, personal=personal) for one in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return "[card]" if _is_card(str(value)) else value
    return _text(str(value))


def luhn(digits: str) -> bool:
    """Whether the last of the digits is their check digit (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits))]
    return sum(n - 9 * (n > 9) for n in doubled) % 10 == 0  # noqa: PLR2004


def _under(key: str, value: Any, personal: frozenset[str]) -> Any:
    """The value under a key that may say what it is."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower().replace("-", "_")
    if plain in personal:
        return "[personal]"
    if plain.endswith("_id") and isinstance(value, str):
        return value
    return scrub(value, personal=personal)


def _text(text: str) -> str:
    text = _EMAIL.sub("[email]", text) if "@" in text else text
    text = _CARD.sub(lambda m: "[card]" if _is_card(m[0]) else m[0], text)
    return _PHONE.sub(lambda m: "[phone]" if _is_phone(m[0]) else m[0], text)


def _is_card(text: str) -> bool:
    return bool(_CARD.fullmatch(text)) and luhn(_DIGITS.sub("", text))


def _is_phone(text: str) -> bool:
    """A plus or a zero in front, and as many digits as a telephone number has."""
    digits = _DIGITS.sub("", text)
    begins = text.lstrip("(")[0] in "+0"
    return begins and _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE
