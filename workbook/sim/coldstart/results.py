"""What came of cold starts: arrays, one element a request, and what they amount to."""

from dataclasses import dataclass

import numpy as np

__all__ = ["ColdStarts", "Environments"]

_ROUNDING = 2e-15  # of a time: more than the few additions behind it can be off


@dataclass(frozen=True, eq=False, repr=False)
class ColdStarts:
    """Requests in order of arrival, and which met a cold start; shape (requests,).

    `wait_s` is the time from arrival until the handler begins, a cold start included.
    `service_s` is the time in the handler.
    """

    arrival_s: np.ndarray
    wait_s: np.ndarray
    service_s: np.ndarray
    cold: np.ndarray

    def __len__(self) -> int:
        return len(self.cold)

    @property
    def response_s(self) -> np.ndarray:
        """Wait and service together."""
        return self.wait_s + self.service_s

    @property
    def cold_share(self) -> float:
        """The share of the requests that met a cold start."""
        return float(self.cold.mean())

    def percentile(self, q: float) -> float:
        """The response time that `q` per cent of the requests do not exceed."""
        return float(np.percentile(self.response_s, q))

    def __repr__(self) -> str:
        cold = np.count_nonzero(self.cold)
        return f"{len(self):,} requests: {cold:,} cold starts ({self.cold_share:.4%})"


@dataclass(frozen=True, eq=False, repr=False)
class Environments(ColdStarts):
    """Requests that each had an environment to themselves; shape (requests,).

    `accepted` is false for those that the concurrency limit turned away: they count for
    nothing else. `idle_s` is how long the environment stood idle after the request,
    until the next one or until it was given up. The properties leave out the first
    `warm_up` requests, and time before the first that counts.
    """

    accepted: np.ndarray
    idle_s: np.ndarray
    warm_up: int = 0

    @property
    def cold_share(self) -> float:
        """The share of the accepted requests that met a cold start."""
        return float(self.cold[self._counted].mean())

    @property
    def rejected_share(self) -> float:
        """The share of the requests that were turned away."""
        return float(1 - self.accepted[self.warm_up :].mean())

    @property
    def mean_busy(self) -> float:
        """How many environments are starting or working, on the mean over time."""
        return self._mean_number(self.arrival_s, self.arrival_s + self.response_s)

    @property
    def mean_idle(self) -> float:
        """How many environments stand idle, on the mean over time."""
        done_s = self.arrival_s + self.response_s
        return self._mean_number(done_s, done_s + self.idle_s)

    @property
    def mean_alive(self) -> float:
        """How many environments there are, busy or idle, on the mean over time."""
        return self.mean_busy + self.mean_idle

    def percentile(self, q: float) -> float:
        """The response time that `q` per cent of the accepted do not exceed."""
        return float(np.percentile(self.response_s[self._counted], q))

    def alive_at(self, times_s: np.ndarray) -> np.ndarray:
        """How many environments there are, busy or idle, at each of `times_s`."""
        return self._number_at(times_s, self.idle_s)

    def busy_at(self, times_s: np.ndarray) -> np.ndarray:
        """How many environments are starting or working at each of `times_s`."""
        return self._number_at(times_s, 0.0)

    def _number_at(self, times_s: np.ndarray, longer_s: np.ndarray | float):
        ends_s = (self.arrival_s + self.response_s + longer_s)[self.accepted]
        # An environment that is used again at a moment must not be there twice then,
        # whichever way the sum of its times was rounded.
        ends_s *= 1 - _ROUNDING
        begun = np.searchsorted(self.arrival_s[self.accepted], times_s, side="right")
        return begun - np.searchsorted(np.sort(ends_s), times_s, side="right")

    @property
    def _counted(self) -> np.ndarray:
        return self.accepted & (np.arange(len(self)) >= self.warm_up)

    def _mean_number(self, from_s: np.ndarray, to_s: np.ndarray) -> float:
        """The mean number of stretches `from_s` to `to_s` at a moment of the run."""
        start_s, end_s = self.arrival_s[self.warm_up], self.arrival_s[-1]
        from_s, to_s = from_s[self.accepted], to_s[self.accepted]
        inside_s = np.clip(to_s, start_s, end_s) - np.clip(from_s, start_s, end_s)
        return float(inside_s.sum() / (end_s - start_s))

    def __repr__(self) -> str:
        counted = np.count_nonzero(self._counted)
        text = f"{counted:,} requests: {self.cold_share:.4%} cold"
        if self.rejected_share:
            text += f", {self.rejected_share:.4%} more turned away"
        return f"{text}, {self.mean_alive:.4g} environments alive on the mean"
