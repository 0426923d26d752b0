"""Exercise 2: the load at which functions cost as much as servers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from workbook.checks.idle.numbers import not_a_number
from workbook.figures import Picture, curves
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.sim.cost import function_bill

__all__ = ["check"]

Cost = Callable[[float], float]

_CLOSE = 0.005  # of the servers' bill
_MOST_ASKED = 10_000  # questions for a cost; halving needs some sixty


class _Asked(Exception):
    """The cost was asked for too often."""


class _Counted:
    """A cost that can be asked a limited number of times."""

    def __init__(self, cost: Cost) -> None:
        self.cost = cost
        self.left = _MOST_ASKED

    def __call__(self, requests: float) -> float:
        self.left -= 1
        if self.left < 0:
            raise _Asked(f"cost was asked {_MOST_ASKED:,} times: search by halves")
        return float(self.cost(max(float(requests), 0.0)))


def _lambda(duration_s: float, memory_mb: int, *, free_tier: bool = True) -> Cost:
    def cost(requests: float) -> float:
        return function_bill(
            requests=requests,
            duration_s=duration_s,
            memory_mb=memory_mb,
            architecture="arm",  # as in the chapter
            free_tier=free_tier,
        ).total_usd

    return cost


# What is said of it, the servers' bill in USD, and what functions cost.
_RIVALS = (
    ("a request costs a hundredth of a cent", 25.0, lambda r: 1e-4 * r),
    ("100 ms in 512 MB", 24.53, _lambda(0.1, 512)),
    ("100 ms in 512 MB", 2_400.0, _lambda(0.1, 512)),
    ("1 s in 2,048 MB, nothing free", 0.5, _lambda(1.0, 2048, free_tier=False)),
    ("20 ms in 128 MB", 100_000.0, _lambda(0.02, 128)),
    ("900 s in 10,240 MB", 60.0, _lambda(900.0, 10_240)),
    ("the price falls with the load", 400.0, lambda r: 1e-3 * r**0.9),
)


def check(break_even: Callable[..., Any]) -> Verdict:
    """Whether it finds the crossing for seven rivals, cheap and dear."""
    for words, server_usd, cost in _RIVALS:
        verdict = _one(break_even, words, server_usd, cost)
        if verdict is not None:
            return verdict
    return passed(f"tried: {len(_RIVALS)} bills, from half a dollar to 100,000")


def _one(break_even: Callable, words: str, server_usd: float, cost: Cost):
    counted = _Counted(cost)
    try:
        found = call(break_even, server_usd, counted)
    except Stopped:
        if counted.left >= 0:
            raise
        return failed(
            f"It asks for the cost more than {_MOST_ASKED:,} times ({words}).",
            look="Look in the middle, and keep the half in which the answer is.",
        )
    asked = f"servers of ${server_usd:,.2f} against functions ({words})"
    wrong = not_a_number(found, asked, "requests a month")
    if wrong is not None:
        return wrong
    if found < 0:
        return failed(
            f"For {asked} it answers {found:,.0f} requests a month.",
            look="A load is 0 or more. Where the functions cost less than the servers, "
            "it has to grow; where they cost more, to shrink.",
        )
    paid = float(cost(min(float(found), 1e18)))
    if abs(paid - server_usd) <= _CLOSE * server_usd:
        return None
    cheaper = "less" if paid < server_usd else "more"
    return failed(
        f"At {found:,.0f} requests a month the functions cost ${paid:,.2f}, {cheaper} "
        f"than the servers' ${server_usd:,.2f} ({words}).",
        _picture(cost, server_usd, float(found)),
        look="Where the two lines cross both cost the same.",
    )


def _picture(cost: Cost, server_usd: float, found: float) -> Picture:
    low, high = 0.0, 1.0
    while cost(high) < 2 * server_usd:
        high *= 2
    loads = np.linspace(low, high, 120)
    lines = {
        "functions": [cost(load) for load in loads],
        "servers": np.full(len(loads), server_usd),
    }
    at = min(found, high)
    return curves(
        loads / 1e6,
        lines,
        kinds={"servers": "context"},
        points={"functions": ([at / 1e6], [cost(at)])},
        title="Both bills, and your answer on that of the functions",
        x_label="requests a month, millions",
        y_label="USD a month",
    )
