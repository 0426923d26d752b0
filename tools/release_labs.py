"""Make labs/ from solutions/, or check that they are in step.

    python tools/release_labs.py            write every lab
    python tools/release_labs.py --check    write nothing; a line for each problem

A lab is its solution with what stands between `### BEGIN SOLUTION` and
`### END SOLUTION` replaced by `raise NotImplementedError("your turn")`, without the
cells tagged `solution-only`, without outputs. The same solution gives the same bytes.
"""

import argparse
import importlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that it runs whether the package is installed or not

from workbook.learn.markers import BEGIN, marker_problem, stub_of  # noqa: E402
from workbook.learn.material import exercise_of, is_solution_only  # noqa: E402

__all__ = ["declared_ids", "lab_text", "main", "problems", "release", "write"]

_KEPT_METADATA = ("exercise", "tags")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

Ids = Callable[[str], list[str]]


def release(solution: NotebookNode) -> NotebookNode:
    """The lab of a solutions notebook; the notebook itself is left as it is."""
    cells = [_released(cell) for cell in solution.cells if not is_solution_only(cell)]
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    lab = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict(lab)


def lab_text(path: Path) -> str:
    """The lab's file, made from the solutions notebook at `path`."""
    lab = release(nbformat.read(path, as_version=4))
    return nbformat.writes(lab, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def write(root: Path) -> list[Path]:
    """Write every lab below `root` that differs from its solution; which were written.

    Labs without a solution are left for `--check` to report.
    """
    written = []
    for solution in _solutions(root):
        lab = root / "labs" / solution.name
        text = lab_text(solution)
        if not lab.is_file() or lab.read_text(encoding="utf-8") != text:
            lab.parent.mkdir(exist_ok=True)
            lab.write_text(text, encoding="utf-8", newline="\n")
            written.append(lab)
    return written


def declared_ids(stem: str) -> list[str]:
    """The exercise ids that a lab's checks module declares, in order."""
    module = importlib.import_module(f"workbook.checks.lab{stem[:2]}")
    return [exercise.id for exercise in module.lab.exercises]


def problems(root: Path, *, ids: Ids = declared_ids) -> list[str]:
    """All that is wrong with the labs and solutions below `root`, a line each."""
    found = []
    for path in _solutions(root):
        inside = list(_stops(path)) or [*_unmatched(path), *_other_ids(path, ids)]
        found += [f"solutions/{path.name}: {what}" for what in inside]
    return [*found, *_out_of_step(root)]


def main(arguments: Sequence[str] | None = None, *, root: Path = ROOT) -> int:
    """Run the command; 0 if all is well, 1 if there is a problem."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    if parser.parse_args(arguments).check:
        return _report(problems(root))
    stops = [f"solutions/{p.name}: {w}" for p in _solutions(root) for w in _stops(p)]
    if stops:  # a lab made of these could give the solution away
        return _report(stops)
    for lab in write(root):
        print(f"wrote labs/{lab.name}")
    return 0


def _report(lines: list[str]) -> int:
    for line in lines:
        print(line)
    return 1 if lines else 0


def _solutions(root: Path) -> list[Path]:
    return sorted((root / "solutions").glob("[0-9][0-9]-*.ipynb"))


def _released(cell: NotebookNode) -> dict:
    """A cell as the lab has it: without solution, output and passing metadata."""
    metadata = {k: v for k, v in cell.metadata.items() if k in _KEPT_METADATA}
    kept = {"cell_type": cell.cell_type, "id": cell.id, "metadata": metadata}
    if "attachments" in cell:
        kept["attachments"] = cell.attachments
    if cell.cell_type != "code":
        return {**kept, "source": cell.source}
    source = stub_of(cell.source)
    return {**kept, "source": source, "outputs": [], "execution_count": None}


def _out_of_step(root: Path) -> Iterator[str]:
    """Labs that are missing, differ from their solution, or have none."""
    solutions = {path.name for path in _solutions(root)}
    for path in _solutions(root):
        lab = root / "labs" / path.name
        if any(_stops(path)):
            continue  # reported already, and nothing can be made of it
        if not lab.is_file():
            yield f"labs/{path.name}: missing; run make labs"
        elif lab.read_bytes() != lab_text(path).encode():
            yield f"labs/{path.name}: not what its solution gives; run make labs"
    for lab in sorted((root / "labs").glob("*.ipynb")):
        if lab.name not in solutions:
            yield f"labs/{lab.name}: has no solution"


def _stops(path: Path) -> Iterator[str]:
    """Why no lab can be made of a solutions notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        nbformat.read(path, as_version=4)
    except (ValueError, KeyError, nbformat.ValidationError) as error:
        yield f"not a notebook ({type(error).__name__})"
        return
    if not all("id" in cell for cell in cells):
        yield "cells have no ids: save it in format 4.5"
    for place, cell in enumerate(_cells(path), 1):
        what = marker_problem(cell.source) if cell.cell_type == "code" else ""
        if what and not is_solution_only(cell):
            yield f"cell {place}, {what}"


def _unmatched(path: Path) -> Iterator[str]:
    """Solutions without an exercise, and exercises without a solution."""
    for place, cell in enumerate(_cells(path), 1):
        if is_solution_only(cell) or cell.cell_type != "code":
            continue
        if BEGIN in cell.source and not exercise_of(cell):
            yield f"cell {place} has a solution but names no exercise in its metadata"
        if exercise_of(cell) and BEGIN not in cell.source:
            yield f"cell {place}, exercise {exercise_of(cell)}, has no markers"


def _other_ids(path: Path, ids: Ids) -> Iterator[str]:
    """Exercise ids that are not those of the checks module, in its order."""
    try:
        wanted = ids(path.stem)
    except (ImportError, AttributeError, ValueError) as error:
        yield f"has no checks module: {error}"
        return
    cells = _cells(path)
    there = [exercise_of(cell) for cell in cells if _is_exercise(cell)]
    known = {exercise_of(cell) for cell in cells} - {""}
    yield from (f"exercise {i} is there {n} times" for i, n in _repeated(there))
    yield from (f"exercise {i} is missing" for i in wanted if i not in there)
    yield from (f"exercise {i} has no check" for i in sorted(known - set(wanted)))
    if sorted(there) == sorted(wanted) and there != wanted:
        yield "exercises are not in the order of the checks module"


def _repeated(names: list[str]) -> list[tuple[str, int]]:
    return [(name, times) for name, times in Counter(names).items() if times > 1]


def _cells(path: Path) -> list[NotebookNode]:
    return nbformat.read(path, as_version=4).cells


def _is_exercise(cell: NotebookNode) -> bool:
    return (
        bool(exercise_of(cell)) and BEGIN in cell.source and not is_solution_only(cell)
    )


if __name__ == "__main__":
    sys.exit(main())
