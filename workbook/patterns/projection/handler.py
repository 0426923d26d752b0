"""The Lambda function of a projection, for a DynamoDB stream."""

import sqlite3
from collections.abc import Callable
from typing import Any

from .project import apply
from .table import Projection

__all__ = ["stream_handler"]


def stream_handler(
    db: sqlite3.Connection, projection: Projection, *, stop_at_poison: bool = False
) -> Callable[[dict, Any], dict]:
    """A handler that applies each batch.

    By default poison is put apart, since a shard that waits for one bad record keeps
    every good one behind it waiting, for up to the stream's 24 hours. With
    `stop_at_poison` it answers which record it did not get past, and Lambda delivers
    again from there, if `ReportBatchItemFailures` is on in the event source mapping.
    When the mapping's attempts are used up, the rest of that batch is discarded, and
    the good records behind the bad one with it: `differences` finds what they were.
    """

    def handler(event: dict, context: Any) -> dict:
        done = apply(db, projection, event["Records"], stop_at_poison=stop_at_poison)
        failed = [{"itemIdentifier": done.stopped_at}] if done.stopped_at else []
        return {"batchItemFailures": failed}

    return handler
