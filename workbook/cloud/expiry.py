"""DynamoDB's time to live, which moto stores but never acts on.

As documented, read 2026-11-23. What is deleted:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
When, and that a read still finds what has expired but is not deleted yet:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
The mark on its stream record:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
"""

import time
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["expire_items"]

# An item whose moment lies further back is kept: a date of birth in the wrong
# attribute, say, must not empty a table.
_OLDEST_S = 5 * 365 * 24 * 3600

_DELETED_BY = {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}


def expire_items() -> int:
    """Delete the items whose time to live has passed; return how many.

    Only in tables where time to live is enabled, and only items whose attribute is a
    Number of epoch seconds below the present and at most five years old. AWS does this
    by itself, typically within two days; until then such items show up in reads, as
    they do here until this is called. A stream gets its REMOVE record, marked as
    DynamoDB's own doing.
    """
    return sum(_expire(table) for table in list(_tables()))


def _tables() -> Iterator[Any]:
    from moto.dynamodb.models import dynamodb_backends  # too slow for every import

    for _, _, backend in dynamodb_backends.iter_backends():
        yield from backend.tables.values()


def _expire(table: Any) -> int:
    if table.ttl.get("TimeToLiveStatus") != "ENABLED":
        return 0
    name, now_s = table.ttl["AttributeName"], time.time()
    expired = [item for item in table.all_items() if _has_expired(item, name, now_s)]
    for item in expired:
        table.delete_item(item.hash_key, item.range_key)
        if table.stream_shard is not None and table.stream_shard.items:
            table.stream_shard.items[-1].record["userIdentity"] = _DELETED_BY
    return len(expired)


def _has_expired(item: Any, name: str, now_s: float) -> bool:
    value = item.attrs.get(name)
    if value is None or value.type != "N":
        return False
    try:
        moment_s = Decimal(value.value)
    except InvalidOperation:
        return False
    return now_s - _OLDEST_S <= moment_s < now_s
