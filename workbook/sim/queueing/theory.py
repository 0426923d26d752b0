"""Closed forms of queueing theory, for the curves under the simulated points.

Sources: Kleinrock, *Queueing Systems* I (1975), chapters 3 and 5; Erlang's formulas by
the recursion in Cooper, *Introduction to Queueing Theory* (1981). `offered_load` is
arrival rate times mean service time, in servers' worth of work (erlang).
"""

import math

from workbook.sim.checks import at_least, between, count, positive

__all__ = [
    "erlang_b",
    "erlang_c",
    "fluid_backlog",
    "fluid_drain_s",
    "gm1_wait",
    "mm1_response_percentile",
    "mm1_wait",
    "mmc_response_percentile",
    "mmc_wait",
    "pollaczek_khinchine_wait",
    "servers_for_loss",
]


def erlang_b(*, servers: int, offered_load: float) -> float:
    """The share turned away by `servers` servers without a queue (M/G/c/c)."""
    count(0, servers=servers)
    at_least(0, offered_load=offered_load)
    lost = 1.0
    for number in range(1, servers + 1):
        lost = offered_load * lost / (number + offered_load * lost)
    return lost


def servers_for_loss(*, offered_load: float, lost_share: float) -> int:
    """The fewest servers that turn away at most `lost_share` of the requests."""
    at_least(0, offered_load=offered_load)
    positive(lost_share=lost_share)
    between(0, 1, lost_share=lost_share)
    lost, servers = 1.0, 0
    while lost > lost_share:
        servers += 1
        lost = offered_load * lost / (servers + offered_load * lost)
    return servers


def erlang_c(*, servers: int, offered_load: float) -> float:
    """The share that has to wait for one of `servers` servers (M/M/c)."""
    _stable(servers, offered_load)
    lost = erlang_b(servers=servers, offered_load=offered_load)
    utilisation = offered_load / servers
    return lost / (1 - utilisation * (1 - lost))


def mm1_wait(*, arrival_rate_per_s: float, service_s: float) -> float:
    """The mean wait in seconds in M/M/1."""
    return mmc_wait(
        arrival_rate_per_s=arrival_rate_per_s, service_s=service_s, servers=1
    )


def mm1_response_percentile(
    q: float, *, arrival_rate_per_s: float, service_s: float
) -> float:
    """The `q`-th percentile of the response time in M/M/1: it is exponential."""
    between(0, 99.999999, q=q)
    load = _load(arrival_rate_per_s, service_s)
    _stable(1, load)
    return -math.log(1 - q / 100) * service_s / (1 - load)


def mmc_wait(*, arrival_rate_per_s: float, service_s: float, servers: int) -> float:
    """The mean wait in seconds in M/M/c."""
    load = _load(arrival_rate_per_s, service_s)
    waiting = erlang_c(servers=servers, offered_load=load)
    return waiting * service_s / (servers - load)


def mmc_response_percentile(
    q: float, *, arrival_rate_per_s: float, service_s: float, servers: int
) -> float:
    """The `q`-th percentile of the response time in M/M/c, in seconds."""
    between(0, 99.999999, q=q)
    load = _load(arrival_rate_per_s, service_s)
    waiting = erlang_c(servers=servers, offered_load=load)
    low, high = 0.0, service_s
    while _exceeds(high / service_s, waiting, servers - load) > 1 - q / 100:
        high *= 2
    for _ in range(100):  # halving a hundred times is more than a float can tell
        middle = (low + high) / 2
        if _exceeds(middle / service_s, waiting, servers - load) > 1 - q / 100:
            low = middle
        else:
            high = middle
    return high


def _exceeds(t: float, waiting: float, spare: float) -> float:
    """P(response > t services): an exponential service, after a wait with P(waiting).

    The wait of those who wait is exponential with the rate of the `spare` servers.
    """
    if math.isclose(spare, 1):
        return math.exp(-t) * (1 + waiting * t)
    extra = (math.exp(-t) - math.exp(-spare * t)) / (spare - 1)
    return math.exp(-t) + waiting * extra


def pollaczek_khinchine_wait(
    *, arrival_rate_per_s: float, service_s: float, service_scv: float
) -> float:
    """The mean wait in seconds in M/G/1: Pollaczek (1930), Khinchine (1932)."""
    at_least(0, service_scv=service_scv)
    load = _load(arrival_rate_per_s, service_s)
    _stable(1, load)
    return load * service_s * (1 + service_scv) / (2 * (1 - load))


def gm1_wait(
    *, arrival_rate_per_s: float, service_s: float, arrival_scv: float
) -> float:
    """The mean wait in seconds in G/M/1, for gamma gaps: Kleinrock I, chapter 6.

    An arrival finds the server busy with probability x, the root below 1 of
    x = E[exp(-(1 - x) · gap / `service_s`)]; the mean wait is service · x / (1 - x).
    """
    at_least(0, arrival_scv=arrival_scv)
    load = _load(arrival_rate_per_s, service_s)
    _stable(1, load)
    low, high = 0.0, 1.0
    for _ in range(100):  # as above
        middle = (low + high) / 2
        if _laplace((1 - middle) / load, arrival_scv) > middle:
            low = middle
        else:
            high = middle
    return service_s * low / (1 - low)


def _laplace(s: float, scv: float) -> float:
    """E[exp(-s · gap)] of a gamma distributed gap with mean 1."""
    return math.exp(-s) if scv == 0 else (1 + s * scv) ** (-1 / scv)


def fluid_backlog(
    *, peak_per_s: float, spike_s: float, service_s: float, servers: int
) -> float:
    """Requests waiting at the end of a spike: what comes less what is served.

    Arrivals and services flow as water would: (peak - servers / service) · spike, never
    below 0. The servers idle before the spike are left out: so it is for long spikes.
    """
    at_least(0, peak_per_s=peak_per_s, spike_s=spike_s)
    positive(service_s=service_s)
    count(servers=servers)
    return max(0.0, peak_per_s - servers / service_s) * spike_s


def fluid_drain_s(
    *, backlog: float, arrival_rate_per_s: float, service_s: float, servers: int
) -> float:
    """Seconds until `backlog` requests are gone while others arrive."""
    at_least(0, backlog=backlog, arrival_rate_per_s=arrival_rate_per_s)
    positive(service_s=service_s)
    _stable(servers, arrival_rate_per_s * service_s)
    return backlog / (servers / service_s - arrival_rate_per_s)


def _load(arrival_rate_per_s: float, service_s: float) -> float:
    positive(arrival_rate_per_s=arrival_rate_per_s, service_s=service_s)
    return arrival_rate_per_s * service_s


def _stable(servers: int, offered_load: float) -> None:
    count(servers=servers)
    at_least(0, offered_load=offered_load)
    if offered_load >= servers:
        raise ValueError(
            f"offered_load={offered_load:g} is not below servers={servers}: the queue "
            "grows for ever and has no steady state; add servers"
        )
