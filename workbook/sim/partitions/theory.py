"""The throttled share in closed form, and DynamoDB's limits from `workbook.facts`.

A partition takes 1,000 write units or 3,000 read units a second. The requests to it in
a second are Poisson, N, and those beyond what fits are throttled: E[(N - fits)+].
"""

import math

import numpy as np

from workbook.facts import fact
from workbook.sim.checks import at_least, positive

__all__ = ["requests_that_fit", "throttled_share", "write_limit_per_s"]


def write_limit_per_s(item_kb: float = 1.0) -> float:
    """Writes a second of items of `item_kb` that one DynamoDB partition takes."""
    positive(item_kb=item_kb)
    units = math.ceil(item_kb / fact("dynamodb.write_unit.size").value)
    return fact("dynamodb.partition.write.max").value / units


def requests_that_fit(limit_units_per_s: float | None, units: float) -> int:
    """Requests of `units` each that a partition takes in a second.

    Without a limit given, it is DynamoDB's for writes.
    """
    if limit_units_per_s is None:
        limit_units_per_s = fact("dynamodb.partition.write.max").value
    at_least(0, limit_units_per_s=limit_units_per_s)
    positive(units=units)
    return math.floor(limit_units_per_s / units)


def throttled_share(
    rates_per_s: np.ndarray,
    *,
    limit_units_per_s: float | None = None,
    units: float = 1.0,
) -> float:
    """The share throttled in the long run, for partitions with these mean rates.

    `rates_per_s` has the shape (partitions,).
    """
    rates = np.asarray(rates_per_s, float)
    if rates.ndim != 1 or not len(rates) or not rates.min() >= 0:
        raise ValueError("rates_per_s must be one number a partition, 0 or more")
    fits = requests_that_fit(limit_units_per_s, units)
    over = sum(_mean_excess(rate, fits) for rate in rates.tolist())
    return over / rates.sum() if rates.any() else 0.0


def _mean_excess(mean: float, fits: int) -> float:
    """E[(N - fits)+] for N Poisson with that mean, summed term by term."""
    if mean == 0:
        return 0.0
    largest = max(mean, fits)
    numbers = np.arange(fits + 1, int(largest + 12 * math.sqrt(largest) + 30))
    log_factorial = math.lgamma(fits + 1) + np.cumsum(np.log(numbers))
    probability = np.exp(numbers * math.log(mean) - mean - log_factorial)
    return float(probability @ (numbers - fits))
