"""Closed forms of cold starts, for Poisson arrivals.

`one_shared_cold_share`: the environment is gone if no request in service or within its
timeout is there: the empty state of M/G/infinity with service plus timeout.

`one_queued_cold_share`: of the requests of a busy period only the first can be cold,
and a busy period that begins with a cold start is longer (M/G/1 with set-up: Welch, "On
a generalized M/G/1 queuing process", 1964).

`most_recent_first`: exponential service, unlimited environments, starts that take no
time. The number of busy environments is M/M/infinity, with Poisson probabilities p. The
environment for level k was left idle when that number last fell from k to k-1. The
arrival that makes it k again is cold if this excursion below k has lasted longer than
the timeout. The length of an excursion is the first passage from k-1 to k of a
birth-death process: its tail is a matrix exponential of the generator on 0 to k-1. That
is taken as an integral around the generator's spectrum (Trefethen, Weideman and
Schmelzer, "Talbot quadratures and rational approximations", 2006), for which the
resolvent is a recursion over the levels.
"""

import math
from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import at_least, positive

__all__ = [
    "Steady",
    "most_recent_first",
    "one_queued_cold_share",
    "one_shared_cold_share",
]

_NODES = 24  # the error is about 3.9 to the power -24: 1e-14


@dataclass(frozen=True)
class Steady:
    """What holds in the long run: a share of requests, and mean numbers over time."""

    cold_share: float
    mean_busy: float
    mean_idle: float

    @property
    def mean_alive(self) -> float:
        """How many environments there are, busy or idle."""
        return self.mean_busy + self.mean_idle


def one_shared_cold_share(
    *, arrival_rate_per_s: float, service_s: float, idle_timeout_s: float
) -> float:
    """Share of cold starts of one environment that serves any number at once."""
    positive(arrival_rate_per_s=arrival_rate_per_s)
    at_least(0, service_s=service_s, idle_timeout_s=idle_timeout_s)
    return math.exp(-arrival_rate_per_s * (service_s + idle_timeout_s))


def one_queued_cold_share(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    idle_timeout_s: float,
    cold_start_s: float,
) -> float:
    """Share of cold starts of one environment with a queue; needs a load below 1."""
    positive(arrival_rate_per_s=arrival_rate_per_s)
    at_least(0, service_s=service_s, idle_timeout_s=idle_timeout_s)
    at_least(0, cold_start_s=cold_start_s)
    load = arrival_rate_per_s * service_s
    if load >= 1:
        raise ValueError(
            f"arrival_rate_per_s={arrival_rate_per_s:g} times service_s={service_s:g} "
            "is not below 1: the queue grows for ever; one environment is not enough"
        )
    expired = math.exp(-arrival_rate_per_s * idle_timeout_s)
    return expired * (1 - load) / (1 + expired * arrival_rate_per_s * cold_start_s)


def most_recent_first(
    *, arrival_rate_per_s: float, service_s: float, idle_timeout_s: float
) -> Steady:
    """Scale per request with the policy "most recent first": see the module.

    The share is good to about 1e-10.
    """
    positive(arrival_rate_per_s=arrival_rate_per_s, service_s=service_s)
    at_least(0, idle_timeout_s=idle_timeout_s)
    load = float(arrival_rate_per_s * service_s)
    timeout = idle_timeout_s / service_s  # time counts in mean services from here on
    if timeout == 0:
        return Steady(1.0, load, 0.0)
    z, weights = _contour()
    below = _excursions(z / timeout, load)
    cold = (weights * below / z).sum().real
    idle = (weights * below / z**2).sum().real * timeout * load
    return Steady(max(float(cold), 0.0), load, float(idle))


def _excursions(s: np.ndarray, load: float) -> np.ndarray:
    """1 - E[exp(-s x excursion)] at each of `s`, the mean over arrivals at all levels.

    From k-1 the number rises at the rate `load` or falls at the rate k-1, and has to
    come back up before it can rise again.
    """
    short, total = np.zeros_like(s), np.zeros_like(s)
    for state, probability in enumerate(_poisson(load)):
        delayed = s + state * short
        short = delayed / (load + delayed)
        total += probability * short
    return total


def _poisson(mean: float) -> np.ndarray:
    """Poisson probabilities of 0, 1, 2 ... until hardly anything is left."""
    most = int(mean + 9 * math.sqrt(mean) + 20)
    log = [n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(most)]
    return np.exp(log)


def _contour() -> tuple[np.ndarray, np.ndarray]:
    """Where to take a Laplace transform F(z/t)/z and with which weights, to have f(t).

    The constants are those of the article in the module's text.
    """
    angle = (np.arange(_NODES) + 0.5) * 2 * np.pi / _NODES - np.pi
    slanted = 0.6407 * angle
    turn = 0.5017 * angle / np.tan(slanted)
    z = _NODES * (turn - 0.6122 + 0.2645j * angle)
    slope = 0.5017 / np.tan(slanted) - 0.5017 * slanted / np.sin(slanted) ** 2
    return z, np.exp(z) * (slope + 0.2645j) / 1j
