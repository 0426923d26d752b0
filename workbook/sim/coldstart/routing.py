"""Which idle environment takes the next request: four rules, each a small pool.

AWS documents no rule. The one that a platform uses decides how many environments stay
warm, so a simulation says which it assumes.

An idle environment is a tuple (idle since, created, number of its last request), in
seconds. Environments come back in order of time. One that has been idle for the timeout
is gone: each pool drops it when it meets it.
"""

import heapq
from collections import deque

import numpy as np

__all__ = ["POLICIES", "pool_for"]

Idle = tuple[float, float, int]


class MostRecentFirst:
    """The one that was used last: the old ones are left to expire."""

    def __init__(self, idle_timeout_s: float, rng: np.random.Generator) -> None:
        self.timeout_s, self.idle = idle_timeout_s, []

    def put(self, environment: Idle) -> None:
        self.idle.append(environment)

    def take(self, now_s: float) -> Idle | None:
        if self.idle and now_s - self.idle[-1][0] < self.timeout_s:
            return self.idle.pop()
        self.idle.clear()  # the others have been idle for longer
        return None


class LongestIdleFirst:
    """The one that has been idle for longest: each is used now and then."""

    def __init__(self, idle_timeout_s: float, rng: np.random.Generator) -> None:
        self.timeout_s, self.idle = idle_timeout_s, deque()

    def put(self, environment: Idle) -> None:
        self.idle.append(environment)

    def take(self, now_s: float) -> Idle | None:
        while self.idle:
            environment = self.idle.popleft()
            if now_s - environment[0] < self.timeout_s:
                return environment
        return None


class NewestFirst:
    """The one that was created last, as the simulator SimFaaS has it."""

    def __init__(self, idle_timeout_s: float, rng: np.random.Generator) -> None:
        self.timeout_s, self.idle = idle_timeout_s, []

    def put(self, environment: Idle) -> None:
        heapq.heappush(self.idle, (-environment[1], environment))

    def take(self, now_s: float) -> Idle | None:
        while self.idle:
            environment = heapq.heappop(self.idle)[1]
            if now_s - environment[0] < self.timeout_s:
                return environment
        return None


class AnyOne:
    """Any of them, each as likely."""

    def __init__(self, idle_timeout_s: float, rng: np.random.Generator) -> None:
        self.timeout_s, self.idle, self.random = idle_timeout_s, [], rng.random

    def put(self, environment: Idle) -> None:
        self.idle.append(environment)

    def take(self, now_s: float) -> Idle | None:
        while self.idle:
            place = int(self.random() * len(self.idle))
            environment, self.idle[place] = self.idle[place], self.idle[-1]
            self.idle.pop()
            if now_s - environment[0] < self.timeout_s:
                return environment
        return None


_POOLS = {
    "most recent first": MostRecentFirst,
    "newest created first": NewestFirst,
    "random": AnyOne,
    "longest idle first": LongestIdleFirst,
}
POLICIES = tuple(_POOLS)


def pool_for(policy: str, idle_timeout_s: float, rng: np.random.Generator):
    """An empty pool with that rule; refuses a rule that is not in `POLICIES`."""
    if policy not in _POOLS:
        raise ValueError(f"policy={policy!r}: use one of {', '.join(POLICIES)}")
    return _POOLS[policy](idle_timeout_s, rng)
