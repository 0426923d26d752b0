"""Exercise 1: a pure function, recognised by replays in other worlds."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from workbook.checks.functional.visitor import FIELDS, IS_ENOUGH, Visitor
from workbook.checks.functional.worlds import HOME, OTHERS, World, replays, worlds
from workbook.figures import Picture, curves
from workbook.learn import Verdict, failed, passed

__all__ = ["JST", "check", "wanted"]

JST = timezone(timedelta(hours=9), "JST")
_SWEEP = 200


def wanted(event: dict[str, Any]) -> dict[str, Any]:
    """The sale that an event should give."""
    price_yen = 3800 if event["seats_free"] > 10 else 4800
    if datetime.fromtimestamp(event["at"], JST).hour < 12:
        price_yen //= 2
    return {
        "ticket": f"tour-{event['number']:04}",
        "price_yen": price_yen,
        "seats_free": event["seats_free"] - 1,
    }


def _event(day_time: str, seats_free: int, number: int) -> dict[str, Any]:
    at = datetime.fromisoformat(f"2018-03-11T{day_time}+09:00").timestamp()
    return {"order_id": "order-7", "at": at, "number": number, "seats_free": seats_free}


# All of one order: who remembers an answer by the order's id gives an old one.
_EVENTS = (
    _event("18:00", 40, 4217),
    _event("10:00", 40, 42),
    _event("10:00", 9, 7),
    _event("11:59:59.5", 11, 0),
    _event("12:00", 10, 9999),
    _event("00:00", 1, 310),
    _event("21:30", 11, 5),
    _event("23:59:59", 2, 1000),
)


def check(sell: Callable[..., Any]) -> Verdict:
    """Whether the same event gives the same, right sale in every world."""
    with worlds() as (go, calls):
        visitor = Visitor(sell, go, calls)
        return (
            _twice(visitor)
            or _elsewhere(visitor)
            or _sales_stay(visitor)
            or _draws_nothing(visitor)
            or _right(visitor)
            or passed(
                f"tried: {len(_EVENTS) + _SWEEP} events, at other times, with other "
                "luck, another `stock` and in other time zones"
            )
        )


def _same(one: dict, other: dict) -> bool:
    """Whether two sales are alike, those fields too for which nobody asked."""
    try:
        return bool(one == other)
    except Exception:  # an extra field that cannot be compared, such as an array
        return all(one[name] == other[name] for name in FIELDS)


def _twice(visitor: Visitor) -> Verdict | None:
    for event in _EVENTS:
        if not _same(visitor.sold(event, HOME), visitor.sold(event, HOME)):
            return failed(
                "Called twice in a row with the same event, it gives two sales.",
                look="It counts its calls, or draws from a source of its own. "
                + IS_ENOUGH,
            )
    return None


def _elsewhere(visitor: Visitor) -> Verdict | None:
    """What the sale depends on besides the event, all of it in one verdict."""
    sales = [visitor.sold(event, HOME) for event in _EVENTS]
    hidden = [
        name
        for name, world in OTHERS.items()
        if not all(map(_same, sales, [visitor.sold(e, world) for e in _EVENTS]))
    ]
    if not hidden:
        return None
    look = IS_ENOUGH
    if hidden == ["the machine's time zone"]:
        look = "Say which zone is meant: `datetime.fromtimestamp(seconds, JST)`."
    return failed(
        f"The same event gives another sale when it is replayed: it depends on "
        f"{_listed(hidden)}.",
        _picture(visitor),
        look=look,
    )


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', on '.join(first)} and on {last}" if first else last


def _sales_stay(visitor: Visitor) -> Verdict | None:
    if all(_same(dict(value), copied) for value, copied in visitor.given):
        return None
    return failed(
        "A sale that it gave before changes when the next event comes.",
        look="Make a new dict in each call.",
    )


def _draws_nothing(visitor: Visitor) -> Verdict | None:
    if not visitor.has_drawn:
        return None
    return failed(
        "It draws, or sets the seed: whoever draws next in this process gets another "
        "number.",
        look="The number is in the event. Leave `random` alone.",
    )


def _right(visitor: Visitor) -> Verdict | None:
    """What is wrong with the sales, the plainest events first."""
    for event, world in [*((e, HOME) for e in _EVENTS), *_sweep()]:
        sale, right = visitor.sold(event, world), wanted(event)
        for name in FIELDS:
            if sale[name] != right[name]:
                return failed(
                    f"{_told(event)}: `{name}` is {sale[name]!r:.40}, and should be "
                    f"{right[name]!r}.",
                    look=_LOOKS[name],
                )
    return None


_LOOKS = {
    "ticket": 'Four digits, with noughts in front: `f"tour-{number:04}"`.',
    "price_yen": "The last ten seats cost 4,800 yen, the others 3,800, and before noon "
    "in Japan half of that.",
    "seats_free": "One seat fewer than the event says.",
}


def _told(event: dict[str, Any]) -> str:
    at = datetime.fromtimestamp(event["at"], JST)
    seats = f"{event['seats_free']} seat{'s' * (event['seats_free'] > 1)}"
    return f"Bought at {at:%H:%M:%S}, {seats} free, number {event['number']}"


def _sweep() -> list[tuple[dict[str, Any], World]]:
    rng = np.random.default_rng(5)
    there = replays()
    return [
        (
            {
                "order_id": "order-7",
                "at": float(rng.uniform(1.5e9, 1.9e9)),
                "number": int(rng.integers(10_000)),
                "seats_free": int(rng.integers(1, 41)),
            },
            there[n % len(there)],
        )
        for n in range(_SWEEP)
    ]


def _picture(visitor: Visitor) -> Picture | None:
    """One event replayed in two dozen worlds: its prices, or else its numbers."""
    event = _EVENTS[0]
    sales = [visitor.sold(event, world) for world in replays()]
    yours = np.array([float(sale["price_yen"]) for sale in sales])
    pure, label = wanted(event)["price_yen"], "price, yen"
    if len(set(yours)) == 1:
        digits = [str(sale["ticket"])[-4:] for sale in sales]
        if not all(map(str.isdecimal, digits)):
            return None
        yours, pure, label = np.array([*map(float, digits)]), event["number"], "number"
    if len(set(yours)) == 1 or not np.isfinite(yours).all():
        return None
    return curves(
        range(len(sales)),
        {"yours": yours, "pure": np.full(len(sales), pure)},
        kinds={"yours": "fault", "pure": "context"},
        title=f"One event, replayed {len(sales)} times: {len(set(yours))} answers",
        x_label="replay, an hour after the other",
        y_label=label,
    )
