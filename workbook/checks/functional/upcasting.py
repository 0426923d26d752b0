"""Exercise 3: events of any version, brought up to the newest."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from workbook.checks.messages.words import kind
from workbook.figures import Picture, crashmap
from workbook.learn import Verdict, call, failed, passed, try_call
from workbook.learn.running import Stopped

__all__ = ["NEWEST", "check"]

NEWEST = 3
_FUTURE = (NEWEST + 1, NEWEST + 9)
_RANDOM = 60

_Event = dict[str, Any]


def _versions(order_id: str, price_yen: int, **extra: Any) -> list[_Event]:
    """An order for one seat as each version has written it, the oldest first."""
    order = {"kind": "OrderPlaced", "order_id": order_id, **extra}
    return [
        {**order, "price": f"{price_yen:,}"},
        {**order, "version": 2, "price_yen": price_yen},
        {**order, "version": 3, "price_yen": price_yen, "seats": 1},
    ]


_PLAIN = _versions("order-1", 3_800)
_GROUP = {
    "kind": "OrderPlaced", "order_id": "order-2", "version": 3, "price_yen": 15_200,
    "seats": 4,
}  # fmt: skip
_OTHERS = (
    _versions("order-3", 0),
    _versions("order-4", 900),
    _versions("order-5", 1_200_000),
    _versions("order-6", 4_800, gift=True, buyer={"name": "Kaori", "lang": None}),
    _versions("order-7", 4_800, coupon=None, note=""),
)


def check(upcast: Callable[..., Any]) -> Verdict:
    """Whether each version comes out as the newest, and the future is refused."""
    try:
        return _judged(upcast)
    except Stopped as stop:  # the frame would do so, too; a cell may call this alone
        return stop.verdict


def _judged(upcast: Callable) -> Verdict:
    groups = [_PLAIN, [_GROUP], *_OTHERS, *_any_prices()]
    pairs = [(event, group[-1]) for group in groups for event in group]
    for group in groups:
        for given in group:
            verdict = _one(upcast, given, group)
            if verdict is not None:
                return verdict
    return (
        _the_future(upcast)
        or _whole_logs(upcast, pairs)
        or passed(
            f"tried: {len(pairs)} events of three versions, with fields of others, "
            f"versions {_FUTURE[0]} and {_FUTURE[1]}, and a whole log"
        )
    )


def _any_prices() -> list[list[_Event]]:
    rng = np.random.default_rng(3)
    prices = 10 ** rng.uniform(0, 8, _RANDOM)
    return [_versions(f"order-{n}", int(p)) for n, p in enumerate(prices, start=8)]


def _asked(upcast: Callable, given: _Event) -> Any:
    """The answer for an event of its own, which must stay as it was."""
    mine = copy.deepcopy(given)
    try:
        value = call(upcast, mine)
    except Stopped as stop:
        raise Stopped(_told(stop.verdict, given)) from None
    if mine != given:
        reason = f"It changes the event of version {_version(given)} that it was given."
        look = "The log is never changed, in memory neither: make a new dict."
        raise Stopped(failed(reason, look=look))
    if not isinstance(value, Mapping):
        reason = f"For version {_version(given)} it answers {kind(value)}, not a dict."
        raise Stopped(failed(reason))
    return value


def _told(verdict: Verdict, given: _Event) -> Verdict:
    """The verdict on an answer that raised, with what it was given."""
    if verdict.status != "your code raised":
        return verdict
    name = "price" if "price" in given else "price_yen"
    look = f"It was given version {_version(given)}, with `{name}` {given[name]!r}"
    look += "." if "version" in given else " and no `version`."
    return replace(verdict, look=look)


def _version(event: _Event) -> int:
    return event.get("version", 1)


def _one(upcast: Callable, given: _Event, group: list[_Event]) -> Verdict | None:
    value, wanted = _asked(upcast, given), group[-1]
    reason, look = _difference(given, dict(value), wanted)
    if reason:
        return failed(reason, _picture(upcast, group), look=look)
    if not _alike(dict(_asked(upcast, dict(value))), wanted):
        return failed(
            "Upcast a second time, an event comes out otherwise.",
            look="What is of the newest version already is left as it is.",
        )
    return None


def _difference(given: _Event, got: _Event, wanted: _Event) -> tuple[str, str]:
    """How an answer differs from the event that it should be; "" if it does not."""
    told = f"From version {_version(given)}: "
    for name in wanted:
        if name not in got:
            lost = name in given
            look = "Copy all of the event, and change what has to change."
            words = f"`{name}` is lost." if lost else f"`{name}` is missing."
            return told + words, look if lost else _LOOKS.get(name, "")
        if not _equal(got[name], wanted[name]):
            is_, should = f"{got[name]!r:.40}", f"{wanted[name]!r:.40}"
            words = f"`{name}` is {is_}, and should be {should}."
            return told + words, _LOOKS.get(name, "")
    for name in got:
        if name not in wanted and name in given:
            look = "What the newest version calls otherwise goes."
            return f"{told}`{name}` is still there.", look
        if name not in wanted:
            look = f"The event has no such field, and version {NEWEST} has none either."
            return f"{told}`{name}` is there, and nobody wrote it.", look
    return "", ""


_LOOKS = {
    "version": f"An event of the newest shape says so: `version` is {NEWEST}.",
    "price_yen": "A whole number of yen; in version 1 it was text such as '3,800', "
    "under the name `price`.",
    "seats": "Before version 3 every order was for 1 seat; from then on the event says "
    "for how many.",
}


def _equal(one: Any, other: Any) -> bool:
    """Whether two fields are alike; True is not 1, nor 1.0, though Python says so."""
    try:
        kinds = (bool, float)
        alike = all(isinstance(one, k) == isinstance(other, k) for k in kinds)
        return alike and bool(one == other)
    except Exception:  # something that cannot be compared
        return False


def _alike(one: _Event, other: _Event) -> bool:
    return one.keys() == other.keys() and all(_equal(one[k], other[k]) for k in one)


def _the_future(upcast: Callable) -> Verdict | None:
    for version in _FUTURE:
        outcome = try_call(upcast, {**_GROUP, "version": version})
        if isinstance(outcome.error, ValueError):
            continue
        if outcome.hung:
            did = "it does not come back"
        elif outcome.error is not None:
            did = f"it raises {type(outcome.error).__name__}"
        elif isinstance(outcome.value, Mapping):
            did = "it lets the event through"
        else:
            did = f"it answers {kind(outcome.value)}"
        return failed(
            f"Version {version} is newer than this code, and {did}: ValueError is "
            "asked for.",
            look="What this code does not know it must not guess: somebody else's "
            "newer code has written the event.",
        )
    return None


def _whole_logs(upcast: Callable, pairs: list[tuple[_Event, _Event]]) -> Verdict | None:
    """Old and new logs replay alike: all events are kept until the last is there."""

    def log() -> list:
        return [upcast(copy.deepcopy(given)) for given, _ in pairs]

    for value, (_, wanted) in zip(call(log), pairs, strict=True):
        if not _alike(dict(value), wanted):
            return failed(
                "One after the other the events are right, in a log they are not: a "
                "later call changes what an earlier one has given.",
                look="Make a new dict for each event.",
            )
    return None


def _picture(upcast: Callable, group: list[_Event]) -> Picture | None:
    """What comes out of each version of one order, field by field."""
    fields = dict.fromkeys(name for event in group for name in event)
    cells = {}
    for given in group:
        outcome = try_call(upcast, copy.deepcopy(given))
        if not isinstance(outcome.value, Mapping):
            continue
        for name in fields:
            cell = _cell(name, dict(outcome.value), group[-1])
            cells[f"version {_version(given)}", name] = cell
    wrong = sum(cell not in ("right", "gone") for cell in cells.values())
    if not wrong:  # a field that nobody asked for
        return None
    return crashmap(
        [f"version {_version(given)}" for given in group],
        list(fields),
        cells,
        title=f"{wrong} of {len(cells)} fields {'is' if wrong == 1 else 'are'} not as "
        f"version {NEWEST} has {'it' if wrong == 1 else 'them'}",
        row_label="comes in as",
        column_label="field",
        healthy={"right", "gone"},
    )


def _cell(name: str, got: _Event, wanted: _Event) -> str:
    if name not in wanted:
        return "left over" if name in got else "gone"
    if name not in got:
        return "missing"
    return "right" if _equal(got[name], wanted[name]) else "wrong"
