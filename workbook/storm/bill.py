"""What a storm's calls would have cost on AWS: each counted, priced from the facts.

Counted: requests to SQS (a send each; a receive and a delete a batch), Lambda's
requests and its time at 128 MB, and DynamoDB's request units, as the labs' ledger has
them. Not counted: polls that find nothing, the front door, the push to the buyers, and
the bank's own fees. The free tier is left out.
"""

from collections import Counter
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

from workbook.explore.invocation import Request
from workbook.explore.world import Reply
from workbook.facts import usd
from workbook.learn.metering import meter

__all__ = ["Meter"]

_MEMORY_GB = Decimal(128) / 1024
# Carried out as far as the condition, and billed all the same.
_BILLED = {"ConditionalCheckFailedException", "TransactionCanceledException"}


class Meter:
    """Counts calls, messages and invocations as they happen."""

    def __init__(self) -> None:
        self.calls = 0
        self._units: Counter[tuple[str, str]] = Counter()
        self._busy_s = 0.0

    def note(self, request: Request, reply: Reply) -> None:
        """A call that reached its service, and what came of it there."""
        self.calls += 1
        if request.service == "sqs":
            self.queue()
        if request.protocol != "aws" or request.service == "sqs":
            return
        answer: Any = reply.value
        if isinstance(reply.error, ClientError):
            if reply.error.response["Error"]["Code"] not in _BILLED:
                return
            answer = {"Attributes": reply.error.response.get("Item") or {}}
        charge = meter(request.service, request.operation, request.params, answer or {})
        if charge is not None:
            self._units[request.service, charge.price] += charge.units

    def queue(self, requests: int = 1) -> None:
        """Requests to SQS."""
        self._units["sqs", "sqs.price.standard"] += requests

    def ran(self, seconds: float) -> None:
        """An invocation that took so long."""
        self._units["lambda", "lambda.price.request"] += 1
        self._busy_s += seconds

    def usd(self) -> dict[str, Decimal]:
        """The bill by service, in USD."""
        bill = {"lambda": self._gb_s * usd("lambda.price.gb_second.x86")}
        for (service, price), units in self._units.items():
            bill[service] = bill.get(service, Decimal(0)) + units * usd(price)
        return bill

    @property
    def _gb_s(self) -> Decimal:
        return Decimal(round(self._busy_s * 1000)) / 1000 * _MEMORY_GB
