"""Grade books as CSV: one for people, and one each that Moodle and Canvas import.

Moodle lets you say which column is which when you import:
https://docs.moodle.org/405/en/Grade_import
Canvas wants its own first columns and a row of possible points, and finds a student by
ID, then SIS User ID, then SIS Login ID, then name:
https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from workbook.grade.grading import Graded
from workbook.grade.summary import Summary

__all__ = ["Person", "missing", "read_roster", "write_books"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Person:
    """A line of the roster: `student` is the name that submissions go by."""

    student: str
    name: str = ""
    id: str = ""
    sis_id: str = ""
    login: str = ""
    email: str = ""
    section: str = ""


Roster = Mapping[str, Person]


def read_roster(path: Path) -> dict[str, Person]:
    """Who is in the class: a CSV with the column `student` and others of `Person`.

    Raises ValueError, with what is wrong.
    """
    known = {field.name for field in fields(Person)}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if "student" not in (rows.fieldnames or ()):
            raise ValueError(f"{path.name} has no column called student")
        people = [
            Person(**{k: (v or "").strip() for k, v in row.items() if k in known})
            for row in rows
        ]
    return {person.student: person for person in people}


def missing(roster: Roster, graded: Sequence[Graded]) -> list[str]:
    """Who is in the roster and handed nothing in."""
    there = {one.submission.student for one in graded}
    return [student for student in roster if student not in there]


def write_books(to: Path, labs: Sequence[Summary], roster: Roster) -> list[Path]:
    """Write the three books into the folder `to`."""
    points = {
        lab.sheet.stem: {one.submission.student: one for one in lab.graded}
        for lab in labs
    }
    names = sorted({name for lab in points.values() for name in lab} | set(roster))
    people = [roster.get(name, Person(name)) for name in names]
    books = {
        "grades.csv": _for_people(people, labs, points),
        "moodle.csv": _for_moodle(people, labs, points),
        "canvas.csv": _for_canvas(people, labs, points),
    }
    return [_write(to / name, rows) for name, rows in books.items()]


def _for_people(people, labs, points) -> Iterable[list]:
    """Each exercise's verdict, then points, by lab."""
    head = ["student", "name"]
    for lab in labs:
        head += [task.id for task in lab.sheet.tasks]
        head += [f"{lab.sheet.number} passed", f"{lab.sheet.number} of"]
    yield [*head, "files", "notes"]
    for person in people:
        row, mine = [person.student, person.name], []
        for lab in labs:
            one = points[lab.sheet.stem].get(person.student)
            row += _verdicts(one, lab)
            mine += [one] if one else []
        yield [*row, *_remarks(mine)]


def _verdicts(one: Graded | None, lab: Summary) -> list:
    of = len(lab.sheet.tasks)
    if one is None:
        return ["not handed in"] * of + ["", of]
    return [one.results[task.id].status for task in lab.sheet.tasks] + [one.points, of]


def _remarks(mine: list[Graded]) -> list[str]:
    notes = [note for one in mine for note in one.submission.notes]
    notes += [
        n for one in mine for result in one.results.values() for n in result.notes
    ]
    files = [one.submission.file for one in mine]
    return ["; ".join(files), "; ".join(dict.fromkeys(notes))]


def _for_moodle(people, labs, points) -> Iterable[list]:
    """One row a student: who it is, then points and a feedback for each lab."""
    head = ["username", "email", "idnumber"]
    for lab in labs:
        head += [lab.sheet.stem, f"{lab.sheet.stem} (feedback)"]
    yield head
    for person in people:
        row = [person.login or person.student, person.email, person.sis_id or person.id]
        for lab in labs:
            one = points[lab.sheet.stem].get(person.student)
            row += [one.points, _in_words(one, lab)] if one else ["", ""]
        yield row


def _in_words(one: Graded, lab: Summary) -> str:
    results = [(task, one.results[task.id]) for task in lab.sheet.tasks]
    return "; ".join(f"{task.number} · {task.title}: {r.status}" for task, r in results)


def _for_canvas(people, labs, points) -> Iterable[list]:
    yield [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *(f"Lab {int(lab.sheet.number)}: {lab.sheet.title}" for lab in labs),
    ]
    possible = [len(lab.sheet.tasks) for lab in labs]
    yield ["    Points Possible", "", "", "", "", *possible]
    for person in people:
        found = [points[lab.sheet.stem].get(person.student) for lab in labs]
        known = (person.name or person.student, person.id, person.sis_id)
        login = person.login or person.student
        grades = ["" if one is None else one.points for one in found]
        yield [*known, login, person.section, *grades]


def _write(path: Path, rows: Iterable[list]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_harmless(cell) for cell in row] for row in rows)
    return path


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula, whatever a folder is called."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return "'" + cell
    return cell
