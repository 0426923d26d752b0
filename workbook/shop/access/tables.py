"""Tables and indexes as DynamoDB wants them declared, and all pages of an answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import boto3

from .orders import Sale

__all__ = ["Built", "Keys", "all_pages", "build", "create"]

# A table's or an index's partition key and sort key; "" where there is none.
Keys = tuple[str, str]


class Built(Protocol):
    """A design, as far as its tables and what they hold go."""

    tables: Mapping[str, tuple[Keys, Mapping[str, Keys]]]

    def items(self, sale: Sale) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """The items that a sale becomes, each with its table."""


def build(
    design: Built,
    sales: Iterable[Sale],
    load: Callable[[str, list[Mapping[str, Any]]], Any],
) -> Built:
    """Create the design's tables, fill them by `load(table, items)`; the design."""
    held: dict[str, list[Mapping[str, Any]]] = {name: [] for name in design.tables}
    for sale in sales:
        for table, item in design.items(sale):
            held[table].append(item)
    for name, (keys, indexes) in design.tables.items():
        create(name, keys, indexes)
        load(name, held[name])
    return design


def create(name: str, keys: Keys, indexes: Mapping[str, Keys]) -> None:
    """Create an on-demand table with text keys, and its indexes, which project all."""
    named = {key for pair in (keys, *indexes.values()) for key in pair if key}
    declared = [
        {
            "IndexName": index,
            "KeySchema": _schema(pair),
            "Projection": {"ProjectionType": "ALL"},
        }
        for index, pair in indexes.items()
    ]
    boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=_schema(keys),
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": "S"} for key in sorted(named)
        ],
        BillingMode="PAY_PER_REQUEST",
        **({"GlobalSecondaryIndexes": declared} if declared else {}),
    )


def _schema(keys: Keys) -> list[dict[str, str]]:
    kinds = zip(keys, ("HASH", "RANGE"), strict=True)
    return [{"AttributeName": key, "KeyType": kind} for key, kind in kinds if key]


def all_pages(search: Callable[..., Any], **request: Any) -> list[Mapping[str, Any]]:
    """The items of a query or scan, from every page of at most 1 MB."""
    items: list[Mapping[str, Any]] = []
    while True:
        page = search(**request)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
