"""The cost ledger: what the AWS calls of a lab would have cost.

    with Ledger() as ledger:
        lab_code()
    ledger                     # a table, and a total in USD

It counts where every boto3 call passes, in `botocore.client.BaseClient._make_api_call`,
and not by botocore's event hooks: a hook reaches only clients made after it was
registered, and a lab's client is made in its first cell. The failure explorer takes the
same method over; while it does, nothing is counted, for the thousands of calls in its
schedules are its own and not the learner's.
"""

import functools
import html
import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from workbook.facts import facts
from workbook.learn.metering import PRICES, Charge, meter

__all__ = ["Ledger", "Line"]

# AWS carries these calls out as far as the condition, and bills the write units.
_BILLED_ERRORS = {"ConditionalCheckFailedException", "TransactionCanceledException"}
_HEAD = ("service", "operation", "calls", "billed", "USD")
_FINE_PRINT = (
    "The free tier is ignored. Sizes are those of what was sent and returned; "
    "index writes, storage, run time and data transfer are not counted."
)


@dataclass(frozen=True)
class Line:
    """The calls of one operation: how many, and what they come to.

    `charges` holds one charge for each price they were billed at, and `usd` is their
    sum, or None where the operation has no price here. `refused` of the calls ended in
    an error that AWS does not bill.
    """

    service: str
    operation: str
    calls: int
    refused: int
    charges: tuple[Charge, ...]

    @property
    def usd(self) -> Decimal | None:
        if not self.charges and self.refused < self.calls:
            return None
        return sum((charge.usd for charge in self.charges), Decimal(0))

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text: service, operation, calls, what is billed, USD."""
        cost = "not priced" if self.usd is None else _exact(self.usd)
        billed = [_billed(charge) for charge in self.charges]
        if self.refused:
            billed.append(f"{self.refused} refused, not billed")
        told = ", ".join(billed) or "-"
        return (self.service, self.operation, f"{self.calls:,}", told, cost)


class Ledger:
    """Counts the boto3 calls of this process from `start` to `stop`, or in a `with`.

    Clients may be made before or after. Starting it again goes on counting; a new
    ledger starts from nothing. Two ledgers at once each count everything.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[tuple[str, str], int] = {}
        self._refused: dict[tuple[str, str], int] = {}
        self._units: dict[tuple[str, str, str], Decimal] = {}
        self._open = False
        self._before: Callable | None = None
        self._counting: Callable | None = None

    def start(self) -> "Ledger":
        """Begin to count, or go on."""
        if not self._open:
            self._open = True
            self._before = BaseClient._make_api_call
            self._counting = self._wrap(self._before)
            BaseClient._make_api_call = self._counting
        return self

    def stop(self) -> "Ledger":
        """Count no more; what was counted stays."""
        self._open = False
        # If somebody took the method over after us, ours stays underneath, silent.
        if BaseClient._make_api_call is self._counting:
            BaseClient._make_api_call = self._before
        return self

    def __enter__(self) -> "Ledger":
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def calls(self) -> int:
        """How many calls were counted."""
        return sum(self._calls.values())

    @property
    def lines(self) -> tuple[Line, ...]:
        """The calls by service and operation, in alphabetical order."""
        return tuple(self._line(*call) for call in sorted(self._calls))

    @property
    def usd(self) -> Decimal:
        """The sum of all that has a price, in USD, exactly."""
        return sum((line.usd or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def total(self) -> str:
        """The sum in words: "$0.0000125 (80,000 such runs for a dollar)"."""
        cost = f"${_exact(self.usd)}"
        if not 0 < self.usd < 1:
            return cost
        return f"{cost} ({int(1 / self.usd):,} such runs for a dollar)"

    def __repr__(self) -> str:
        rows = [_HEAD, *(line.cells for line in self.lines)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        told = [
            "  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows
        ]
        parts = [_caption(), *told, f"Total: {self.total}", _FINE_PRINT]
        return "\n".join(part.rstrip() for part in parts)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def _html(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in _HEAD)
        body = "".join(_html_row(line.cells) for line in self.lines)
        return (
            f"<table><caption>{_caption()}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p><strong>{html.escape(self.total)}</strong><br>{_FINE_PRINT}</p>"
        )

    def _wrap(self, call: Callable) -> Callable:
        @functools.wraps(call)  # keeps the marks that others read from the method
        def _make_api_call(client: BaseClient, operation: str, params: dict) -> Any:
            if not self._counts(_make_api_call):
                return call(client, operation, params)
            service = client.meta.service_model.service_name
            try:
                answer = call(client, operation, params)
            except ClientError as error:
                self._note_error(service, operation, params, error)
                raise
            self._note(service, operation, params, answer)
            return answer

        return _make_api_call

    def _counts(self, call: Callable) -> bool:
        """Whether this wrapper is the one in charge and the explorer not at work."""
        return self._open and self._counting is call and not _exploring()

    def _note_error(
        self, service: str, operation: str, params: Any, error: Any
    ) -> None:
        if error.response.get("Error", {}).get("Code") in _BILLED_ERRORS:
            found = {"Attributes": error.response.get("Item") or {}}
            self._note(service, operation, params, found)
            return
        with self._lock:
            self._count(self._calls, (service, operation), 1)
            self._count(self._refused, (service, operation), 1)

    def _note(self, service: str, operation: str, params: Any, answer: Any) -> None:
        try:
            charge = meter(service, operation, params, answer)
        except Exception:  # an odd call goes unpriced; it never fails for being counted
            charge = None
        with self._lock:
            self._count(self._calls, (service, operation), 1)
            if charge is not None:
                billed = (service, operation, charge.price)
                self._count(self._units, billed, charge.units)

    @staticmethod
    def _count(counts: dict, key: tuple, amount: Any) -> None:
        counts[key] = counts.get(key, 0) + amount

    def _line(self, service: str, operation: str) -> Line:
        charges = tuple(
            Charge(price, units)
            for (billed_service, billed_operation, price), units in self._units.items()
            if (billed_service, billed_operation) == (service, operation)
        )
        call = (service, operation)
        refused = self._refused.get(call, 0)
        ordered = tuple(sorted(charges, key=lambda charge: charge.price))
        return Line(service, operation, self._calls[call], refused, ordered)


def _exploring() -> bool:
    """Whether the failure explorer has the method now: it marks its own."""
    return getattr(BaseClient._make_api_call, "explored", False)


def _caption() -> str:
    days = sorted({facts[key].as_of for key in PRICES})
    span = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return (
        "What these calls would have cost on AWS "
        f"(us-east-1 prices of {span}, without the free tier)"
    )


def _billed(charge: Charge) -> str:
    """Such as "3 write request units": the count and the name of what is billed."""
    _, _, name = facts[charge.price].unit.rpartition("million ")
    one = name.removesuffix("s") if charge.units == 1 else name
    return f"{_exact(charge.units)} {one}"


def _exact(amount: Decimal) -> str:
    """All the digits, with separators and without an exponent."""
    return f"{amount.normalize():,f}"


def _html_row(cells: tuple[str, ...]) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in cells) + "</tr>"
