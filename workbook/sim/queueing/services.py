"""Service times with a given mean and variability."""

import numpy as np

from workbook.sim.checks import at_least, count, positive

__all__ = ["service_times"]


def service_times(
    requests: int, *, service_s: float, service_scv: float, rng: np.random.Generator
) -> np.ndarray:
    """`requests` independent times with mean `service_s` and variability `service_scv`.

    `service_scv` is the squared coefficient of variation, variance over squared mean: 0
    for constant times, 1 for exponential ones. Others are gamma distributed, with shape
    1 / scv, which has these two moments exactly.
    """
    count(0, requests=requests)
    positive(service_s=service_s)
    at_least(0, service_scv=service_scv)
    if service_scv == 0:
        return np.full(requests, float(service_s))
    if service_scv == 1:
        times_s = rng.standard_exponential(requests)
        times_s *= service_s
        return times_s
    return rng.gamma(1 / service_scv, service_s * service_scv, requests)
