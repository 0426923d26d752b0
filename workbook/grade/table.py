"""The class as a table on the terminal."""

from collections.abc import Sequence

from workbook.grade.grading import Graded
from workbook.grade.outcome import STATUSES, sign
from workbook.grade.summary import Summary, commonest, worth_a_look

__all__ = ["shown"]

_WIDEST_NAME = 32
_LONGEST_REASON = 100
_MOST_LINES = 20


def shown(lab: Summary) -> str:
    """A lab's table, its key, the commonest reasons, and what to look at."""
    tasks = lab.sheet.tasks
    head = ["student", *(str(task.number) for task in tasks), "passed"]
    rows = [_row(one, [task.id for task in tasks]) for one in lab.graded]
    foot = ["passed", *(str(count) for count in lab.passed.values()), ""]
    lines = [f"Lab {int(lab.sheet.number)} · {lab.sheet.title}", ""]
    lines += [*_columns([head, *rows, foot]), "", _key(lab)]
    return "\n".join([*lines, *_reasons(lab), *_odd(lab.graded)]) + "\n"


def _row(one: Graded, tasks: list[str]) -> list[str]:
    name = one.submission.student
    name = name if len(name) <= _WIDEST_NAME else name[: _WIDEST_NAME - 1] + "…"
    signs = [sign(one.results[task].status) for task in tasks]
    return [_plain(name), *signs, f"{one.points} of {len(tasks)}"]


def _columns(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _key(lab: Summary) -> str:
    there = {r.status for one in lab.graded for r in one.results.values()}
    return "   ".join(f"{sign(s)} {s}" for s in STATUSES if s in there)


def _reasons(lab: Summary) -> list[str]:
    lines = [
        f"  {c.task.number} · {_cut(c.reason)} ({c.times} of {c.wrong})"
        for c in commonest(lab)
    ]
    return ["", "The commonest wrong reason, by exercise:", *lines] if lines else []


def _odd(graded: Sequence[Graded]) -> list[str]:
    found = worth_a_look(graded)
    lines = [
        f"  {_plain(student)}, {tasks}: {status}: {_cut(said)}"
        for student, tasks, status, said in found[:_MOST_LINES]
    ]
    if len(found) > _MOST_LINES:
        lines.append(f"  and {len(found) - _MOST_LINES} more, in the report")
    return ["", "Look at these:", *lines] if lines else []


def _cut(text: str) -> str:
    text = _plain(text)
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"


def _plain(text: str) -> str:
    """One line, without what would move a terminal's cursor."""
    return "".join(c if c.isprintable() else " " for c in text)
