"""Splitting for heat: a partition that stays hot is cut in two, between two keys.

Keys lie on the range of hash values, each copy of a key (`shards`) at a place drawn
for itself, and partitions are stretches of that range, of equal length at first.
Requests are Poisson. After each period of `split_after_s` seconds, every partition that
throttled in it is cut where its two sides were asked for most alike; a partition that
holds one copy of a key alone cannot be cut. DynamoDB splits partitions that stay near
their limit and never merges them (AWS Database Blog, "Scaling DynamoDB: how partitions,
hot keys, and split for heat impact performance", part 3; Developer Guide, "Key range
throughput exceeded"). How long it takes AWS does not promise: `split_after_s` is the
model's.

Left out: cuts within an item collection (between sort keys), bursts, and retries.
"""

import math
from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import at_least, count, positive
from workbook.sim.partitions.keys import checked_weights
from workbook.sim.partitions.theory import requests_that_fit

__all__ = ["Splitting", "split_for_heat"]


@dataclass(frozen=True, eq=False, repr=False)
class Splitting:
    """Period by period; every array has the shape (periods,).

    `partitions` is how many there were, `throttled` the share of the period's requests
    that was throttled. `rates_per_s` is a list of arrays: the mean requests a second
    that each partition was offered in that period; it lasted `split_after_s` seconds.
    """

    partitions: np.ndarray
    throttled: np.ndarray
    rates_per_s: list[np.ndarray]
    split_after_s: float

    def __len__(self) -> int:
        return len(self.throttled)

    def __repr__(self) -> str:
        return (
            f"{len(self)} periods: {self.partitions[0]} partitions became "
            f"{self.partitions[-1]}, {self.throttled[0]:.1%} throttled became "
            f"{self.throttled[-1]:.1%}"
        )


def split_for_heat(
    *,
    weights: np.ndarray,
    rate_per_s: float,
    partitions: int,
    periods: int,
    seed: int,
    split_after_s: float = 120.0,
    shards: int = 1,
    limit_units_per_s: float | None = None,
    units: float = 1.0,
) -> Splitting:
    """`periods` periods of `rate_per_s` requests of `units` each; see the module.

    `weights` has the shape (keys,) and the sum 1. `limit_units_per_s` is DynamoDB's for
    writes if nothing is said. `split_after_s` is rounded up to whole seconds.
    """
    weights = checked_weights(weights)
    at_least(0, rate_per_s=rate_per_s)
    positive(split_after_s=split_after_s)
    count(partitions=partitions, shards=shards, periods=periods)
    fits = requests_that_fit(limit_units_per_s, units)
    rng = np.random.default_rng(seed)
    seconds = math.ceil(split_after_s)
    copies, edges = _laid_out(weights, shards, partitions, rng)
    copies = copies * rate_per_s
    numbers, shares, rates = [], [], []
    for _ in range(periods):
        offered = np.add.reduceat(np.append(copies, 0.0), edges[:-1])
        offered[np.diff(edges) == 0] = 0.0  # a stretch without keys
        asked = rng.poisson(offered, size=(seconds, len(offered)))
        over = np.maximum(asked - fits, 0).sum(axis=0)
        numbers.append(len(offered))
        shares.append(over.sum() / max(asked.sum(), 1))
        rates.append(offered)
        edges = _cut(edges, copies, over > 0)
    return Splitting(np.array(numbers), np.array(shares), rates, float(seconds))


def _laid_out(weights, shards: int, partitions: int, rng) -> tuple[np.ndarray, ...]:
    """Each copy's weight in order of its hash, and where each partition begins.

    `edges` has one place more than there are partitions: the end of the last.
    """
    places = rng.random(len(weights) * shards)
    order = np.argsort(places, kind="stable")
    copies = np.repeat(weights / shards, shards)[order]
    inner = np.searchsorted(places[order], np.arange(1, partitions) / partitions)
    return copies, np.concatenate([[0], inner, [len(copies)]])


def _cut(edges: np.ndarray, copies: np.ndarray, hot: np.ndarray) -> np.ndarray:
    """The edges, with one more in each hot partition that holds two copies or more."""
    cuts = []
    for at in np.flatnonzero(hot):
        first, last = edges[at], edges[at + 1]
        if last - first > 1:
            left = np.cumsum(copies[first : last - 1])
            whole = left[-1] + copies[last - 1]
            cuts.append(first + 1 + int(np.argmin(np.abs(2 * left - whole))))
    return np.sort(np.append(edges, np.array(cuts, dtype=edges.dtype)))
