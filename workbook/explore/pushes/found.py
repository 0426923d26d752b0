"""Run a page through all schedules, and say in how many of them it goes wrong."""

import html
from collections import Counter
from dataclasses import dataclass

from workbook.explore.pushes.schedules import push_schedules
from workbook.explore.pushes.world import Make, PushRun, run_pushes

__all__ = ["PushesExplored", "explore_pushes"]

CLAIM = "Every event is shown once, in order"


@dataclass(frozen=True)
class PushesExplored:
    """What an exploration of a page found.

    `wrongs` counts the schedules by what went wrong first: "lost", "twice", "order".
    `counterexample` is the shortest run that broke; `bounds` says what was explored.
    """

    schedules: int
    bounds: str
    wrongs: Counter
    counterexample: PushRun | None

    @property
    def holds(self) -> bool:
        """Whether the claim held in every schedule, and there was one."""
        return self.schedules > 0 and not self.broken

    @property
    def broken(self) -> int:
        """In how many schedules the claim was violated."""
        return sum(self.wrongs.values())

    def __str__(self) -> str:
        if self.counterexample is None:
            return f"“{CLAIM}” holds in all {self.schedules:,} schedules"
        of = f"{self.broken:,} of {self.schedules:,} schedules"
        return f"“{CLAIM}” is broken in {of}: {self.counterexample.broken}"

    def __repr__(self) -> str:
        text = f"{self}. Explored all of: {self.bounds}."
        if self.counterexample is None:
            return text
        return f"{text} Shortest counterexample: {self.counterexample.schedule}."

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        mark = "✓" if self.holds else "✗"
        parts = [
            f"<p><strong>{mark} {html.escape(str(self))}.</strong><br>"
            f"Explored all of: {html.escape(self.bounds)}.</p>"
        ]
        if self.counterexample is not None:
            picture = self.counterexample.picture._repr_mimebundle_()
            parts.append(picture["text/html"])
        return {"text/plain": repr(self), "text/html": "".join(parts)}


def explore_pushes(
    make: Make,
    *,
    events: int = 3,
    drops: int = 1,
    losses: int = 0,
    repeats: int = 0,
    failing_read: int = 0,
) -> PushesExplored:
    """Run a fresh page of `make(read_after, show)` through every schedule.

    The schedules are those of `push_schedules`, the page's methods those that
    `run_pushes` names.
    """
    schedules = push_schedules(events, drops=drops, losses=losses, repeats=repeats)
    wrongs: Counter = Counter()
    first = None
    for schedule in schedules:  # short ones first: the first failure is the shortest
        run = run_pushes(make, schedule, failing_read=failing_read)
        if run.broken:
            wrongs[_kind(run.broken)] += 1
            first = first or run
    bounds = _in_words(events, drops, losses, repeats, failing_read)
    return PushesExplored(len(schedules), bounds, wrongs, first)


def _kind(broken: str) -> str:
    """The kind of what went wrong: "lost", "twice" or "order"."""
    if broken.endswith("never shown"):
        return "lost"
    return "twice" if broken.endswith("twice") else "order"


def _in_words(
    events: int, drops: int, losses: int, repeats: int, failing_read: int
) -> str:
    """What was explored, as a phrase."""
    faults = [
        f"at most {number} {noun}{'s' * (number > 1)}"
        for number, noun in (
            (drops, "drop"),
            (losses, "lost push"),
            (repeats, "repeated push"),
        )
        if number
    ]
    if failing_read:
        faults.append(f"read number {failing_read} failing")
    return ", ".join([f"{events} events", "every order of arrival", *faults])
