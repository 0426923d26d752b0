"""When an alarm is in ALARM: M of the last N datapoints, some of them missing.

As documented under "Configuring how CloudWatch alarms treat missing data"
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html,
read 2026-11-29 in the guide's own repository, awsdocs/amazon-cloudwatch-user-guide):

- More datapoints than N are looked at, in case some are missing: the *evaluation
  range*. With N = 3 it is 5 in the guide's examples, and no rule for it is given. Here
  it is N + 2.
- With N real datapoints in it or more, the last N of them decide, whatever the setting.
- With fewer, all of them count, and the rest is filled up as `TreatMissingData` says.
- Where every real datapoint breaches, and there are fewer than M: under "missing" the
  alarm goes off once the oldest of them is M periods old, so that a single late value
  does not decide.

The two tables of examples there are our tests.
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["LOOKED_FARTHER", "Alarm", "alarm_state"]

LOOKED_FARTHER = 2  # periods of the evaluation range beyond N
_BREACHES = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_MISSING = ("missing", "ignore", "breaching", "notBreaching")


@dataclass(frozen=True)
class Alarm:
    """What PutMetricAlarm says of an alarm on one metric; times in seconds.

    `dimensions` are sorted pairs. Introduced in chapter 13.
    """

    name: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    period_s: int
    datapoints_to_alarm: int
    evaluation_periods: int
    threshold: float
    comparison: str
    missing: str = "missing"

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Alarm":
        """The alarm that parameters of PutMetricAlarm describe.

        Raises KeyError for one that is lacking, ValueError for one that cannot be.
        """
        pairs = ((d["Name"], d["Value"]) for d in said.get("Dimensions") or ())
        periods = int(said["EvaluationPeriods"])
        alarm = cls(
            name=str(said.get("AlarmName", "alarm")),
            namespace=said["Namespace"],
            metric=said["MetricName"],
            dimensions=tuple(sorted(pairs)),
            statistic=said["Statistic"],
            period_s=int(said["Period"]),
            datapoints_to_alarm=int(said.get("DatapointsToAlarm") or periods),
            evaluation_periods=periods,
            threshold=float(said["Threshold"]),
            comparison=said["ComparisonOperator"],
            missing=said.get("TreatMissingData") or "missing",
        )
        alarm._check()
        return alarm

    def breaches(self, value: float) -> bool:
        """Whether a datapoint of this value breaches the threshold."""
        return _BREACHES[self.comparison](value, self.threshold)

    def state(self, values: Sequence[float | None], before: str) -> str:
        """The state after `values`, one a period, the newest last, None if missing."""
        breaching = [None if v is None else self.breaches(v) for v in values]
        return alarm_state(
            breaching,
            datapoints_to_alarm=self.datapoints_to_alarm,
            evaluation_periods=self.evaluation_periods,
            missing=self.missing,
            before=before,
        )

    def _check(self) -> None:
        if self.comparison not in _BREACHES:
            raise ValueError(f"ComparisonOperator {self.comparison!r} is not known")
        if self.missing not in _MISSING:
            raise ValueError(f"TreatMissingData {self.missing!r} is not known")
        if not 1 <= self.datapoints_to_alarm <= self.evaluation_periods:
            raise ValueError(
                f"DatapointsToAlarm {self.datapoints_to_alarm} of EvaluationPeriods "
                f"{self.evaluation_periods}: it must be 1 to that"
            )
        if self.period_s not in (10, 20, 30) and (
            self.period_s < 60 or self.period_s % 60
        ):
            raise ValueError(f"Period {self.period_s}: 10, 20, 30 or a multiple of 60")


def alarm_state(
    breaching: Sequence[bool | None],
    *,
    datapoints_to_alarm: int,
    evaluation_periods: int,
    missing: str = "missing",
    before: str = "INSUFFICIENT_DATA",
) -> str:
    """ "OK", "ALARM" or "INSUFFICIENT_DATA", by the rule in this module's docstring.

    `breaching` says of each period, the newest last, whether its datapoint breaches;
    None where it is missing. `before` is the alarm's state so far.
    """
    m, n = datapoints_to_alarm, evaluation_periods
    looked_at = list(breaching)[-(n + LOOKED_FARTHER) :]
    real = [one for one in looked_at if one is not None][-n:]
    lacking = n - len(real)
    if sum(real) >= m:
        return "ALARM"
    if not lacking or missing in ("breaching", "notBreaching"):
        filled = lacking if missing == "breaching" else 0
        return "ALARM" if sum(real) + filled >= m else "OK"
    if not all(real):
        return "OK"
    if missing == "ignore":
        return before
    if not real:
        return "INSUFFICIENT_DATA"
    oldest = len(looked_at) - looked_at.index(True)  # the newest is 1 period old
    return "ALARM" if oldest >= m else before
