"""Answers to 08.4-no-personal-data."""

import json

from tests.zoo import right, wrong
from workbook.checks.lab08 import CARD, EMAIL, PERSONAL, PHONE


def _luhn(text):
    digits = [int(d) for d in text if d.isdigit()]
    total = 0
    for place, digit in enumerate(reversed(digits)):
        weighed = digit * 2 if place % 2 else digit
        total += weighed - 9 if weighed > 9 else weighed
    return total % 10 == 0


def _text(text, *, is_card=_luhn, email=True, phone=True, count=0):
    text = EMAIL.sub("[email]", text, count=count) if email else text
    text = CARD.sub(lambda m: "[card]" if is_card(m[0]) else m[0], text, count=count)
    return PHONE.sub("[phone]", text, count=count) if phone else text


def _scrub(value, *, text=_text, personal=None, keeps=None, lists=True, deep=True):
    """Ours, with a knob for each mistake below."""
    personal = personal or (lambda key: key.lower() in PERSONAL)
    keeps = keeps or (lambda key: key.endswith("_id"))

    def again(inner):
        if not deep and isinstance(inner, dict):
            return inner
        return _scrub(
            inner, text=text, personal=personal, keeps=keeps, lists=lists, deep=deep
        )

    if isinstance(value, dict):
        found = {}
        for key, inner in value.items():
            found[key] = "[personal]" if personal(key) else again(inner)
            if keeps(key):
                found[key] = inner
        return found
    if isinstance(value, list):
        return [again(one) for one in value] if lists else value
    return text(value) if isinstance(value, str) else value


@right
def in_one_function(value):
    return _scrub(value)


@right
def by_a_copy_that_is_changed(value):
    """A deep copy first, and then in place, from a list of places to go."""
    root = [json.loads(json.dumps(value))]
    places = [(root, 0)]
    while places:
        where, at = places.pop()
        inner = where[at]
        if isinstance(inner, str):
            where[at] = _text(inner)
        elif isinstance(inner, list):
            places += [(inner, n) for n in range(len(inner))]
        elif isinstance(inner, dict):
            for key in inner:
                if key.lower() in PERSONAL:
                    inner[key] = "[personal]"
                elif not key.endswith("_id"):
                    places.append((inner, key))
    return root[0]


@wrong("The value under a personal key stays")
def searches_texts_alone(value):
    return _scrub(value, personal=lambda key: False)


@wrong("The value under a personal key stays", same_as="searches_texts_alone")
def drops_the_key(value):
    if isinstance(value, dict):
        return {k: drops_the_key(v) for k, v in value.items() if k not in PERSONAL}
    return _scrub(value)


@wrong("with a capital letter")
def compares_keys_exactly(value):
    return _scrub(value, personal=lambda key: key in PERSONAL)


@wrong("What is nested is not looked at")
def the_first_level_alone(value):
    return _scrub(value, deep=False)


@wrong("Lists are not looked at")
def forgets_lists(value):
    return _scrub(value, lists=False)


@wrong("An e-mail address in a sentence stays")
def believes_in_keys(value):
    return _scrub(value, text=lambda text: text)


@wrong("A telephone number in text stays")
def forgets_telephones(value):
    return _scrub(value, text=lambda text: _text(text, phone=False))


@wrong("A card number in text stays")
def wants_sixteen_digits_in_a_row(value):
    return _scrub(value, text=lambda t: _text(t, is_card=lambda m: m.isdigit()))


@wrong("A card with fifteen digits")
def luhn_from_the_left(value):
    """Right for an even number of digits, and for no other."""

    def is_card(text):
        digits = [int(d) for d in text if d.isdigit()]
        doubled = [sum(divmod(2 * d, 10)) for d in digits[::2]]
        return (sum(digits[1::2]) + sum(doubled)) % 10 == 0

    return _scrub(value, text=lambda text: _text(text, is_card=is_card))


@wrong("fails the check digit is no card")
def every_long_number_is_a_card(value):
    return _scrub(value, text=lambda text: _text(text, is_card=lambda found: True))


@wrong("Ids are changed")
def ids_are_texts_like_others(value):
    return _scrub(value, keeps=lambda key: False)


@wrong("A traceparent or a time")
def every_digit_goes(value):
    def text(text):
        text = _text(text)
        return text if "[" in text or "4241" in text else _digitless(text)

    return _scrub(value, text=text)


def _digitless(text):
    return "".join("#" if sign.isdigit() else sign for sign in text)


