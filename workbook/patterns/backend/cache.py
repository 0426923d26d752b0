"""Remember an answer for a while, and longer while nobody can give a new one.

What HTTP calls `stale-if-error` (RFC 5861, section 4). For reading alone: an answer to
"charge this card" must not come from a cache. In production: cachetools' `TTLCache`, a
CDN, DynamoDB or ElastiCache in front of all your functions.
"""

import functools
import threading
import time
from collections.abc import Callable

from workbook.patterns.backend.compose import Call

__all__ = ["StaleCache"]


class StaleCache:
    """Answers younger than `ttl_s` seconds are given again without a call.

    An answer's age counts from the start of its call: it may be as old as that. Where a
    call fails with an error named in `on`, an answer younger than `ttl_s` + `stale_s`
    is given instead. Arguments must be hashable: they are the key. At most
    `most` keys are kept, those asked for last.
    """

    def __init__(
        self,
        *,
        ttl_s: float,
        stale_s: float = 0.0,
        on: tuple[type[Exception], ...] = (Exception,),
        most: int = 1_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if ttl_s < 0 or stale_s < 0 or most < 1:
            raise ValueError(
                f"ttl_s={ttl_s}, stale_s={stale_s}, most={most}: too small"
            )
        self.ttl_s, self.stale_s, self.on, self.most = ttl_s, stale_s, on, most
        self.clock = clock
        self.hits = self.misses = self.stale = 0
        self._kept: dict[tuple, tuple[float, object]] = {}
        self._lock = threading.Lock()

    def __call__(self, call: Call) -> Call:
        """The call, asked only when the cache has no answer."""

        @functools.wraps(call)
        def cached(*key):
            known, asked_s = self._look_up(key), self.clock()
            if known and asked_s < known[0] + self.ttl_s:
                self.hits += 1
                return known[1]
            try:
                answer = call(*key)
            except self.on:
                if not known or self.clock() >= known[0] + self.ttl_s + self.stale_s:
                    raise
                self.stale += 1
                return known[1]
            self.misses += 1
            self._keep(key, answer, asked_s)
            return answer

        return cached

    def _look_up(self, key: tuple) -> tuple[float, object] | None:
        with self._lock:
            known = self._kept.pop(key, None)
            if known:
                self._kept[key] = known  # a dict keeps its order: last asked, last out
            return known

    def _keep(self, key: tuple, answer: object, asked_s: float) -> None:
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (asked_s, answer)
            if len(self._kept) > self.most:
                del self._kept[next(iter(self._kept))]
