"""Finished results, a file each, so that an interrupted run goes on where it was.

A file is named after what was graded, by what, and under which limits. If any of these
changes, it is another name.
"""

import hashlib
import json
import os
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from workbook.grade.jail.limits import Limits
from workbook.grade.outcome import Result, result_of
from workbook.grade.reading import Paper

__all__ = ["Store", "key_of"]

_PACKAGE = Path(__file__).resolve().parents[1]
_SOURCES = (".py", ".toml", ".yaml", ".json")


class Store:
    """Results by key, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> dict[str, Result] | None:
        """The results under a key; None if there are none, or they are damaged."""
        try:
            data = json.loads(self._place(key).read_text(encoding="utf-8"))
            return {task: result_of(result) for task, result in data.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return None

    def put(self, key: str, results: dict[str, Result]) -> None:
        """Keep results: the whole file or nothing of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._place(key)
        part = place.with_suffix(".part")
        data = {task: result.as_data() for task, result in results.items()}
        part.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        os.replace(part, place)

    def _place(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def key_of(paper: Paper, solution: Path, limits: Limits) -> str:
    """The name of a paper's results: its cells, the lab, our checks and the limits."""
    cells = [(cell.source, cell.exercise) for cell in paper.cells]
    about = [paper.lab, paper.bare, cells, asdict(limits), _version(solution)]
    text = json.dumps(about, ensure_ascii=True)
    return f"{paper.lab}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


@lru_cache
def _version(solution: Path) -> str:
    """A digest of the package and of the lab's worked solution."""
    digest = hashlib.sha256(solution.read_bytes())
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in _SOURCES and path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
