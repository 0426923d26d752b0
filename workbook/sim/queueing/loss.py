"""Systems without a queue: a request that finds every server busy is turned away.

That is a function called synchronously at its reserved concurrency, and Erlang's
telephone exchange of 1917. The share of losses depends on the mean service time alone,
not on its distribution.
"""

import heapq

import numpy as np

from workbook.sim.checks import count, positive
from workbook.sim.queueing.fifo import checked
from workbook.sim.queueing.results import Losses
from workbook.sim.queueing.services import service_times

__all__ = ["accepted", "loss_system"]

_ROUND = 32  # servers, from which on rounds are quicker than the loop


def loss_system(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    servers: int,
    requests: int,
    seed: int,
    service_scv: float = 1.0,
) -> Losses:
    """M/G/c/c: Poisson arrivals, `servers` places, no queue, empty at the start."""
    positive(arrival_rate_per_s=arrival_rate_per_s, service_s=service_s)
    count(servers=servers, requests=requests)
    rng = np.random.default_rng(seed)
    arrival_s = np.cumsum(rng.exponential(1 / arrival_rate_per_s, requests))
    served_s = service_times(
        requests, service_s=service_s, service_scv=service_scv, rng=rng
    )
    taken = accepted(arrival_s, served_s, servers=servers)
    return Losses(arrival_s, served_s, taken)


def accepted(
    arrival_s: np.ndarray, service_s: np.ndarray, *, servers: int
) -> np.ndarray:
    """Which requests find a free server: a boolean array of shape (requests,).

    Constant service times of dozens of servers are solved on whole arrays, others by a
    loop.
    """
    arrival_s, service_s = checked(arrival_s, service_s)
    count(servers=servers)
    if servers >= _ROUND and len(arrival_s) and np.ptp(service_s) == 0:
        return _in_rounds(arrival_s, service_s[0], servers)
    return _one_by_one(arrival_s, service_s, servers)


def _one_by_one(
    arrival_s: np.ndarray, service_s: np.ndarray, servers: int
) -> np.ndarray:
    free_s = [-np.inf] * servers
    taken = np.zeros(len(arrival_s), bool)
    arrivals, services = arrival_s.tolist(), service_s.tolist()
    for number, arrived_s in enumerate(arrivals):
        if free_s[0] <= arrived_s:
            heapq.heapreplace(free_s, arrived_s + services[number])
            taken[number] = True
    return taken


def _in_rounds(arrival_s: np.ndarray, service_s: float, servers: int) -> np.ndarray:
    """Constant service: servers come free in the order in which they were taken.

    In each round every server takes one request: server j the first one that is later
    than server j-1's and comes when j is free again. Both "later than" and "not before"
    are maxima, so a running maximum finds the whole round.
    """
    taken = np.zeros(len(arrival_s), bool)
    places = np.arange(servers)
    free_s, last = np.full(servers, -np.inf), -1
    while last + 1 < len(arrival_s):
        possible = np.searchsorted(arrival_s, free_s, side="left")
        possible[0] = max(possible[0], last + 1)
        chosen = np.maximum.accumulate(possible - places) + places
        chosen = chosen[chosen < len(arrival_s)]
        if not len(chosen):
            break
        taken[chosen] = True
        last = chosen[-1]
        if len(chosen) < servers:
            break
        free_s = arrival_s[chosen] + service_s
    return taken
