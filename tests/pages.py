"""Small notebooks for tests of the rules and of the tools."""

from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from tests.reading import Page
from tests.rules import SECTIONS
from tools.run_notebooks import normalise, text_of

__all__ = ["chapter", "code", "lab", "page", "prose", "shows", "stream"]


def code(source, *outputs, count=1, tags=()):
    """A code cell that has run, number `count`."""
    metadata = {"tags": list(tags)} if tags else {}
    cell = new_code_cell(source, execution_count=count, metadata=metadata)
    cell.outputs = list(outputs)
    return cell


def prose(source):
    """A Markdown cell."""
    return new_markdown_cell(source)


def shows(**data):
    """A displayed output; `text_html` stands for the kind text/html."""
    kinds = {key.replace("_", "/"): value for key, value in data.items()}
    return new_output("display_data", data=kinds)


def stream(text, name="stdout"):
    """A printed output."""
    return new_output("stream", name=name, text=text)


def page(*cells, stem="42-test", raw=False):
    """A page of these cells, as `make notebooks` saves it unless `raw`."""
    notebook = new_notebook(cells=list(cells))
    return Page(stem, text_of(notebook if raw else normalise(notebook)))


def chapter(*more, stem="42-test"):
    """A chapter that keeps every rule, and `more` cells after it."""
    sections = "\n\n".join(f"## {title}" for title in SECTIONS)
    start = [prose("# 42 · Test"), code("x = 1", count=1), prose(sections)]
    return page(*start, *more, stem=stem)


def lab(*more):
    """A lab that keeps every rule, and `more` cells after it."""
    return page(prose("# Lab"), code("x = 1", count=None), *more)
