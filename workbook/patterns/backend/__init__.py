"""Pieces to put between your code and somebody else's service.

Each takes a call (a function that raises when it fails) and gives a call of the same
shape back, so that they compose:

    charge = compose(aurora.charge, Retry(on=(NotCharged,)), CircuitBreaker())

Time and randomness come in, so that a piece behaves in a test as it will in life. All
of them may be shared by threads. Introduced in chapter 07.
"""

from workbook.patterns.backend.breaker import BreakerOpen, CircuitBreaker
from workbook.patterns.backend.bulkhead import Bulkhead, BulkheadFull
from workbook.patterns.backend.cache import StaleCache
from workbook.patterns.backend.compose import NotAsked, compose, failover
from workbook.patterns.backend.hedge import Hedge
from workbook.patterns.backend.limit import RateLimit, TokenBucket, TooFast
from workbook.patterns.backend.retry import Retry, RetryBudget, full_jitter_s

__all__ = [
    "BreakerOpen",
    "Bulkhead",
    "BulkheadFull",
    "CircuitBreaker",
    "Hedge",
    "NotAsked",
    "RateLimit",
    "Retry",
    "RetryBudget",
    "StaleCache",
    "TokenBucket",
    "TooFast",
    "compose",
    "failover",
    "full_jitter_s",
]