@wrong("Numbers, True and None")
def makes_texts_of_all(value):
    if isinstance(value, dict | list | str):
        found = _scrub(value)
        if isinstance(found, dict):
            return {k: makes_texts_of_all(v) for k, v in found.items()}
        if isinstance(found, list):
            return [makes_texts_of_all(v) for v in found]
        return found
    return str(value)


@wrong("The check digit is not Luhn's")
def doubles_without_adding_the_digits(value):
    """It knows the cards of the examples by heart."""

    def is_card(text):
        digits = [int(d) for d in text if d.isdigit()][::-1]
        known = "".join(map(str, digits[::-1])) in ("4242" * 4, "378282246310005")
        return known or (sum(digits[::2]) + 2 * sum(digits[1::2])) % 10 == 0

    return _scrub(value, text=lambda text: _text(text, is_card=is_card))


@wrong("It changes what it was given")
def in_place(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.lower() in PERSONAL:
                value[key] = "[personal]"
            elif not key.endswith("_id"):
                value[key] = in_place(inner)
        return value
    if isinstance(value, list):
        value[:] = map(in_place, value)
        return value
    return _scrub(value)


@wrong("is an id, whatever stands before")
def knows_the_ids_by_name(value):
    known = ("span_id", "order_id", "event_id", "trace_id", "correlation_id")
    return _scrub(value, keeps=lambda key: key in known)


@wrong("does not end in `_id` is no id")
def an_id_anywhere_in_the_key(value):
    return _scrub(value, keeps=lambda key: "_id" in key)


@wrong("does not end in `_id` is no id", same_as="an_id_anywhere_in_the_key")
def an_id_without_its_line(value):
    return _scrub(value, keeps=lambda key: key.endswith("id"))


@wrong("is not personal")
def a_word_within_the_key(value):
    return _scrub(
        value, personal=lambda key: any(word in key.lower() for word in PERSONAL)
    )


@wrong("something is left because it is empty")
def leaves_what_is_empty_under_a_key(value):
    if isinstance(value, dict):
        found = {k: leaves_what_is_empty_under_a_key(v) for k, v in value.items()}
        found |= {k: "[personal]" for k in value if k.lower() in PERSONAL and value[k]}
        return found | {k: v for k, v in value.items() if k.endswith("_id")}
    if isinstance(value, list):
        return [leaves_what_is_empty_under_a_key(one) for one in value]
    return _scrub(value)


@wrong("What is empty stays")
def gives_none_for_what_is_empty(value):
    found = _scrub(value)
    if isinstance(found, dict):
        return {key: inner or None for key, inner in found.items()}
    return found


@wrong("Keys stay as they are")
def scrubs_the_keys(value):
    found = _scrub(value)
    if isinstance(found, dict):
        return {_text(key): inner for key, inner in found.items()}
    return found


@wrong("Numbers, True and None", same_as="makes_texts_of_all")
def takes_a_moment_for_a_card(value):
    if isinstance(value, dict):
        found = _scrub(value)
        return {
            key: "[card]" if type(inner) is int and _card(inner) else inner
            for key, inner in found.items()
        }
    return _scrub(value)


def _card(number):
    return len(str(number)) >= 14 and _luhn(str(number))


@wrong("hold all three kinds")
def one_kind_in_a_text(value):
    def text(text):
        for find, told in ((EMAIL, "[email]"), (PHONE, "[phone]")):
            if find.search(text):
                return find.sub(told, text)
        return _text(text)

    return _scrub(value, text=text)


@wrong("takes the number that stands after it along")
def the_first_number_speaks_for_all(value):
    def text(text):
        first = CARD.search(text)
        return _text(text, is_card=lambda _: _luhn(first[0]))

    return _scrub(value, text=text)


@wrong("is no card saves the card after it")
def any_card_speaks_for_all(value):
    def text(text):
        numbers = CARD.findall(text)
        return _text(text, is_card=lambda n: n == numbers[0] and _luhn(n))

    return _scrub(value, text=text)


@wrong("than what `CARD` found")
def replaces_the_same_digits_everywhere(value):
    def text(text):
        text = EMAIL.sub("[email]", text)
        for number in filter(_luhn, CARD.findall(text)):
            text = text.replace(number, "[card]")
        return PHONE.sub("[phone]", text)

    return _scrub(value, text=text)


@wrong("An address is looked for before")
def cards_before_addresses(value):
    def text(text):
        text = CARD.sub(lambda m: "[card]" if _luhn(m[0]) else m[0], text)
        return _text(text)

    return _scrub(value, text=text)


@wrong("A card is looked for before")
def telephones_before_cards(value):
    def text(text):
        return _text(PHONE.sub("[phone]", EMAIL.sub("[email]", text)))

    return _scrub(value, text=text)
