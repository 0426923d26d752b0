"""What came out of a queue: arrays, one element a request, and what they amount to."""

from dataclasses import dataclass

import numpy as np

from workbook.sim.result import percentile

__all__ = ["Losses", "Replications", "Requests"]


@dataclass(frozen=True, eq=False, repr=False)
class Requests:
    """Requests that all were served, in order of arrival; arrays of shape (requests,).

    `arrival_s` counts from the start, `wait_s` is the time in the queue and `service_s`
    the time in service.
    """

    arrival_s: np.ndarray
    wait_s: np.ndarray
    service_s: np.ndarray

    def __len__(self) -> int:
        return len(self.wait_s)

    @property
    def response_s(self) -> np.ndarray:
        """Wait and service together."""
        return self.wait_s + self.service_s

    @property
    def done_s(self) -> np.ndarray:
        """When each request was finished."""
        return self.arrival_s + self.response_s

    def percentile(self, q: float) -> float:
        """The response time that `q` per cent of the requests do not exceed."""
        return percentile(self.response_s, q)

    def waiting_at(self, times_s: np.ndarray) -> np.ndarray:
        """How many requests stand in the queue at each of `times_s`."""
        begun_s = np.sort(self.arrival_s + self.wait_s)
        arrived = np.searchsorted(self.arrival_s, times_s, side="right")
        return arrived - np.searchsorted(begun_s, times_s, side="right")

    def __repr__(self) -> str:
        if not len(self):
            return "0 requests"
        return (
            f"{len(self):,} requests: mean wait {self.wait_s.mean():.4g} s, "
            f"99th percentile of response {self.percentile(99):.4g} s"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Losses:
    """Requests of which some were turned away; arrays of shape (requests,)."""

    arrival_s: np.ndarray
    service_s: np.ndarray
    accepted: np.ndarray

    def __len__(self) -> int:
        return len(self.accepted)

    @property
    def rejected(self) -> int:
        """How many were turned away."""
        return int(len(self) - np.count_nonzero(self.accepted))

    @property
    def rejected_share(self) -> float:
        """The share that was turned away; 0 of none."""
        return self.rejected / max(len(self), 1)

    def __repr__(self) -> str:
        share = f"{self.rejected_share:.4%}"
        return f"{len(self):,} requests: {self.rejected:,} turned away ({share})"


@dataclass(frozen=True, eq=False, repr=False)
class Replications:
    """Independent runs of one queue; `wait_s` has the shape (requests, runs)."""

    wait_s: np.ndarray
    service_s: np.ndarray

    @property
    def means_s(self) -> np.ndarray:
        """Each run's mean wait."""
        return self.wait_s.mean(axis=0)

    @property
    def mean_wait_s(self) -> float:
        """The mean wait over all runs."""
        return float(self.wait_s.mean())

    @property
    def standard_error_s(self) -> float:
        """The standard error of `mean_wait_s`, from the spread between the runs.

        One run has no spread: ValueError.
        """
        means_s = self.means_s
        if len(means_s) == 1:
            raise ValueError("one run tells no standard error: give runs=2 or more")
        return float(means_s.std(ddof=1) / np.sqrt(len(means_s)))

    def percentile(self, q: float) -> float:
        """The response time that `q` per cent of all requests do not exceed."""
        return percentile((self.wait_s + self.service_s).ravel(), q)

    def __repr__(self) -> str:
        requests, runs = self.wait_s.shape
        text = f"{runs:,} runs of {requests:,} requests: mean wait "
        text += f"{self.mean_wait_s:.4g} s"
        return text + (f" ± {self.standard_error_s:.2g} s" if runs > 1 else "")
