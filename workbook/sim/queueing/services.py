"""Times between arrivals, or in service, with a given mean and variability."""

import numpy as np

from workbook.sim.checks import at_least, count, positive

__all__ = ["gaps", "service_times"]


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
    return _times(requests, service_s, service_scv, rng)


def gaps(
    requests: int,
    *,
    arrival_rate_per_s: float,
    arrival_scv: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Times in seconds between arrivals, of the same laws; 1 makes them Poisson's."""
    count(0, requests=requests)
    positive(arrival_rate_per_s=arrival_rate_per_s)
    at_least(0, arrival_scv=arrival_scv)
    return _times(requests, 1 / arrival_rate_per_s, arrival_scv, rng)


def _times(
    number: int, mean_s: float, scv: float, rng: np.random.Generator
) -> np.ndarray:
    if scv == 0:
        return np.full(number, float(mean_s))
    if scv == 1:
        times_s = rng.standard_exponential(number)
        times_s *= mean_s
        return times_s
    return rng.gamma(1 / scv, mean_s * scv, number)
