"""One server, first come first served.

Lindley's recursion (Lindley, "The theory of queues with a single server", 1952),
wait[n] = max(0, wait[n-1] + service[n-1] - gap[n]), is a running sum minus its running
minimum. That works on whole arrays, in blocks small enough for the processor's cache.
"""

import numpy as np

from workbook.sim.checks import count, positive
from workbook.sim.queueing.results import Requests
from workbook.sim.queueing.services import gaps, service_times

__all__ = ["one_server_waits", "single_server"]

_BLOCK = 16_384  # elements: a handful of such arrays fit the second-level cache


def single_server(
    *,
    arrival_rate_per_s: float,
    service_s: float,
    requests: int,
    seed: int,
    service_scv: float = 1.0,
    arrival_scv: float = 1.0,
) -> Requests:
    """G/G/1: independent gaps and services, one server, an empty system at the start.

    `service_scv` and `arrival_scv` are the squared coefficients of variation of service
    times and of the gaps between arrivals (see `service_times`): 1 and 1 make it M/M/1.
    A queue that is offered more than it can serve is simulated all the same: its waits
    grow with the number of requests.
    """
    positive(arrival_rate_per_s=arrival_rate_per_s, service_s=service_s)
    count(requests=requests)
    rng = np.random.default_rng(seed)
    result = Requests(*(np.empty(requests) for _ in range(3)))
    last = _Last()
    for part in _blocks(requests):
        size = part.stop - part.start
        gaps_s = gaps(
            size,
            arrival_rate_per_s=arrival_rate_per_s,
            arrival_scv=arrival_scv,
            rng=rng,
        )
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


def one_server_waits(arrival_s: np.ndarray, service_s: np.ndarray) -> np.ndarray:
    """The wait of each request at one server, for given arrivals and service times."""
    waits_s = np.empty(len(arrival_s))
    last = _Last()
    for part in _blocks(len(arrival_s)):
        arrived_s = arrival_s[part]
        before_s = last.arrival_s if part.start else arrived_s[0]
        gaps_s = np.diff(arrived_s, prepend=before_s)
        _lindley(gaps_s, service_s[part], last, out=waits_s[part])
        last.arrival_s = arrived_s[-1]
    return waits_s


def _blocks(requests: int) -> list[slice]:
    starts = range(0, requests, _BLOCK)
    return [slice(start, min(start + _BLOCK, requests)) for start in starts]


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
