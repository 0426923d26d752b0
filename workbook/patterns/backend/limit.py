"""Ask no faster than agreed: the token bucket.

Tokens drip into a bucket of limited size, and each call takes one; in any window of
t seconds at most rate × t + burst calls are made. API Gateway and most payment
providers throttle so. In production: a library such as limits or aiolimiter, with its
tokens in a shared store as soon as there are several processes.
"""

import functools
import threading
import time
from collections.abc import Callable

from workbook.patterns.backend.compose import Call, NotAsked

__all__ = ["RateLimit", "TokenBucket", "TooFast"]


class TooFast(NotAsked):
    """The call would have exceeded the agreed rate."""


class TokenBucket:
    """`burst` tokens at most, full at first, and `rate_per_s` new ones a second."""

    def __init__(
        self,
        rate_per_s: float,
        burst: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if rate_per_s <= 0 or burst < 1:
            raise ValueError(f"{rate_per_s=}, {burst=}: > 0, 1 or more")
        self.rate_per_s, self.burst, self.clock = rate_per_s, burst, clock
        self.tokens, self.filled_s = float(burst), clock()
        self._lock = threading.Lock()

    def take(self) -> float:
        """Take a token: 0.0, or the seconds until there will be one, taking none."""
        with self._lock:
            now_s = self.clock()
            passed_s = max(0.0, now_s - self.filled_s)
            self.tokens = min(self.burst, self.tokens + passed_s * self.rate_per_s)
            self.filled_s = max(now_s, self.filled_s)
            if self.tokens < 1:
                return (1 - self.tokens) / self.rate_per_s
            self.tokens -= 1
            return 0.0


class RateLimit:
    """Make a call only if the bucket has a token for it, else raise `TooFast`."""

    def __init__(self, bucket: TokenBucket) -> None:
        self.bucket = bucket

    def __call__(self, call: Call) -> Call:
        """The call at the bucket's rate."""

        @functools.wraps(call)
        def limited(*args, **options):
            wait_s = self.bucket.take()
            if wait_s:
                raise TooFast(f"the next token comes in {wait_s:.3g} s", wait_s)
            return call(*args, **options)

        return limited
