"""One path through very many servers, a block of requests at a time.

A request begins when it has arrived and a server is free. With every request before it
begun, that is the n-th time at which a server comes free, for request n of a block: of
those that were busy when the block began, and of those whom the block itself keeps
busy. The latter are not known before; so guess, sort, and guess again. The first guess
is that nobody of the block is done before its end: nobody begins later than that. Each
round puts at least one more request right for good, the first that was not; few rounds
do, for few services are so short that another request of the block takes their place.
"""

import numpy as np

__all__ = ["waits_in_blocks"]


def waits_in_blocks(
    arrival_s: np.ndarray, service_s: np.ndarray, servers: int
) -> np.ndarray:
    """The wait of each request, in blocks of as many requests as there are servers."""
    begun_s = np.empty(len(arrival_s))
    free_s = np.full(servers, -np.inf)  # when each server is free next: ascending
    for start in range(0, len(arrival_s), servers):
        block = slice(start, start + servers)
        begun_s[block], free_s = _settle(arrival_s[block], service_s[block], free_s)
    return begun_s - arrival_s


def _settle(
    arrival_s: np.ndarray, service_s: np.ndarray, busy_until_s: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """When each request of a block begins, and when the servers are free after it."""
    size = len(arrival_s)
    begun_s = np.maximum(arrival_s, busy_until_s[:size])
    while True:
        free_s = np.sort(np.concatenate([busy_until_s, begun_s + service_s]))
        sooner_s = np.maximum(arrival_s, free_s[:size])
        if (sooner_s == begun_s).all():
            return begun_s, free_s[size:]
        begun_s = sooner_s
