"""A chapter cut into slides: a heading begins one, and a result waits for a key.

The chapters carry no slide metadata of their own. Rules do it, so that a chapter that
changes needs no second hand: text and the code under it stand on one slide, what the
code shows on the next one down, and what is too long for a slide goes on the next.
"""

import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

__all__ = ["LINES", "cut", "parts_of", "room_of"]

#: So many lines of text or code fit on a slide of 1280 × 760.
LINES = 18
_WIDE = 84  # characters of running text on a line
_PICTURE = 14  # a picture takes as much as so many lines
_HEADING = re.compile(r"^(#{1,3}) ", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def cut(notebook: NotebookNode) -> NotebookNode:
    """A copy of `notebook` in which each cell says what it is on the slides."""
    slides = notebook.copy()
    slides.cells = list(_on_slides(_pieces(notebook.cells)))
    return slides


def parts_of(text: str) -> list[str]:
    """Markdown cut before each heading, and at blank lines where it is too long."""
    hidden = [match.span() for match in _FENCE.finditer(text)]
    starts = [match.start() for match in _HEADING.finditer(text)]
    starts = [at for at in starts if not any(a <= at < b for a, b in hidden)]
    edges = sorted({0, *starts, len(text)})
    pairs = zip(edges, edges[1:], strict=False)
    return [part for a, b in pairs for part in _short_enough(text[a:b].strip())]


def room_of(cell: NotebookNode) -> int:
    """About how many lines a cell takes on a slide: its text, code or result."""
    if cell.cell_type == "markdown":
        return _lines(cell.source)
    if cell.source:
        return cell.source.count("\n") + 3
    return sum(map(_room_of_output, cell.outputs))


def _room_of_output(output: NotebookNode) -> int:
    shown = output.get("data", {})
    page = shown.get("text/html", "")
    if "<img" in page or "<svg" in page:
        return _PICTURE
    if page:
        return page.count("<tr") + page.count("<p") + page.count("<pre") + 2
    text = shown.get("text/plain", output.get("text", output.get("evalue", "")))
    return text.count("\n") + 2


def _lines(text: str) -> int:
    """Lines of text, a paragraph's gap counted; a list's or table's line is its own."""
    count = 0
    for block in re.split(r"\n{2,}", text):
        own = re.match(r"[-|>*\d]", block)
        rows = block.split("\n") if own else [block.replace("\n", " ")]
        count += 1 + sum(1 + len(row) // _WIDE for row in rows)
    return count + 2 * len(_HEADING.findall(text))


def _short_enough(text: str) -> list[str]:
    """The text in parts that fit; a single block that does not fit stays whole."""
    parts: list[str] = []
    for block in re.split(r"\n{2,}", text):
        longer = f"{parts[-1]}\n\n{block}" if parts else block
        if parts and _lines(longer) <= LINES:
            parts[-1] = longer
        elif block:
            parts.append(block)
    return parts


def _pieces(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """The cells, texts in parts, and each code's outputs in a cell after it."""
    for cell in cells:
        if cell.cell_type == "markdown":
            yield from map(new_markdown_cell, parts_of(cell.source))
        elif cell.cell_type == "code":
            code = new_code_cell(cell.source, execution_count=cell.execution_count)
            yield code
            if cell.outputs:
                shown = new_code_cell("", outputs=list(map(_for_a_slide, cell.outputs)))
                shown.metadata["tags"] = ["remove_input"]
                yield shown


def _for_a_slide(output: NotebookNode) -> NotebookNode:
    """The output; of a traceback, its last line, which says what is wrong."""
    if output.output_type != "error":
        return output
    last = f"{output.ename}: {output.evalue}"
    return NotebookNode({**output, "traceback": [last]})


def _on_slides(pieces: Iterator[NotebookNode]) -> Iterator[NotebookNode]:
    """Begin a slide at a heading, one below it when it is full or with new code.

    A result comes at a key's press: as a fragment where it fits, else one slide down.
    """
    used, after_result = 0, False
    for cell in pieces:
        result = cell.cell_type == "code" and not cell.source
        code = cell.cell_type == "code" and not result
        full = used + room_of(cell) > LINES
        if cell.cell_type == "markdown" and _HEADING.match(cell.source):
            kind, used = "slide", 0
        elif full or (code and after_result):
            kind, used = "subslide", 0
        else:
            kind = "fragment" if result else "-"
        used += room_of(cell)
        after_result = result or (after_result and not code)
        cell.metadata["slideshow"] = {"slide_type": kind}
        yield cell
