"""Exercise 2: a log line with metrics, and an alarm that sees faults and no chance."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from workbook.checks.messages.words import kind
from workbook.checks.monitoring.forgetting import forgets
from workbook.checks.monitoring.tools import to_its_end
from workbook.cloud.watch import Alarm, Store, read_emf
from workbook.cloud.watch.rule import LOOKED_FARTHER
from workbook.figures import Mark, Span, timeline
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped

__all__ = ["SLOW_MS", "check"]

SLOW_MS = 5_000.0
MOST_METRICS = 4
QUIET = 60  # minutes

Run = tuple[str, float | None] | None  # hop, latency in ms; None: the canary is silent

GOOD: Run = ("", 800.0)
JUST_GOOD: Run = ("", SLOW_MS)
# The hours of a night: runs, and by when the alarm must go off, in minutes of a fault.
FAULTS: tuple[tuple[str, Sequence[Run], int], ...] = (
    ("each order is stuck", [("SeatReserved", None)] * 20, 5),
    ("every second order is stuck", [("PaymentCaptured", None), GOOD] * 10, 10),
    ("each order takes 9 s", [("", 9_000.0)] * 20, 5),
    ("the front door refuses each order", [("OrderPlaced", None)] * 20, 5),
    ("the canary is silent", [None] * 20, 10),
    ("orders are stuck here and there",
     [("TicketIssued", None), ("BuyerNotified", None), GOOD] * 7, 10),
)  # fmt: skip
# Single failures by chance, never two within five minutes.
CHANCE = {3, 9, 14, 22, 31, 37, 44, 52}
APART = 5


@to_its_end
def check(made: Callable) -> Verdict:
    """Whether lines and alarm see each planted fault, and are quiet in a clean hour."""
    watching = call(made)
    for method in ("line", "alarm"):
        if not callable(getattr(watching, method, None)):
            return failed(f"The class has no method `{method}()`.")
    _line(watching)
    forgets(watching.line)
    alarm = _alarm(watching)
    _sees(watching, alarm)
    _clean_hour(watching, alarm)
    for name, runs, within in FAULTS:
        _fault(watching, alarm, name, runs, within)
    _cost(watching)
    return passed(
        f"tried: a clean hour with {len(CHANCE)} single failures, {len(FAULTS)} faults "
        "with their ends, and the metrics counted that a night would cost"
    )


# --- the line -------------------------------------------------------------------------


def _line(watching: Any) -> None:
    for hop, latency in (GOOD, ("SeatReserved", None)):
        line = call(watching.line, hop, latency, 60.0)
        if not isinstance(line, str):
            raise Stopped(
                failed(
                    f"`line` gives {kind(line)}, not a text: return it, do not print."
                )
            )
        if "\n" in line.strip():
            raise Stopped(failed("`line` gives more than one line of text."))
        if not read_emf(line):
            raise Stopped(
                failed(
                    "CloudWatch finds no metric in the line.",
                    look="`emf(namespace, {name: (number, unit)}, dimensions=…, "
                    "at_s=at_s)` makes one; a value has to be a number.",
                )
            )
        if any(datum.at_s != 60.0 for datum in read_emf(line)):  # noqa: PLR2004
            raise Stopped(
                failed(
                    "The metric's moment is not the run's.",
                    look="`at_s` is in seconds since 1970; hand it on as it is.",
                )
            )
    if "SeatReserved" not in line:  # of the last run, which got stuck there
        raise Stopped(
            failed(
                "The line of a failed run does not say the hop.",
                look="Whoever is woken will search the log for it: `hop=hop`.",
            )
        )


def _cost(watching: Any) -> None:
    """The metrics of a night with a failure at each step, and what they cost."""
    hops = ("", *(hop for _, runs, _ in FAULTS for hop, _ in filter(None, runs)))
    names = {
        (datum.namespace, datum.name, datum.dimensions)
        for minute, hop in enumerate(hops)
        for datum in read_emf(
            call(watching.line, hop, None if hop else 1_000.0 + minute, 60.0 * minute)
        )
    }
    if len(names) > MOST_METRICS:
        raise Stopped(
            failed(
                f"A night makes {len(names)} metrics, each of which is paid for.",
                look="A dimension's value is part of the metric's name. What changes "
                "from run to run stands beside the metrics, not in a dimension.",
            )
        )


# --- the alarm ------------------------------------------------------------------------


def _alarm(watching: Any) -> Alarm:
    said = call(watching.alarm)
    if not isinstance(said, dict):
        raise Stopped(failed(f"`alarm` gives {kind(said)}, not a dict of parameters."))
    try:
        alarm = Alarm.of(said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{error} is lacking" if isinstance(error, KeyError) else str(error)
        raise Stopped(
            failed(
                f"PutMetricAlarm would refuse the alarm: {what}.",
                look="Names as AWS has them, `Dimensions` as a list of "
                '`{"Name": …, "Value": …}`.',
            )
        ) from None
    if isinstance(said["Threshold"], str | bool):
        raise Stopped(
            failed(
                f"The threshold is {said['Threshold']!r}, and PutMetricAlarm takes "
                "numbers only."
            )
        )
    if alarm.period_s != 60:  # noqa: PLR2004
        raise Stopped(
            failed(
                f"The alarm's period is {alarm.period_s} s, and the canary runs once a "
                "minute: the page asks for a datapoint for each run.",
                look='`"Period": 60`.',
            )
        )
    return alarm


def _sees(watching: Any, alarm: Alarm) -> None:
    """Whether the alarm's metric is one of those that the lines make."""
    there = {
        (datum.namespace, datum.name, datum.dimensions)
        for hop, latency in (GOOD, ("SeatReserved", None))
        for datum in read_emf(call(watching.line, hop, latency, 60.0))
    }
    wanted = (alarm.namespace, alarm.metric, alarm.dimensions)
    if wanted in there:
        return
    shown = ", ".join(sorted(_named(name) for name in there))
    raise Stopped(
        failed(
            f"The alarm watches {_named(wanted)}, and the lines have {shown}.",
            look="Namespace, name and every dimension must be the same in both.",
        )
    )


