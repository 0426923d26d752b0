"""What the results of simulations share."""

import numpy as np

from workbook.sim.checks import between

__all__ = ["percentile"]


def percentile(values: np.ndarray, q: float) -> float:
    """What `q` per cent of `values` do not exceed, in the unit of `values`.

    Between two values the straight line is taken, numpy's default. Raises ValueError if
    `q` is not 0 to 100, or if there are no values.
    """
    between(0, 100, q=q)
    if not len(values):
        raise ValueError("there are no requests, so there is no percentile: run longer")
    return float(np.percentile(values, q))
