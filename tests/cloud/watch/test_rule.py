"""The rule of alarms, by the two tables in CloudWatch's guide."""

import pytest

from workbook.cloud.watch import Alarm, alarm_state

RETAIN = "retain the current state"
OK, ON, NO_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"
# docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html,
# read 2026-11-29: datapoints, the newest right; then the state under each setting.
THREE_OF_THREE = [
    ("0 - X - X", OK, OK, OK, OK),
    ("0 - - - -", OK, OK, OK, OK),
    ("- - - - -", NO_DATA, RETAIN, ON, OK),
    ("0 X X - X", ON, ON, ON, ON),
    ("- - X - -", ON, RETAIN, ON, OK),
]
TWO_OF_THREE = [
    ("0 - X - X", ON, ON, ON, ON),
    ("0 0 X 0 X", ON, ON, ON, ON),
    ("0 - X - -", OK, OK, ON, OK),
    ("- - - - 0", OK, OK, ON, OK),
    ("- - - X -", ON, RETAIN, ON, OK),
]
SETTINGS = ("missing", "ignore", "breaching", "notBreaching")
ROWS = [(3, *row) for row in THREE_OF_THREE] + [(2, *row) for row in TWO_OF_THREE]


def breaching(text):
    return [{"0": False, "X": True, "-": None}[sign] for sign in text.split()]


@pytest.mark.parametrize("row", ROWS, ids=[f"{m} of 3: {row}" for m, row, *_ in ROWS])
@pytest.mark.parametrize("before", [OK, ON, NO_DATA])
def test_the_guide_s_tables(row, before):
    m, text, *wanted = row
    rule = {"datapoints_to_alarm": m, "evaluation_periods": 3, "before": before}
    found = [alarm_state(breaching(text), missing=s, **rule) for s in SETTINGS]
    assert found == [before if state == RETAIN else state for state in wanted]


@pytest.mark.parametrize("text", ["- - - - X", "- - - X -"])
def test_a_single_late_value_does_not_decide(text):
    """ "Avoiding premature transitions to alarm state", same page, M and N 3."""
    rule = {"datapoints_to_alarm": 3, "evaluation_periods": 3}
    assert alarm_state(breaching(text), before=OK, **rule) == OK


def test_what_is_beyond_the_range_is_not_looked_at():
    rule = {"datapoints_to_alarm": 1, "evaluation_periods": 1}
    assert alarm_state(breaching("X - - -"), missing="missing", **rule) == NO_DATA
    assert alarm_state(breaching("X - -"), missing="missing", **rule) == ON


SAID = {
    "AlarmName": "a", "Namespace": "N", "MetricName": "m", "Statistic": "Sum",
    "Dimensions": [{"Name": "z", "Value": "1"}, {"Name": "b", "Value": "2"}],
    "Period": 60, "EvaluationPeriods": 3, "Threshold": 1,
    "ComparisonOperator": "LessThanThreshold",
}  # fmt: skip


def test_an_alarm_is_read_from_its_parameters():
    alarm = Alarm.of(SAID)
    assert alarm.dimensions == (("b", "2"), ("z", "1"))
    assert (alarm.datapoints_to_alarm, alarm.missing) == (3, "missing")
    assert alarm.breaches(0.5) and not alarm.breaches(1)
    assert alarm.state([0, 0, 0], OK) == ON and alarm.state([1, 0, 0], OK) == OK


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"DatapointsToAlarm": 4}, "DatapointsToAlarm 4"),
        ({"Period": 45}, "Period 45"),
        ({"TreatMissingData": "bad"}, "TreatMissingData 'bad'"),
        ({"ComparisonOperator": "Less"}, "ComparisonOperator 'Less'"),
    ],
)
def test_an_alarm_that_cannot_be_is_refused(change, said):
    with pytest.raises(ValueError, match=said):
        Alarm.of({**SAID, **change})
