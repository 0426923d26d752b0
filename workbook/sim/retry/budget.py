"""A budget for retries: the token bucket that AWS's SDKs carry.

A retry takes tokens out of the bucket, a success puts some back; with too few tokens a
failure is final at once. So a client whose calls mostly fail stops retrying, and one
whose calls mostly succeed never notices.

The rules are botocore's "standard" mode, as the source of the installed version has
them (botocore/retries/quota.py and standard.py, `RetryQuotaChecker`): one bucket a
client, full at first, and a success gives back what its last retry took, or one token
if it needed none. That source holds the old costs and the new ones: 1.43 takes the new
only where the environment says AWS_NEW_RETRIES_2026=true, 1.44 takes them by default.
"""

from dataclasses import dataclass

import numpy as np

from workbook.facts import fact
from workbook.sim.checks import count, probability

__all__ = [
    "BOTOCORE_1_43",
    "BOTOCORE_1_44",
    "Quota",
    "QuotaRun",
    "attempts_with_quota",
    "run_with_quota",
]


_COST = fact("botocore.retry.quota.cost").value


@dataclass(frozen=True)
class Quota:
    """The rules of a retry budget, in tokens; `attempts` counts the first one too."""

    capacity: int = fact("botocore.retry.quota.capacity").value
    retry_cost: int = _COST
    timeout_cost: int = fact("botocore.retry.quota.cost.timeout").value
    throttle_cost: int = _COST
    refill: int = 1
    attempts: int = fact("botocore.retry.attempts.standard").value

    def __post_init__(self) -> None:
        count(capacity=self.capacity, attempts=self.attempts)
        count(0, refill=self.refill)
        count(
            retry_cost=self.retry_cost,
            timeout_cost=self.timeout_cost,
            throttle_cost=self.throttle_cost,
        )

    def cost(self, cause: str) -> int:
        """Tokens for a retry after an "error", a "timeout" or a "throttle"."""
        costs = {
            "error": self.retry_cost,
            "timeout": self.timeout_cost,
            "throttle": self.throttle_cost,
        }
        if cause not in costs:
            raise ValueError(f"cause={cause!r}: use one of {', '.join(costs)}")
        return costs[cause]


# Then and now. 1.43 is what this workbook installs; 1.44 (November 2026) makes standard
# mode the default and charges more for whatever is not throttling. It also gives
# DynamoDB a fourth attempt: dataclasses.replace(BOTOCORE_1_44, attempts=4).
BOTOCORE_1_43 = Quota()
BOTOCORE_1_44 = Quota(retry_cost=14, timeout_cost=14)


@dataclass(frozen=True, eq=False, repr=False)
class QuotaRun:
    """Arrays of shape (calls,): attempts made, the outcome, tokens left after it."""

    attempts: np.ndarray
    succeeded: np.ndarray
    tokens: np.ndarray

    @property
    def load(self) -> float:
        """Attempts a call."""
        return float(self.attempts.mean())

    @property
    def success(self) -> float:
        """The share of calls that succeed."""
        return float(self.succeeded.mean())

    def __repr__(self) -> str:
        return (
            f"{len(self.attempts):,} calls: {self.load:.4g} attempts each, "
            f"{self.success:.2%} succeed, {self.tokens[-1]} tokens left"
        )


def run_with_quota(
    *,
    calls: int,
    failure: float,
    seed: int,
    quota: Quota = BOTOCORE_1_43,
    cause: str = "error",
) -> QuotaRun:
    """One client makes `calls` one after another; each attempt fails with `failure`.

    `cause` says what the failures are: "error", "timeout" or "throttle". The bucket
    carries over from call to call, so this is a loop over the calls.
    """
    count(calls=calls)
    probability(failure=failure)
    rng = np.random.default_rng(seed)
    fails = (rng.random((calls, quota.attempts)) < failure).tolist()
    cost = quota.cost(cause)
    tokens, rows = quota.capacity, []
    for call in fails:
        attempts = 1
        while call[attempts - 1] and attempts < quota.attempts and tokens >= cost:
            tokens -= cost
            attempts += 1
        succeeded = not call[attempts - 1]
        if succeeded:
            back = cost if attempts > 1 else quota.refill
            tokens = min(quota.capacity, tokens + back)
        rows.append((attempts, succeeded, tokens))
    attempts, succeeded, left = map(np.array, zip(*rows, strict=True))
    return QuotaRun(attempts, succeeded, left)


def attempts_with_quota(
    *, failure: float, quota: Quota = BOTOCORE_1_43, cause: str = "error"
) -> float:
    """Attempts a call in the long run, for three attempts and a refill of one token.

    The lesser of what three attempts would make, 1 + p + p², and of what the bucket
    lets through. A call that succeeds at once (1 − p of them) brings one token. A retry
    that succeeds gives back what it took; one that fails is lost, and all but p of the
    retries succeed: so the bucket pays for (1 − p) / (p·cost) retries a call.
    """
    probability(failure=failure)
    if quota.attempts != 3 or quota.refill != 1:
        raise ValueError(f"{quota}: the formula is for attempts=3 and refill=1")
    wanted = failure + failure**2
    if failure == 0:
        return 1.0
    return 1 + min(wanted, (1 - failure) / (failure * quota.cost(cause)))
