"""Simulations of environments that start cold and are given up when idle.

An environment serves one request at a time and is given up once it has been idle for
the timeout. The timeout is a parameter: AWS documents none for functions, and changes
what it does.

Scale per request: a request that finds no idle environment gets a new one, cold. With
"most recent first" and starts that take no time, the number of busy environments tells
who is cold: the environment idle since that number last fell from k to k-1 is the one
that takes the request with which it rises to k again. So that case needs no loop.
"""

import heapq

import numpy as np

from workbook.sim.checks import at_least, count, positive
from workbook.sim.coldstart.results import ColdStarts, Environments
from workbook.sim.coldstart.routing import POLICIES, pool_for
from workbook.sim.queueing.services import service_times

__all__ = ["environments", "one_queued", "one_shared", "scale_per_request"]


def one_shared(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    idle_timeout_s: float,
    requests: int,
    seed: int,
    service_scv: float = 1.0,
) -> ColdStarts:
    """One environment that serves any number at once; Poisson arrivals, instant starts.

    The environment is given up when nothing has run in it for `idle_timeout_s`.
    `service_s` may be 0; `service_scv` is the squared coefficient of variation.
    """
    arrival_s, served_s = _poisson_requests(
        arrival_rate_per_s, service_s, service_scv, requests, seed
    )
    at_least(0, idle_timeout_s=idle_timeout_s)
    given_up_s = np.maximum.accumulate(arrival_s + served_s) + idle_timeout_s
    cold = np.ones(requests, bool)
    cold[1:] = arrival_s[1:] >= given_up_s[:-1]
    return ColdStarts(arrival_s, np.zeros(requests), served_s, cold)


def one_queued(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    idle_timeout_s: float,
    cold_start_s: float,
    requests: int,
    seed: int,
    service_scv: float = 1.0,
) -> ColdStarts:
    """One environment, one request at a time, with a queue: a concurrency limit of 1.

    A request that arrives during a cold start or a service waits; it is not cold. A
    cold start takes `cold_start_s` before the service of the request that caused it.
    """
    arrival_s, served_s = _poisson_requests(
        arrival_rate_per_s, service_s, service_scv, requests, seed
    )
    at_least(0, idle_timeout_s=idle_timeout_s, cold_start_s=cold_start_s)
    wait_s, cold, free_s = [], [], -np.inf
    for now_s, lasts_s in zip(arrival_s.tolist(), served_s.tolist(), strict=True):
        is_cold = now_s >= free_s + idle_timeout_s
        waits_s = cold_start_s if is_cold else max(free_s - now_s, 0.0)
        free_s = now_s + waits_s + lasts_s
        wait_s.append(waits_s)
        cold.append(is_cold)
    return ColdStarts(arrival_s, np.array(wait_s, float), served_s, np.array(cold))


def scale_per_request(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    idle_timeout_s: float,
    requests: int,
    seed: int,
    policy: str = POLICIES[0],
    service_scv: float = 1.0,
    cold_start_s: float = 0.0,
    concurrency: int | None = None,
    warm_up: int = 0,
) -> Environments:
    """Poisson arrivals, each served at once by an idle or a new environment.

    `policy` is one of `POLICIES`: which idle environment takes a request. With
    `concurrency`, a request that finds so many busy is turned away. A cold start keeps
    the environment busy for `cold_start_s` before the service. The run begins without
    environments: `warm_up` requests come before those that count.
    """
    count(requests=requests)
    count(0, warm_up=warm_up)
    arrival_s, served_s = _poisson_requests(
        arrival_rate_per_s, service_s, service_scv, warm_up + requests, seed
    )
    return environments(
        arrival_s,
        served_s,
        idle_timeout_s=idle_timeout_s,
        policy=policy,
        cold_start_s=cold_start_s,
        concurrency=concurrency,
        warm_up=warm_up,
        seed=seed,
    )


def environments(
    arrival_s: np.ndarray,
    service_s: np.ndarray,
    *,
    idle_timeout_s: float,
    policy: str = POLICIES[0],
    cold_start_s: float = 0.0,
    concurrency: int | None = None,
    warm_up: int = 0,
    seed: int = 0,
) -> Environments:
    """Scale per request for given arrivals and service times, both (requests,).

    `seed` matters to the policy "random" alone. See `scale_per_request`.
    """
    arrival_s, service_s = _checked(arrival_s, service_s, warm_up)
    at_least(0, idle_timeout_s=idle_timeout_s, cold_start_s=cold_start_s)
    pool = pool_for(policy, idle_timeout_s, np.random.default_rng([seed, 1]))
    if concurrency is not None:
        count(concurrency=concurrency)
    elif policy == POLICIES[0] and cold_start_s == 0:
        cold, idle_s = _by_levels(arrival_s, service_s, idle_timeout_s)
        accepted, no_wait = np.ones(len(cold), bool), np.zeros(len(cold))
        return Environments(
            arrival_s, no_wait, service_s, cold, accepted, idle_s, warm_up
        )
    cold, accepted, reused_s = _one_by_one(
        arrival_s, service_s, pool, cold_start_s, concurrency
    )
    wait_s = cold * cold_start_s
    idle_s = np.minimum(reused_s - (arrival_s + wait_s + service_s), idle_timeout_s)
    return Environments(arrival_s, wait_s, service_s, cold, accepted, idle_s, warm_up)


