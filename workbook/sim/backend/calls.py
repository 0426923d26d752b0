"""A call on its way through a client's pieces, and the clock that all calls share.

The breaker and the retry budget are those of `workbook.patterns.backend`.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass

from workbook.patterns.backend import (
    BreakerOpen,
    CircuitBreaker,
    RetryBudget,
    full_jitter_s,
)
from workbook.sim.checks import at_least, count, positive

__all__ = ["Call", "Client", "World"]


@dataclass(frozen=True)
class Client:
    """The pieces of a client; None or False is a piece that it does without.

    `patience_s` ends every call; `timeout_s` ends one request. `retries` follow a
    failed request after full jitter, as far as `budget`, a share of calls, allows.
    The breaker opens after `threshold` failures in a row, for `open_s` seconds.
    `hedge_after_s` sends a second request to the same provider.
    """

    timeout_s: float | None = None
    retries: int = 0
    budget: float | None = None
    threshold: int | None = None
    open_s: float = 3.0
    failover: bool = False
    hedge_after_s: float | None = None
    patience_s: float = 10.0

    def __post_init__(self) -> None:
        positive(patience_s=self.patience_s, open_s=self.open_s)
        count(0, retries=self.retries)
        if self.timeout_s is not None:
            positive(timeout_s=self.timeout_s)
        if self.threshold is not None:
            count(threshold=self.threshold)
        if self.hedge_after_s is not None:
            at_least(0, hedge_after_s=self.hedge_after_s)


class World:
    """The clock of a simulation, what is due on it, and what all calls share."""

    first_rate = second_rate = failure = 0.0

    def __init__(
        self, client: Client, rng: random.Random, from_s: float, until_s: float
    ):
        self.client, self.rng = client, rng
        self.from_s, self.until_s = from_s, until_s
        self.now_s = 0.0
        self.changes: list[tuple[float, str]] = []
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self.budget = None if client.budget is None else RetryBudget(client.budget)
        self.breaker = None
        if client.threshold is not None:
            self.breaker = CircuitBreaker(
                threshold=client.threshold,
                open_s=client.open_s,
                clock=lambda: self.now_s,
                listener=lambda state, at_s: self.changes.append((at_s, state)),
            )

    def at(self, when_s: float, what: Callable[[], None]) -> None:
        """Let `what()` happen at a moment."""
        heapq.heappush(self._due, (when_s, next(self._numbers), what))

    def run(self, calls: list["Call"]) -> None:
        """Let everything happen, in order."""
        for call in calls:
            self.at(call.arrival_s, call.begin)
        while self._due:
            self.now_s, _, what = heapq.heappop(self._due)
            what()

    def answer_s(self) -> float:
        """How long the first provider takes for what is asked now."""
        if self.from_s <= self.now_s < self.until_s:
            return float("inf")
        return self.rng.expovariate(self.first_rate)


class Call:
    """One call on its way through the client's pieces."""

    def __init__(self, world: World, arrival_s: float) -> None:
        self.world, self.arrival_s = world, arrival_s
        self.over_s = arrival_s + world.client.patience_s
        self.attempt = self.requests = 0
        self.succeeded, self.ended_s = False, 0.0

    def begin(self) -> None:
        """The buyer presses the button."""
        if self.world.budget:
            self.world.budget.new_request()
        self.ask()

    def ask(self) -> None:
        """A request to the first provider, if the breaker lets it."""
        world, client = self.world, self.world.client
        try:
            if world.breaker:
                world.breaker.admit()
        except BreakerOpen:
            return self.elsewhere()
        self.attempt += 1
        self.requests += 1
        answer_s = world.answer_s()
        answer_s = self._hedged(answer_s)
        waits_s = client.timeout_s or client.patience_s
        waits_s = min(waits_s, self.over_s - world.now_s)
        fails = answer_s > waits_s or world.rng.random() < world.failure
        after_s = min(answer_s, waits_s)
        world.at(world.now_s + after_s, self.failed if fails else self.answered)

    def _hedged(self, answer_s: float) -> float:
        after_s = self.world.client.hedge_after_s
        if after_s is None or answer_s <= after_s:
            return answer_s
        self.requests += 1
        now_s, self.world.now_s = self.world.now_s, self.world.now_s + after_s
        second_s = after_s + self.world.answer_s()
        self.world.now_s = now_s
        return min(answer_s, second_s)

    def answered(self) -> None:
        """The first provider has answered."""
        if self.world.breaker:
            self.world.breaker.succeeded()
        self.end(True)

    def failed(self) -> None:
        """It has not, or has with an error."""
        world, client = self.world, self.world.client
        if world.breaker:
            world.breaker.failed()
        wait_s = full_jitter_s(self.attempt, world.rng)
        again = self.attempt <= client.retries and world.now_s + wait_s < self.over_s
        if again and (world.budget is None or world.budget.may_retry()):
            world.at(world.now_s + wait_s, self.ask)
        else:
            self.elsewhere()

    def elsewhere(self) -> None:
        """To the second provider, if the client has one and the buyer still waits."""
        world = self.world
        if not world.client.failover or world.now_s >= self.over_s:
            return self.end(False)
        self.requests += 1
        answer_s = world.rng.expovariate(world.second_rate)
        in_time = world.now_s + answer_s <= self.over_s
        after_s = min(answer_s, self.over_s - world.now_s)
        world.at(world.now_s + after_s, lambda: self.end(in_time))

    def end(self, succeeded: bool) -> None:
        """The buyer has an answer, or gives up."""
        self.succeeded, self.ended_s = succeeded, self.world.now_s
