"""Transactions that are cancelled for no condition's sake, which the mock never does.

DynamoDB cancels one of two that want the same item at the same moment, for the reason
TransactionConflict, and one that asks for too much, for ThrottlingError: nothing is
done, and nothing is said about any condition.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from collections.abc import Callable
from typing import Any

from workbook.cloud.faults import Fault
from workbook.cloud.injection import Answer, Attempt

__all__ = ["CODES", "READ_REASONS", "collision"]

CODES = ("TransactionConflict", "ThrottlingError")

READ_REASONS = (
    "`CancellationReasons` has a `Code` for each part, and only "
    "“ConditionalCheckFailed” tells of a condition: “TransactionConflict”, for "
    "one, does not."
)

# More than an answer tries by itself, and yet an end for one that tries without end.
_TRANSACTIONS = range(1, 13)


def collision(code: str = CODES[0]) -> Fault:
    """Let the first dozen transactions in a `with` block be cancelled for `code`."""

    def cancel(attempt: Attempt, proceed: Callable[[], Answer], rng: Any) -> Answer:
        response, parsed = attempt.error("TransactionCanceledException", 400)[0]
        parsed["Error"]["Message"] = (
            "Transaction cancelled, please refer to the reasons"
        )
        reason = {"Code": code, "Message": "Not now"}
        parsed["CancellationReasons"] = [reason, {"Code": "None"}]
        return (response, parsed), None

    struck = {"nth": _TRANSACTIONS, "strike": cancel}
    return Fault("conflict", "dynamodb", "TransactWriteItems", **struck)
