"""Exercise 2: the first event of a log after which an invariant is broken."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from workbook.checks.functional.logs import LOGS, Story, first_broken
from workbook.checks.messages.words import kind
from workbook.figures import Picture, curves
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped

__all__ = ["check"]

_KINDS = {"the log": "context", "the first bad one": "healthy", "yours": "fault"}
# Through a log of so many events an answer may go ten times, not half of that number.
_LONG, _PASSES = 100, 10


def check(first_bad: Callable[..., Any]) -> Verdict:
    """Whether it finds the first bad event of each log, and in a single replay."""
    for story in LOGS:
        verdict = _one(first_bad, story)
        if verdict is not None:
            return verdict
    return passed(
        f"tried: {len(LOGS)} logs, some that heal later, one broken at once, one at "
        "the end, one empty, and two of 400 events"
    )


class _Counted:
    """An `evolve` that knows how often it was called, and whether always on `start`."""

    def __init__(self, evolve: Callable, start: Any) -> None:
        self.evolve, self.start = evolve, start
        self.calls, self.goes_on = 0, False

    def __call__(self, state: Any, event: Any) -> Any:
        self.calls += 1
        self.goes_on |= state is not self.start
        return self.evolve(state, event)


def _one(first_bad: Callable, story: Story) -> Verdict | None:
    """The verdict on one log, None if all is well."""
    evolve, log = _Counted(story.evolve, story.start), copy.deepcopy(story.log)
    found = _asked(first_bad, log, evolve, story)
    if log != story.log:
        return failed(
            "It changes the log.",
            look="A log says what happened, and others read it: leave it as it is.",
        )
    wrong = _no_position(found, log, story) or _elsewhere(found, story, evolve)
    return wrong or _too_often(evolve.calls, story)


def _asked(first_bad: Callable, log: list, evolve: _Counted, story: Story) -> Any:
    """The answer for one log; whatever ends the check there says which log it was."""
    try:
        return call(first_bad, log, evolve, story.invariant, story.start)
    except Stopped as stop:
        if stop.verdict.status != "your code raised" or story is LOGS[0]:
            raise
        raise Stopped(replace(stop.verdict, look=_held(story))) from None


def _held(story: Story) -> str:
    """What a log other than the evening's is made of."""
    if not story.log:
        return f"{story.name} the answer is None."
    return (
        f"{story.name} the first event is {story.log[0]!r}, and the start "
        f"{story.start!r}: leave it to `evolve` and `invariant` to look inside."
    )


def _no_position(found: Any, log: list, story: Story) -> Verdict | None:
    """The verdict on what is neither a position nor None."""
    whole = isinstance(found, int | np.integer) and not isinstance(found, bool)
    if found is None or whole:
        return None
    an_event = any(found is event for event in log)
    what = "the event itself" if an_event else kind(found)
    return failed(
        f"{story.name} it answers {what}, not a position.",
        look="Return a position in the log, a whole number from 0, or None for never.",
    )


def _elsewhere(found: Any, story: Story, evolve: _Counted) -> Verdict | None:
    broken = first_broken(story)
    right = broken[0] if broken else None
    if found == right:
        return None
    look = _look(found, broken, story)
    if found is None and 0 < evolve.calls <= right < len(story.log) - 1:
        look = (
            f"It stopped after {_events(evolve.calls)}. None is the answer only when "
            "the whole log has been looked at: return it after the loop."
        )
    if evolve.calls > 1 and not evolve.goes_on:
        look = (
            "`evolve` is called with `start` each time: keep the state that it gives."
        )
    return failed(
        f"{story.name} {_is_at(right, story)}, and you say {_said(found)}.",
        _picture(found, right, story),
        look=look,
    )


def _events(number: int) -> str:
    return f"{number} event{'s' * (number > 1)}"


def _is_at(right: int | None, story: Story) -> str:
    if right is None:
        return "there is no bad event"
    event = getattr(story.log[right], "id", story.log[right])
    return f"the first bad event is at position {right} ({event})"


def _said(found: int | None) -> str:
    return "None" if found is None else f"{int(found)}"


def _look(found: int | None, broken: list[int], story: Story) -> str:
    """What the answer would be the answer to, where it is a known one."""
    if not broken:
        return "The invariant holds after every event: the answer is None."
    right = broken[0]
    if found is None:
        return _look_at_none(broken, story)
    if not 0 <= found < len(story.log):
        return f"That log has {len(story.log)} events: `log` is the one to go through."
    if found not in broken and story.log[found] == story.log[right]:
        return (
            "An equal event stands there, which did no harm: `log.index` finds the "
            "first of its kind. `enumerate` counts."
        )
    if found == right + 1:
        return "That is one too many: the first event has the position 0."
    if found == right - 1:
        return "Until then all is well: the next event breaks it."
    if found in broken:
        return "It is broken there, too, but an earlier event broke it."
    return "After that event the invariant holds."


def _look_at_none(broken: list[int], story: Story) -> str:
    if broken[0] == 0:
        return (
            "Look at the state after the first event, too. If you do: position 0 is a "
            "position, and `if position` takes it for nothing."
        )
    if broken[-1] != len(story.log) - 1:
        return (
            "At the end all is well again: look at the state after each event, not "
            "after the last. For the same reason you cannot halve the log."
        )
    return "Look at the state after each event, after the last one too."


def _too_often(calls: int, story: Story) -> Verdict | None:
    if len(story.log) < _LONG or calls <= _PASSES * len(story.log):
        return None
    return failed(
        f"It is right, and calls `evolve` {calls:,} times for {len(story.log)} events.",
        look="Keep the state, and go on from it: whoever begins again and again needs "
        "a hundred times as long for ten times as many.",
    )


def _picture(found: int | None, right: int | None, story: Story) -> Picture | None:
    """The state's number along the log, and the two positions in it."""
    if not story.log:
        return None
    levels = story.levels()
    after = range(len(levels))
    named = {"the first bad one": right, "yours": found}
    points, lines = {}, {"the log": levels}
    for name, position in named.items():
        if position is not None and 0 <= position < len(story.log):
            at = position + 1
            lines[name] = [levels[at] if n == at else np.nan for n in after]
            points[name] = ([at], [levels[at]])
    return curves(
        after,
        lines,
        points=points,
        kinds={name: _KINDS[name] for name in lines},
        title=f"The first bad event is at {_said(right)}; you say {_said(found)}",
        x_label="events replayed (the event at position n is number n + 1)",
        y_label=story.unit,
    )
