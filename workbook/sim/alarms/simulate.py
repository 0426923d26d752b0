"""Alarms on M out of N datapoints, as CloudWatch evaluates them.

Each period gives one datapoint. It breaches the threshold with a probability: small
while all is well, large in a failure; datapoints are independent. After each period the
alarm looks at the last `evaluation_periods` (N): if at least `datapoints_to_alarm` (M)
of them breach, it is in ALARM, else in OK. No datapoint is missing, and the evaluation
itself takes no time. A failure begins where a period begins.
"""

from dataclasses import dataclass

import numpy as np

from workbook.sim.alarms.theory import checked_alarm
from workbook.sim.checks import count, positive, probability

__all__ = ["Alarms", "Detections", "detections", "in_alarm", "quiet_watch"]


@dataclass(frozen=True, eq=False, repr=False)
class Alarms:
    """An alarm over time: `breaching` and `alarming` have the shape (periods,)."""

    breaching: np.ndarray
    alarming: np.ndarray
    period_s: float

    def __len__(self) -> int:
        return len(self.alarming)

    @property
    def started(self) -> np.ndarray:
        """In which periods the alarm went from OK to ALARM: (periods,)."""
        return self.alarming & ~np.concatenate([[False], self.alarming[:-1]])

    @property
    def alarms(self) -> int:
        """How often the alarm went off."""
        return int(np.count_nonzero(self.started))

    @property
    def alarms_per_s(self) -> float:
        """Alarms a second: times 2,628,000 for a month's."""
        return self.alarms / (len(self) * self.period_s)

    @property
    def share_in_alarm(self) -> float:
        """The share of the time in ALARM."""
        return float(self.alarming.mean())

    def __repr__(self) -> str:
        return f"{len(self):,} periods of {self.period_s:g} s: {self.alarms:,} alarms"


@dataclass(frozen=True, eq=False, repr=False)
class Detections:
    """How long each of many failures went on before the alarm: `delay_s`, (failures,).

    It is 0 for an alarm that was on already, by chance, and inf where the failure was
    over first.
    """

    delay_s: np.ndarray

    def __len__(self) -> int:
        return len(self.delay_s)

    @property
    def detected(self) -> np.ndarray:
        """Which failures were detected: (failures,)."""
        return np.isfinite(self.delay_s)

    @property
    def detected_share(self) -> float:
        """The share of the failures that were detected before they were over."""
        return float(self.detected.mean())

    @property
    def mean_delay_s(self) -> float:
        """The mean time to detection of those detected; nan if none was."""
        found = self.delay_s[self.detected]
        return float(found.mean()) if len(found) else float("nan")

    def percentile(self, q: float) -> float:
        """The time to detection that `q` per cent of all failures do not exceed."""
        return float(np.percentile(self.delay_s, q, method="inverted_cdf"))

    def __repr__(self) -> str:
        text = f"{len(self):,} failures: {self.detected_share:.2%} detected"
        return text + f", after {self.mean_delay_s:.4g} s on the mean"


def in_alarm(
    breaching: np.ndarray, *, datapoints_to_alarm: int, evaluation_periods: int
) -> np.ndarray:
    """Whether the alarm is on after each period; `breaching` along the last axis.

    Before the first period nothing has breached.
    """
    checked_alarm(datapoints_to_alarm, evaluation_periods)
    so_far = np.cumsum(breaching, axis=-1, dtype=np.int32)
    recent = so_far.copy()
    recent[..., evaluation_periods:] -= so_far[..., :-evaluation_periods]
    return recent >= datapoints_to_alarm


def quiet_watch(
    *,
    breach_probability: float,
    datapoints_to_alarm: int,
    evaluation_periods: int,
    period_s: float,
    periods: int,
    seed: int,
) -> Alarms:
    """An alarm over so many periods in which datapoints breach by chance."""
    probability(breach_probability=breach_probability)
    positive(period_s=period_s)
    count(periods=periods)
    breaching = np.random.default_rng(seed).random(periods) < breach_probability
    alarming = in_alarm(
        breaching,
        datapoints_to_alarm=datapoints_to_alarm,
        evaluation_periods=evaluation_periods,
    )
    return Alarms(breaching, alarming, float(period_s))


def detections(
    *,
    failing_probability: float,
    datapoints_to_alarm: int,
    evaluation_periods: int,
    period_s: float,
    seed: int,
    healthy_probability: float = 0.0,
    failures: int = 1000,
    failing_periods: int = 500,
) -> Detections:
    """So many independent failures, each of `failing_periods`, after a healthy time.

    Datapoints breach with `healthy_probability` before and with `failing_probability`
    in the failure.
    """
    probability(
        failing_probability=failing_probability, healthy_probability=healthy_probability
    )
    positive(period_s=period_s)
    count(failures=failures, failing_periods=failing_periods)
    checked_alarm(datapoints_to_alarm, evaluation_periods)
    rng = np.random.default_rng(seed)
    chance = np.full(evaluation_periods + failing_periods, float(failing_probability))
    chance[:evaluation_periods] = healthy_probability
    alarming = in_alarm(
        rng.random((failures, len(chance))) < chance,
        datapoints_to_alarm=datapoints_to_alarm,
        evaluation_periods=evaluation_periods,
    )[:, evaluation_periods - 1 :]
    delay_s = alarming.argmax(axis=1) * float(period_s)
    return Detections(np.where(alarming.any(axis=1), delay_s, np.inf))
