"""What the pieces in front of a backend do to success, latency and load."""

from workbook.sim.backend.breaker import BreakerRun, breaker_shares, through_breaker
from workbook.sim.backend.cache import (
    CacheRun,
    characteristic_time_s,
    lru_cache,
    lru_hit_share,
    ttl_cache,
    ttl_hit_share,
)
from workbook.sim.backend.calls import Client
from workbook.sim.backend.outage import OutageRun, through_outage

__all__ = [
    "BreakerRun",
    "CacheRun",
    "Client",
    "OutageRun",
    "breaker_shares",
    "characteristic_time_s",
    "lru_cache",
    "lru_hit_share",
    "through_breaker",
    "through_outage",
    "ttl_cache",
    "ttl_hit_share",
]
