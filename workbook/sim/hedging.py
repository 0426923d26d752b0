"""The tail of a fan-out, and what a second request after a while does to it.

Dean and Barroso, "The Tail at Scale", Communications of the ACM 56 (2013): a request
that waits for many servers is as slow as the slowest. A *hedged* request is sent once
more, to another server, when the first has not answered after a while; the first answer
counts. They report for a table read of 1,000 keys: hedging after 10 ms brought the
99.9th percentile from 1,800 ms to 74 ms for 2% more requests.
"""

import math
from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import at_least, count, positive, probability

__all__ = [
    "BIGTABLE",
    "Latency",
    "Reads",
    "any_slow",
    "exponential_hedged_percentile_s",
    "hedged_exceeds",
    "reads",
]


@dataclass(frozen=True)
class Latency:
    """A distribution given by (seconds, share that takes longer) pairs, falling.

    Between the pairs the share falls as a power law, a straight line where both axes
    are logarithmic. The first pair's share must be 1: nothing is faster than that.
    """

    tail: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        times_s, shares = zip(*self.tail, strict=True)
        if shares[0] != 1:
            raise ValueError(f"tail={self.tail}: the first share must be 1")
        for number, (time_s, share) in enumerate(self.tail):
            positive(**{f"tail[{number}]": time_s, f"share {number}": share})
        if np.any(np.diff(times_s) <= 0) or np.any(np.diff(shares) >= 0):
            raise ValueError(f"tail={self.tail}: times must rise and shares fall")

    def draw(self, requests: int, rng: np.random.Generator) -> np.ndarray:
        """So many latencies, in seconds."""
        return self.time_s(1 - rng.random(requests))

    def time_s(self, share: np.ndarray) -> np.ndarray:
        """The latency that this share of requests exceeds, in seconds."""
        times_s, shares = np.log(np.array(self.tail)).T
        slope = (times_s[-1] - times_s[-2]) / (shares[-1] - shares[-2])
        wanted = np.log(share)
        beyond = times_s[-1] + slope * (wanted - shares[-1])
        inside = np.interp(wanted, shares[::-1], times_s[::-1])
        return np.exp(np.where(wanted < shares[-1], beyond, inside))

    def exceeds(self, time_s: float) -> float:
        """The share of requests that take longer than `time_s`."""
        times_s, shares = np.log(np.array(self.tail)).T
        wanted = math.log(time_s) if time_s > 0 else -math.inf
        slope = (shares[-1] - shares[-2]) / (times_s[-1] - times_s[-2])
        if wanted > times_s[-1]:
            return math.exp(shares[-1] + slope * (wanted - times_s[-1]))
        return math.exp(np.interp(wanted, times_s, shares))


# A leaf with the paper's figures: half above 1 ms, 2% above 10 ms (that many hedges
# after 10 ms), and one in a million above 1,800 ms (the 99.9th percentile of the
# slowest of 1,000). The pair between is what makes the hedged figure come out as
# published; the paper does not give it.
BIGTABLE = Latency(
    ((0.0005, 1.0), (0.001, 0.5), (0.010, 0.02), (0.069, 0.001), (1.8, 1e-6))
)


@dataclass(frozen=True, eq=False, repr=False)
class Reads:
    """Requests that each read from many leaves; arrays of shape (requests,).

    `response_s` is when the last leaf has answered; `sent` counts the leaf requests,
    hedges included.
    """

    response_s: np.ndarray
    sent: np.ndarray
    fan_out: int

    @property
    def extra_share(self) -> float:
        """Hedges for each ordinary leaf request."""
        return float(self.sent.mean()) / self.fan_out - 1

    def percentile(self, q: float) -> float:
        """The response time that `q` per cent do not exceed, in seconds."""
        return float(np.percentile(self.response_s, q))

    def __repr__(self) -> str:
        return (
            f"{len(self.sent):,} requests to {self.fan_out:,} leaves: 99.9th "
            f"percentile {self.percentile(99.9):.3g} s, "
            f"{self.extra_share:.1%} more requests"
        )


def any_slow(*, slow_share: float, fan_out: int) -> float:
    """The share of requests that meet a slow server: 1 − (1 − p)^n."""
    probability(slow_share=slow_share)
    count(fan_out=fan_out)
    return 1 - (1 - slow_share) ** fan_out


def hedged_exceeds(latency: Latency, time_s: float, *, hedge_after_s: float) -> float:
    """P(T > t) of a hedged leaf: S(t) up to the hedge, then S(t)·S(t − hedge)."""
    positive(hedge_after_s=hedge_after_s)
    at_least(0, time_s=time_s)
    first = latency.exceeds(time_s)
    if time_s <= hedge_after_s:
        return first
    return first * latency.exceeds(time_s - hedge_after_s)


def exponential_hedged_percentile_s(
    q: float, *, service_s: float, hedge_after_s: float
) -> float:
    """The `q`-th percentile with exponential latency, hedged, in seconds.

    Beyond the hedge P(T > t) = exp(−(2t − d) / m), before it exp(−t / m).
    """
    positive(service_s=service_s, hedge_after_s=hedge_after_s)
    plain_s = -math.log(1 - q / 100) * service_s
    return plain_s if plain_s <= hedge_after_s else (plain_s + hedge_after_s) / 2


def reads(
    *,
    requests: int,
    seed: int,
    latency: Latency = BIGTABLE,
    fan_out: int = 1,
    hedge_after_s: float | None = None,
    leaf_share: float = 1.0,
) -> Reads:
    """Simulate requests that wait for `leaf_share` of `fan_out` independent leaves.

    With `hedge_after_s` a leaf that has not answered by then is asked a second time.
    """
    count(requests=requests, fan_out=fan_out)
    probability(leaf_share=leaf_share)
    if hedge_after_s is not None:
        positive(hedge_after_s=hedge_after_s)
    needed = math.ceil(round(leaf_share * fan_out, 9))  # 0.07 of 100 is 7, not 8
    if needed == 0:
        raise ValueError(f"leaf_share={leaf_share!r}: it must be above 0")
    rng = np.random.default_rng(seed)
    response_s, sent = np.empty(requests), np.full(requests, fan_out)
    block = max(1, 1_000_000 // fan_out)  # requests at a time: 8 MB of leaves
    for start in range(0, requests, block):
        part = slice(start, min(start + block, requests))
        shape = (part.stop - part.start, fan_out)
        leaf_s = latency.draw(shape[0] * fan_out, rng).reshape(shape)
        if hedge_after_s is not None:
            late = leaf_s > hedge_after_s
            second_s = hedge_after_s + latency.draw(int(late.sum()), rng)
            leaf_s[late] = np.minimum(leaf_s[late], second_s)
            sent[part] += late.sum(axis=1)
        response_s[part] = np.partition(leaf_s, needed - 1, axis=1)[:, needed - 1]
    return Reads(response_s, sent, fan_out)
