"""Which other question a wrong concurrency limit is the right answer to."""

import math
from collections.abc import Callable

from workbook.learn import try_call
from workbook.sim.queueing import erlang_c, servers_for_loss

__all__ = ["misread"]

_Asked = tuple[float, float, float]

# Small loads of which each rule below makes something else, but for one at most.
_PROBES = (
    (50, 0.5, 0.05),
    (10, 0.5, 0.01),
    (100, 0.2, 0.001),
    (3, 8.0, 0.02),
    (7, 0.35, 0.03),
)
_FITS = 4  # of the probes: who takes care of small loads may differ in one
_PATIENCE_S = 1.0


def misread(answer: Callable, found: int, asked: _Asked) -> str:
    """What the answers are the answers to, where it is a known one; else "".

    One number can be a coincidence, so a rule must give `found`, and what the answer
    gives for the probes.
    """
    fitting = [words for words, rule in _RULES if rule(*asked) == found]
    if not fitting:
        return ""
    given = _given(answer)
    for words, rule in _RULES:
        fits = sum(rule(*probe) == one for probe, one in given.items())
        if words in fitting and fits >= _FITS:
            return words
    return ""


def _given(answer: Callable) -> dict[_Asked, object]:
    """The answers for the probes, up to the first that does not come."""
    given: dict[_Asked, object] = {}
    for probe in _PROBES:
        outcome = try_call(answer, *probe, timeout_s=_PATIENCE_S)
        if not outcome.returned:
            break
        given[probe] = outcome.value
    return given


def _smallest(load: float, target: float) -> int:
    return max(1, servers_for_loss(offered_load=load, lost_share=target))


def _queueing(load: float, target: float) -> int:
    """The fewest servers at which no more than `target` wait at all (Erlang's C)."""
    servers = math.floor(load) + 1
    while erlang_c(servers=servers, offered_load=load) > target:
        servers += 1
    return servers


def _poisson(load: float, target: float, more: int) -> int:
    """The fewest c with P(N >= c + more) at most `target`, N of Poisson's law."""
    tail, term_log, n = 1.0, -load, 0
    while tail > target:
        tail -= math.exp(term_log)
        n += 1
        term_log += math.log(load / n)
    return n - more


_ALL_SERVED = (
    "That many would be at work if none were ever rejected. But whoever is rejected "
    "takes no place."
)
_ROUNDED = "That is for a load that was rounded: it need not be a whole number."
# Of arrivals a second, seconds and target.
_RULES: tuple[tuple[str, Callable[[float, float, float], int]], ...] = (
    (
        "That is how many are at work on average (Little's law). Requests come by "
        "chance: half of the time there are more.",
        lambda rate, s, target: max(1, math.ceil(rate * s)),
    ),
    (
        "That is for requests that may wait (Erlang's C). Here nobody waits.",
        lambda rate, s, target: _queueing(rate * s, target),
    ),
    (_ALL_SERVED, lambda rate, s, target: _poisson(rate * s, target, 0)),
    (_ALL_SERVED, lambda rate, s, target: _poisson(rate * s, target, 1)),
    (
        "That is for a load of `arrivals_per_s`: multiply it by the seconds of each.",
        lambda rate, s, target: _smallest(rate, target),
    ),
    (
        "That is for a load of `arrivals_per_s / duration_s`: multiply, for each "
        "request is at work for `duration_s`.",
        lambda rate, s, target: _smallest(rate / s, target),
    ),
    (
        "That is for a hundredth of the target: `target` is a share, 0.05 for 5%.",
        lambda rate, s, target: _smallest(rate * s, target / 100),
    ),
    (_ROUNDED, lambda rate, s, target: _smallest(math.ceil(rate * s), target)),
    (_ROUNDED, lambda rate, s, target: _smallest(round(rate * s), target)),
    (_ROUNDED, lambda rate, s, target: _smallest(math.floor(rate * s), target)),
)
