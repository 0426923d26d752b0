"""Metrics in a log line: CloudWatch's embedded metric format (EMF).

    print(emf("Shop/Canary", {"LatencyMs": (812, "Milliseconds")},
              dimensions={"canary": "order"}, at_s=now, order_id="canary-7"))

CloudWatch Logs takes the metrics out of the line, so a function needs no call and no
right to publish them. What is said beside them, such as `order_id`, stays in the log,
to be searched. A dimension is part of a metric's name: each value of it is a metric of
its own, and is paid for. So an id is never a dimension.

The format, and its limits, are those of
docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
(read 2026-11-29). Introduced in chapter 13.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

__all__ = ["emf"]

MOST_METRICS, MOST_DIMENSIONS = 100, 30  # in one directive


def emf(
    namespace: str,
    metrics: Mapping[str, tuple[float, str]],
    *,
    dimensions: Mapping[str, str],
    at_s: float,
    **properties: Any,
) -> str:
    """A line with `metrics`, each a value and its unit, at epoch seconds `at_s`.

    Raises ValueError for a value that is no number, for a name that stands twice, and
    for more metrics or dimensions than the format allows.
    """
    _check(metrics, dimensions, properties)
    directive = {
        "Namespace": namespace,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": n, "Unit": unit} for n, (_, unit) in metrics.items()],
    }
    about = {"Timestamp": round(1000 * at_s), "CloudWatchMetrics": [directive]}
    values = {name: value for name, (value, _) in metrics.items()}
    return json.dumps({"_aws": about, **dimensions, **values, **properties})


def _check(metrics: Mapping, dimensions: Mapping, properties: Mapping) -> None:
    if not 0 < len(metrics) <= MOST_METRICS or len(dimensions) > MOST_DIMENSIONS:
        raise ValueError(
            f"{len(metrics)} metrics and {len(dimensions)} dimensions: a line has 1 to "
            f"{MOST_METRICS}, and 0 to {MOST_DIMENSIONS}"
        )
    for name, (value, _) in metrics.items():
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{name} is {value!r}, which is no number")
    names = [*metrics, *dimensions, *properties, "_aws"]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{twice[0]} stands twice in the line")
