"""A handler of one envelope, made into a Lambda function for whatever carries it."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from workbook.patterns.events.envelope import Envelope
from workbook.patterns.events.opening import envelopes, open_record

__all__ = ["each_envelope"]

Handle = Callable[[Envelope, Any], Any]


def each_envelope(handle: Handle) -> Callable[[dict, Any], Any]:
    """Decorate `handle(envelope, context)`: each event of a batch by itself.

    A record of a queue that fails is named in the answer, and it alone comes back: the
    event source must have `FunctionResponseTypes: [ReportBatchItemFailures]`
    (docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html). A stream
    comes again from the first that failed, so nothing after it is tried. Anything else
    is one event, whose error comes out.
    """

    @functools.wraps(handle)
    def handler(event: dict, context: Any) -> Any:
        if not _is_batch(event):
            (envelope,) = envelopes(event)
            return handle(envelope, context)
        failed = []
        for record in event["Records"]:
            try:
                handle(open_record(record), context)
            except Exception as error:  # whatever it is, the others must not suffer
                print(f"{_name(record)}: {type(error).__name__}")
                failed.append({"itemIdentifier": _name(record)})
                if "dynamodb" in record:
                    break
        return {"batchItemFailures": failed}

    return handler


def _is_batch(event: Any) -> bool:
    records = event.get("Records") if isinstance(event, Mapping) else None
    return records is not None and not any("Sns" in record for record in records)


def _name(record: Mapping[str, Any]) -> str:
    """What a partial batch response calls the record."""
    if "dynamodb" in record:
        return record["dynamodb"]["SequenceNumber"]
    return record["messageId"]
