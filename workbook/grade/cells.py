"""A notebook's code cells: read into syntax trees, and run as a notebook runs them.

What stands in a cell to hand an answer in (`lab.check(…)`, and whatever else begins
with `lab.`) is left out: the grader does its own checking.
"""

import ast
import linecache
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import CodeType, ModuleType
from typing import Any

from workbook.learn.blame import describe
from workbook.learn.stub import still_a_stub

__all__ = [
    "NOTHING",
    "Cell",
    "Found",
    "Loaded",
    "begin",
    "bound",
    "find",
    "parsed",
    "run",
]

_MAGIC = re.compile(r"^\s*(%|!|\?|.*\?$)")
_BLOCK_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
_MOST_NOTES = 20

NOTHING = object()  # stands for an answer that is not there


@dataclass(frozen=True)
class Cell:
    """A code cell: its place among the code cells, from 1, and its exercise if any."""

    number: int
    source: str
    exercise: str = ""


@dataclass(frozen=True)
class Found:
    """What a cell gave the name of an answer; or NOTHING, with the problem if known."""

    value: Any = NOTHING
    problem: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class Loaded:
    """A notebook after Run All: what each cell left under each name it binds."""

    names: dict[str, Any]
    cells: list[Cell] = field(default_factory=list)
    bound: dict[int, dict[str, Any]] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)


def begin(names: dict[str, Any]) -> Loaded:
    """A fresh notebook in which `names` are known already; it is `__main__` now."""
    module = ModuleType("__main__")
    module.__dict__.update(names)
    sys.modules["__main__"] = module
    loaded = Loaded(vars(module))
    loaded.names.update(display=_shows_nothing, get_ipython=_shows_nothing)
    return loaded


def run(cell: Cell, loaded: Loaded, *, left_out: str = "") -> None:
    """Run one cell; what it raises is noted, and the notebook goes on.

    With a reason to be `left_out`, it is only noted.
    """
    loaded.cells.append(cell)
    tree = ast.Module([], [])
    try:
        tree = parsed(cell.source)
        if left_out:
            loaded.failed[cell.number] = left_out
            return
        exec(_compiled(cell, tree), loaded.names)
    except BaseException as error:  # SystemExit too
        loaded.failed[cell.number] = describe(error)
    wanted = bound(tree)
    loaded.bound[cell.number] = {n: v for n, v in loaded.names.items() if n in wanted}


def find(loaded: Loaded, exercise: str, name: str) -> Found:
    """The answer to an exercise: the last one that is no stub, in its own cells first.

    A copied cell keeps its exercise's mark, so there may be several.
    """
    own = [cell for cell in loaded.cells if cell.exercise == exercise]
    others = [cell for cell in loaded.cells if not cell.exercise]
    for cells in (own, others):
        given = [loaded.bound.get(cell.number, {}) for cell in cells]
        values = [names[name] for names in given if name in names]
        if values:
            return Found(_best(values), notes=_notes(own, loaded, len(values), name))
    if other := _renamed(own, loaded):
        said = f"the answer is called {other[0]}, not {name}"
        return Found(other[1], notes=(said, *_notes(own, loaded, 1, name)))
    for cell in own or [c for c in others if f" {name}(" in c.source]:
        if cell.number in loaded.failed:
            return Found(problem=f"cell {cell.number}: {loaded.failed[cell.number]}")
    return Found()


def parsed(source: str) -> ast.Module:
    """The syntax tree of a cell, without magics and without what begins with `lab.`.

    Raises SyntaxError.
    """
    lines = source.split("\n")
    if lines[0].startswith("%%"):
        lines = lines[1:] if lines[0].startswith(_BLOCK_MAGICS) else []
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        kept = ["" if _MAGIC.match(line) else line for line in lines]
        if kept == lines:
            raise
        tree = ast.parse("\n".join(kept))
    tree.body = [node for node in tree.body if not _speaks_to_the_lab(node)]
    return tree


def bound(tree: ast.Module) -> set[str]:
    """The names that a cell gives a value, outside every function."""
    found = set()
    for node in _outside_functions(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
    return found


def _outside_functions(node: ast.AST) -> Iterable[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _outside_functions(child)


def _speaks_to_the_lab(node: ast.stmt) -> bool:
    """Whether a statement does nothing but call something of `lab`, or show it."""
    if not isinstance(node, ast.Expr | ast.Assign) or node.value is None:
        return False
    inner: ast.AST = node.value
    while isinstance(inner, ast.Call | ast.Attribute):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    calls = inner is not node.value or isinstance(node, ast.Expr)
    return calls and isinstance(inner, ast.Name) and inner.id == "lab"


def _compiled(cell: Cell, tree: ast.Module) -> CodeType:
    """The code of a cell, such that a traceback can show its lines."""
    name = f"<cell {cell.number}>"
    lines = cell.source.splitlines(keepends=True)
    linecache.cache[name] = (len(cell.source), None, lines, name)
    return compile(tree, name, "exec")


def _best(values: list[Any]) -> Any:
    begun = [value for value in values if not still_a_stub(value)]
    return (begun or values)[-1]


def _renamed(own: list[Cell], loaded: Loaded) -> tuple[str, Any] | None:
    """The only function or class that an exercise's cells define, whatever its name."""
    found = {}
    for cell in own:
        values = loaded.bound.get(cell.number, {})
        found |= {n: v for n, v in values.items() if callable(v) and _is_own(v)}
    return next(iter(found.items())) if len(found) == 1 else None


def _is_own(value: Any) -> bool:
    return getattr(value, "__module__", "") == "__main__"


def _notes(own: list[Cell], loaded: Loaded, times: int, name: str) -> tuple[str, ...]:
    notes = [] if own else [f"no cell bears the exercise's mark: took {name} by name"]
    if times > 1:
        notes.append(f"{times} cells define {name}: the last that is no stub counts")
    for cell in own:
        if cell.number in loaded.failed:
            notes.append(f"cell {cell.number} failed: {loaded.failed[cell.number]}")
    return tuple(notes[:_MOST_NOTES])


def _shows_nothing(*args: Any, **kwargs: Any) -> None:
    """Stands in for what only a notebook has."""
