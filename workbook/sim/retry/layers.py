"""Retries in closed form, in one layer and in layers of layers.

Every attempt fails with probability `failure`, independently. With n retries a call
costs (1 − p^(n+1)) / (1 − p) attempts and succeeds with 1 − p^(n+1): a geometric series
cut off after n + 1 attempts. With k layers of n retries one request can cost (n + 1)^k
attempts at the last (Brooker, "Timeouts, retries, and backoff with jitter", Amazon
Builders' Library, counts 3^5 = 243 for five layers of three attempts).
"""

from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import count, probability

__all__ = [
    "LayeredCalls",
    "layered_load",
    "layered_success",
    "layers_of_retries",
    "retried_load",
    "retried_success",
]


@dataclass(frozen=True, eq=False, repr=False)
class LayeredCalls:
    """Arrays of shape (requests,): attempts at the last layer, and the outcome."""

    attempts: np.ndarray
    succeeded: np.ndarray

    @property
    def load(self) -> float:
        """Attempts that reach the last layer for each request."""
        return float(self.attempts.mean())

    @property
    def success(self) -> float:
        """The share of requests that succeed."""
        return float(self.succeeded.mean())

    def __repr__(self) -> str:
        return (
            f"{len(self.attempts):,} requests: {self.load:.4g} attempts each, "
            f"{self.success:.2%} succeed"
        )


def retried_load(*, failure: float, retries: int) -> float:
    """Attempts a call makes on average."""
    probability(failure=failure)
    count(0, retries=retries)
    return float(sum(failure**attempt for attempt in range(retries + 1)))


def retried_success(*, failure: float, retries: int) -> float:
    """The share of calls that succeed in the end."""
    probability(failure=failure)
    count(0, retries=retries)
    return 1 - failure ** (retries + 1)


def layered_load(*, failure: float, retries: int, layers: int) -> float:
    """Attempts at the last layer for each request, through `layers` of retries."""
    count(layers=layers)
    load = 1.0
    for _ in range(layers):
        load *= retried_load(failure=failure, retries=retries)
        failure = 1 - retried_success(failure=failure, retries=retries)
    return load


def layered_success(*, failure: float, retries: int, layers: int) -> float:
    """The share of requests that succeed, through `layers` of retries."""
    count(layers=layers)
    for _ in range(layers):
        failure = 1 - retried_success(failure=failure, retries=retries)
    return 1 - failure


def layers_of_retries(
    *, requests: int, failure: float, retries: int, layers: int, seed: int
) -> LayeredCalls:
    """Simulate `requests` through `layers`, each of which tries `retries` times more.

    An attempt at the last layer fails with `failure`; an attempt at another is a whole
    call to the layer below.
    """
    count(requests=requests, layers=layers)
    count(0, retries=retries)
    probability(failure=failure)
    rng = np.random.default_rng(seed)

    def call(requests: int, layer: int) -> tuple[np.ndarray, np.ndarray]:
        if layer == 0:
            return np.ones(requests, int), rng.random(requests) >= failure
        attempts, done = np.zeros(requests, int), np.zeros(requests, bool)
        for _ in range(retries + 1):
            open_ = np.flatnonzero(~done)
            cost, done[open_] = call(len(open_), layer - 1)
            attempts[open_] += cost
        return attempts, done

    return LayeredCalls(*call(requests, layers))
