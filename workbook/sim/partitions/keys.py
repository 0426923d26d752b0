"""How much of the traffic each key gets."""

import math

import numpy as np

from workbook.sim.checks import at_least, count, probability

__all__ = ["checked_weights", "hot_key_weights", "zipf_weights"]


def zipf_weights(keys: int, *, exponent: float = 1.0) -> np.ndarray:
    """Weights of `keys` keys by Zipf's law: rank to the power -exponent.

    Shape (keys,), sum 1. Exponent 0 makes all keys alike.
    """
    count(keys=keys)
    at_least(0, exponent=exponent)
    weights = np.arange(1, keys + 1) ** -float(exponent)
    return weights / weights.sum()


def hot_key_weights(keys: int, *, hot_share: float) -> np.ndarray:
    """Weights of `keys` keys: `hot_share` for the first, the rest for the others."""
    count(2, keys=keys)
    probability(hot_share=hot_share)
    weights = np.full(keys, (1 - hot_share) / (keys - 1))
    weights[0] = hot_share
    return checked_weights(weights)


def checked_weights(weights: np.ndarray) -> np.ndarray:
    """`weights` as an array; refuses what is not one share for each key, sum 1."""
    weights = np.asarray(weights, float)
    if weights.ndim != 1 or not len(weights) or not weights.min() >= 0:
        raise ValueError("weights must be one number for each key, 0 or more")
    if not math.isclose(weights.sum(), 1, rel_tol=1e-6):
        raise ValueError(f"weights have the sum {weights.sum():g}: it must be 1")
    return weights
