"""A circuit breaker in front of a service that fails by chance.

The breaker is the very one of `workbook.patterns.backend`, on a simulated clock. Calls
come as a Poisson process, take no time, and fail independently with one probability.
"""

from dataclasses import dataclass

import numpy as np

from workbook.patterns.backend import BreakerOpen, CircuitBreaker
from workbook.sim.checks import count, positive, probability

__all__ = ["BreakerRun", "breaker_shares", "through_breaker"]


@dataclass(frozen=True, eq=False, repr=False)
class BreakerRun:
    """What became of each call, in order: "succeeded", "failed" or "rejected".

    `changes` are the breaker's changes of state as (seconds, state).
    """

    outcome: np.ndarray
    changes: tuple[tuple[float, str], ...]

    def share(self, outcome: str) -> float:
        """The share of calls that ended so."""
        return float(np.mean(self.outcome == outcome))

    def __repr__(self) -> str:
        return (
            f"{len(self.outcome):,} calls: {self.share('succeeded'):.1%} succeed, "
            f"{self.share('failed'):.1%} fail, "
            f"{self.share('rejected'):.1%} are rejected"
        )


def through_breaker(
    *,
    calls: int,
    rate_per_s: float,
    failure: float,
    seed: int,
    threshold: int = 5,
    open_s: float = 3.0,
) -> BreakerRun:
    """Calls through a breaker, which opens after `threshold` failures in a row."""
    count(calls=calls, threshold=threshold)
    positive(rate_per_s=rate_per_s, open_s=open_s)
    probability(failure=failure)
    rng = np.random.default_rng(seed)
    arrivals_s = np.cumsum(rng.exponential(1 / rate_per_s, calls)).tolist()
    fails = (rng.random(calls) < failure).tolist()
    now_s, changes, outcome = [0.0], [], []
    breaker = CircuitBreaker(
        threshold=threshold,
        open_s=open_s,
        clock=lambda: now_s[0],
        listener=lambda state, at_s: changes.append((at_s, state)),
    )
    for now_s[0], fail in zip(arrivals_s, fails, strict=True):
        outcome.append(_one_call(breaker, fail))
    return BreakerRun(np.array(outcome), tuple(changes))


def _one_call(breaker: CircuitBreaker, fails: bool) -> str:
    try:
        breaker.admit()
    except BreakerOpen:
        return "rejected"
    if fails:
        breaker.failed()
        return "failed"
    breaker.succeeded()
    return "succeeded"


def breaker_shares(
    *, rate_per_s: float, failure: float, threshold: int = 5, open_s: float = 3.0
) -> dict[str, float]:
    """The shares of calls that succeed, fail and are rejected, in the long run.

    From closed it takes (1 − p^K) / (p^K (1 − p)) calls on average until K fail in a
    row (Feller, *An Introduction to Probability Theory*, 1968, XIII.7). A cycle is one
    open period, in which λD calls are rejected, then a trial, and if that succeeds, the
    way to the next opening.
    """
    positive(rate_per_s=rate_per_s, open_s=open_s)
    count(threshold=threshold)
    probability(failure=failure)
    if failure == 0:
        return {"succeeded": 1.0, "failed": 0.0, "rejected": 0.0}
    to_trip = threshold
    if failure < 1:
        in_a_row = failure**threshold
        to_trip = (1 - in_a_row) / (in_a_row * (1 - failure))
    made, rejected = 1 + (1 - failure) * to_trip, rate_per_s * open_s
    all_calls = made + rejected
    return {
        "succeeded": (1 - failure) * made / all_calls,
        "failed": failure * made / all_calls,
        "rejected": rejected / all_calls,
    }
