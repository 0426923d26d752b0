"""Closed forms of the model in `simulate`, for any number of sellers.

As long as there are orders and seats, whoever acts next is any of the sellers, each as
likely.
"""

import numpy as np

from workbook.sim.checks import count, positive

__all__ = [
    "times_last_seat_is_sold",
    "transaction_conflict_share",
    "transaction_sales_per_s",
    "version_conflict_share",
    "version_sales_per_s",
]


def times_last_seat_is_sold(sellers: int) -> float:
    """How often read-modify-write sells one seat, on average.

    Everybody who reads before the first write sells it. The first write is the first
    time that a seller acts who has acted before: the birthday problem, with `sellers`
    days. The mean is Ramanujan's Q(n) = 1 + (n-1)/n + (n-1)(n-2)/n^2 + ... (Knuth,
    The Art of Computer Programming 1, 1.2.11.3), about sqrt(pi n / 2) - 1/3.
    """
    count(sellers=sellers)
    return float(np.cumprod(1 - np.arange(sellers) / sellers).sum())


def transaction_conflict_share(sellers: int) -> float:
    """The share of the tries that are refused, if orders never give up: 1 - 1/n.

    Free, the item is taken at n times the rate at which it becomes free again: it is
    held n/(n+1) of the time. Then n-1 try in vain, while n try for the free one.
    """
    count(sellers=sellers)
    return 1 - 1 / sellers


def transaction_sales_per_s(sellers: int, *, call_s: float) -> float:
    """Sales a second: one a call, for the n/(n+1) of the time that it is held."""
    count(sellers=sellers)
    positive(call_s=call_s)
    return sellers / (sellers + 1) / call_s


def version_conflict_share(sellers: int) -> float:
    """The share of the writes that are refused; 0.3 for two sellers."""
    fresh, stale = _acting(sellers)
    return stale / (fresh + stale)


def version_sales_per_s(sellers: int, *, call_s: float) -> float:
    """Sales a second: how often who acts next has read the present version."""
    positive(call_s=call_s)
    return _acting(sellers)[0] * sellers / call_s


def _acting(sellers: int) -> tuple[float, float]:
    """How often who acts next writes with a fresh, and with a stale version.

    The state is how many have read the present version, and how many an older one; the
    others are about to read. Solved as a Markov chain of (n+1)(n+2)/2 states, so up to
    some fifty sellers.
    """
    count(sellers=sellers)
    states = [(f, s) for f in range(sellers + 1) for s in range(sellers + 1 - f)]
    place = {state: n for n, state in enumerate(states)}
    flow = -np.eye(len(states))
    for (fresh, stale), n in place.items():
        if reading := sellers - fresh - stale:
            flow[place[fresh + 1, stale], n] += reading / sellers
        if fresh:  # it writes, and the other fresh ones have an old version
            flow[place[0, stale + fresh - 1], n] += fresh / sellers
        if stale:
            flow[place[fresh, stale - 1], n] += stale / sellers
    flow[0] = 1  # the shares of all states come to one
    share = np.linalg.solve(flow, np.eye(len(states))[0])
    each = np.array(states) / sellers
    fresh, stale = share @ each
    return float(fresh), float(stale)
