"""A retry storm: a queue that stays full after whatever filled it has gone.

Requests come at random to a server that answers `capacity_per_s` of them, first come
first served. A client gives up after `timeout_s` and sends the request again; the
server does not know, and still does the work. So once the queue is longer than the
timeout, all the work is wasted and every request comes 1 + `retries` times. If that is
more than the server can do, the queue never shrinks: the state outlives its trigger
(Bronson, Aghayev, Charapko and Zhu, "Metastable Failures in Distributed Systems",
HotOS 2021). Below that load it recovers.

Events, not clock ticks: first tries and retries are both in order of time, so two
queues merged are enough.
"""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import at_least, count, positive
from workbook.sim.retry.tokens import Budget, as_budget

__all__ = ["Storm", "metastable_from", "retry_storm"]


@dataclass(frozen=True, eq=False, repr=False)
class Storm:
    """Arrays, one element an attempt, in the order in which they were sent.

    `sent_s` is when it reached the server, `answered_s` when the answer came (nan if
    the server dropped it), `tries` counts from 1, `in_time` says whether the client
    was still there. `duration_s` is how long new requests came.
    """

    sent_s: np.ndarray
    answered_s: np.ndarray
    tries: np.ndarray
    in_time: np.ndarray
    duration_s: float
    arrival_rate_per_s: float

    def offered_per_s(self, *, window_s: float = 1.0) -> np.ndarray:
        """Attempts a second in each window, shape (duration / window,)."""
        return self._rate(self.sent_s, window_s)

    def goodput_per_s(self, *, window_s: float = 1.0) -> np.ndarray:
        """Answers in time a second in each window, shape (duration / window,)."""
        return self._rate(self.answered_s[self.in_time], window_s)

    def _rate(self, times_s: np.ndarray, window_s: float) -> np.ndarray:
        windows = max(1, round(self.duration_s / window_s))
        edges_s = np.arange(windows + 1) * window_s
        return np.histogram(times_s, edges_s)[0] / window_s

    @property
    def recovered(self) -> bool:
        """Whether, over the last tenth, nine in ten new requests were answered."""
        last_s = self.duration_s / 10
        late = self.answered_s[self.in_time] >= self.duration_s - last_s
        within = self.answered_s[self.in_time] < self.duration_s
        answered_per_s = np.count_nonzero(late & within) / last_s
        return bool(answered_per_s >= 0.9 * self.arrival_rate_per_s)

    def __repr__(self) -> str:
        said = "recovered" if self.recovered else "did not recover"
        return (
            f"{len(self.sent_s):,} attempts in {self.duration_s:g} s at "
            f"{self.arrival_rate_per_s:g} new requests a second: {said}"
        )


def metastable_from(*, capacity_per_s: float, retries: int) -> float:
    """The arrival rate from which a storm never ends: capacity / (1 + retries)."""
    positive(capacity_per_s=capacity_per_s)
    count(0, retries=retries)
    return capacity_per_s / (1 + retries)


def retry_storm(
    *,
    arrival_rate_per_s: float,
    capacity_per_s: float,
    seed: int,
    timeout_s: float = 1.0,
    retries: int = 1,
    outage_start_s: float = 10.0,
    outage_s: float = 10.0,
    duration_s: float = 120.0,
    budget: Budget | float | None = None,
    drop_expired: bool = False,
) -> Storm:
    """Requests for `duration_s`, with the server standing still during the outage.

    `budget` limits retries to that share of new requests: each brings `budget` tokens,
    to at most ten, and a retry takes one (None: no limit); or it is an object of one's
    own with `new_request()` and `may_retry()`. `drop_expired` lets the server throw
    away at once what it cannot finish before the client gives up. (Throwing away only
    what has timed out already is not enough with many retries: the next in the queue is
    then about to time out as well, and is answered just too late.)
    """
    positive(
        arrival_rate_per_s=arrival_rate_per_s, capacity_per_s=capacity_per_s,
        timeout_s=timeout_s, duration_s=duration_s,
    )  # fmt: skip
    count(0, retries=retries)
    at_least(0, outage_start_s=outage_start_s, outage_s=outage_s)
    budget = as_budget(budget)
    rng = np.random.default_rng(seed)
    fresh_s = np.sort(rng.random(rng.poisson(arrival_rate_per_s * duration_s)))
    fresh_s *= duration_s
    server = _Server(
        1 / capacity_per_s,
        outage_start_s,
        outage_start_s + outage_s,
        timeout_s if drop_expired else math.inf,
    )
    sent, answered, tries = _attempts(
        fresh_s.tolist(), server, timeout_s, retries, budget, duration_s
    )
    sent_s, answered_s = np.array(sent, float), np.array(answered, float)
    in_time = answered_s <= sent_s + timeout_s
    return Storm(
        sent_s, answered_s, np.array(tries, int), in_time, duration_s,
        arrival_rate_per_s,
    )  # fmt: skip


def _attempts(
    fresh_s: list[float],
    server: "_Server",
    timeout_s: float,
    retries: int,
    budget: Budget,
    duration_s: float,
) -> tuple[list[float], list[float], list[int]]:
    """Every attempt sent within the duration: when sent, when answered, which try."""
    waiting: deque[tuple[float, int]] = deque()  # retries to come: when, which try
    sent, answered, tries = [], [], []

    def send(now_s: float, number: int) -> None:
        done_s = server.answers(now_s)
        sent.append(now_s)
        answered.append(done_s)
        tries.append(number)
        if number <= retries and not done_s <= now_s + timeout_s:
            waiting.append((now_s + timeout_s, number + 1))

    for new_s in [*fresh_s, duration_s]:
        while waiting and waiting[0][0] < new_s:
            retry_s, number = waiting.popleft()
            if budget.may_retry():
                send(retry_s, number)
        if new_s < duration_s:
            budget.new_request()
            send(new_s, 1)
    return sent, answered, tries


@dataclass
class _Server:
    """One server, first come first served, that stands still during an outage."""

    work_s: float
    outage_start_s: float
    outage_end_s: float
    gives_up_after_s: float  # infinity: it works on what nobody waits for any more
    free_s: float = 0.0

    def answers(self, sent_s: float) -> float:
        """When the attempt sent now will be answered; nan if it is dropped."""
        start_s = self.free_s if self.free_s > sent_s else sent_s
        if self.outage_start_s <= start_s < self.outage_end_s:
            start_s = self.outage_end_s
        done_s = start_s + self.work_s
        if done_s > sent_s + self.gives_up_after_s:
            return math.nan
        if start_s < self.outage_start_s < done_s:
            done_s += self.outage_end_s - self.outage_start_s
        self.free_s = done_s
        return done_s
