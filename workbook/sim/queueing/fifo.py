"""Queues in which everybody is served, first come first served.

One server: Lindley's recursion (Lindley, "The theory of queues with a single server",
1952), wait[n] = max(0, wait[n-1] + service[n-1] - gap[n]), as a running sum minus its
running minimum. That works on whole arrays, in blocks small enough for the processor's
cache.

Many servers: Kiefer and Wolfowitz ("On the theory of queues with many servers", 1955)
keep the times at which the servers are free next; a request takes the earliest. Each
request depends on the one before, so one path is a loop in Python; many independent
runs go through it side by side. With constant service times the servers take turns, and
one path is as many queues of one server each.
"""

import heapq

import numpy as np

from workbook.sim.checks import count, positive
from workbook.sim.queueing.results import Replications, Requests
from workbook.sim.queueing.services import service_times

__all__ = ["fifo_waits", "many_servers", "replications", "single_server"]

_BLOCK = 16_384  # elements: a handful of such arrays fit the second-level cache


def single_server(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    requests: int,
    seed: int,
    service_scv: float = 1.0,
) -> Requests:
    """M/G/1: Poisson arrivals, one server, an empty system at the start.

    `service_scv` is the squared coefficient of variation of the service time; 1 makes
    it M/M/1. A queue that is offered more than it can serve is simulated all the same:
    its waits grow with the number of requests.
    """
    positive(arrival_rate_per_s=arrival_rate_per_s, service_s=service_s)
    count(requests=requests)
    rng = np.random.default_rng(seed)
    result = Requests(*(np.empty(requests) for _ in range(3)))
    last = _Last()
    for start in range(0, requests, _BLOCK):
        part = slice(start, min(start + _BLOCK, requests))
        size = part.stop - start
        gaps_s = rng.standard_exponential(size)
        gaps_s *= 1 / arrival_rate_per_s
        served_s = service_times(
            size, service_s=service_s, service_scv=service_scv, rng=rng
        )
        arrived_s = result.arrival_s[part]
        np.cumsum(gaps_s, out=arrived_s)
        arrived_s += last.arrival_s
        result.service_s[part] = served_s
        _lindley(gaps_s, served_s, last, out=result.wait_s[part])
        last.arrival_s = arrived_s[-1]
    return result


class _Last:
    """What the next block has to know of the last request before it."""

    arrival_s = 0.0
    wait_s = 0.0
    service_s = 0.0


def _lindley(
    gaps_s: np.ndarray, service_s: np.ndarray, last: _Last, *, out: np.ndarray
) -> None:
    """The waits of one block into `out`; `last` moves on to its end."""
    steps_s = np.empty(len(gaps_s))
    steps_s[0] = last.wait_s + last.service_s - gaps_s[0]
    np.subtract(service_s[:-1], gaps_s[1:], out=steps_s[1:])
    np.cumsum(steps_s, out=steps_s)
    lowest_s = np.minimum.accumulate(steps_s)
    np.minimum(lowest_s, 0, out=lowest_s)
    np.subtract(steps_s, lowest_s, out=out)
    last.wait_s, last.service_s = out[-1], service_s[-1]


def fifo_waits(
    arrival_s: np.ndarray, service_s: np.ndarray, *, servers: int = 1
) -> np.ndarray:
    """The wait of each request, for given arrivals and service times.

    Both arrays have the shape (requests,), the arrivals in order. Returns an array of
    that shape. Constant service times are solved on whole arrays, others by a loop.
    """
    arrival_s, service_s = _same_shape(arrival_s, service_s)
    count(servers=servers)
    if not len(arrival_s):
        return np.empty(0)
    if servers == 1 or np.ptp(service_s) == 0:
        return _taking_turns(arrival_s, service_s, servers)
    return _kiefer_wolfowitz(arrival_s, service_s, servers)


def _same_shape(arrival_s, service_s) -> tuple[np.ndarray, np.ndarray]:
    arrival_s, service_s = np.asarray(arrival_s, float), np.asarray(service_s, float)
    if arrival_s.shape != service_s.shape or arrival_s.ndim != 1:
        raise ValueError(
            f"arrival_s has the shape {arrival_s.shape}, service_s {service_s.shape}: "
            "give one arrival and one service time a request"
        )
    if np.any(np.diff(arrival_s) < 0):
        raise ValueError("arrival_s must be in order of time: sort it first")
    if len(service_s) and service_s.min() < 0:
        raise ValueError(f"service_s has {service_s.min():g}: no service is negative")
    return arrival_s, service_s


