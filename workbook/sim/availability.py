"""How often a chain of dependencies is up, and what an outage costs.

Components fail independently; each is up a share of the time, its availability. A chain
in *series* is up when all are; *alternatives* are down when all are (Barlow and
Proschan, *Statistical Theory of Reliability*, 1975, chapter 1). A retry helps only if
the second attempt's luck is independent of the first's, as it is for a lost packet and
is not in an outage.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import at_least, count, positive, probability
from workbook.sim.queueing.arrivals import poisson
from workbook.sim.queueing.fifo import fifo_waits

__all__ = [
    "MONTH_S",
    "Outage",
    "Trials",
    "YEAR_S",
    "alternatives",
    "backlog_drain_s",
    "downtime_s",
    "outage",
    "series",
    "trials",
    "with_fallback",
    "with_retries",
]

YEAR_S = 365 * 24 * 3600
MONTH_S = YEAR_S / 12


def series(availabilities: Sequence[float]) -> float:
    """The availability of a chain that needs every one of these."""
    for number, one in enumerate(availabilities):
        probability(**{f"availabilities[{number}]": one})
    return math.prod(availabilities)


def alternatives(availabilities: Sequence[float]) -> float:
    """The availability of a step that any one of these can do."""
    for number, one in enumerate(availabilities):
        probability(**{f"availabilities[{number}]": one})
    return 1 - math.prod(1 - one for one in availabilities)


def with_retries(availability: float, *, retries: int) -> float:
    """A step tried `retries` times more, if each attempt fails independently."""
    probability(availability=availability)
    count(0, retries=retries)
    return 1 - (1 - availability) ** (retries + 1)


def with_fallback(availability: float, fallback: float) -> float:
    """A step with another way to answer, which is itself up `fallback` of the time."""
    return alternatives([availability, fallback])


def downtime_s(availability: float, *, period_s: float = YEAR_S) -> float:
    """Seconds down in a period, a year of 365 days unless another is given."""
    probability(availability=availability)
    positive(period_s=period_s)
    return (1 - availability) * period_s


@dataclass(frozen=True, eq=False, repr=False)
class Trials:
    """Simulated requests; `succeeded` is a boolean array of shape (requests,)."""

    succeeded: np.ndarray

    @property
    def availability(self) -> float:
        """The share of requests that succeeded."""
        return float(self.succeeded.mean())

    @property
    def standard_error(self) -> float:
        """The standard error of that share."""
        share = self.availability
        return math.sqrt(share * (1 - share) / len(self.succeeded))

    def __repr__(self) -> str:
        return f"{len(self.succeeded):,} requests: {self.availability:.4%} succeed"


def trials(
    *,
    availabilities: Sequence[float],
    requests: int,
    seed: int,
    retries: int = 0,
    fallback: float = 0.0,
    queued: Sequence[int] = (),
) -> Trials:
    """Requests through a chain of dependencies, each up or down at random each time.

    A step that fails is tried `retries` times more, then its fallback is asked, which
    is up a `fallback` of the time. Steps whose index is in `queued` are done later: the
    request does not wait for them, and so does not fail with them.
    """
    series(availabilities)
    count(requests=requests)
    count(0, retries=retries)
    probability(fallback=fallback)
    steps = range(len(availabilities))
    unknown = sorted(set(queued) - set(steps))
    if unknown:
        raise ValueError(f"queued={list(queued)}: there is no step {unknown[0]}")
    rng = np.random.default_rng(seed)
    up = np.ones(requests, bool)
    for step in steps:
        if step in queued:
            continue
        worked = (rng.random((requests, retries + 1)) < availabilities[step]).any(
            axis=1
        )
        up &= worked | (rng.random(requests) < fallback)
    return Trials(up)


@dataclass(frozen=True, eq=False, repr=False)
class Outage:
    """Orders through an outage of a dependency, with and without a queue before it.

    Arrays of shape (orders,), in order of arrival: `arrival_s`; `answered`, whether a
    synchronous call would have succeeded; and behind a queue `start_s`, when the work
    on the order begins, and `done_s`, when it is finished, whenever that is.
    """

    arrival_s: np.ndarray
    answered: np.ndarray
    start_s: np.ndarray
    done_s: np.ndarray
    outage_start_s: float
    outage_s: float

    @property
    def lost(self) -> int:
        """Orders that the synchronous chain loses."""
        return int(np.count_nonzero(~self.answered))

    @property
    def drained_s(self) -> float:
        """When the backlog is done: all orders before the first that need not wait.

        The end of the outage if nothing had to wait; the last order of all if the
        queue has not emptied by then.
        """
        end_s = self.outage_start_s + self.outage_s
        at_once = self.start_s <= self.arrival_s + 1e-6
        first = np.flatnonzero((self.arrival_s >= end_s) & at_once)
        backlog = self.done_s[: first[0]] if len(first) else self.done_s
        return float(backlog.max(initial=end_s))

    def waiting_at(self, times_s: np.ndarray) -> np.ndarray:
        """Orders accepted and not yet finished at each of `times_s`."""
        arrived = np.searchsorted(self.arrival_s, times_s, side="right")
        return arrived - np.searchsorted(np.sort(self.done_s), times_s, side="right")

    def lost_by(self, times_s: np.ndarray) -> np.ndarray:
        """Orders that the synchronous chain has lost by each of `times_s`."""
        lost_s = self.arrival_s[~self.answered]
        return np.searchsorted(lost_s, times_s, side="right")

    def __repr__(self) -> str:
        end_s = self.outage_start_s + self.outage_s
        return (
            f"{len(self.arrival_s):,} orders: {self.lost:,} lost without a queue, "
            f"none with one, drained {self.drained_s - end_s:,.0f} s after the outage"
        )


def outage(
    *,
    order_rate_per_s: float,
    service_s: float,
    outage_start_s: float,
    outage_s: float,
    duration_s: float,
    seed: int,
    workers: int = 1,
) -> Outage:
    """Replay an outage: orders come at random, the dependency stands still meanwhile.

    Behind the queue `workers` take orders in turn, `service_s` each, and rest while the
    dependency is down: work that an outage interrupts goes on after it.
    """
    positive(
        order_rate_per_s=order_rate_per_s, service_s=service_s, duration_s=duration_s
    )
    at_least(0, outage_start_s=outage_start_s, outage_s=outage_s)
    count(workers=workers)
    arrival_s = poisson(rate_per_s=order_rate_per_s, duration_s=duration_s, seed=seed)
    end_s = outage_start_s + outage_s
    up = (arrival_s < outage_start_s) | (arrival_s >= end_s)
    # On a clock that stands still during the outage, the queue is an ordinary one.
    worked_s = np.where(
        arrival_s < end_s,
        np.minimum(arrival_s, outage_start_s),
        arrival_s - outage_s,
    )
    service = np.full(len(arrival_s), service_s)
    begun_s = worked_s + fifo_waits(worked_s, service, servers=workers)
    ended_s = begun_s + service
    start_s = np.where(begun_s >= outage_start_s, begun_s + outage_s, begun_s)
    done_s = np.where(ended_s > outage_start_s, ended_s + outage_s, ended_s)
    return Outage(arrival_s, up, start_s, done_s, outage_start_s, outage_s)


def backlog_drain_s(
    *, outage_s: float, arrival_rate_per_s: float, service_rate_per_s: float
) -> float:
    """How long the backlog of an outage takes to drain, on average, in seconds.

    The outage leaves λ·L orders; they shrink by μ − λ a second: λ·L / (μ − λ), where
    `service_rate_per_s` μ is that of all workers together.
    """
    at_least(0, outage_s=outage_s, arrival_rate_per_s=arrival_rate_per_s)
    positive(service_rate_per_s=service_rate_per_s)
    if arrival_rate_per_s >= service_rate_per_s:
        raise ValueError(
            f"arrival_rate_per_s={arrival_rate_per_s:g} is not below "
            f"service_rate_per_s={service_rate_per_s:g}: the backlog never drains"
        )
    return arrival_rate_per_s * outage_s / (service_rate_per_s - arrival_rate_per_s)