def _named(name: tuple) -> str:
    where = ", ".join(f"{key}={value}" for key, value in name[2]) or "no dimension"
    return f"{name[0]} {name[1]} ({where})"


def _clean_hour(watching: Any, alarm: Alarm) -> None:
    runs = [("PaymentCaptured", None) if m in CHANCE else GOOD for m in range(QUIET)]
    states = list(_states(watching, alarm, runs))
    if "ALARM" not in states:
        return _just_good(watching, alarm)
    raise Stopped(
        failed(
            f"In a clean hour, with {len(CHANCE)} single failures, the alarm goes off.",
            _picture(runs, states, "A clean hour, and the alarm goes off"),
            look=_too_early(alarm),
        )
    )


def _too_early(alarm: Alarm) -> str:
    if alarm.datapoints_to_alarm > 1 and alarm.evaluation_periods > APART:
        return f"Two failures {APART} minutes apart are chance still: N is too large."
    return "One failure by chance is no incident: let M of N decide."


def _just_good(watching: Any, alarm: Alarm) -> None:
    """An hour of orders that take as long as is allowed."""
    runs = [JUST_GOOD] * QUIET
    states = list(_states(watching, alarm, runs))
    if "ALARM" in states:
        raise Stopped(
            failed(
                f"Each order takes {SLOW_MS:,.0f} ms, and the alarm goes off.",
                _picture(runs, states, "An hour of orders that are not too slow"),
                look=f"It fails if it took *more* than {SLOW_MS:,.0f} ms.",
            )
        )


def _fault(watching, alarm, name: str, runs: Sequence[Run], within: int) -> None:
    night = [GOOD] * 10 + list(runs) + [GOOD] * 20
    states = list(_states(watching, alarm, night))
    during = states[10 : 10 + len(runs)]
    if "ALARM" not in during or during.index("ALARM") + 1 > within:
        raise Stopped(
            failed(
                f"For twenty minutes {name}, and {within} minutes are over without an "
                "alarm.",
                _picture(night, states, f"Twenty minutes in which {name}"),
                look=_hint(name),
            )
        )
    if states[-1] != "OK":
        raise Stopped(
            failed(
                f"The fault ({name}) is over for twenty minutes, and the alarm is "
                f"{states[-1]}.",
                look="Good runs must be datapoints as well.",
            )
        )


def _hint(name: str) -> str:
    if "silent" in name:
        return (
            "Without a line there is no datapoint: what is that for `TreatMissingData`?"
        )
    if "9 s" in name:
        return f"A run that took longer than {SLOW_MS:,.0f} ms has failed, too."
    if "second" in name or "here and there" in name:
        return "M failures in a row never come. Let a good one in between be allowed."
    return "How many datapoints must breach, and which values do?"


def _states(watching: Any, alarm: Alarm, runs: Sequence[Run]) -> Iterator[str]:
    """The alarm's state after each minute; it warms up on ten good minutes."""
    store, state, warm_up = Store(), "OK", 10
    for minute, run in enumerate([GOOD] * warm_up + list(runs)):
        if run is not None:
            line = call(watching.line, *run, 60.0 * minute + 1)
            for one in read_emf(line):
                store.put(one.namespace, one.name, one.dimensions, one.at_s, one.value)
        if minute < warm_up:
            continue
        periods = alarm.evaluation_periods + LOOKED_FARTHER
        end_s = 60.0 * (minute + 1)
        try:
            values = store.recent(alarm, end_s, min(periods, minute + 1))
        except KeyError:
            raise Stopped(
                failed(f"There is no statistic {alarm.statistic!r}; try 'Minimum'.")
            ) from None
        state = alarm.state(values, state)
        yield state


def _picture(runs: Sequence[Run], states: Sequence[str], title: str) -> Any:
    spans = [Span("alarm", 0, len(states), "OK", "context")]
    start = None
    for minute, state in enumerate([*states, "OK"]):
        if state == "ALARM" and start is None:
            start = minute
        if state != "ALARM" and start is not None:
            spans.append(Span("alarm", start + 1, minute + 1, "ALARM", "fault"))
            start = None
    spans.insert(0, Span("runs", 0, len(runs), "", "healthy"))
    bad = [m for m, run in enumerate(runs) if run is None or run[0] or run[1] > SLOW_MS]
    marks = [Mark("runs", bad[0], "first bad run", "fault")] if bad else []
    return timeline(spans, marks=marks, unit="min", title=title)
