"""What a stream source tells about records it gives up: their place, not their content.

Shape as documented, read 2026-11-23:
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from typing import Any

from .. import clock
from .destination import iso_time
from .invocation import Invocation
from .record import sequence_number
from .shard import Shard

__all__ = ["discard_record"]


def discard_record(
    records: list[dict[str, Any]],
    condition: str,
    *,
    invocations: int,
    last: Invocation | None,
    function_arn: str,
    shard: Shard,
) -> dict[str, Any]:
    """Return the document that the failure destination gets for `records`."""
    context: dict[str, Any] = {
        "requestId": last.request_id if last else "",
        "functionArn": function_arn,
        "condition": condition,
        "approximateInvokeCount": invocations,
    }
    return {
        "requestContext": context,
        **_response(last),
        "version": "1.0",
        "timestamp": iso_time(clock.seconds()),
        "DDBStreamBatchInfo": _place(records, shard),
    }


def _place(records: list[dict[str, Any]], shard: Shard) -> dict[str, Any]:
    first, last = records[0], records[-1]
    return {
        "shardId": shard.shard_id,
        "startSequenceNumber": sequence_number(first),
        "endSequenceNumber": sequence_number(last),
        "approximateArrivalOfFirstRecord": _arrival(first),
        "approximateArrivalOfLastRecord": _arrival(last),
        "batchSize": len(records),
        "streamArn": shard.stream_arn,
    }


def _arrival(record: dict[str, Any]) -> str:
    return iso_time(record["dynamodb"]["ApproximateCreationDateTime"])


def _response(last: Invocation | None) -> dict[str, Any]:
    if last is None:
        return {}
    context: dict[str, Any] = {
        "statusCode": last.status_code,
        "executedVersion": "$LATEST",
    }
    if last.function_error:
        context["functionError"] = last.function_error
    return {"responseContext": context}
