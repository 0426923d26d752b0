"""Answers to 05.3-upcast."""

import copy
from collections import ChainMap
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tests.zoo import right, wrong

only_one = {}


def yen(text):
    return int(text.replace(",", ""))


def newest(event):
    """Right: what the wrong ones below start from."""
    version = event.get("version", 1)
    if version > 3:
        raise ValueError(version)
    new = {**event, "version": 3}
    if version == 1:
        new["price_yen"] = yen(new.pop("price"))
    if version < 3:
        new["seats"] = 1
    return new


@wrong("It changes the event of version 1")
def works_on_the_event_itself(event):
    if event.get("version", 1) > 3:
        raise ValueError
    if "price" in event:
        event["price_yen"] = yen(event.pop("price"))
    event.setdefault("seats", 1)
    event["version"] = 3
    return event


@wrong("It changes the event of version 2")
def copies_the_oldest_alone(event):
    if "version" not in event:
        return newest(event)
    if event["version"] == 2:
        event["seats"] = 1
        event["version"] = 3
    return newest(event)


@wrong("From version 1: `version` is missing")
def forgets_to_say_the_version(event):
    if event.get("version", 1) > 3:
        raise ValueError
    new = {"seats": 1, **event}
    if "price" in new:
        new["price_yen"] = yen(new.pop("price"))
    return new


@wrong("From version 1: `version` is 2, and should be 3")
def goes_one_step_only(event):
    if "version" not in event:
        rest = {name: event[name] for name in event if name != "price"}
        return {**rest, "version": 2, "price_yen": yen(event["price"])}
    return newest(event)


@wrong("From version 1: `seats` is missing")
def forgets_the_second_step_for_the_oldest(event):
    new = newest(event)
    if "version" not in event:
        del new["seats"]
    return new


@wrong("From version 1: `price_yen` is '3,800', and should be 3800")
def keeps_the_text(event):
    if "price" in event:
        new = newest(event)
        return {**new, "price_yen": event["price"]}
    return newest(event)


@wrong("From version 1: `price_yen` is 3800.0, and should be 3800")
def a_fraction_of_yen(event):
    new = newest(event)
    return {**new, "price_yen": float(new["price_yen"])}


@wrong("From version 1: `price` is still there")
def leaves_the_old_price(event):
    return {**event, **newest(event)}


@wrong("From version 3: `seats` is 1, and should be 4")
def one_seat_for_everybody(event):
    return {**newest(event), "seats": 1}


@wrong("From version 1: `gift` is lost")
def knows_its_fields(event):
    fields = ("kind", "order_id", "version", "price_yen", "seats")
    new = newest(event)
    return {name: new[name] for name in fields}


@wrong("From version 1: `coupon` is lost")
def leaves_out_what_is_empty(event):
    return {name: value for name, value in newest(event).items() if value is not None}


@wrong("From version 1: `was_version` is there, and nobody wrote it")
def says_what_it_was(event):
    return {**newest(event), "was_version": event.get("version", 1)}


@wrong("From version 2: `price_yen` is 0, and should be 3800")
def takes_all_that_is_old_for_version_1(event):
    new = newest(event)
    if event.get("version", 1) < 3:
        new["price_yen"] = yen(event.get("price", "0"))
    return new


@wrong("From version 1: `price_yen` is missing")
def takes_nought_for_no_price(event):
    new = newest(event)
    if "price" in event and not new["price_yen"]:
        del new["price_yen"]
    return new


@wrong("invalid literal for int", status="your code raised")
def takes_out_one_comma(event):
    if "price" in event:
        price_yen = int(event["price"].replace(",", "", 1))
        return newest({**event, "price": str(price_yen)})
    return newest(event)


@wrong(
    "invalid literal for int", status="your code raised", same_as="takes_out_one_comma"
)
def takes_out_no_comma(event):
    if "price" in event:
        int(event["price"])
    return newest(event)


@wrong("KeyError: 'version'", status="your code raised")
def every_event_has_a_version(event):
    if event["version"] == 3:
        return event
    return newest(event)


