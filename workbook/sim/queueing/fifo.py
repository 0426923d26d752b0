"""Queues in which everybody is served, first come first served.

One server: see `lindley`. Many servers: Kiefer and Wolfowitz ("On the theory of queues
with many servers", 1955) keep the times at which the servers are free next; a request
takes the earliest. Each request depends on the one before, so one path is a loop in
Python; many independent runs go through it side by side. With constant service times
the servers take turns, and one path is as many queues of one server each. With hundreds
of servers one path goes in blocks: see `crowd`.
"""

import heapq

import numpy as np

from workbook.sim.checks import count, positive
from workbook.sim.queueing.crowd import waits_in_blocks
from workbook.sim.queueing.lindley import one_server_waits
from workbook.sim.queueing.results import Replications, Requests
from workbook.sim.queueing.services import gaps, service_times

__all__ = ["checked", "fifo_waits", "many_servers", "replications"]

_CROWD = 256  # servers, from which on blocks are quicker than the loop


def fifo_waits(
    arrival_s: np.ndarray, service_s: np.ndarray, *, servers: int = 1
) -> np.ndarray:
    """The wait of each request, for given arrivals and service times (G/G/c).

    Both arrays have the shape (requests,), the arrivals in order. Returns an array of
    that shape. One server, constant service times or hundreds of servers are solved on
    whole arrays, others by a loop.
    """
    arrival_s, service_s = checked(arrival_s, service_s)
    count(servers=servers)
    if servers == 1:
        return one_server_waits(arrival_s, service_s)
    if len(service_s) and np.ptp(service_s) == 0:
        return _taking_turns(arrival_s, service_s[0], servers)
    if servers >= _CROWD and _mostly_alike(service_s):
        return waits_in_blocks(arrival_s, service_s, servers)
    return _kiefer_wolfowitz(arrival_s, service_s, servers)


def _mostly_alike(service_s: np.ndarray) -> bool:
    """Whether few services are short beside the others, which would slow the blocks."""
    return len(service_s) > 0 and service_s.std() <= 1.5 * service_s.mean()


def checked(arrival_s, service_s) -> tuple[np.ndarray, np.ndarray]:
    """Both as arrays of floats; ValueError if no queue can be made of them."""
    arrival_s, service_s = np.asarray(arrival_s, float), np.asarray(service_s, float)
    if arrival_s.shape != service_s.shape or arrival_s.ndim != 1:
        raise ValueError(
            f"arrival_s has the shape {arrival_s.shape}, service_s {service_s.shape}: "
            "give one arrival and one service time a request"
        )
    if not (np.isfinite(arrival_s).all() and np.isfinite(service_s).all()):
        raise ValueError("arrival_s and service_s must be finite: remove nan and inf")
    if np.any(arrival_s[1:] < arrival_s[:-1]):
        raise ValueError("arrival_s must be in order of time: sort it first")
    if len(service_s) and service_s.min() < 0:
        raise ValueError(f"service_s has {service_s.min():g}: no service is negative")
    return arrival_s, service_s


def _taking_turns(arrival_s: np.ndarray, service_s: float, servers: int) -> np.ndarray:
    """Constant service: request n goes to server n modulo `servers`, a queue a server.

    With C the work that came before a request in its queue, the request begins at
    C + max(arrival - C) over those up to itself: Lindley's recursion in one line.
    """
    turns = -(-len(arrival_s) // servers)
    arrived_s = np.full(turns * servers, np.inf)
    arrived_s[: len(arrival_s)] = arrival_s
    before_s = np.arange(turns)[:, None] * service_s
    begun_s = arrived_s.reshape(turns, servers) - before_s
    np.maximum.accumulate(begun_s, axis=0, out=begun_s)
    begun_s += before_s
    waits_s = begun_s.ravel()[: len(arrival_s)] - arrival_s
    longest_s = np.abs([arrival_s[0], arrival_s[-1], before_s[-1, 0]]).max()
    waits_s[waits_s < 4 * np.spacing(longest_s)] = 0  # a rounding error is no wait
    return waits_s


def _kiefer_wolfowitz(
    arrival_s: np.ndarray, service_s: np.ndarray, servers: int
) -> np.ndarray:
    # A heap: the server that is free first stands in front.
    free_s = [-np.inf] * servers
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
    arrival_scv: float = 1.0,
) -> Requests:
    """G/G/c: one path, one queue before `servers` servers, empty at the start.

    `service_scv` and `arrival_scv` as in `single_server`: 1 and 1 make it M/M/c.
    """
    positive(arrival_rate_per_s=arrival_rate_per_s, service_s=service_s)
    count(servers=servers, requests=requests)
    rng = np.random.default_rng(seed)
    gaps_s = gaps(
        requests,
        arrival_rate_per_s=arrival_rate_per_s,
        arrival_scv=arrival_scv,
        rng=rng,
    )
    arrival_s = np.cumsum(gaps_s, out=gaps_s)
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
    arrival_scv: float = 1.0,
    warm_up: int = 0,
) -> Replications:
    """G/G/c, `runs` independent times, each of `requests` after `warm_up` others.

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
        arrived_s += gaps(
            runs,
            arrival_rate_per_s=arrival_rate_per_s,
            arrival_scv=arrival_scv,
            rng=rng,
        )
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
