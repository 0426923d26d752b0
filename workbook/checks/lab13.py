"""Lab 13: a canary that names the hop, its alarm, one notice an incident, tuning."""

from workbook.checks.monitoring import singing, telling, tuning, watching
from workbook.checks.monitoring.singing import LATE_S, STEPS, Refused
from workbook.checks.monitoring.telling import Change
from workbook.checks.monitoring.tuning import MONTH_S, minutes_to_detect
from workbook.learn import Exercise, Lab, Question
from workbook.patterns.metrics import emf

__all__ = [
    "LATE_S",
    "MONTH_S",
    "STEPS",
    "Change",
    "Refused",
    "emf",
    "lab",
    "minutes_to_detect",
]

_HOP = Exercise(
    id="13.1-failing-hop",
    title="The hop that fails",
    minutes=10,
    lines=11,
    hints=(
        "Two orders: the one of this minute is placed, the one of the minute before is "
        "judged. Both ids follow from the minute.",
        "Without a trace there is nothing to judge. Else go through `STEPS` by number: "
        "the step is not done if the trace is too short, if its event there has "
        "another kind, or if that event came more than `LATE_S` after the first one.",
        '`try: shop.place(f"canary-{minute}")`, `except Refused: return STEPS[0]`. '
        'Then `trace = shop.trace(f"canary-{minute - 1}")`; for `number, step in '
        "enumerate(STEPS)`, return `step` if `number == len(trace)`, or "
        "`trace[number][0] != step`, or `trace[number][1] - trace[0][1] > LATE_S`.",
    ),
    why=Question(
        "Why does the canary judge the order of the minute before, and not wait for "
        "its own?",
        answer="A function that waits is paid for waiting, and has to poll. A minute "
        "later the order has ended or it has not, and one look is enough. The price is "
        "that each fault is seen a minute later.",
    ),
    check=singing.check,
)

_WATCHING = Exercise(
    id="13.2-metric-and-alarm",
    title="A line and an alarm",
    minutes=11,
    lines=10,
    hints=(
        "One metric is enough: 1 for a good run and 0 for a bad one. The alarm has to "
        "name the same namespace, metric and dimension.",
        "A chance failure is never followed by a second one within five minutes, while "
        "in a fault at least every second run is bad. Which M of N tells them apart? "
        "And what is a minute without any line?",
        '`emf("Shop", {"Succeeded": (int(good), "Count")}, dimensions={"canary": '
        '"order"}, at_s=at_s, hop=hop)`. The alarm: `"Statistic": "Minimum"`, '
        '`"Period": 60`, `"EvaluationPeriods": 3`, `"DatapointsToAlarm": 2`, '
        '`"Threshold": 1`, `"ComparisonOperator": "LessThanThreshold"`, '
        '`"TreatMissingData": "breaching"`.',
    ),
    why=Question(
        "The hop would make a fine dimension: one metric a hop, and an alarm on each. "
        "Why not?",
        answer="It could be done: five hops are five metrics, not thousands. But a "
        "failure that wanders from hop to hop would be spread over five alarms, none "
        "of which sees M of N; and each metric and each alarm is paid for. One alarm "
        "on the whole, and the hop in the line for whoever is woken.",
    ),
    check=watching.check,
)

_TELLING = Exercise(
    id="13.3-one-notice",
    title="Tell a person once",
    minutes=12,
    lines=14,
    hints=(
        "Into the record goes: each alarm's last state and its minute, the number of "
        "the incident, and what is still to be told. One `update` writes all of it.",
        "In that update: drop a change that is not newer than the alarm's last one. "
        "Was an alarm on before, is one on after? Only where that changes, add a "
        "notice to the list. Tell the list after the update, then empty it in a second "
        "update.",
        '`before = "ALARM" in [state for state, _ in alarms.values()]`, note the '
        "change, the same again for `after`; if they differ, "
        '`record["number"] += after` and append `[record["number"], "begun" if after '
        'else "over"]` to `record["untold"]`. Then `for notice in '
        'records.update(note)["untold"]: tell(*notice)`, and `records.update(lambda '
        'record: {**record, "untold": []})`.',
    ),
    why=Question(
        "Your record belongs to the whole shop. What would be lost with a record for "
        "each alarm?",
        answer="Nothing would be lost, but nothing gained: each alarm of an incident "
        "would tell its own story, three alarms three times. What a person wants to "
        "know is about the shop.",
    ),
    check=telling.check,
)

_TUNING = Exercise(
    id="13.4-alarm-tuning",
    title="Tune an alarm",
    minutes=7,
    lines=6,
    hints=(
        "There are few enough alarms to try all: each period, each N up to 8, each M "
        "up to N. Keep those within the budget, and take the quickest of them.",
        "An alarm begins in a period if a breach comes in (`noise`), the datapoint "
        "that drops out is good (`1 - noise`), and exactly M - 1 of the N - 1 between "
        "them breach (binomial: `math.comb`).",
        "`between = math.comb(n - 1, m - 1) * noise ** (m - 1) * (1 - noise) ** (n - "
        "m)`, and a month has `between * noise * (1 - noise) * MONTH_S / period_s` "
        "false alarms. `min(quiet, key=lambda alarm: minutes_to_detect(noise, failing, "
        "*alarm))`.",
    ),
    why=Question(
        "The budget is one false alarm a month. Whose number is that?",
        answer="That of the people who are woken, not of statistics. An alarm that is "
        "wrong more often than right is soon turned off, or slept through; so ask how "
        "many real incidents a month has, and stay below.",
    ),
    check=tuning.check,
)

lab = Lab(
    "13-e2e-and-monitoring",
    [_HOP, _WATCHING, _TELLING, _TUNING],
    title="E2E and monitoring",
)
