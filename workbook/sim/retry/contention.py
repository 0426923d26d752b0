"""Clients that all want to write the same item, and what waiting between tries does.

The model of Marc Brooker's "Exponential Backoff And Jitter" (AWS Architecture Blog,
2015). Every client reads the item's version, and then writes on condition that the
version is still the same. Each message takes the network |N(mean, sd)| seconds. Whoever
is refused waits and begins again with the read. The server has no limit of its own:
clients only spoil each other's writes.

Many runs go side by side: in each step every run takes its next write. A read is
decided with it: it saw the newest version if no other write has succeeded since.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import at_least, count, positive

__all__ = ["BACKOFFS", "Contention", "backoff_s", "contended_clients"]

Backoff = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True, eq=False, repr=False)
class Contention:
    """Arrays of shape (runs,): the writes sent, and when the last client was done."""

    backoff: str
    clients: int
    calls: np.ndarray
    completion_s: np.ndarray

    @property
    def mean_calls(self) -> float:
        """Writes that were sent until everybody was done, refused ones included."""
        return float(self.calls.mean())

    @property
    def mean_completion_s(self) -> float:
        """The time until the last client was done."""
        return float(self.completion_s.mean())

    def __repr__(self) -> str:
        return (
            f"{self.clients} clients, {self.backoff}: {self.mean_calls:.1f} calls, "
            f"done after {self.mean_completion_s:.3g} s"
        )


BACKOFFS = ("none", "exponential", "full jitter", "equal jitter", "decorrelated")


def backoff_s(
    kind: str,
    failures: np.ndarray,
    last_s: np.ndarray,
    *,
    base_s: float,
    cap_s: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """How long to wait after so many `failures` (from 1), in seconds; shape (n,).

    `last_s` is what was waited before, `base_s` at first; "decorrelated" needs it. The
    ceiling is min(cap, base · 2^failures) as published.
    """
    if kind not in BACKOFFS:
        raise ValueError(f"kind={kind!r}: use one of {', '.join(BACKOFFS)}")
    if kind == "none":
        return np.zeros(len(failures))
    if kind == "decorrelated":
        spread = rng.random(len(last_s)) * (3 * last_s - base_s)
        return np.minimum(cap_s, base_s + spread)
    ceiling_s = np.minimum(cap_s, base_s * np.exp2(np.minimum(failures, 60)))
    if kind == "exponential":
        return ceiling_s
    jitter = rng.random(len(failures))
    if kind == "full jitter":
        return ceiling_s * jitter
    return ceiling_s / 2 * (1 + jitter)


def contended_clients(
    *,
    clients: int,
    backoff: str | Backoff,
    seed: int,
    runs: int = 100,
    base_s: float = 0.005,
    cap_s: float = 2.0,
    network_s: float = 0.010,
    network_sd_s: float = 0.002,
) -> Contention:
    """`runs` independent runs of `clients` that start at once; see the module.

    `backoff` is one of `BACKOFFS`, or a function of one's own, `wait_s(failures, rng)`:
    the seconds to wait after so many failures, for arrays of shape (n,). It has its own
    base and cap. The other defaults are the published settings.
    """
    count(clients=clients, runs=runs)
    positive(base_s=base_s, network_s=network_s)
    at_least(base_s, cap_s=cap_s)
    at_least(0, network_sd_s=network_sd_s)
    rng = np.random.default_rng(seed)
    race = _Race(clients, runs, network_s, network_sd_s, rng)
    wait_s = _waits(backoff, base_s, cap_s, rng)
    race.last_s[:] = base_s
    while race.step(wait_s):
        pass
    name = backoff if isinstance(backoff, str) else backoff.__name__
    return Contention(name, clients, race.calls, race.completion_s)


def _waits(
    backoff: str | Backoff, base_s: float, cap_s: float, rng: np.random.Generator
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """`backoff` as a function of the failures and the last wait; tried once, aside."""
    if not callable(backoff):
        limits = {"base_s": base_s, "cap_s": cap_s}
        backoff_s(backoff, np.ones(0), np.ones(0), **limits, rng=rng)
        return lambda failures, last_s: backoff_s(
            backoff, failures, last_s, **limits, rng=rng
        )
    tried_s = np.asarray(backoff(np.array([1.0, 2.0]), np.random.default_rng(0)))
    if tried_s.shape != (2,) or not (tried_s >= 0).all():
        raise ValueError(
            f"{backoff.__name__} waits {tried_s} after [1 2] failures: "
            "answer with an array of as many waits, 0 or more"
        )
    return lambda failures, _last_s: backoff(failures, rng)


class _Race:
    """All runs at one moment; arrays of shape (runs left, clients) or (runs left,).

    Clients are picked by their place in the flattened arrays, which is much quicker
    than by row and column.
    """

    def __init__(self, clients, runs, network_s, network_sd_s, rng) -> None:
        self.rng, self.network = rng, (network_s, network_sd_s)
        self.steps, shape = 0, (runs, clients)
        self.read_s = self._delays(shape)
        self.write_s = self.read_s + self._delays(shape) + self._delays(shape)
        self.failures = np.zeros(shape)
        self.last_s = np.empty(shape)
        self.newest_s = np.full(runs, -np.inf)  # when the last write succeeded
        self.left = np.full(runs, clients)
        self.run = np.arange(runs)
        self.row_start = self.run * clients
        self.calls = np.zeros(runs, int)
        self.completion_s = np.zeros(runs)

    def _delays(self, shape) -> np.ndarray:
        mean, sd = self.network
        drawn = self.rng.standard_normal(shape)
        drawn *= sd
        drawn += mean
        return np.abs(drawn, out=drawn)

    def step(self, wait_s: Callable) -> bool:
        """Let every run take its next write; False when all runs are over."""
        self.steps += 1
        who = self.row_start + self.write_s.argmin(axis=1)
        now_s = self.write_s.ravel()[who]
        fits = self.read_s.ravel()[who] > self.newest_s
        told = np.flatnonzero(fits)
        if len(told):
            self._succeed(told, who[told], now_s[told])
        refused = np.flatnonzero(~fits)
        self._fail(who[refused], now_s[refused], wait_s)
        if len(told):
            self._drop_finished()
        return len(self.run) > 0

    def _succeed(self, rows, who, now_s) -> None:
        self.newest_s[rows] = now_s
        self.write_s.ravel()[who] = np.inf
        self.left[rows] -= 1
        told_s = now_s + self._delays(len(rows))
        done = self.run[rows]
        self.completion_s[done] = np.maximum(self.completion_s[done], told_s)

    def _fail(self, who, now_s, wait_s) -> None:
        failures = self.failures.ravel()[who] + 1
        waits_s = wait_s(failures, self.last_s.ravel()[who])
        self.failures.ravel()[who] = failures
        self.last_s.ravel()[who] = waits_s
        told_s, asked_s, answer_s, sent_s = self._delays((4, len(who)))
        read_s = now_s + told_s + waits_s + asked_s
        self.read_s.ravel()[who] = read_s
        self.write_s.ravel()[who] = read_s + answer_s + sent_s

    def _drop_finished(self) -> None:
        """Go on without the runs that are over. Each step was one write in each run."""
        keep = self.left > 0
        if keep.all():
            return
        self.calls[self.run[~keep]] = self.steps
        for name in (
            "read_s", "write_s", "failures", "last_s", "newest_s", "left", "run",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name)[keep])
        self.row_start = self.row_start[: len(self.run)]
