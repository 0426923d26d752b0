"""What exercise 2's answer makes of a sale: dicts that are items, and hold its rows."""

import reprlib
from collections.abc import Callable, Iterable, Mapping

from botocore.exceptions import ClientError
from moto.dynamodb.exceptions import MockValidationException

from workbook.checks.modelling.questions import INDEXES, KEYS, Row, rows
from workbook.cloud.bulk import load_items
from workbook.learn import call, failed
from workbook.learn.running import Stopped
from workbook.shop.access import Sale

__all__ = ["holds", "made", "put"]

_OURS = {*KEYS, *(name for pair in INDEXES.values() for name in pair)}


def made(items: Callable, sale: Sale) -> list[Row]:
    """What a learner's function makes of a sale; a generator runs in its name, too."""
    answer = call(items, sale)
    if isinstance(answer, str | Mapping) or not isinstance(answer, Iterable):
        raise Stopped(
            failed(
                f"It does not give the items of a sale, but a {type(answer).__name__}.",
                look="`yield` each dict, or return them in a list.",
            )
        )
    found = call(lambda: list(answer))
    for item in found:
        if not isinstance(item, Mapping):
            raise Stopped(
                failed(f"It gives {reprlib.repr(item)[:60]} among the items: no dict.")
            )
    return [dict(item) for item in found]


def put(found: list[Row], sale: Sale, taken: set[tuple[str, str]], region: str) -> None:
    """Put the items into the table, if each of the sale's rows is among them.

    `taken` are the keys that other items have; theirs are added.
    """
    for item in found:
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
        _carried(name, row, found)
    try:
        load_items("shop", found, region=region)
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
    for name in sorted(_OURS.intersection(item)):
        value = item[name]
        if not isinstance(value, str) or not value:
            raise Stopped(
                failed(
                    f"DynamoDB refuses an item: its key `{name}` is {value!r}.",
                    look="A key here is a text, and not an empty one. An item that is "
                    "not to be in an index lacks the index's keys.",
                )
            )


def _carried(name: str, row: Row, found: list[Row]) -> None:
    """Whether one of the items has all that the row has."""
    if any(holds(item, row) for item in found):
        return
    lost = [[key for key in row if item.get(key) != row[key]] for item in found]
    fewest = min([*lost, list(row)], key=len)
    if 2 * len(fewest) < len(row):
        reason = f"The item of the {name} lacks `{'`, `'.join(fewest)}`."
    else:
        reason = f"A sale has its {name}, and none of its items holds it."
    raise Stopped(
        failed(reason, look="Each row becomes an item, with all that the row has.")
    )


def holds(item: Row, row: Row) -> bool:
    """Whether an item has all attributes of a row, whatever else it has."""
    return all(item.get(key) == value for key, value in row.items())


def _brief(error: Exception) -> str:
    return str(error).rpartition(": ")[2].splitlines()[0][:200]
