"""What became of requests to keys in partitions."""

from dataclasses import dataclass

import numpy as np

__all__ = ["Traffic"]


@dataclass(frozen=True, eq=False, repr=False)
class Traffic:
    """Requests in order of time; `key`, `partition` and `throttled`: (requests,).

    `partition_of` has the shape (keys, shards). `rates_per_s`, of shape (partitions,),
    is the mean traffic that each partition is offered.
    """

    arrival_s: np.ndarray
    key: np.ndarray
    partition: np.ndarray
    throttled: np.ndarray
    partition_of: np.ndarray
    rates_per_s: np.ndarray
    duration_s: float

    def __len__(self) -> int:
        return len(self.key)

    @property
    def throttled_share(self) -> float:
        """The share of the requests that was throttled."""
        return float(self.throttled.mean()) if len(self) else 0.0

    @property
    def throttled_by_key(self) -> np.ndarray:
        """The share of each key's requests that was throttled, 0 where none came."""
        keys = len(self.partition_of)
        all_of_it = np.bincount(self.key, minlength=keys)
        throttled = np.bincount(self.key[self.throttled], minlength=keys)
        return throttled / np.maximum(all_of_it, 1)

    @property
    def heat_per_s(self) -> np.ndarray:
        """Requests a second that each partition was offered: (partitions,)."""
        partitions = len(self.rates_per_s)
        return np.bincount(self.partition, minlength=partitions) / self.duration_s

    def percentile(self, q: float) -> float:
        """Requests a second that `q` per cent of the partitions do not exceed."""
        return float(np.percentile(self.heat_per_s, q))

    def __repr__(self) -> str:
        return (
            f"{len(self):,} requests: hottest partition {self.heat_per_s.max():,.0f} "
            f"a second, {self.throttled_share:.2%} throttled"
        )
