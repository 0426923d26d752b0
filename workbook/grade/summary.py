"""What a class did: counts by exercise and verdict, and what went wrong most often."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.figures import Picture
from workbook.figures.heatmap import heatmap
from workbook.grade.grading import Graded
from workbook.grade.outcome import STATUSES, Result
from workbook.grade.sheet import Sheet, Task

__all__ = [
    "Commonest",
    "Summary",
    "commonest",
    "not_recognised",
    "summaries",
    "worth_a_look",
]

_ALWAYS = STATUSES[:4]  # the columns that are there even if empty
_KINDS = {"passed": "healthy", "not attempted": "context", "inconclusive": "context"}
_WRONG = ("failed", "your code raised", "timed out", "out of memory")
_ODD_NOTES = ("refused", "put back", "left out")
_ODD_FILES = ("bears nobody's name", "not recognised")
_ODD = ("tampered", "inconclusive", "timed out", "out of memory", "unreadable")


@dataclass(frozen=True)
class Commonest:
    """The reason that most wrong answers to an exercise were rejected for."""

    task: Task
    reason: str
    times: int
    wrong: int


@dataclass(frozen=True)
class Summary:
    """A lab, and all submissions to it."""

    sheet: Sheet
    graded: tuple[Graded, ...]

    @property
    def passed(self) -> dict[str, int]:
        """How many submissions passed each exercise."""
        return {task.id: self.count(task, "passed") for task in self.sheet.tasks}

    def count(self, task: Task, status: str) -> int:
        """How many submissions got this status for this exercise."""
        return sum(one.results[task.id].status == status for one in self.graded)

    def picture(self) -> Picture:
        """The heat map: exercises against verdicts, and no names."""
        tasks = {_label(task): task for task in self.sheet.tasks}
        seen = [s for s in STATUSES if s in _ALWAYS or self._any(s)]
        counts = {
            (row, status): self.count(task, status)
            for row, task in tasks.items()
            for status in seen
        }
        return heatmap(
            list(tasks),
            {status: _KINDS.get(status, "fault") for status in seen},
            counts,
            title=self._claim(),
            row_label="exercise",
            column_label="verdict: number of submissions",
            caption=f"Lab {int(self.sheet.number)}, {self.sheet.title}.",
        )

    def _any(self, status: str) -> bool:
        return any(self.count(task, status) for task in self.sheet.tasks)

    def _claim(self) -> str:
        """What the heat map shows, in a sentence."""
        of = len(self.graded)
        hardest = min(self.sheet.tasks, key=lambda task: self.passed[task.id])
        fewest = self.passed[hardest.id]
        if fewest == of:
            return f"All {of} submissions pass every exercise"
        if fewest == max(self.passed.values()):
            return f"Each exercise is passed by {fewest} of {of}"
        return f"“{hardest.title}” is passed by the fewest: {fewest} of {of}"


def summaries(graded: Sequence[Graded], known: dict[str, Sheet]) -> list[Summary]:
    """A summary for each lab that something was handed in for."""
    labs = sorted({one.submission.lab for one in graded if one.results})
    return [
        Summary(known[lab], tuple(g for g in graded if g.submission.lab == lab))
        for lab in labs
    ]


def commonest(summary: Summary) -> list[Commonest]:
    """The commonest wrong reason of each exercise that has one."""
    found = []
    for task in summary.sheet.tasks:
        results = [one.results[task.id] for one in summary.graded]
        reasons = Counter(r.reason for r in results if r.status in _WRONG)
        for reason, times in reasons.most_common(1):
            found.append(Commonest(task, reason, times, reasons.total()))
    return found


def worth_a_look(graded: Sequence[Graded]) -> list[tuple[str, str, str, str]]:
    """What a person should look at: student, exercises, verdict or "note", and why.

    Odd verdicts, submissions of which something was refused or put back, and files that
    bear no name or were passed over; what was said of several exercises stands once.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in graded:
        files = [n for n in one.submission.notes if n.startswith(_ODD_FILES)]
        for task, result in one.results.items():
            for what, said in [*(("note", n) for n in files), *_odd_things(result)]:
                key = (one.submission.student, what, said)
                found.setdefault(key, []).append(task[:4])
    return [
        (student, ", ".join(tasks), what, said)
        for (student, what, said), tasks in found.items()
    ]


def not_recognised(graded: Sequence[Graded]) -> list[tuple[str, str]]:
    """Files of which nothing could be graded, each with what to do."""
    lost = [g.submission for g in graded if g.submission.stray or not g.results]
    return [(one.file, one.problem) for one in lost]


def _odd_things(result: Result) -> list[tuple[str, str]]:
    found = [(result.status, result.reason)] if result.status in _ODD else []
    notes = [note for note in result.notes if note.startswith(_ODD_NOTES)]
    return found + ([("note", "; ".join(notes))] if notes else [])


def _label(task: Task) -> str:
    return f"{task.number} · {task.title}"
