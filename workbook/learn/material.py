"""Our own solution of an exercise: its stub, its code, and what we say of it.

Read from `solutions/NN-slug.ipynb`, where a cell's metadata names its exercise.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.learn.markers import BEGIN, stub_of, without_markers

__all__ = [
    "Material",
    "SolutionNotFound",
    "exercise_of",
    "is_solution_only",
    "material",
]

SOLUTION_ONLY = "solution-only"

Cell = Mapping[str, Any]


class SolutionNotFound(LookupError):
    """The worked solution is not where it should be."""


@dataclass(frozen=True)
class Material:
    """An exercise's stub and solution (code), and commentary (Markdown)."""

    stub: str
    solution: str
    commentary: str


def exercise_of(cell: Cell) -> str:
    """The exercise that a notebook cell belongs to; empty if to none."""
    return str(cell["metadata"].get("exercise", ""))


def is_solution_only(cell: Cell) -> bool:
    """Whether a cell stays out of the lab."""
    return SOLUTION_ONLY in cell["metadata"].get("tags", ())


def material(stem: str, exercise_id: str, *, home: Path | None) -> Material:
    """Read one exercise's material below `home`, the repository's folder.

    Raises SolutionNotFound, with what is missing, if it is not there.
    """
    cells = [c for c in _cells(stem, home) if exercise_of(c) == exercise_id]
    worked = [_source(c) for c in cells if not is_solution_only(c)]
    worked = [source for source in worked if BEGIN in source]
    if not worked:
        raise SolutionNotFound(f"solutions/{stem}.ipynb has no cell for {exercise_id}.")
    return Material(
        stub=stub_of(worked[0]),
        solution=without_markers(worked[0]),
        commentary="\n\n".join(_markdown(c) for c in cells if is_solution_only(c)),
    )


def _cells(stem: str, home: Path | None) -> list[Cell]:
    """The cells of a solutions notebook, read as plain JSON: nbformat loads slowly."""
    path = home / "solutions" / f"{stem}.ipynb" if home else None
    if path is None or not path.is_file():
        raise SolutionNotFound(
            f"solutions/{stem}.ipynb is not to be found. Open the lab inside a clone "
            "of the repository, where solutions/ lies beside labs/."
        )
    try:
        return json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError) as error:
        reason = f"solutions/{stem}.ipynb cannot be read ({type(error).__name__})."
        raise SolutionNotFound(reason) from None


def _source(cell: Cell) -> str:
    """A cell's text, which a notebook's file holds as a list of lines."""
    return "".join(cell["source"])


def _markdown(cell: Cell) -> str:
    if cell["cell_type"] == "code":
        return f"```python\n{without_markers(_source(cell))}\n```"
    return _source(cell)