def _by_levels(
    arrival_s: np.ndarray, service_s: np.ndarray, idle_timeout_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Who is cold, and how long each environment is idle afterwards: see the module.

    At each level of busy environments, arrivals that lead up to it and departures that
    lead down from it take turns, an arrival first and a departure last.
    """
    requests, done_s = len(arrival_s), arrival_s + service_s
    in_time = np.argsort(np.concatenate([arrival_s, done_s]), kind="stable")
    busy = np.cumsum(np.where(in_time < requests, 1, -1))
    level = np.where(in_time < requests, busy, busy + 1)
    order = np.argsort(level, kind="stable")
    ups, downs = in_time[order][::2], in_time[order][1::2] - requests
    gap_s = np.full(requests, np.inf)  # since the level was last left; none at first
    gap_s[1:] = arrival_s[ups[1:]] - done_s[downs[:-1]]
    gap_s[np.flatnonzero(np.diff(level[order][::2], prepend=0))] = np.inf
    cold, idle_s = np.empty(requests, bool), np.full(requests, float(idle_timeout_s))
    cold[ups] = gap_s >= idle_timeout_s
    idle_s[downs[:-1]] = np.minimum(gap_s[1:], idle_timeout_s)
    return cold, idle_s


def _one_by_one(
    arrival_s: np.ndarray,
    service_s: np.ndarray,
    pool,
    cold_start_s: float,
    concurrency: int | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who is cold, who is accepted, and when an environment was used again (or inf)."""
    requests = len(arrival_s)
    cold, accepted = np.zeros(requests, bool), np.ones(requests, bool)
    reused_s = np.full(requests, np.inf)
    limit = requests if concurrency is None else concurrency
    busy = []  # a heap of environments as the pools have them, by the end of their work
    arrivals, services = arrival_s.tolist(), service_s.tolist()
    for number, now_s in enumerate(arrivals):
        while busy and busy[0][0] < now_s:
            pool.put(heapq.heappop(busy))
        if len(busy) == limit:
            accepted[number] = False
            continue
        done_s = now_s + services[number]
        environment = pool.take(now_s)
        if environment is None:
            cold[number] = True
            heapq.heappush(busy, (done_s + cold_start_s, now_s, number))
        else:
            reused_s[environment[2]] = now_s
            heapq.heappush(busy, (done_s, environment[1], number))
    return cold, accepted, reused_s


def _poisson_requests(
    arrival_rate_per_s: float,
    service_s: float,
    service_scv: float,
    requests: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    positive(arrival_rate_per_s=arrival_rate_per_s)
    at_least(0, service_s=service_s, service_scv=service_scv)
    count(requests=requests)
    rng = np.random.default_rng(seed)
    arrival_s = np.cumsum(rng.standard_exponential(requests) / arrival_rate_per_s)
    if service_s == 0:
        return arrival_s, np.zeros(requests)
    served_s = service_times(
        requests, service_s=service_s, service_scv=service_scv, rng=rng
    )
    return arrival_s, served_s


def _checked(arrival_s, service_s, warm_up: int) -> tuple[np.ndarray, np.ndarray]:
    arrival_s, service_s = np.asarray(arrival_s, float), np.asarray(service_s, float)
    if arrival_s.shape != service_s.shape or arrival_s.ndim != 1:
        raise ValueError(
            f"arrival_s has the shape {arrival_s.shape}, service_s {service_s.shape}: "
            "give one arrival and one service time a request"
        )
    count(0, warm_up=warm_up)
    if len(arrival_s) <= warm_up:
        raise ValueError(
            f"{len(arrival_s)} requests leave none after warm_up={warm_up}: give more"
        )
    if np.any(np.diff(arrival_s) < 0):
        raise ValueError("arrival_s must be in order of time: sort it first")
    if not (service_s.min() >= 0 and np.isfinite(service_s.max())):
        raise ValueError("service_s has a negative or endless time: give seconds")
    return arrival_s, service_s
