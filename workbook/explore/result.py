"""What an exploration found, as a sentence, a picture and a table."""

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook.explore.machine import Step
from workbook.explore.run import Run, fault_label, is_fault
from workbook.figures import Picture, crashmap

if TYPE_CHECKING:
    import pandas

__all__ = ["Exploration", "Findings", "Summary"]

# The rows and columns of a crash map, and the outcome in each of its cells.
Cells = tuple[list[str], list[str], dict[tuple[str, str], str]]


@dataclass(frozen=True)
class Summary:
    """One schedule in a line of the table. `outcome` is empty where all is well."""

    id: str
    faults: tuple[str, ...]
    fault_at: str  # the first fault by its place: "crash before call 2"
    order: tuple[int, str]  # where that stands among all faults
    overlap: str
    calls: int
    switches: int
    outcome: str


@dataclass(frozen=True)
class Exploration:
    """The result of `explore`.

    `verdict` is "holds", "broken" or "unknown"; `why` says the reason of the last two.
    `bounds` are the limits of what was explored, in words; `exhaustive` tells whether
    everything within them was, and `cut_off` what ended the search early if not.
    """

    claim: str
    verdict: str
    why: str
    bounds: str
    exhaustive: bool
    cut_off: str
    skipped: int
    summaries: tuple[Summary, ...]
    counterexample: Run | None
    _replay: Callable[[str], Run] = field(repr=False, compare=False)

    @property
    def holds(self) -> bool:
        """Whether the invariant held in every schedule within the bounds."""
        return self.verdict == "holds"

    @property
    def schedules(self) -> int:
        """How many schedules were run."""
        return len(self.summaries)

    @property
    def broken(self) -> int:
        """In how many of them the invariant was violated."""
        return sum(bool(summary.outcome) for summary in self.summaries)

    def replay(self, schedule_id: str) -> Run:
        """Run one schedule again, exactly, from its id."""
        return self._replay(schedule_id)

    def table(self) -> "pandas.DataFrame":
        """A row a schedule: id, faults, overlap, calls, switches, outcome."""
        import pandas

        rows = [
            {
                "id": s.id,
                "faults": ", ".join(s.faults) or "none",
                "overlap": s.overlap,
                "calls": s.calls,
                "switches": s.switches,
                "outcome": s.outcome or "holds",
            }
            for s in self.summaries
        ]
        columns = ["id", "faults", "overlap", "calls", "switches", "outcome"]
        return pandas.DataFrame(rows, columns=columns)

    def crash_cells(self, *, by_place: bool = False) -> Cells:
        """Rows (faults), columns (overlaps) and the worst outcome where they meet.

        Rows name the call ("crash before PutItem charges") or, `by_place`, only count
        it ("crash before call 2"), so that the maps of several handlers share rows.
        """
        ordered = sorted(self.summaries, key=lambda s: (s.order, s.faults))
        row = (lambda s: s.fault_at) if by_place else _fault_row
        columns = sorted({s.overlap for s in self.summaries}, key=_overlap_order)
        cells: dict[tuple[str, str], str] = {}
        for summary in ordered:
            where = (row(summary), summary.overlap)
            cells[where] = max(cells.get(where, ""), summary.outcome)
        rows = list(dict.fromkeys(row(summary) for summary in ordered))
        return rows, columns, {at: what or "holds" for at, what in cells.items()}

    def crash_map(self, title: str = "") -> Picture:
        """Where it breaks: what went wrong, against when the second delivery began.

        Explore with `prune=False` for a map without holes: a hole is a schedule that
        was left out because it comes to the same as another one.
        """
        rows, columns, cells = self.crash_cells()
        return crashmap(
            rows,
            columns,
            cells,
            title=title or str(self),
            row_label="what goes wrong",
            column_label="second delivery begins",
            healthy={"holds"},
        )

    def __str__(self) -> str:
        if self.verdict == "holds":
            number = self.schedules
            where = "the one schedule" if number == 1 else f"all {number} schedules"
            return f"“{self.claim}” holds in {where}"
        if self.verdict == "broken":
            of = f"{self.broken} of {self.schedules} schedules"
            return f"“{self.claim}” is broken in {of}: {self.why}"
        return f"“{self.claim}” is neither proved nor broken: {self.why}"

    def __repr__(self) -> str:
        shortest = ""
        if self.counterexample is not None:
            shortest = f" Shortest counterexample: {self.counterexample.id}."
        return f"{self}. {self.coverage}{shortest}"

    @property
    def coverage(self) -> str:
        """What was explored, and whether that was everything."""
        extent = "Explored all of: " if self.exhaustive else f"{self.cut_off}, within: "
        left_out = f"; {self.skipped} branches left out, same as others"
        return extent + self.bounds + (left_out if self.skipped else "") + "."

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        mark = {"holds": "✓", "broken": "✗", "unknown": "?"}[self.verdict]
        parts = [
            f"<p><strong>{mark} {html.escape(str(self))}.</strong><br>"
            f"{html.escape(self.coverage)}</p>"
        ]
        if self.counterexample is not None:
            picture = self.counterexample.picture._repr_mimebundle_()
            parts.append(picture["text/html"])
        return {"text/plain": repr(self), "text/html": "".join(parts)}


