"""What was handed in: a notebook or a passport, read so that nothing in it can hurt.

The files come from anybody. They are read as plain JSON, up to a size, and nothing of
them is run here.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.grade.cells import Cell
from workbook.grade.sheet import Sheet
from workbook.learn.merge import is_passport

__all__ = ["Paper", "Unreadable", "papers"]

_LARGEST_BYTES = 20_000_000
_CHECKS = re.compile(r"workbook\.checks\.lab(\d\d)\b")
_CHAPTER = re.compile(r"# \d+ · ")
_ID = re.compile(r"(\d\d)\.\d-[a-z0-9-]+")


class Unreadable(Exception):
    """A file that is neither a notebook nor a passport; its message says why."""


@dataclass(frozen=True)
class Paper:
    """What a file holds for one lab, the number of which is `lab`.

    `bare` papers come out of a passport: an answer a cell, and nothing round it.
    """

    lab: str
    cells: tuple[Cell, ...]
    bare: bool = False


def papers(path: Path, sheets: Mapping[str, Sheet], *, hint: str = "") -> list[Paper]:
    """The papers in a file: one of a notebook, one a lab of a passport.

    `hint` is the lab that the file's name or folder speaks of. Raises Unreadable.
    """
    data = _read(path)
    if path.suffix == ".json":
        return _of_passport(data, sheets)
    cells = _cells(data)
    marked = _lab_of(cells)
    if not marked and _is_chapter(data):
        raise Unreadable("it is the chapter, not the lab")
    lab = marked or hint
    if lab not in sheets:
        raise Unreadable("no lab of the workbook can be recognised in it")
    return [Paper(lab, cells)]


def _read(path: Path) -> Any:
    if path.is_symlink():
        raise Unreadable("it is a link, not a file")
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise Unreadable(f"it is larger than {_LARGEST_BYTES // 1_000_000} MB")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Unreadable(f"it cannot be opened ({error.strerror})") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"it is not valid JSON ({type(error).__name__})") from None


def _cells(data: Any) -> tuple[Cell, ...]:
    """The code cells of a notebook in order; whatever else is in it is passed over."""
    if not isinstance(data, dict) or "worksheets" in data:
        raise Unreadable("it is no notebook of format 4: save it again in JupyterLab")
    listed = data.get("cells")
    if not isinstance(listed, list):
        raise Unreadable("it has no cells")
    code = [c for c in listed if isinstance(c, dict) and c.get("cell_type") == "code"]
    return tuple(
        Cell(number, _source(cell), _exercise(cell))
        for number, cell in enumerate(code, 1)
    )


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _exercise(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    exercise = metadata.get("exercise", "") if isinstance(metadata, dict) else ""
    return exercise if isinstance(exercise, str) else ""


def _lab_of(cells: tuple[Cell, ...]) -> str:
    """The lab that most of the cells' marks, and imports of checks, speak of."""
    votes: Counter[str] = Counter()
    for cell in cells:
        if mark := _ID.fullmatch(cell.exercise):
            votes[mark[1]] += 1
        votes.update(set(_CHECKS.findall(cell.source)))
    return votes.most_common(1)[0][0] if votes else ""


def _is_chapter(data: Mapping[str, Any]) -> bool:
    """Whether its title is a chapter's, "# 9 · …", and not a lab's, "# Lab 9 · …"."""
    titles = (_source(c) for c in data["cells"] if isinstance(c, dict))
    return _CHAPTER.match(next(titles, "")) is not None


def _of_passport(data: Any, sheets: Mapping[str, Sheet]) -> list[Paper]:
    """A paper for each lab in which the passport has an answer."""
    if not is_passport(data):
        raise Unreadable("it is no passport")
    found = []
    for lab, sheet in sheets.items():
        records = {t.id: data["exercises"].get(t.id, {}) for t in sheet.tasks}
        codes = {task: record.get("code") for task, record in records.items()}
        answers = {t: c for t, c in codes.items() if isinstance(c, str) and c.strip()}
        cells = (Cell(n, c, t) for n, (t, c) in enumerate(answers.items(), 1))
        if answers:
            found.append(Paper(lab, tuple(cells), bare=True))
    if not found:
        raise Unreadable("the passport holds no answer")
    return found
