"""A mend for ministack 1.5.33: the metrics that AWS publishes by itself.

- CloudWatch takes metrics out of a function's log lines in the embedded metric format
  (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
- Lambda counts every invocation, whoever asked for it
  (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
- SQS says each minute how many messages are visible in a queue, and how old the oldest
  is
  (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
  Here it is said within a second.

All read 2026-11-29. Ministack publishes metrics of direct invocations alone.
"""

import json
import time

__all__ = ["install", "measure_queues"]

_AGAIN_AFTER_S = 15.0  # a value that stays is repeated this often
_said: dict[tuple, tuple[float, float]] = {}


def install() -> None:
    """Measure each invocation where its log is written."""
    from ministack.services import lambda_svc

    lambda_svc._emit_lambda_logs = _measuring(lambda_svc._emit_lambda_logs)
    lambda_svc._emit_lambda_metrics = _throttled_only(lambda_svc._emit_lambda_metrics)


def measure_queues() -> None:
    """Publish each queue's metrics, when they changed or a while has passed."""
    from ministack.services import sqs

    now_s = time.time()
    for queue in list(sqs._queues.values()):
        name = queue["attributes"]["QueueArn"].rsplit(":", 1)[1]
        messages = list(queue["messages"])
        visible = sum(message["visible_at"] <= now_s for message in messages)
        oldest_s = min((message["sent_at"] for message in messages), default=now_s)
        dimensions = {"QueueName": name}
        _say("ApproximateNumberOfMessagesVisible", visible, "Count", dimensions)
        _say("ApproximateAgeOfOldestMessage", now_s - oldest_s, "Seconds", dimensions)


def _say(metric, value, unit, dimensions) -> None:
    key, now_s = (metric, *dimensions.values()), time.time()
    before, at_s = _said.get(key, (None, 0.0))
    if value == before and now_s - at_s < _AGAIN_AFTER_S:
        return
    _said[key] = value, now_s
    _record("AWS/SQS", metric, value, unit, dimensions)


def _measuring(write):
    def write_and_measure(function, request_id, text, error, duration_ms, **more):
        write(function, request_id, text, error, duration_ms, **more)
        config = function.get("config") or function
        dimensions = {"FunctionName": config.get("FunctionName", "unknown")}
        _record("AWS/Lambda", "Invocations", 1, "Count", dimensions)
        _record("AWS/Lambda", "Errors", int(error), "Count", dimensions)
        _record("AWS/Lambda", "Duration", duration_ms, "Milliseconds", dimensions)
        for line in (text or "").splitlines():
            if line.startswith("{") and '"_aws"' in line:
                _read_embedded(line)

    return write_and_measure


def _throttled_only(emit):
    """The emulator's own counts, but for what is counted with the log already."""

    def emit_throttle(name, duration_ms, error, throttle):
        if throttle:
            emit(name, duration_ms=0.0, error=error, throttle=throttle)

    return emit_throttle


def _read_embedded(line) -> None:
    """Publish the metrics of one line; a line that breaks the format has none."""
    try:
        said = json.loads(line)
        at_s = said["_aws"]["Timestamp"] / 1000
        for directive in said["_aws"]["CloudWatchMetrics"]:
            _follow(directive, said, at_s)
    except (KeyError, TypeError, ValueError):
        return


def _follow(directive, said, at_s) -> None:
    for metric in directive["Metrics"]:
        values = said[metric["Name"]]
        values = values if isinstance(values, list) else [values]
        for names in directive["Dimensions"] or [[]]:
            dimensions = {name: str(said[name]) for name in names}
            for value in values:
                _record(directive["Namespace"], metric["Name"], float(value),
                        metric.get("Unit", "None"), dimensions, at_s)  # fmt: skip


def _record(namespace, metric, value, unit, dimensions, at_s=None) -> None:
    from ministack.services import cloudwatch

    name, at_s = (namespace, metric), at_s or time.time()
    cloudwatch._store_datum(*name, dimensions, at_s, unit, value, None, None, None)
