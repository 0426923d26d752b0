"""Exercise 1: the availability of services in series and of alternatives, nested."""

import math
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from workbook.checks.messages.words import kind
from workbook.learn import Verdict, call, failed, passed
from workbook.sim.availability import alternatives, series

__all__ = ["availability_of", "check"]

Topology = float | tuple[str, list]

_ALL, _ANY = "all", "any"
_MULTIPLY = "All parts are needed: multiply their shares."
_LACK = (
    "It is down only when all parts are down: multiply what each lacks to 1, and take "
    "that from 1."
)
# In the order in which a learner would try them; each has a look of its own.
_PLAIN = (
    (0.99, "A single number is its own availability."),
    ((_ALL, [0.9, 0.8]), _MULTIPLY),
    ((_ALL, [0.9, 0.9, 0.9]), _MULTIPLY),
    ((_ANY, [0.9, 0.8]), _LACK),
    ((_ANY, [0.5, 0.5, 0.5]), _LACK),
    ((_ALL, [0.7]), "A chain of one is as good as its only link."),
    ((_ANY, [0.7]), "One way alone is no alternative: it is as good as itself."),
    ((_ALL, [0.9, 0.0]), "A part that is never up: 0 is an availability, too."),
    ((_ANY, [0.9, 0.0]), "A part that is never up: 0 is an availability, too."),
    ((_ALL, [0.9, 1]), "A part that is always up: 1 is an availability, too."),
    ((_ANY, [0.9, 1]), "A part that is always up: 1 is an availability, too."),
)
_NESTED = (
    (_ALL, [0.99, (_ANY, [0.9, 0.8])]),
    (_ANY, [(_ALL, [0.9, 0.9]), 0.5]),
    (_ALL, [(_ANY, [0.5, (_ALL, [0.8, 0.9])]), (_ANY, [0.6, 0.7, 0.8]), 0.95]),
)
_GROWN, _DEEP = 40, 4  # random topologies, and how deep they grow
_ASK = "A part may itself be a topology: ask your own function for it."


def availability_of(topology: Topology) -> float:
    """The availability of a topology: a share, or ("all" | "any", [topologies])."""
    if isinstance(topology, tuple):
        kind_of, parts = topology
        combine = series if kind_of == _ALL else alternatives
        return combine([availability_of(part) for part in parts])
    return topology


def check(availability: Callable[..., Any]) -> Verdict:
    """Whether it is right for chains, for alternatives, and for both in each other."""
    grown = [_grown(np.random.default_rng(seed)) for seed in range(_GROWN)]
    # The short ones first: what goes wrong is shown where it is easiest to follow.
    nested = sorted([*_NESTED, *grown], key=lambda topology: len(repr(topology)))
    for topology, look in [*_PLAIN, *((one, _ASK) for one in nested)]:
        verdict = _one(availability, topology, look)
        if verdict is not None:
            return verdict
    deepest = max(map(_depth, nested))
    count = len(_PLAIN) + len(nested)
    return passed(f"tried: {count} topologies, nested up to {deepest} deep")


def _one(availability: Callable, topology: Topology, look: str) -> Verdict | None:
    given, right = deepcopy(topology), availability_of(topology)
    answer = call(availability, given)
    if isinstance(answer, bool) or not isinstance(answer, Real | Decimal):
        return failed(
            f"For {_shown(topology)} it answers {kind(answer)}, not a number.",
            look=look,
        )
    found = float(answer)
    if not math.isclose(found, right, rel_tol=1e-9, abs_tol=1e-12):
        return _differs(topology, found, right, look)
    if given != topology:
        return failed(
            f"It takes apart what it is given: {_shown(topology)} is {_shown(given)} "
            "afterwards.",
            look="Whoever asks wants to keep the topology: read the list, and leave "
            "it as it is.",
        )
    return None


def _differs(topology: Topology, found: float, right: float, look: str) -> Verdict:
    if math.isclose(found, right, rel_tol=1e-2):
        near = f"{_shown(topology)} is {right:.12g}; your answer is {found:.12g}."
        if abs(found - right) < 1e-3 and found == round(found, 8):
            look = "Do not round: 0.01% is almost an hour a year."
        return failed(near, look=look)
    shown = f"{_shown(topology)} is {right:.6g}; your answer is {found:.6g}."
    if math.isclose(found, 100 * right, rel_tol=1e-3):
        look = "A share between 0 and 1 is wanted, not a percentage."
    return failed(shown, look=look)


def _shown(topology: Topology) -> str:
    text = repr(topology)
    return text if len(text) <= 150 else text[:149] + "…"


def _depth(topology: Topology) -> int:
    """How many tuples stand in each other."""
    if isinstance(topology, tuple):
        return 1 + max(map(_depth, topology[1]), default=0)
    return 0


def _grown(rng: np.random.Generator, depth: int = _DEEP) -> Topology:
    """A topology of chance; the first level is never a plain number."""
    if depth < _DEEP and (depth == 0 or rng.random() < 0.4):
        return float(round(rng.uniform(0.3, 1), 3))
    parts = [_grown(rng, depth - 1) for _ in range(rng.integers(1, 5))]
    return (str(rng.choice([_ALL, _ANY])), parts)
