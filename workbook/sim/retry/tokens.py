"""What decides in a storm whether a client may retry.

A budget deposits a share of a token with each *call*, whether it succeeds or not: in
heavy failure the load is then 1 + share (Brooker, "Fixing retries with token buckets
and circuit breakers", 2022, deposits with each *success* instead, which allows fewer).
"""

from typing import Protocol

from workbook.patterns.backend import RetryBudget
from workbook.sim.checks import between

__all__ = ["Budget", "as_budget"]


class Budget(Protocol):
    """What decides about retries: it hears of every new request, and may refuse."""

    def new_request(self) -> None:
        """Note that a request is sent for the first time."""

    def may_retry(self) -> bool:
        """Whether a retry may be sent now; if so, it counts as sent."""


class _NoLimit:
    def new_request(self) -> None:
        """Nothing depends on it."""

    def may_retry(self) -> bool:
        return True


def as_budget(budget: Budget | float | None) -> Budget:
    """A share as a `RetryBudget`, None as no limit; an object of one's own as it is."""
    if budget is None:
        return _NoLimit()
    if isinstance(budget, int | float):
        between(0, 1, budget=budget)
        return RetryBudget(budget)
    if not (hasattr(budget, "new_request") and hasattr(budget, "may_retry")):
        raise ValueError(
            f"budget={budget!r}: give a share from 0 to 1, or an object with "
            "new_request() and may_retry()"
        )
    return budget
