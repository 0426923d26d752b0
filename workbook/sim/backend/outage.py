"""Calls to a provider that is away for a while, by clients of growing caution.

Calls come as a Poisson process. The first provider answers after an exponential time,
except in the outage, when it hangs: no answer ever comes to what is asked then. A
second provider, slower, is always there. What a client does about it is a `Client`; its
breaker and its retry budget are those of `workbook.patterns.backend`.
"""

import random
from dataclasses import dataclass

import numpy as np

from workbook.sim.backend.calls import Call, Client, World
from workbook.sim.checks import at_least, positive, probability

__all__ = ["OutageRun", "through_outage"]


@dataclass(frozen=True, eq=False, repr=False)
class OutageRun:
    """Arrays of shape (calls,): when each came and ended, and what it took.

    `requests` counts those to both providers, `in_outage` says whether the call came
    while the first one hung. `changes` are the breaker's states as (seconds, state).
    """

    arrival_s: np.ndarray
    latency_s: np.ndarray
    succeeded: np.ndarray
    requests: np.ndarray
    in_outage: np.ndarray
    changes: tuple[tuple[float, str], ...]

    def success(self, *, in_outage: bool = True) -> float:
        """The share of calls that succeed, of those in the outage or of the others."""
        return float(self.succeeded[self.in_outage == in_outage].mean())

    def percentile_s(self, percent: float, *, in_outage: bool = True) -> float:
        """The latency that so many percent of the calls do not exceed, in seconds."""
        return float(
            np.percentile(self.latency_s[self.in_outage == in_outage], percent)
        )

    @property
    def extra_load(self) -> float:
        """Requests beyond one for each call, as a share of calls."""
        return float(self.requests.mean() - 1)

    def __repr__(self) -> str:
        return (
            f"{len(self.arrival_s):,} calls: in the outage {self.success():.1%} "
            f"succeed and half take {self.percentile_s(50):.2f} s or less; "
            f"{self.extra_load:+.1%} requests"
        )


def through_outage(
    client: Client,
    *,
    rate_per_s: float = 20.0,
    length_s: float = 120.0,
    outage_from_s: float = 40.0,
    outage_s: float = 40.0,
    mean_s: float = 0.08,
    second_mean_s: float = 0.15,
    failure: float = 0.0,
    seed: int = 0,
) -> OutageRun:
    """A day in small: calls for `length_s` seconds, an outage in the middle.

    Outside the outage each request to the first provider fails with probability
    `failure`, after its usual time. Times in seconds.
    """
    positive(rate_per_s=rate_per_s, length_s=length_s, mean_s=mean_s)
    positive(second_mean_s=second_mean_s)
    at_least(0, outage_from_s=outage_from_s, outage_s=outage_s)
    probability(failure=failure)
    rng = np.random.default_rng(seed)
    number = rng.poisson(rate_per_s * length_s)
    arrivals_s = np.sort(rng.uniform(0, length_s, number))
    world = World(client, random.Random(seed), outage_from_s, outage_from_s + outage_s)
    world.first_rate, world.second_rate = 1 / mean_s, 1 / second_mean_s
    world.failure = failure
    calls = [Call(world, arrival_s) for arrival_s in arrivals_s.tolist()]
    world.run(calls)
    inside = (arrivals_s >= world.from_s) & (arrivals_s < world.until_s)
    return OutageRun(
        arrivals_s,
        np.array([call.ended_s for call in calls]) - arrivals_s,
        np.array([call.succeeded for call in calls], bool),
        np.array([call.requests for call in calls]),
        inside,
        tuple(world.changes),
    )
