"""Metrics out of log lines in the embedded metric format, as CloudWatch takes them out.

docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
(read 2026-11-29): the line is one JSON object; `_aws.CloudWatchMetrics` names the
metrics and the sets of dimensions, whose values stand at the root of the object; each
set of dimensions makes a metric of its own. A line that breaks the format has none.
"""

import json
from dataclasses import dataclass
from typing import Any

__all__ = ["Datum", "read_emf"]


@dataclass(frozen=True)
class Datum:
    """A value of a metric, at epoch seconds `at_s`. `dimensions` are sorted pairs."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    at_s: float
    value: float
    unit: str = "None"


def read_emf(line: str) -> list[Datum]:
    """The metrics that CloudWatch takes out of a log line: none, if it is no EMF."""
    try:
        said = json.loads(line)
        about = said["_aws"]
        return [
            _datum(said, directive["Namespace"], metric, names, about["Timestamp"], one)
            for directive in about["CloudWatchMetrics"]
            for names in directive.get("Dimensions") or [[]]
            for metric in directive["Metrics"]
            for one in _values(said[metric["Name"]])
        ]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []


def _values(value: Any) -> list[Any]:
    """A metric's value may be an array of them."""
    return value if isinstance(value, list) else [value]


def _datum(
    said: Any, namespace: str, metric: Any, names: Any, at_ms: Any, value: Any
) -> Datum:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{metric['Name']} is no number")
    if not all(isinstance(said[name], str) for name in names):
        raise TypeError("a dimension's value is text")
    dimensions = tuple(sorted((name, said[name]) for name in names))
    unit = metric.get("Unit", "None")
    return Datum(
        namespace, metric["Name"], dimensions, at_ms / 1000, float(value), unit
    )
