"""What watchers learnt of their events, and what it took."""

from dataclasses import dataclass

import numpy as np

__all__ = ["Watching"]


@dataclass(frozen=True, eq=False, repr=False)
class Watching:
    """`watcher`, `event_s` and `delay_s`, of shape (events,): watcher by watcher.

    The delay is inf for an event that was missed. `calls` are those of all watchers
    (connections, for push), of which `empty` brought nothing.
    """

    watcher: np.ndarray
    event_s: np.ndarray
    delay_s: np.ndarray
    calls: int
    empty: int

    def __len__(self) -> int:
        return len(self.delay_s)

    @property
    def missed_share(self) -> float:
        """The share of the events of which the watchers never learnt."""
        return float(np.isinf(self.delay_s).mean()) if len(self) else 0.0

    @property
    def late_share(self) -> float:
        """The share that was known, but not at once."""
        late = (self.delay_s > 0) & np.isfinite(self.delay_s)
        return float(late.mean()) if len(self) else 0.0

    @property
    def mean_delay_s(self) -> float:
        """The mean delay of the events that were known."""
        return float(self.delay_s[np.isfinite(self.delay_s)].mean())

    @property
    def calls_per_event(self) -> float:
        """Calls for each event that happened."""
        return self.calls / len(self)

    @property
    def empty_share(self) -> float:
        """The share of the calls that brought nothing."""
        return self.empty / self.calls

    def percentile(self, q: float) -> float:
        """The delay that `q` per cent of all events do not exceed; inf if missed."""
        return float(np.percentile(self.delay_s, q, method="inverted_cdf"))

    def __repr__(self) -> str:
        text = f"{len(self):,} events, {self.calls:,} calls"
        if np.isfinite(self.delay_s).any():
            text += f", mean delay {self.mean_delay_s:.4g} s"
        return text + (f", {self.missed_share:.2%} missed" if self.missed_share else "")