class Findings:
    """What an exploration has found so far."""

    def __init__(self, claim: str, bounds: str) -> None:
        self.claim = claim
        self.bounds = bounds
        self.summaries: list[Summary] = []
        self.shortest: Run | None = None
        self.stuck: Run | None = None
        self.cut_off = ""
        self._unknown = ""

    def add(self, run: Run) -> None:
        """Count a finished run, and keep it if it is the shortest failure yet."""
        self.summaries.append(_summarise(run))
        shorter = self.shortest is None or _length(run) < _length(self.shortest)
        if run.broken and shorter:
            self.shortest = run

    def give_up(self, reason: str) -> None:
        """Note why the exploration cannot tell."""
        self._unknown = reason
        self.cut_off = f"Stopped after {len(self.summaries):,} schedules"

    def result(self, skipped: int, replay: Callable[[str], Run]) -> "Exploration":
        """The exploration as it stands."""
        verdict, why = self._verdict()
        return Exploration(
            claim=self.claim,
            verdict=verdict,
            why=why,
            bounds=self.bounds,
            exhaustive=not self.cut_off,
            cut_off=self.cut_off,
            skipped=skipped,
            summaries=tuple(self.summaries),
            counterexample=self.shortest or self.stuck,
            _replay=replay,
        )

    def _verdict(self) -> tuple[str, str]:
        if self.shortest is not None:
            return "broken", self.shortest.broken
        if self._unknown or self.cut_off:
            return "unknown", self._unknown or self.cut_off
        return "holds", ""


def _length(run: Run) -> tuple:
    return (run.calls, len(run.faults), run.switches, len(run.steps), run.id)


def _summarise(run: Run) -> Summary:
    """The line of the table for a run."""
    first = next((step for step in run.steps if is_fault(step)), None)
    place, order = _fault_place(run, first)
    faults = tuple(fault_label(step) for step in run.steps if is_fault(step))
    return Summary(
        run.id,
        faults,
        place,
        order,
        _overlap(run),
        run.calls,
        run.switches,
        run.broken,
    )


def _fault_place(run: Run, first: Step | None) -> tuple[str, tuple[int, str]]:
    """The first fault by the number of its call, and where it stands among others."""
    if first is None:
        return "no fault", (0, "")
    mine = [step for step in run.steps if _same_invocation(step, first)]
    number, fate = mine.index(first) + 1, first.choice.fate
    colon = "" if fate.startswith("crash") else ":"
    early = "a" if fate in ("crash before", "request lost", "throttled") else "b"
    return f"{fate}{colon} call {number}", (number, early + fate)


def _same_invocation(a: Step, b: Step) -> bool:
    return (a.choice.delivery, a.attempt) == (b.choice.delivery, b.attempt)


def _overlap(run: Run) -> str:
    """How far the first delivery to move had come when another one began."""
    if not run.steps:
        return "no call"
    first = run.steps[0]
    own = [s for s in run.steps if _same_invocation(s, first)]
    for position, step in enumerate(run.steps):
        if step.choice.delivery != first.choice.delivery and step.round == 0:
            done = sum(s in own for s in run.steps[:position])
            return "after its end" if done == len(own) else f"after call {done}"
    return "alone"


def _fault_row(summary: Summary) -> str:
    return " + ".join(summary.faults) or "no fault"


def _overlap_order(overlap: str) -> tuple[int, str]:
    return (1 if overlap == "after its end" else 0, overlap.rjust(20))
