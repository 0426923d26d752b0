"""A line in the embedded metric format says what the specification wants."""

import json

import pytest

from workbook.patterns.metrics import emf


def test_a_line_is_as_specified():
    """The structure of ..._Embedded_Metric_Format_Specification.html."""
    line = emf(
        "Shop",
        {"Ok": (1, "Count"), "Ms": (12.5, "Milliseconds")},
        dimensions={"canary": "order"},
        at_s=1_520_730_000.25,
        order_id="canary-7",
    )
    assert json.loads(line) == {
        "_aws": {
            "Timestamp": 1_520_730_000_250,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Shop",
                    "Dimensions": [["canary"]],
                    "Metrics": [
                        {"Name": "Ok", "Unit": "Count"},
                        {"Name": "Ms", "Unit": "Milliseconds"},
                    ],
                }
            ],
        },
        "canary": "order",
        "Ok": 1,
        "Ms": 12.5,
        "order_id": "canary-7",
    }
    assert "\n" not in line


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"metrics": {}}, "0 metrics"),
        ({"metrics": {f"m{n}": (1, "Count") for n in range(101)}}, "101 metrics"),
        ({"dimensions": {f"d{n}": "x" for n in range(31)}}, "31 dimensions"),
        ({"metrics": {"Ok": (float("nan"), "Count")}}, "Ok is nan"),
        ({"metrics": {"Ok": ("1", "Count")}}, "Ok is '1'"),
        ({"Ok": 2}, "Ok stands twice"),
        ({"dimensions": {"Ok": "x"}}, "Ok stands twice"),
        ({"_aws": {}}, "_aws stands twice"),
    ],
)
def test_what_the_format_does_not_have_is_refused(changes, said):
    good = {"metrics": {"Ok": (1, "Count")}, "dimensions": {}, "at_s": 0.0}
    with pytest.raises(ValueError, match=said):
        emf("Shop", **{**good, **changes})
