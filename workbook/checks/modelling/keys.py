"""Exercise 2: keys under which eight fixed ranges find exactly what they should."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError, ParamValidationError

from workbook.checks.world import fresh_cloud
from workbook.cloud.recorder import recorder
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.shop.access import Sale, sales
from workbook.shop.access.tables import all_pages, create

__all__ = ["RANGES", "check"]

KEYS = ("pk", "sk")
INDEXES = {
    "by-a": ("a", "a_sort"),
    "by-b": ("b", "b_sort"),
    "open": ("open", "open_sort"),
}
_OURS = {*KEYS, *(name for pair in INDEXES.values() for name in pair)}
_NUMBER = 150


@dataclass(frozen=True)
class Range:
    """A question: where it looks, for what, and which rows are the answer."""

    index: str
    key: Callable[[Sale], str]
    bounds: Callable[[Sale], tuple[str, str] | None]
    answer: Callable[[Iterable[Sale], Sale], list[Mapping[str, Any]]]


def _rows(sale: Sale) -> list[Mapping[str, Any]]:
    return [row for row in (sale.order, sale.payment, sale.ticket) if row]


def _seats(sold: Iterable[Sale], one: Sale) -> list[Mapping[str, Any]]:
    found = [s.ticket for s in sold if s.ticket and s.tour == one.tour]
    return sorted(found, key=lambda ticket: ticket["seat"])


# The hours between which the question after a night's orders asks.
_HOURS = ("2018-02-01T03:00:00Z", "2018-02-01T07:00:00Z")

RANGES: Mapping[str, Range] = {
    "one order": Range(
        "", lambda s: s.order_id, lambda s: ("ORDER", "ORDER"), lambda _, s: [s.order]
    ),
    "all of an order": Range(
        "", lambda s: s.order_id, lambda s: None, lambda _, s: _rows(s)
    ),
    "a payment": Range(
        "by-a", lambda s: s.payment_ref, lambda s: None, lambda _, s: [s.payment]
    ),
    "a buyer's orders": Range(
        "by-a",
        lambda s: s.buyer_id,
        lambda s: None,
        lambda sold, s: [o.order for o in sold if o.buyer_id == s.buyer_id],
    ),
    "a seat": Range(
        "by-a", lambda s: s.tour, lambda s: (s.seat, s.seat), lambda _, s: [s.ticket]
    ),
    "the door list": Range("by-a", lambda s: s.tour, lambda s: None, _seats),
    "a night's orders": Range(
        "by-b",
        lambda s: s.tour,
        lambda s: _HOURS,
        lambda sold, s: [
            o.order
            for o in sold
            if o.tour == s.tour and _HOURS[0] <= o.placed_at <= _HOURS[1]
        ],
    ),
    "the open orders": Range(
        "open",
        lambda s: "open",
        lambda s: None,
        lambda sold, s: [o.order for o in sold if not o.ended],
    ),
}


def check(items: Callable) -> Verdict:
    """Whether each question's range holds its answer and nothing else."""
    sold = sales(_NUMBER, seed=18)
    one = next(sale for sale in sold[_NUMBER // 2 :] if sale.seat)
    with fresh_cloud():
        create("shop", KEYS, INDEXES)
        table = boto3.resource("dynamodb").Table("shop")
        for sale in sold:
            _put(table, items, sale)
        read = 0
        for question, where in RANGES.items():
            with recorder() as seen:
                found = _found(table, where, one)
            verdict = _compared(question, found, where.answer(sold, one))
            if verdict is not None:
                return verdict
            read += seen.read
    return passed(
        f"tried: eight questions on {_NUMBER} sales, one query each; {read} items "
        "read, and all of them returned"
    )


def _put(table: Any, items: Callable, sale: Sale) -> None:
    made = call(items, sale)
    try:
        rows = [dict(item) for item in made]
    except (TypeError, ValueError):
        raise Stopped(
            failed("It does not give the items of a sale: `yield` or return dicts.")
        ) from None
    for row in rows:
        try:
            table.put_item(Item=row)
        except (ClientError, ParamValidationError, TypeError) as error:
            raise Stopped(
                failed(
                    f"DynamoDB refuses an item: {_brief(error)}",
                    look="Each item needs `pk` and `sk`, and keys are texts. Leave out "
                    "what an item has no value for.",
                )
            ) from None


def _brief(error: Exception) -> str:
    return str(error).rpartition(": ")[2].splitlines()[0][:200]


def _found(table: Any, where: Range, one: Sale) -> list[Mapping[str, Any]]:
    names = INDEXES[where.index] if where.index else KEYS
    wanted, bounds = Key(names[0]).eq(where.key(one)), where.bounds(one)
    if bounds:
        wanted &= Key(names[1]).between(*bounds)
    named = {"IndexName": where.index} if where.index else {}
    found = all_pages(partial(table.query, KeyConditionExpression=wanted, **named))
    return [{k: v for k, v in row.items() if k not in _OURS} for row in found]


def _compared(question: str, found: list, right: list) -> Verdict | None:
    missed = [row for row in right if row not in found]
    wasted = [row for row in found if row not in right]
    if missed:
        return failed(
            f"“{question}” misses {len(missed)} of the {len(right)} it should find.",
            look="Look at its row in the table: which item must carry which key? And "
            "an item's own attributes have to be in it, too.",
        )
    if wasted:
        return failed(
            f"“{question}” reads {len(wasted)} items that are no part of its answer.",
            look="Items of another kind stand in the same range: give them no such "
            "key, or another value.",
        )
    if question != "all of an order" and found != right:
        return failed(
            f"“{question}” finds what it should, in another order.",
            look="The sort key is what a range is sorted by.",
        )
    return None
