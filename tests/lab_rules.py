"""What must be true of every lab and of every worked solution. Empty lists are good."""

import ast
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from workbook.learn import Lab
from workbook.learn.exercise import Exercise
from workbook.learn.markers import BEGIN, solution_lines
from workbook.learn.material import exercise_of, is_solution_only

__all__ = ["Ran", "declared_wrongly", "run", "unsolved_wrongly", "worked_wrongly"]


@dataclass(frozen=True)
class Ran:
    """A notebook after Run All, and the passport it left."""

    notebook: NotebookNode
    passport: dict


def run(path: Path, *, scratch: Path, timeout_s: float = 600.0) -> Ran:
    """Run a notebook top to bottom in a fresh kernel with an empty passport.

    Raises nbclient's CellExecutionError if a cell raises.
    """
    passport = scratch / "passport.json"
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=timeout_s, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env={**os.environ, "WORKBOOK_PASSPORT": str(passport)})
    return Ran(notebook, json.loads(passport.read_text()) if passport.exists() else {})


def declared_wrongly(lab: Lab, solution: Path) -> list[str]:
    """Exercises that promise another length than our solution has."""
    found = []
    cells = nbformat.read(solution, as_version=4).cells
    for exercise in lab.exercises:
        lines = sum(_lines(cell) for cell in cells if exercise_of(cell) == exercise.id)
        if lines != exercise.lines:
            found.append(f"{exercise.id} says {exercise.lines} lines: it has {lines}")
    return found


def unsolved_wrongly(lab: Lab, ran: Ran) -> list[str]:
    """What is wrong with an unsolved lab after Run All."""
    found = list(_wrong_verdicts(lab, ran, "not attempted"))
    found += [f"attempted: {key}" for key in ran.passport.get("exercises", {})]
    shown = _everything_shown(ran.notebook)
    for exercise in lab.exercises:
        found += [f"{exercise.id} {what}" for what in _given_away(exercise, shown)]
    return found


def worked_wrongly(lab: Lab, ran: Ran) -> list[str]:
    """What is wrong with a solutions notebook after Run All."""
    noted = ran.passport.get("exercises", {})
    verdicts = {e.id: noted.get(e.id, {}).get("verdict") for e in lab.exercises}
    found = [f"{key} is {v}" for key, v in verdicts.items() if v != "passed"]
    return found + list(_wrong_verdicts(lab, ran, "passed"))


def _wrong_verdicts(lab: Lab, ran: Ran, status: str) -> Iterator[str]:
    """Check cells that show another verdict, and exercises without a check cell."""
    cells = [c for c in ran.notebook.cells if c.cell_type == "code"]
    shown = {_checked(lab, cell): _results(cell) for cell in cells}
    for exercise in lab.exercises:
        if exercise.id not in shown:
            yield f"{exercise.id} has no check cell"
        elif not shown[exercise.id][2:].startswith(f"{status} · "):
            yield f"{exercise.id} shows {shown[exercise.id]!r}, not {status!r}"
    if not cells or "lab.finish()" not in cells[-1].source:
        yield "the last code cell does not call lab.finish()"


def _checked(lab: Lab, cell: NotebookNode) -> str:
    """The id of the exercise whose answer a cell hands to the check; else empty."""
    if is_solution_only(cell):  # the commonest wrong answer may be shown failing
        return ""
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lab.check":
            return lab.exercise(ast.literal_eval(node.args[0])).id
    return ""


def _results(cell: NotebookNode) -> str:
    """The text of what a cell returned or displayed."""
    outputs = [o for o in cell.outputs if o.output_type != "stream"]
    return "\n".join(o.get("data", {}).get("text/plain", "") for o in outputs)


def _everything_shown(notebook: NotebookNode) -> str:
    """All sources and outputs of a notebook, as one text."""
    return json.dumps(notebook.cells, ensure_ascii=False)


def _given_away(exercise: Exercise, shown: str) -> Iterator[str]:
    """What an unsolved lab must not show."""
    secrets = {"its hint": exercise.hints, "our why answer": (exercise.why.answer,)}
    for name, texts in secrets.items():
        if any(json.dumps(text, ensure_ascii=False)[1:-1] in shown for text in texts):
            yield f"shows {name}"


def _lines(cell: NotebookNode) -> int:
    worked = BEGIN in cell.source and not is_solution_only(cell)
    return solution_lines(cell.source) if worked else 0
