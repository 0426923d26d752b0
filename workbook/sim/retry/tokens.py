"""What decides in a storm whether a client may retry.

A budget deposits a share of a token with each *call*, whether it succeeds or not: in
heavy failure the load is then 1 + share (Brooker, "Fixing retries with token buckets
and circuit breakers", 2022, deposits with each *success* instead, which allows fewer).
"""

from typing import Protocol

from workbook.sim.checks import at_least, between

__all__ = ["Budget", "TokenBudget", "as_budget"]


class Budget(Protocol):
    """What decides about retries: it hears of every new request, and may refuse."""

    def new_request(self) -> None:
        """Note that a request is sent for the first time."""

    def may_retry(self) -> bool:
        """Whether a retry may be sent now; if so, it counts as sent."""


class TokenBudget:
    """So many retries for each new request: tokens in a bucket of limited size."""

    def __init__(self, share: float, *, most: float = 10.0) -> None:
        between(0, 1, share=share)
        at_least(0, most=most)
        self.share, self.most = share, most
        self.tokens = most

    def new_request(self) -> None:
        """Put a new request's share of a token into the bucket."""
        self.tokens = min(self.most, self.tokens + self.share)

    def may_retry(self) -> bool:
        """Take a token, if there is a whole one."""
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class _NoLimit:
    def new_request(self) -> None:
        """Nothing depends on it."""

    def may_retry(self) -> bool:
        return True


def as_budget(budget: Budget | float | None) -> Budget:
    """A share as a `TokenBudget`, None as no limit; an object of one's own as it is."""
    if budget is None:
        return _NoLimit()
    if isinstance(budget, int | float):
        between(0, 1, budget=budget)
        return TokenBudget(budget)
    if not (hasattr(budget, "new_request") and hasattr(budget, "may_retry")):
        raise ValueError(
            f"budget={budget!r}: give a share from 0 to 1, or an object with "
            "new_request() and may_retry()"
        )
    return budget
