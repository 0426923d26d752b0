"""Read the partial batch response of a function.

The rules, read 2026-11-23, are the same for a queue and a stream
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html,
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html):

- complete success: an empty or null ``batchItemFailures``, an empty or null
  response;
- complete failure: an exception, a response that is not valid JSON, an
  ``itemIdentifier`` that is empty, null, under another name, or not in the batch;
- nothing of it is read unless ``ReportBatchItemFailures`` is switched on.

Our reading where the pages are silent: a response that is JSON but neither an
object nor null, and ``batchItemFailures`` that is not a list, count as not valid.
A misspelt ``batchItemFailures`` is, by the first rule, a success: the failed
messages are gone.
"""

from collections.abc import Sequence

from .bounds import one_of
from .invocation import Invocation

__all__ = ["check_response_types", "failed_items"]

REPORT = "ReportBatchItemFailures"


def check_response_types(types: Sequence[str]) -> bool:
    """Return whether partial responses are on; refuse any other word."""
    for word in types:
        one_of("FunctionResponseTypes", word, [REPORT])
    return REPORT in types


def failed_items(
    invocation: Invocation, identifiers: Sequence[str], *, partial: bool
) -> set[str]:
    """Return the identifiers that failed; all of them for a complete failure."""
    if not invocation.ok:
        return set(identifiers)
    if not partial or invocation.payload is None:
        return set()
    named = _named(invocation.payload)
    if named is None or not named <= set(identifiers):
        return set(identifiers)
    return named


def _named(payload: object) -> set[str] | None:
    """Return the named identifiers, or None when the response is malformed."""
    if not isinstance(payload, dict):
        return None
    failures = payload.get("batchItemFailures") or []
    if not isinstance(failures, list):
        return None
    named = [f.get("itemIdentifier") if isinstance(f, dict) else None for f in failures]
    whole = all(isinstance(identifier, str) and identifier for identifier in named)
    return set(named) if whole else None
