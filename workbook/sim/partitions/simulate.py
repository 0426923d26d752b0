"""Hot keys: traffic on partitions that each take so much a second and no more.

Requests are a Poisson process. Each is for a key, drawn by the keys' weights, and each
key lives in one partition. A partition takes `limit_units_per_s` in each second of the
clock, and throttles what goes beyond. With `shards`, each write of a key goes to one of
so many copies of the key (key#0, key#1, ...), at random, each in a partition drawn for
itself: readers then have to ask all copies.

Left out: bursts (DynamoDB may lend what was not used), a hot key that gets a partition
of its own (which does not lift that partition's limit), and retries.
"""

import numpy as np

from workbook.sim.checks import at_least, count, positive
from workbook.sim.partitions.keys import checked_weights
from workbook.sim.partitions.results import Traffic
from workbook.sim.partitions.theory import requests_that_fit

__all__ = ["hot_partitions"]


def hot_partitions(
    *,
    weights: np.ndarray,
    rate_per_s: float,
    partitions: int,
    duration_s: float,
    seed: int,
    shards: int = 1,
    limit_units_per_s: float | None = None,
    units: float = 1.0,
) -> Traffic:
    """`rate_per_s` requests of `units` each for `duration_s`; see the module.

    `weights` has the shape (keys,) and the sum 1. Where keys live is drawn with the
    seed. `limit_units_per_s` is DynamoDB's for writes if nothing is said.
    """
    weights = checked_weights(weights)
    at_least(0, rate_per_s=rate_per_s)
    positive(duration_s=duration_s)
    count(partitions=partitions, shards=shards)
    fits = requests_that_fit(limit_units_per_s, units)
    rng = np.random.default_rng(seed)
    partition_of = rng.integers(partitions, size=(len(weights), shards))
    arrival_s = np.sort(rng.random(rng.poisson(rate_per_s * duration_s)) * duration_s)
    key = _drawn(weights, len(arrival_s), rng)
    partition = partition_of[key, rng.integers(shards, size=len(key))]
    place = _place_in_second(arrival_s, partition, partitions)
    throttled = place >= fits
    rates = np.repeat(weights * rate_per_s / shards, shards)
    rates = np.bincount(partition_of.ravel(), weights=rates, minlength=partitions)
    return Traffic(
        arrival_s, key, partition, throttled, partition_of, rates, float(duration_s)
    )


def _drawn(weights: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """So many keys, each drawn by the weights."""
    reached = np.cumsum(weights)
    drawn = np.searchsorted(reached, rng.random(number) * reached[-1], side="right")
    return np.minimum(drawn, len(weights) - 1)


def _place_in_second(
    arrival_s: np.ndarray, partition: np.ndarray, partitions: int
) -> np.ndarray:
    """How many came to the same partition in the same second before each request."""
    cell = np.floor(arrival_s).astype(int) * partitions + partition
    order = np.argsort(cell, kind="stable")
    cells = cell[order]
    first = np.searchsorted(cells, cells, side="left")
    place = np.empty(len(cell), int)
    place[order] = np.arange(len(cell)) - first
    return place
