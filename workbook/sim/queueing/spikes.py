"""A spike met twice: turned away when called synchronously, queued when not."""

from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import count
from workbook.sim.queueing.arrivals import spike
from workbook.sim.queueing.fifo import fifo_waits
from workbook.sim.queueing.loss import accepted
from workbook.sim.queueing.results import Losses, Requests
from workbook.sim.queueing.services import service_times

__all__ = ["Spike", "through_spike"]


@dataclass(frozen=True, eq=False, repr=False)
class Spike:
    """The same requests with the same service times, met in two ways.

    `synchronous` turns away whatever finds every server busy, `asynchronous` lets it
    wait. `spike_end_s` counts from the start of the run.
    """

    synchronous: Losses
    asynchronous: Requests
    spike_end_s: float

    def __len__(self) -> int:
        return len(self.asynchronous)

    @property
    def deepest_queue(self) -> int:
        """The most requests that ever waited."""
        if not len(self):
            return 0
        return int(self.asynchronous.waiting_at(self.asynchronous.arrival_s).max())

    @property
    def drained_s(self) -> float:
        """When nobody waits any more, at the end of the spike or after it, in seconds.

        If the run is over before, when the last of its requests begins.
        """
        arrival_s, wait_s = self.asynchronous.arrival_s, self.asynchronous.wait_s
        before = np.count_nonzero(arrival_s < self.spike_end_s)
        at_once = np.flatnonzero(wait_s[before:] == 0)
        first = before + (at_once[0] if len(at_once) else len(arrival_s) - before)
        if first == 0:
            return self.spike_end_s
        return max(self.spike_end_s, float(arrival_s[first - 1] + wait_s[first - 1]))

    def percentile(self, q: float) -> float:
        """The response time that `q` per cent of the queued requests do not exceed."""
        return self.asynchronous.percentile(q)

    def __repr__(self) -> str:
        return (
            f"{len(self):,} requests: synchronously {self.synchronous.rejected:,} "
            f"turned away; asynchronously none, {self.deepest_queue:,} waiting at "
            f"most, drained {self.drained_s - self.spike_end_s:,.1f} s after the spike"
        )


def through_spike(
    *,
    base_per_s: float,
    peak_per_s: float,
    spike_start_s: float,
    spike_s: float,
    duration_s: float,
    service_s: float,
    servers: int,
    seed: int,
    service_scv: float = 0.0,
) -> Spike:
    """Send one spike (see `spike`) to `servers` servers without a queue and with one.

    Assumes that nobody who is turned away comes again, and that the queue has no bound.
    Constant service times, the default, are solved on whole arrays, variable ones in
    part by a loop: they take several times as long.
    """
    count(servers=servers)
    arrival_s = spike(
        base_per_s=base_per_s,
        peak_per_s=peak_per_s,
        spike_start_s=spike_start_s,
        spike_s=spike_s,
        duration_s=duration_s,
        seed=seed,
    )
    served_s = service_times(
        len(arrival_s),
        service_s=service_s,
        service_scv=service_scv,
        rng=np.random.default_rng([seed, 1]),  # not the stream of the arrivals,
    )
    taken = accepted(arrival_s, served_s, servers=servers)
    waits_s = fifo_waits(arrival_s, served_s, servers=servers)
    return Spike(
        Losses(arrival_s, served_s, taken),
        Requests(arrival_s, waits_s, served_s),
        spike_start_s + spike_s,
    )
