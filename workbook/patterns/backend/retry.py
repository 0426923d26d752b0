"""Try again, later and later, at random moments, and not without end.

Full jitter is the wait that AWS's architecture blog recommends (Brooker, "Exponential
Backoff And Jitter", 2015); the budget is Brooker's "Fixing retries with token buckets
and circuit breakers" (2022) with a deposit for each call. In production: stamina or
tenacity around your own calls, and boto3's own retries around AWS's.
"""

import functools
import random
import threading
import time
from collections.abc import Callable

from workbook.patterns.backend.compose import Call, NotAsked

__all__ = ["Retry", "RetryBudget", "full_jitter_s"]


def full_jitter_s(
    attempt: int, rng: random.Random, *, base_s: float = 0.1, cap_s: float = 5.0
) -> float:
    """Seconds to wait after failed attempt number `attempt`, which counts from 1."""
    return rng.uniform(0, min(cap_s, base_s * 2 ** (attempt - 1)))


class RetryBudget:
    """Retries as a share of calls: a call brings `share` of a token, a retry takes 1.

    At most `most` tokens lie in the bucket, which is full at first.
    """

    def __init__(self, share: float = 0.1, *, most: float = 10.0) -> None:
        if not 0 <= share <= 1:
            raise ValueError(f"share={share}: a share lies between 0 and 1")
        if most < 0:
            raise ValueError(f"{most=}: a bucket holds 0 tokens or more")
        self.share, self.most, self.tokens = share, most, most
        self._lock = threading.Lock()

    def new_request(self) -> None:
        """Put a new call's share of a token into the bucket."""
        with self._lock:
            self.tokens = min(self.most, self.tokens + self.share)

    def may_retry(self) -> bool:
        """Take the token for a retry; False if there is no whole one."""
        with self._lock:
            if self.tokens < 1:
                return False
            self.tokens -= 1
            return True


class Retry:
    """Try a call up to `attempts` times, while it fails with an error named in `on`.

    Name in `on` only what is safe to repeat, the gravest first: when the attempts end
    in different errors, the one that stands first in `on` is raised. After "perhaps it
    was charged", "surely not this time" is no comfort. A piece inside that does not let
    the call through (`NotAsked`) ends the attempts. An error that carries
    `retry_after_s` (a provider's Retry-After) is waited for at least that long.
    """

    def __init__(
        self,
        *,
        on: tuple[type[Exception], ...],
        attempts: int = 3,
        budget: RetryBudget | None = None,
        base_s: float = 0.1,
        cap_s: float = 5.0,
        rng: random.Random | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        if attempts < 1:
            raise ValueError(f"attempts={attempts}: the first attempt is number 1")
        self.on, self.attempts, self.budget = on, attempts, budget
        self.base_s, self.cap_s = base_s, cap_s
        self.rng = rng or random.Random()
        self.sleep = sleep or time.sleep  # as it is now, which may be a virtual one

    def __call__(self, call: Call) -> Call:
        """The call with its retries."""

        @functools.wraps(call)
        def tried(*args, **options):
            if self.budget:
                self.budget.new_request()
            errors = []
            for attempt in range(1, self.attempts + 1):
                try:
                    return call(*args, **options)
                except (*self.on, NotAsked) as error:
                    errors.append(error)
                if attempt == self.attempts or not self._goes_on(errors[-1]):
                    break
                self.sleep(self._wait_s(attempt, errors[-1]))
            raise min(errors, key=self._place)

        return tried

    def _place(self, error: Exception) -> int:
        """Where an error stands in `on`; one that does not stand there is least."""
        kinds = [isinstance(error, kind) for kind in self.on]
        return kinds.index(True) if any(kinds) else len(kinds)

    def _goes_on(self, error: Exception) -> bool:
        return isinstance(error, self.on) and self._affordable()

    def _affordable(self) -> bool:
        return self.budget is None or self.budget.may_retry()

    def _wait_s(self, attempt: int, error: Exception) -> float:
        wait_s = full_jitter_s(attempt, self.rng, base_s=self.base_s, cap_s=self.cap_s)
        return max(wait_s, getattr(error, "retry_after_s", None) or 0)
