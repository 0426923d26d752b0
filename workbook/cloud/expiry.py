"""DynamoDB's time to live, which moto stores but never acts on."""

import time
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["expire_items"]

_FIVE_YEARS_S = 5 * 365 * 24 * 3600


def expire_items() -> int:
    """Delete the items whose time to live has passed; return how many."""
    return sum(_expire(table) for table in list(_tables()))


def _tables() -> Iterator[Any]:
    from moto.dynamodb.models import dynamodb_backends  # slow to import: on demand

    for _, _, backend in dynamodb_backends.iter_backends():
        yield from backend.tables.values()


def _expire(table: Any) -> int:
    if table.ttl.get("TimeToLiveStatus") != "ENABLED":
        return 0
    name, now_s = table.ttl["AttributeName"], time.time()
    gone = [item for item in table.all_items() if _has_expired(item, name, now_s)]
    for item in gone:
        table.delete_item(item.hash_key, item.range_key)
    return len(gone)


def _has_expired(item: Any, name: str, now_s: float) -> bool:
    value = item.attrs.get(name)
    if value is None or value.type != "N":
        return False
    try:
        expires_s = Decimal(value.value)
    except InvalidOperation:
        return False
    return now_s - _FIVE_YEARS_S <= expires_s < now_s