def _taking_turns(
    arrival_s: np.ndarray, service_s: np.ndarray, servers: int
) -> np.ndarray:
    """Waits where request n goes to server n modulo `servers`: a queue a server.

    With C the work that came before a request in its queue, the request begins at
    C + max(arrival - C) over those up to itself: Lindley's recursion in one line.
    """
    turns = -(-len(arrival_s) // servers)
    arrived_s, served_s = np.full(turns * servers, np.inf), np.zeros(turns * servers)
    arrived_s[: len(arrival_s)], served_s[: len(service_s)] = arrival_s, service_s
    arrived_s = arrived_s.reshape(turns, servers)
    served_s = served_s.reshape(turns, servers)
    before_s = np.cumsum(served_s, axis=0) - served_s
    begun_s = np.maximum.accumulate(arrived_s - before_s, axis=0) + before_s
    waits_s = begun_s.ravel()[: len(arrival_s)] - arrival_s
    return np.maximum(waits_s, 0)  # a rounding error is no wait


def _kiefer_wolfowitz(
    arrival_s: np.ndarray, service_s: np.ndarray, servers: int
) -> np.ndarray:
    free_s = [0.0] * servers  # a heap: the server that is free first stands in front
    take_next = heapq.heapreplace
    begun_s = []
    begin = begun_s.append
    arrivals, services = arrival_s.tolist(), service_s.tolist()
    for arrived_s, served_s in zip(arrivals, services, strict=True):
        start_s = free_s[0]
        if start_s < arrived_s:
            start_s = arrived_s
        take_next(free_s, start_s + served_s)
        begin(start_s)
    return np.array(begun_s) - arrival_s


def many_servers(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    servers: int,
    requests: int,
    seed: int,
    service_scv: float = 1.0,
) -> Requests:
    """M/G/c: Poisson arrivals to one queue before `servers` servers, one path."""
    positive(arrival_rate_per_s=arrival_rate_per_s, service_s=service_s)
    count(servers=servers, requests=requests)
    rng = np.random.default_rng(seed)
    arrival_s = np.cumsum(rng.exponential(1 / arrival_rate_per_s, requests))
    served_s = service_times(
        requests, service_s=service_s, service_scv=service_scv, rng=rng
    )
    waits_s = fifo_waits(arrival_s, served_s, servers=servers)
    return Requests(arrival_s, waits_s, served_s)


def replications(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    servers: int,
    requests: int,
    runs: int,
    seed: int,
    service_scv: float = 1.0,
    warm_up: int = 0,
) -> Replications:
    """M/G/c, `runs` independent times, each of `requests` after `warm_up` others.

    Every run begins empty, so its first requests wait too little: give a `warm_up` that
    is long beside the time the queue takes to fill.
    """
    positive(arrival_rate_per_s=arrival_rate_per_s, service_s=service_s)
    count(servers=servers, requests=requests, runs=runs)
    count(0, warm_up=warm_up)
    rng = np.random.default_rng(seed)
    wait_s, kept_s = np.empty((requests, runs)), np.empty((requests, runs))
    free_s = np.zeros((servers, runs))  # per run, when each server is free: ascending
    arrived_s = np.zeros(runs)
    for number in range(-warm_up, requests):
        arrived_s += rng.standard_exponential(runs) / arrival_rate_per_s
        served_s = service_times(
            runs, service_s=service_s, service_scv=service_scv, rng=rng
        )
        begun_s = np.maximum(free_s[0], arrived_s)
        if number >= 0:
            np.subtract(begun_s, arrived_s, out=wait_s[number])
            kept_s[number] = served_s
        _insert(free_s, begun_s + served_s)
    return Replications(wait_s, kept_s)


def _insert(free_s: np.ndarray, done_s: np.ndarray) -> None:
    """In each column: take out the first, and put `done_s` where it belongs."""
    for place in range(len(free_s) - 1):
        np.minimum(free_s[place + 1], done_s, out=free_s[place])
        np.maximum(free_s[place + 1], done_s, out=done_s)
    free_s[-1] = done_s
