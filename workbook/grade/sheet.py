"""Our side of a lab: its exercises, what hands them in, and answers that we know.

Read from `solutions/NN-slug.ipynb`, which is the source of the lab, too. So nothing of
what counts comes out of a submission.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.grade.cells import parsed
from workbook.learn.markers import BEGIN, stub_of, without_markers
from workbook.learn.material import exercise_of, is_solution_only
from workbook.learn.stub import YOUR_TURN

__all__ = ["Control", "Sheet", "Task", "read_sheet", "sheets"]


_PASSED = "✓ passed"
_HEADING = re.compile(r"^## (\d) · (.+)$", re.MULTILINE)
_LAB_HEADING = re.compile(r"^# Lab \d+ · (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Task:
    """One exercise: `name` is what the lab hands to its check, such as "claim"."""

    id: str
    number: int
    name: str
    title: str


@dataclass(frozen=True)
class Control:
    """An answer whose verdict is known once it was tried: `source` defines `name`."""

    task: str
    source: str
    name: str


@dataclass(frozen=True)
class Sheet:
    """A lab as the grader has it.

    `setup` are its cells that belong to no exercise, `imports` what its exercises
    import, `worked` the solved cells, `controls` answers that should not pass.
    """

    stem: str
    title: str
    tasks: tuple[Task, ...]
    setup: tuple[str, ...]
    imports: str
    worked: tuple[str, ...]
    controls: tuple[Control, ...]

    @property
    def number(self) -> str:
        """The chapter's number, two digits."""
        return self.stem[:2]


def sheets(home: Path) -> dict[str, Sheet]:
    """Every lab below `home`, the repository's folder, by its number."""
    paths = sorted((home / "solutions").glob("[0-9][0-9]-*.ipynb"))
    return {path.stem[:2]: read_sheet(path) for path in paths}


def read_sheet(path: Path) -> Sheet:
    """The sheet of one solutions notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    ours = [cell for cell in code if not is_solution_only(cell)]
    names = dict(filter(None, (_handed_in(_source(cell)) for cell in ours)))
    worked = {exercise_of(c): _source(c) for c in ours if BEGIN in _source(c)}
    setup = [_source(c) for c in ours if not exercise_of(c) and not _to_lab(_source(c))]
    titles = _titles(cells)
    numbers = {task: int(task[3]) for task in worked}
    tasks = tuple(Task(i, n, names[n], titles.get(n, i)) for i, n in numbers.items())
    return Sheet(
        stem=path.stem,
        title=titles.get(0, path.stem),
        tasks=tasks,
        setup=tuple(setup),
        imports="\n".join(_imports(source) for source in worked.values()),
        worked=tuple(without_markers(source) for source in worked.values()),
        controls=(*_others(code), *(_idle(t, worked[t.id]) for t in tasks)),
    )


def _others(code: list[Mapping[str, Any]]) -> list[Control]:
    """The wrong answers that a solutions notebook shows, and what it has not tried."""
    found = []
    for cell in filter(is_solution_only, code):
        if _PASSED in json.dumps(cell.get("outputs", []), ensure_ascii=False):
            continue  # a variant: one right answer is enough
        source = _source(cell)
        names = [_name_given(node) for node in ast.walk(ast.parse(source))]
        found += [Control(exercise_of(cell), source, name) for name in names if name]
    return found


def _name_given(node: ast.AST) -> str:
    """The name that a call of something of the lab is given last."""
    called = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("lab.")
    last = node.args[-1] if called and node.args else None
    return last.id if isinstance(last, ast.Name) else ""


def _titles(cells: list[Mapping[str, Any]]) -> dict[int, str]:
    """Titles by exercise, out of headings such as "## 1 · One winner"; 0 is the lab."""
    text = "\n".join(_source(c) for c in cells if c["cell_type"] == "markdown")
    found = {int(n): title for n, title in _HEADING.findall(text)}
    if lab := _LAB_HEADING.search(text):
        found[0] = lab[1]
    return found


def _idle(task: Task, worked: str) -> Control:
    """The stub, made to return None: what does nothing must not pass."""
    stub = f'raise NotImplementedError("{YOUR_TURN}")'
    return Control(task.id, stub_of(worked).replace(stub, "return None"), task.name)


def _handed_in(source: str) -> tuple[int, str] | None:
    """The number and the name in `lab.check(1, claim)`, if the cell is one."""
    body = ast.parse(source).body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        return None
    call = body[0].value
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "lab.check":
        return None
    return ast.literal_eval(call.args[0]), ast.unparse(call.args[1])


def _to_lab(source: str) -> bool:
    """Whether a cell does nothing but speak to the lab."""
    return not parsed(source).body


def _imports(source: str) -> str:
    body = ast.parse(source).body
    return "\n".join(
        ast.unparse(n) for n in body if isinstance(n, ast.Import | ast.ImportFrom)
    )


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
