"""Exercise 1: the availability of services in series and of alternatives, nested."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workbook.learn import Verdict, call, failed, passed
from workbook.sim.availability import alternatives, series

__all__ = ["availability_of", "check"]

Topology = float | tuple[str, list]

_ALL, _ANY = "all", "any"
# In the order in which a learner would try them; each has a look of its own.
_PLAIN = (
    (0.99, "A single number is its own availability."),
    ((_ALL, [0.9, 0.8]), "Needed one and all: the shares are multiplied."),
    ((_ALL, [0.9, 0.9, 0.9]), "Needed one and all: the shares are multiplied."),
    ((_ANY, [0.9, 0.8]), "Down only when all are down: multiply what is left to 1."),
    ((_ANY, [0.5, 0.5, 0.5]), "Down only when all are down, however many there are."),
    ((_ALL, [0.7]), "A chain of one is as good as its only link."),
    ((_ANY, [0.7]), "One way alone is no alternative: it is as good as itself."),
)
_NESTED = (
    (_ALL, [0.99, (_ANY, [0.9, 0.8])]),
    (_ANY, [(_ALL, [0.9, 0.9]), 0.5]),
    (_ALL, [(_ANY, [0.5, (_ALL, [0.8, 0.9])]), (_ANY, [0.6, 0.7, 0.8]), 0.95]),
)


def availability_of(topology: Topology) -> float:
    """The availability of a topology: a share, or ("all" | "any", [topologies])."""
    if isinstance(topology, tuple):
        kind, parts = topology
        combine = series if kind == _ALL else alternatives
        return combine([availability_of(part) for part in parts])
    return topology


def check(availability: Callable[..., Any]) -> Verdict:
    """Whether it is right for chains, for alternatives, and for both in each other."""
    for topology, look in _PLAIN:
        verdict = _one(availability, topology, look)
        if verdict is not None:
            return verdict
    deep = [*_NESTED, *(_grown(np.random.default_rng(seed)) for seed in range(40))]
    for topology in deep:
        look = "A part may itself be a tuple: ask your own function for it."
        verdict = _one(availability, topology, look)
        if verdict is not None:
            return verdict
    return passed(f"tried: {len(_PLAIN) + len(deep)} topologies, up to four deep")


def _one(availability: Callable, topology: Topology, look: str) -> Verdict | None:
    found, right = call(availability, topology), availability_of(topology)
    shown = _shown(topology)
    if isinstance(found, bool) or not isinstance(found, int | float | np.number):
        kind = "nothing" if found is None else f"a {type(found).__name__}"
        return failed(f"For {shown} it answers {kind}, not a number.", look=look)
    if math.isclose(found, right, rel_tol=1e-9, abs_tol=1e-12):
        return None
    return failed(f"{shown} is {right:.6g}; your answer is {found:.6g}.", look=look)


def _shown(topology: Topology) -> str:
    text = repr(topology)
    return text if len(text) <= 70 else "a chain with alternatives in it"


def _grown(rng: np.random.Generator, depth: int = 3) -> Topology:
    """A topology of chance; the first level is never a plain number."""
    if depth < 3 and (depth == 0 or rng.random() < 0.4):
        return float(round(rng.uniform(0.3, 1), 3))
    parts = [_grown(rng, depth - 1) for _ in range(rng.integers(1, 5))]
    return (str(rng.choice([_ALL, _ANY])), parts)
