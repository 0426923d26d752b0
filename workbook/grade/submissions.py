"""Whose is which file: nbgrader's folders, an LMS's download, or a flat folder.

nbgrader's layout is {student}/{assignment}/{notebook}.ipynb:
https://github.com/jupyter/nbgrader/blob/main/nbgrader/docs/source/user_guide/philosophy.rst
Moodle's download has a folder a student, whose name ends in "_assignsubmission_file";
in a flat folder the student's name is what a file's name says beside the lab's.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbook.grade.reading import Paper, Unreadable, papers
from workbook.grade.sheet import Sheet

__all__ = ["Submission", "find"]

_DEEPEST = 5
_MOODLE = re.compile(r"_\d+_assignsubmission_\w*$")
_NUMBER = re.compile(r"(?<![0-9.])(\d\d)(?![0-9.])")


@dataclass(frozen=True)
class Submission:
    """What a student handed in for a lab: a paper, or the reason why there is none.

    `lab` is empty where nobody can say which one it was meant for.
    """

    student: str
    lab: str
    file: str
    paper: Paper | None = None
    problem: str = ""
    notes: tuple[str, ...] = field(default=())


def find(folder: Path, sheets: Mapping[str, Sheet]) -> list[Submission]:
    """Every submission below `folder`, one a student and lab, in order of names."""
    read = [s for path in _files(folder) for s in _read(folder, path, sheets)]
    students = {submission.student for submission in read}
    for name in _folders(folder):
        if _student(name) not in students:
            read.append(Submission(_student(name), "", name, problem="no notebook"))
    known = {s.lab for s in read if s.paper}
    only = next(iter(known)) if len(known) == 1 else ""
    read = [s if s.lab else _meant_for(s, only) for s in read]
    return sorted(_one_each(read, sheets), key=lambda s: (s.student.casefold(), s.lab))


def _files(folder: Path) -> Iterator[Path]:
    """Notebooks and passports, without what editors and checkpoints leave."""
    for where, folders, names in os.walk(folder):
        place = Path(where)
        depth = len(place.relative_to(folder).parts)
        folders[:] = sorted(f for f in folders if f[0] != "." and depth < _DEEPEST)
        for name in sorted(names):
            notebook = name.endswith(".ipynb") and name[0] != "."
            if notebook or (name.endswith(".json") and "passport" in name):
                yield place / name


def _folders(folder: Path) -> list[str]:
    return [f.name for f in folder.iterdir() if f.is_dir() and f.name[0] != "."]


def _read(root: Path, path: Path, sheets: Mapping[str, Sheet]) -> Iterator[Submission]:
    parts = path.relative_to(root).parts
    hint = _hint(parts, sheets)
    student = _student(parts[0]) if len(parts) > 1 else _by_file(path, sheets)
    file = path.relative_to(root).as_posix()
    try:
        for paper in papers(path, sheets, hint=hint):
            yield Submission(student, paper.lab, file, paper)
    except Unreadable as why:
        yield Submission(student, hint, file, problem=str(why))


def _student(name: str) -> str:
    return _MOODLE.sub("", name).strip() or name


def _by_file(path: Path, sheets: Mapping[str, Sheet]) -> str:
    """The student whom a file in a flat folder is named after."""
    name = path.stem
    for word in (*(sheet.stem for sheet in sheets.values()), "passport"):
        name = name.replace(word, "")
    return name.strip(" -_.") or path.stem


def _hint(parts: tuple[str, ...], sheets: Mapping[str, Sheet]) -> str:
    """The lab that the names of the file and its folder speak of."""
    for part in reversed(parts[1:] or parts):
        for number, sheet in sheets.items():
            if sheet.stem in part or part.startswith(f"{number}-"):
                return number
        numbers = [n for n in _NUMBER.findall(part) if n in sheets]
        if len(numbers) == 1:
            return numbers[0]
    return ""


def _meant_for(submission: Submission, lab: str) -> Submission:
    kept = vars(submission) | {"lab": lab}
    return Submission(**kept)


def _one_each(found: list[Submission], sheets: Mapping) -> Iterator[Submission]:
    """One submission a student and lab; what was passed over is noted."""
    groups: dict[tuple[str, str], list[Submission]] = {}
    for submission in found:
        groups.setdefault((submission.student, submission.lab), []).append(submission)
    for (_, lab), group in groups.items():
        stem = sheets[lab].stem if lab in sheets else ""
        group.sort(key=lambda s: _rank(s, stem))
        *others, chosen = group
        notes = tuple(f"also handed in, and not graded: {s.file}" for s in others)
        yield Submission(**vars(chosen) | {"notes": notes})


def _rank(submission: Submission, stem: str) -> tuple:
    """The best comes last: readable, a notebook, called as the lab, last by name."""
    paper = submission.paper
    notebook = paper is not None and not paper.bare
    by_name = Path(submission.file).stem == stem
    return paper is not None, notebook, by_name, submission.file
