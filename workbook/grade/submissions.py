"""Whose is which file: nbgrader's folders, an LMS's download, or a flat folder.

nbgrader's layout is {student}/{assignment}/{notebook}.ipynb:
https://github.com/jupyter/nbgrader/blob/main/nbgrader/docs/source/user_guide/philosophy.rst
Moodle's download has a folder a student, whose name ends in "_assignsubmission_file";
in a flat folder the student's name is what a file's name says beside the lab's.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbook.grade.reading import Paper, Unreadable, papers
from workbook.grade.sheet import Sheet
from workbook.grade.strays import advice, is_gradable, is_left_behind, plain

__all__ = ["Submission", "find"]

_DEEPEST = 5
_MOODLE = re.compile(r"_\d+_assignsubmission_\w*$")
_NUMBER = re.compile(r"(?<![0-9.])(\d\d)(?![0-9.])")
_AGAIN = re.compile(r"(\s*\(\d+\)|-Copy\d+)+$")  # a second download, or a copy
_MOST_STRAYS = 5

_NAMELESS = "bears nobody's name: {}"


@dataclass(frozen=True)
class Submission:
    """What a student handed in for a lab: a paper, or the reason why there is none.

    `lab` is empty where nobody can say which one it was meant for, and `student` where
    a file cannot be graded and bears no name. `stray`: no notebook and no passport.
    """

    student: str
    lab: str
    file: str
    paper: Paper | None = None
    problem: str = ""
    notes: tuple[str, ...] = field(default=())
    stray: bool = False


def find(folder: Path, sheets: Mapping[str, Sheet]) -> list[Submission]:
    """Every submission below `folder`, one a student and lab, in order of names."""
    read = [s for path in _files(folder) for s in _read(folder, path, sheets)]
    read += _strays(folder, {s.student for s in read if s.paper}, sheets)
    students = {submission.student for submission in read}
    for name in _folders(folder):
        if _student(name) not in students:
            read.append(_nothing_of(name, "no notebook"))
    known = {s.lab for s in read if s.paper}
    only = next(iter(known)) if len(known) == 1 else ""
    read = [s if s.lab or not s.student else replace(s, lab=only) for s in read]
    return sorted(_one_each(read, sheets), key=lambda s: (s.student.casefold(), s.lab))


def _files(folder: Path) -> Iterator[Path]:
    """Notebooks and passports, without what editors and checkpoints leave."""
    for where, folders, names in os.walk(folder):
        place = Path(where)
        depth = len(place.relative_to(folder).parts)
        folders[:] = sorted(f for f in folders if f[0] != "." and depth < _DEEPEST)
        yield from (place / name for name in sorted(names) if is_gradable(name))


def _folders(folder: Path) -> list[str]:
    there = (f.name for f in folder.iterdir() if f.is_dir())
    return sorted(name for name in there if not is_left_behind(name))


def _strays(
    root: Path, gradable: set[str], sheets: Mapping[str, Sheet]
) -> Iterator[Submission]:
    """What cannot be graded: at the top, and in folders of students with nothing else.

    A file at the top is a student's if its name speaks of a lab or of a passport.
    """
    for path in _not_gradable(root, deep=False):
        speaks = any(word in path.stem for word in _words(sheets))
        student = _named(path, sheets) if speaks else ""
        hint = _hint((path.name,), sheets) if student else ""
        file = plain(path.relative_to(root))
        yield Submission(student, hint, file, problem=advice(path), stray=True)
    for name in _folders(root):
        own = root / name
        there = [] if own.is_symlink() else _not_gradable(own, deep=True)
        if there and _student(name) not in gradable:
            said = [f"{plain(p.relative_to(own))} ({advice(p)})" for p in there]
            more = len(said) - _MOST_STRAYS
            said[_MOST_STRAYS:] = [f"{more} more"] if more > 0 else []
            hints = [_hint(p.relative_to(root).parts, sheets) for p in there]
            problem = f"nothing to grade, but {', '.join(said)}"
            yield _nothing_of(name, problem, next(filter(None, hints), ""))


def _not_gradable(folder: Path, *, deep: bool) -> list[Path]:
    """The files of a folder that are no notebook and no passport, in order."""
    found = []
    for where, folders, names in os.walk(folder):
        depth = len(Path(where).relative_to(folder).parts) + 1
        inside = deep and depth < _DEEPEST
        folders[:] = [f for f in folders if inside and not is_left_behind(f)]
        kept = (n for n in names if not is_gradable(n) and not is_left_behind(n))
        found += [Path(where) / name for name in kept]
    return sorted(found)


def _nothing_of(name: str, problem: str, lab: str = "") -> Submission:
    return Submission(_student(name), lab, name, problem=problem, stray=True)


def _read(root: Path, path: Path, sheets: Mapping[str, Sheet]) -> Iterator[Submission]:
    parts = path.relative_to(root).parts
    hint = _hint(parts, sheets)
    name = _student(parts[0]) if len(parts) > 1 else _named(path, sheets)
    student = name or path.stem
    file = path.relative_to(root).as_posix()
    notes = () if name else (_NAMELESS.format(file),)
    try:
        for paper in papers(path, sheets, hint=hint):
            yield Submission(student, paper.lab, file, paper, notes=notes)
    except Unreadable as why:
        yield Submission(student, hint, file, problem=str(why), notes=notes)


def _student(name: str) -> str:
    return _MOODLE.sub("", name).strip() or name


def _named(path: Path, sheets: Mapping[str, Sheet]) -> str:
    """The student whom a file in a flat folder is named after; empty if it is nobody.

    A browser calls the second download of a file "… (1)", and JupyterLab a copy
    "…-Copy1".
    """
    name = _AGAIN.sub("", path.stem)
    for word in (*_words(sheets), ".ipynb", ".tar"):
        name = name.replace(word, "")
    return _AGAIN.sub("", name).strip(" -_.")


def _words(sheets: Mapping[str, Sheet]) -> list[str]:
    """What a file's name says beside the student's."""
    return [*(sheet.stem for sheet in sheets.values()), "passport"]


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


def _one_each(found: list[Submission], sheets: Mapping) -> Iterator[Submission]:
    """One submission a student and lab; what was passed over is noted."""
    groups: dict[tuple[str, str], list[Submission]] = {}
    for submission in found:
        groups.setdefault((submission.student, submission.lab), []).append(submission)
    for (_, lab), group in groups.items():
        stem = sheets[lab].stem if lab in sheets else ""
        group.sort(key=lambda s: _rank(s, stem))
        *others, chosen = group
        if not chosen.student:
            yield from group
            continue
        notes = (*chosen.notes, *map(_passed_over, others))
        yield replace(chosen, notes=notes)


def _passed_over(other: Submission) -> str:
    if other.stray:
        return f"not recognised: {other.file}: {other.problem}"
    return f"also handed in, and not graded: {other.file}"


def _rank(submission: Submission, stem: str) -> tuple:
    """The best comes last: readable, a notebook, called as the lab, last by name."""
    paper = submission.paper
    notebook = paper is not None and not paper.bare
    by_name = Path(submission.file).stem == stem
    return paper is not None, not submission.stray, notebook, by_name, submission.file