@wrong("KeyError: 'price'", status="your code raised")
def every_event_has_a_price(event):
    yen(event["price"])
    return newest(event)


@wrong("Version 4 is newer than this code, and it lets the event through")
def lets_the_future_through(event):
    return newest(event) if event.get("version", 1) < 3 else dict(event)


@wrong(
    "Version 4 is newer than this code, and it lets the event through",
    same_as="lets_the_future_through",
)
def says_it_is_of_today(event):
    return newest({**event, "version": min(event.get("version", 1), 3)} | {})


@wrong("Version 4 is newer than this code, and it raises KeyError")
def a_table_without_the_future(event):
    steps = {1: newest, 2: newest, 3: newest}
    return steps[event.get("version", 1)](event)


@wrong("Version 4 is newer than this code, and it answers nothing")
def nothing_for_the_future(event):
    return newest(event) if event.get("version", 1) <= 3 else None


@wrong("ValueError (your line", status="your code raised")
def refuses_the_newest_too(event):
    if event.get("version", 1) >= 3:
        raise ValueError
    return newest(event)


@wrong("Version 12 is newer than this code, and it lets the event through")
def refuses_the_next_one_alone(event):
    if event.get("version") == 4:
        raise ValueError
    return newest({**event, "version": 3}) if "seats" in event else newest(event)


@wrong("Version 4 is newer than this code, and it raises Exception")
def raises_anything(event):
    if event.get("version", 1) > 3:
        raise Exception("too new")
    return newest(event)


@wrong("a later call changes what an earlier one has given")
def one_dict_for_all(event):
    new = newest(event)
    only_one.clear()
    only_one.update(new)
    return only_one


@wrong("Upcast a second time, an event comes out otherwise")
class CountsItsUpcasts:
    seen = {}

    def __new__(cls, event):
        new, key = newest(event), repr(sorted(map(str, event.items())))
        if event.get("version") == 3 and cls.seen.setdefault(key, 0) == 0:
            cls.seen[key] = 1
            new["seats"] += 1
        return new


@wrong("For version 3 it answers nothing, not a dict")
def forgets_the_newest(event):
    if event.get("version", 1) < 3:
        return newest(event)


@wrong("For version 1 it answers a Order, not a dict")
def an_object(event):
    return Order(newest(event)["price_yen"])


@dataclass(frozen=True)
class Order:
    price_yen: int


@wrong("For version 1 it answers a list, not a dict")
def a_whole_log(event):
    return [newest(event)]


@right
def copies_deeply(event):
    new = copy.deepcopy(event)
    match new.pop("version", 1):
        case 1:
            digits = filter(str.isdigit, new.pop("price"))
            new |= {"price_yen": int("".join(digits)), "seats": 1}
        case 2:
            new["seats"] = 1
        case 3:
            pass
        case other:
            raise ValueError(f"version {other}")
    return new | {"version": 3}


@right
def leaves_the_newest_as_it_is(event):
    return event if event.get("version") == 3 else newest(event)


@right
def by_what_is_missing(event):
    if event.get("version", 0) > 3:
        raise ValueError("newer")
    new = {"seats": 1, **event, "version": 3}
    if "price_yen" not in new:
        new["price_yen"] = int(new.pop("price").replace(",", ""))
    return new


@right
def read_only(event):
    new = newest(event)
    return MappingProxyType({**new, "price_yen": np.int64(new["price_yen"])})


@right
def in_layers(event):
    return ChainMap({}, newest(event))


@right
def one_function_a_step(event):
    class TooNew(ValueError):
        pass

    version = event.get("version", 1)
    if version == 3:
        return dict(event)
    if version == 2:
        return one_function_a_step({**event, "version": 3, "seats": 1})
    if version != 1:
        raise TooNew(version)
    rest = {name: event[name] for name in event if name != "price"}
    price_yen = yen(event["price"])
    return one_function_a_step({**rest, "version": 2, "price_yen": price_yen})
