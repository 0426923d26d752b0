"""Exercise 2: keys under which eight fixed ranges find exactly what they should."""

from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key

from workbook.checks.modelling.items import holds, made, put
from workbook.checks.modelling.questions import (
    INDEXES,
    KEYS,
    RANGES,
    Range,
    Row,
    asked,
    entries,
    evenings,
)
from workbook.checks.world import fresh_cloud
from workbook.cloud.recorder import recorder
from workbook.learn import Verdict, failed, passed
from workbook.shop.access import Sale
from workbook.shop.access.tables import all_pages, create

__all__ = ["check"]

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
            put(made(items, sale), sale, taken, region)
        with recorder() as seen:
            answers = [
                _answered(table, question, where, one, sold)
                for question, where in RANGES.items()
                for one in asked(sold)
                if where.key(one)
            ]
        verdict = next(filter(None, answers), None) or _idle_entries(table, sold)
    return verdict or passed(
        f"tried: eight questions on {_NUMBER} sales, {len(seen)} queries; "
        f"{seen.read} items read, and all of them returned"
    )


def _answered(
    table: Any, question: str, where: Range, one: Sale, sold: list[Sale]
) -> Verdict | None:
    right, found = where.answer(sold, one), _found(table, where, one)
    rest, missed = list(found), 0
    for row in right:
        at = next((n for n, item in enumerate(rest) if holds(item, row)), None)
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
    elif where.index and not all(map(holds, found, right)):
        reason = f"“{question}” finds what it should, in another order."
        look = f"It asks {looks}, and `{where.names[1]}` is what this is sorted by."
    else:
        return None
    return failed(reason, look=look)


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


def _idle_entries(table: Any, sold: list[Sale]) -> Verdict | None:
    """Whether an index holds what no question would ever find."""
    for index, wanted in entries(sold).items():
        held = all_pages(partial(table.scan, IndexName=index))
        idle = [item for item in held if not any(holds(item, row) for row in wanted)]
        if idle:
            example = idle[0][INDEXES[index][0]]
            return failed(
                f"The index `{index}` has {_number(len(idle), 'entry', 'entries')} "
                f"that no question asks for, under {example!r} for one.",
                look="Each is written, stored and paid for. An item that lacks the "
                "index's keys is not in it.",
            )
    return None


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
