"""A mend for ministack 1.5.33: alarms that look at their own metric, again and again.

An alarm watches one metric, which its dimensions are part of. It is in ALARM when M of
the last N periods breach (`DatapointsToAlarm` of `EvaluationPeriods`), and a period
without data counts as `TreatMissingData` says
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
and .../alarms-and-missing-data.html, read 2026-11-29). Ministack takes the metric's
values of all dimensions together, knows no M and no missing data, and looks only when
somebody puts a metric. Here each alarm is evaluated once a second.

Not as on AWS: the period under way counts as soon as it has data, so that an alarm goes
off at once and not after a minute or more; metric math and anomaly bands are left out.
"""

import operator
import os
import threading
import time

from metrics import measure_queues

__all__ = ["install"]

_EVERY_S = 1.0
_lock = threading.Lock()
_BREACHES = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def install() -> None:
    """Evaluate alarms as documented, and start to."""
    from ministack.services import cloudwatch

    cloudwatch._evaluate_alarm = _evaluate
    threading.Thread(target=_go_on, daemon=True, name="alarms").start()


def _go_on() -> None:
    from ministack.core import responses
    from ministack.services import cloudwatch

    responses._request_account_id.set(os.environ["MINISTACK_ACCOUNT_ID"])
    responses._request_region.set(os.environ["MINISTACK_REGION"])
    while True:
        time.sleep(_EVERY_S)
        try:
            measure_queues()
            cloudwatch._evaluate_all_alarms()
        except Exception:  # the next second is another chance
            cloudwatch.logger.exception("the alarms were not evaluated")


def _evaluate(alarm) -> None:
    from ministack.services import cloudwatch

    compare = _BREACHES.get(alarm.get("ComparisonOperator"))
    if not alarm.get("MetricName") or compare is None:
        return
    with _lock:
        values = _values(alarm)
        state = _state(alarm, values, compare)
        before = alarm["StateValue"]
        if state in (None, before):
            return
        reason = _reason(alarm, values, compare)
        alarm["StateValue"], alarm["StateReason"] = state, reason
        alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _values(alarm) -> list:
    """The statistic of each of the last N periods, newest first; None without data."""
    points, period_s = _points(alarm), int(alarm.get("Period") or 60)
    latest = int(time.time() // period_s)
    if not _within(points, latest, period_s):
        latest -= 1  # the period under way has no data yet
    count = int(alarm.get("EvaluationPeriods") or 1)
    return [
        _statistic(alarm, _within(points, latest - back, period_s))
        for back in range(count)
    ]


def _points(alarm) -> list:
    from ministack.services import cloudwatch

    dimensions = cloudwatch._dims_from_list(alarm.get("Dimensions") or [])
    key = alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions)
    return list(cloudwatch._metrics.get(key, ()))


def _within(points, period, period_s) -> list:
    return [p for p in points if p["Timestamp"] // period_s == period]


def _statistic(alarm, points):
    from ministack.services import cloudwatch

    if not points:
        return None
    name = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
    return cloudwatch._stat_value(cloudwatch._calc_stats(points), name, points)


def _state(alarm, values, compare):
    """The state that the values make; None if the alarm stays as it is."""
    missing = alarm.get("TreatMissingData") or "missing"
    if missing in ("missing", "ignore") and all(v is None for v in values):
        return "INSUFFICIENT_DATA" if missing == "missing" else None
    threshold = alarm.get("Threshold", 0)
    breaching = sum(
        missing == "breaching" if value is None else compare(value, threshold)
        for value in values
    )
    wanted = int(alarm.get("DatapointsToAlarm") or len(values))
    return "ALARM" if breaching >= min(wanted, len(values)) else "OK"


def _reason(alarm, values, compare) -> str:
    seen = [value for value in values if value is not None]
    breaching = sum(compare(value, alarm["Threshold"]) for value in seen)
    return (
        f"Threshold Crossed: {breaching} of the last {len(values)} datapoints {seen} "
        f"breach: {alarm['ComparisonOperator']} {alarm['Threshold']}"
    )
