"""Solution markers: how a worked cell becomes a stub. Plain text in, plain text out.

The markers are nbgrader's, so that its users can keep their tools:
https://nbgrader.readthedocs.io/en/stable/user_guide/creating_and_grading_assignments.html
"""

import ast
from collections.abc import Iterator

from workbook.learn.stub import YOUR_TURN

__all__ = [
    "BEGIN",
    "END",
    "marker_problem",
    "solution_lines",
    "stub_of",
    "without_markers",
]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"


def stub_of(source: str) -> str:
    """The cell with each solution replaced by a line that raises "your turn"."""
    kept = []
    for line, inside in _lines(source):
        if line.strip() == BEGIN:
            kept.append(f'{_indent(line)}raise NotImplementedError("{YOUR_TURN}")')
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def without_markers(source: str) -> str:
    """The worked cell as a reader wants to see it."""
    lines = source.split("\n")
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END))


def solution_lines(source: str) -> int:
    """How many lines of code the solutions take: no blank lines, no comments."""
    inside = [line.strip() for line, inside in _lines(source) if inside]
    return sum(1 for line in inside if line and not line.startswith("#"))


def marker_problem(source: str) -> str:
    """What is wrong with the markers of a cell; empty if nothing is."""
    open_at = 0
    for number, line in enumerate(source.split("\n"), 1):
        word = line.strip()
        if word == BEGIN and open_at:
            return f"line {number}: solution begun inside the one of line {open_at}"
        if word == END and not open_at:
            return f"line {number}: solution ended that was not begun"
        if _is_misspelt(word):
            return f"line {number}: not quite a marker: {word}"
        open_at = number if word == BEGIN else 0 if word == END else open_at
    if open_at:
        return f"line {open_at}: solution not ended"
    return _stub_problem(source)


def _stub_problem(source: str) -> str:
    """Why the stub would not do: it must parse, and must not raise at the top level."""
    if BEGIN not in source:
        return ""
    try:
        tree = ast.parse(stub_of(source))
    except SyntaxError as error:
        return f"the stub is not valid Python: {error.msg}"
    if _raises_at_once(tree):
        return "a solution outside a function: the stub would raise when the cell runs"
    return ""


def _raises_at_once(node: ast.AST) -> bool:
    """Whether "your turn" is raised outside every function."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    if isinstance(node, ast.Raise) and YOUR_TURN in ast.unparse(node):
        return True
    return any(_raises_at_once(child) for child in ast.iter_child_nodes(node))


def _lines(source: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is between two markers; end markers are inside."""
    inside = False
    for line in source.split("\n"):
        word = line.strip()
        if word == END:
            inside = False
            continue
        yield line, inside
        inside = inside or word == BEGIN


def _is_misspelt(word: str) -> bool:
    squeezed = word.replace("#", "").strip().upper()
    return squeezed in ("BEGIN SOLUTION", "END SOLUTION") and word not in (BEGIN, END)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
