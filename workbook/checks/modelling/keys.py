"""Exercise 2: keys under which eight fixed ranges find exactly what they should."""

import reprlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from moto.dynamodb.exceptions import MockValidationException

from workbook.checks.modelling.questions import (
    INDEXES,
    KEYS,
    RANGES,
    Range,
    asked,
    entries,
    evenings,
    rows,
)
from workbook.checks.world import fresh_cloud
from workbook.cloud.bulk import load_items
from workbook.cloud.recorder import recorder
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.shop.access import Sale
from workbook.shop.access.tables import all_pages, create

__all__ = ["check"]

Row = Mapping[str, Any]

_OURS = {*KEYS, *(name for pair in INDEXES.values() for name in pair)}
_NUMBER = 80


def check(items: Callable) -> Verdict:
    """Whether each question's range holds its answer and nothing else."""
    sold = evenings(_NUMBER)
    with fresh_cloud():
        create("shop", KEYS, INDEXES)
        table = boto3.resource("dynamodb").Table("shop")
        region = table.meta.client.meta.region_name
        taken: set[tuple[str, str]] = set()
        for sale in sold:
            _put(_made(items, sale), sale, taken, region)
        with recorder() as seen:
            for question, where in RANGES.items():
                for one in asked(sold):
                    if where.key(one):
                        _ask(table, question, where, one, sold)
        _no_idle_entries(table, sold)
    return passed(
        f"tried: eight questions on {_NUMBER} sales, {len(seen)} queries; "
        f"{seen.read} items read, and all of them returned"
    )


def _made(items: Callable, sale: Sale) -> list[Row]:
    """What the learner makes of a sale; a generator runs in their name, too."""
    made = call(items, sale)
    if isinstance(made, str | Mapping) or not isinstance(made, Iterable):
        raise Stopped(
            failed(
                f"It does not give the items of a sale, but a {type(made).__name__}.",
                look="`yield` each dict, or return them in a list.",
            )
        )
    found = call(lambda: list(made))
    for item in found:
        if not isinstance(item, Mapping):
            raise Stopped(
                failed(f"It gives {reprlib.repr(item)[:60]} among the items: no dict.")
            )
    return [dict(item) for item in found]


def _put(made: list[Row], sale: Sale, taken: set[tuple[str, str]], region: str) -> None:
    for item in made:
        _accepted(item)
        key = (item["pk"], item["sk"])
        if key in taken:
            raise Stopped(
                failed(
                    f"Two items have the keys {key}: the second replaces the first.",
                    look="`pk` and `sk` together are of one item alone.",
                )
            )
        taken.add(key)
    for name, row in rows(sale).items():
        _carried(name, row, made)
    try:
        load_items("shop", made, region=region)
    except (ClientError, MockValidationException, TypeError) as error:
        raise Stopped(
            failed(
                f"DynamoDB refuses an item: {_brief(error)}",
                look="Leave out what an item has no value for.",
            )
        ) from None


def _accepted(item: Row) -> None:
    """Whether DynamoDB takes its keys, which the mock does not ask as strictly."""
    for name in KEYS:
        if name not in item:
            raise Stopped(
                failed(
                    f"DynamoDB refuses an item: it has no `{name}`.",
                    look="`sale.order` is another dict each time: keep it in a name "
                    "before you add to it.",
                )
            )
    for name in _OURS.intersection(item):
        value = item[name]
        if not isinstance(value, str) or not value:
            raise Stopped(
                failed(
                    f"DynamoDB refuses an item: its key `{name}` is {value!r}.",
                    look="A key here is a text, and not an empty one. An item that is "
                    "not to be in an index lacks the index's keys.",
                )
            )


def _carried(name: str, row: Row, made: list[Row]) -> None:
    """Whether one of the items has all that the row has."""
    if any(_holds(item, row) for item in made):
        return
    lost = [[key for key in row if item.get(key) != row[key]] for item in made] or [
        list(row)
    ]
    fewest = min(lost, key=len)
    if 2 * len(fewest) < len(row):
        reason = f"The item of the {name} lacks `{'`, `'.join(fewest)}`."
    else:
        reason = f"A sale has its {name}, and none of its items holds it."
    raise Stopped(
        failed(reason, look="Each row becomes an item, with all that the row has.")
    )


def _holds(item: Row, row: Row) -> bool:
    return all(item.get(key) == value for key, value in row.items())


def _ask(table: Any, question: str, where: Range, one: Sale, sold: list[Sale]) -> None:
    right, found = where.answer(sold, one), _found(table, where, one)
    rest, missed = list(found), 0
    for row in right:
        at = next((n for n, item in enumerate(rest) if _holds(item, row)), None)
        missed += at is None
        if at is not None:
            del rest[at]
    looks = _looks(where, one)
    if missed:
        reason = f"“{question}” misses {missed} of the {len(right)} it should find."
        look = f"It asks {looks}. Which item must carry that?"
    elif rest:
        reason = f"“{question}” reads {_number(len(rest), 'item')} in vain."
        look = f"It asks {looks}. What does not belong there needs other keys, or none."
    elif where.index and not all(map(_holds, found, right)):
        reason = f"“{question}” finds what it should, in another order."
        look = f"It asks {looks}, and `{where.names[1]}` is what this is sorted by."
    else:
        return
    raise Stopped(failed(reason, look=look))


def _found(table: Any, where: Range, one: Sale) -> list[Row]:
    partition, sort = where.names
    wanted, bounds = Key(partition).eq(where.key(one)), where.bounds(one)
    if bounds:
        wanted &= Key(sort).between(*bounds)
    named = {"IndexName": where.index} if where.index else {}
    return all_pages(partial(table.query, KeyConditionExpression=wanted, **named))


def _looks(where: Range, one: Sale) -> str:
    place = f"the index `{where.index}`" if where.index else "the table"
    partition, sort = where.names
    bounds = where.bounds(one)
    between = f" and `{sort}` from {bounds[0]!r} to {bounds[1]!r}" if bounds else ""
    return f"{place} for `{partition}` = {where.key(one)!r}{between}"


def _no_idle_entries(table: Any, sold: list[Sale]) -> None:
    """Whether the indexes hold nothing that no question would ever find."""
    for index, wanted in entries(sold).items():
        held = all_pages(partial(table.scan, IndexName=index))
        idle = [item for item in held if not any(_holds(item, row) for row in wanted)]
        if idle:
            example = idle[0][INDEXES[index][0]]
            raise Stopped(
                failed(
                    f"The index `{index}` has {_number(len(idle), 'entry', 'entries')} "
                    f"that no question asks for, under {example!r} for one.",
                    look="Each is written, stored and paid for. An item that lacks the "
                    "index's keys is not in it.",
                )
            )


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _brief(error: Exception) -> str:
    return str(error).rpartition(": ")[2].splitlines()[0][:200]
