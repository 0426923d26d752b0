"""Reading notebooks: their cells, headings, listings and pictures."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from tools.run_notebooks import ROOT

__all__ = [
    "Page",
    "headings_in",
    "read",
    "section_of",
    "shows_a_widget",
    "silent_images",
    "sleeps",
    "tree_of",
    "unlike_package",
]

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6}) +(.+?)\s*$", re.MULTILINE)
_SLEEPERS = ("time.sleep", "asyncio.sleep")


@dataclass(frozen=True)
class Page:
    """A notebook and the text of its file."""

    stem: str
    text: str

    @cached_property
    def notebook(self) -> NotebookNode:
        """The notebook as the file holds it."""
        return nbformat.reads(self.text, as_version=4)

    @property
    def cells(self) -> list[tuple[int, NotebookNode]]:
        """All cells with their places."""
        return list(enumerate(self.notebook.cells, start=1))

    @property
    def code(self) -> list[tuple[int, NotebookNode]]:
        """The code cells with their places."""
        return [(at, cell) for at, cell in self.cells if cell.cell_type == "code"]

    @property
    def prose(self) -> list[tuple[int, NotebookNode]]:
        """The Markdown cells with their places."""
        return [(at, cell) for at, cell in self.cells if cell.cell_type == "markdown"]

    @property
    def outputs(self) -> list[tuple[int, NotebookNode]]:
        """All outputs with the places of their cells."""
        return [(at, output) for at, cell in self.code for output in cell.outputs]


def read(path: Path) -> Page:
    """The notebook at `path`."""
    return Page(path.stem, path.read_text(encoding="utf-8"))


def headings_in(source: str) -> list[tuple[int, str]]:
    """Levels and titles of the headings in some Markdown, outside its code."""
    plain = _FENCE.sub("", source)
    return [(len(marks), title) for marks, title in _HEADING.findall(plain)]


def section_of(title: str) -> str:
    """A section may say more after a colon."""
    return title.partition(":")[0].strip()


def tree_of(source: str) -> ast.Module:
    """The syntax tree of a cell, its magics turned into Python."""
    return ast.parse(TransformerManager().transform_cell(source))


def sleeps(tree: ast.Module) -> bool:
    """Whether some code takes hold of a function that waits for the real time."""
    return any(_is_sleeper(node) for node in ast.walk(tree))


def _is_sleeper(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return any(f"{node.module}.{a.name}" in _SLEEPERS for a in node.names)
    return isinstance(node, ast.Attribute) and ast.unparse(node) in _SLEEPERS


def unlike_package(source: str, names: list[str]) -> list[str]:
    """What of a cell differs from the package's objects with these names, in order."""
    packaged = [_packaged(name) for name in names]
    if missing := [n for n, node in zip(names, packaged, strict=True) if node is None]:
        return [f"workbook has no {name}" for name in missing]
    shown = [_bare(node) for node in tree_of(source).body]
    same = shown == [_bare(node) for node in packaged]
    return [] if same else [f"differs from the source of {', '.join(names)}"]


def _packaged(name: str) -> ast.stmt | None:
    """The statement that defines `module.name` in the package."""
    module, _, wanted = name.rpartition(".")
    place = ROOT.joinpath("workbook", *module.removeprefix("workbook.").split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    source = next((file.read_text("utf-8") for file in files if file.is_file()), "")
    body = ast.parse(source).body
    return next((node for node in body if wanted in _defines(node)), None)


def _defines(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return [getattr(node, "name", "")]


def _bare(node: ast.stmt) -> str:
    """A statement's tree as text, without docstrings."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = inner.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                inner.body = inner.body[1:] if len(inner.body) > 1 else inner.body
    return ast.dump(node)


class _Images(HTMLParser):
    """Collects the images of some HTML that have no alt text."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        alt = dict(attrs).get("alt") or ""
        self.silent += tag == "img" and not alt.strip()


def silent_images(html: str) -> Iterator[str]:
    """What is wrong with the images in some HTML."""
    parser = _Images()
    parser.feed(html)
    if parser.silent:
        yield f"{parser.silent} <img> without alt text"


def shows_a_widget(cell: NotebookNode) -> bool:
    """Whether the outputs hold what ipywidgets leaves once its view is dropped."""
    texts = [o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return any(re.match(r"\w+\(.*\bchildren=|\w+\(value=", text) for text in texts)
