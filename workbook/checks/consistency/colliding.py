"""Two transactions that want the same item at the same moment, which the mock has not.

DynamoDB then cancels one of them, for the reason TransactionConflict: nothing is done,
and nothing is said about any condition.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from collections.abc import Callable
from typing import Any

from workbook.cloud.faults import Fault
from workbook.cloud.injection import Answer, Attempt

__all__ = ["READ_REASONS", "collision"]

READ_REASONS = (
    "`CancellationReasons` has a `Code` for each part: “TransactionConflict” is none "
    "of those that you wait for."
)


def collision() -> Fault:
    """Let the first transaction in a `with` block meet another one."""
    return Fault("conflict", "dynamodb", "TransactWriteItems", nth=1, strike=_conflict)


def _conflict(attempt: Attempt, proceed: Callable[[], Answer], rng: Any) -> Answer:
    response, parsed = attempt.error("TransactionCanceledException", 400)[0]
    parsed["Error"]["Message"] = "Transaction cancelled, please refer to the reasons"
    conflict = {"Code": "TransactionConflict", "Message": "Transaction is ongoing"}
    parsed["CancellationReasons"] = [conflict, {"Code": "None"}]
    return (response, parsed), None
