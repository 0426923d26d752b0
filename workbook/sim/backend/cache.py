"""How often a cache has the answer, when some keys are asked for far more than others.

Requests are a Poisson process, and each asks for a key by itself, so that the requests
for one key are a Poisson process too. Shares of requests are Zipf's: the key of rank k
gets a share in proportion to 1 / k^s.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import count, positive
from workbook.sim.partitions.keys import zipf_weights

__all__ = [
    "CacheRun",
    "characteristic_time_s",
    "lru_cache",
    "lru_hit_share",
    "ttl_cache",
    "ttl_hit_share",
]


@dataclass(frozen=True, eq=False, repr=False)
class CacheRun:
    """Whether each request found its answer in the cache; shape (requests,)."""

    hit: np.ndarray

    @property
    def hit_share(self) -> float:
        """The share of requests that needed no call."""
        return float(self.hit.mean())

    def __repr__(self) -> str:
        return f"{len(self.hit):,} requests: {self.hit_share:.1%} from the cache"


def ttl_hit_share(
    *, rate_per_s: float, ttl_s: float, keys: int, exponent: float = 1.0
) -> float:
    """The share of hits of a cache that keeps each answer for `ttl_s` seconds.

    Exact: a miss begins ttl_s seconds in which λᵢ·ttl_s requests for that key are hits,
    so a key's hit ratio is λᵢT / (1 + λᵢT) (Jung, Berger and Balakrishnan, "Modeling
    TTL-based Internet caches", INFOCOM 2003).
    """
    shares = _shares(rate_per_s, keys, exponent)
    positive(ttl_s=ttl_s)
    asked = rate_per_s * shares * ttl_s
    return float(np.sum(shares * asked / (1 + asked)))


def characteristic_time_s(
    *, rate_per_s: float, size: int, keys: int, exponent: float = 1.0
) -> float:
    """Seconds after its last request at which an LRU cache forgets a key, about.

    The time t at which `size` different keys are asked for: Σ (1 − e^(−λᵢt)) = size
    (Che, Tung and Wang, "Hierarchical Web Caching Systems", IEEE JSAC 20, 2002).
    """
    shares = _shares(rate_per_s, keys, exponent)
    count(size=size)
    if size >= keys:
        return float("inf")
    low, high = 0.0, 1.0
    while np.sum(-np.expm1(-rate_per_s * shares * high)) < size:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        seen = np.sum(-np.expm1(-rate_per_s * shares * middle))
        low, high = (middle, high) if seen < size else (low, middle)
    return high


def lru_hit_share(
    *, rate_per_s: float, size: int, keys: int, exponent: float = 1.0
) -> float:
    """The share of hits of a cache for the `size` keys asked for last, nearly.

    Che's approximation, Σ pᵢ (1 − e^(−λᵢt)) with the characteristic time t. Fricker,
    Robert and Roberts ("A versatile and accurate approximation for LRU cache
    performance", 2012) show why it is so accurate.
    """
    shares = _shares(rate_per_s, keys, exponent)
    kept_s = characteristic_time_s(
        rate_per_s=rate_per_s, size=size, keys=keys, exponent=exponent
    )
    return float(np.sum(shares * -np.expm1(-rate_per_s * shares * kept_s)))


def ttl_cache(
    *,
    rate_per_s: float,
    ttl_s: float,
    keys: int,
    requests: int,
    seed: int,
    exponent: float = 1.0,
) -> CacheRun:
    """Requests to a cache that keeps each answer for `ttl_s` seconds."""
    positive(ttl_s=ttl_s)
    times_s, asked = _requests(rate_per_s, keys, exponent, requests, seed)
    fetched_s: dict[int, float] = {}
    hit = []
    for now_s, key in zip(times_s, asked, strict=True):
        fresh = now_s < fetched_s.get(key, -np.inf) + ttl_s
        if not fresh:
            fetched_s[key] = now_s
        hit.append(fresh)
    return CacheRun(np.array(hit))


def lru_cache(
    *,
    rate_per_s: float,
    size: int,
    keys: int,
    requests: int,
    seed: int,
    exponent: float = 1.0,
) -> CacheRun:
    """Requests to a cache that keeps the `size` keys asked for last, however old.

    It is filled with the likeliest keys first, so that no run begins with misses.
    """
    count(size=size)
    _, asked = _requests(rate_per_s, keys, exponent, requests, seed)
    kept = OrderedDict.fromkeys(range(min(size, keys)))
    hit = []
    for key in asked:
        hit.append(key in kept)
        kept[key] = None
        kept.move_to_end(key)
        if len(kept) > size:
            kept.popitem(last=False)
    return CacheRun(np.array(hit))


def _shares(rate_per_s: float, keys: int, exponent: float) -> np.ndarray:
    positive(rate_per_s=rate_per_s)
    return zipf_weights(keys, exponent=exponent)


def _requests(
    rate_per_s: float, keys: int, exponent: float, requests: int, seed: int
) -> tuple[Iterable[float], Iterable[int]]:
    """The moments of the requests in seconds, and the rank of each one's key."""
    count(requests=requests)
    shares = _shares(rate_per_s, keys, exponent)
    rng = np.random.default_rng(seed)
    times_s = np.cumsum(rng.exponential(1 / rate_per_s, requests))
    asked = np.searchsorted(np.cumsum(shares), rng.random(requests))
    return times_s.tolist(), np.minimum(asked, keys - 1).tolist()
