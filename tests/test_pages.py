"""Chapters cut into slides and set for paper: nothing lost, nothing fetched.

What a browser makes of them is tested by `make browser`.
"""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.pages.cutting import LINES, cut, parts_of, room_of
from tools.pages.exporting import handout, slides
from tools.run_notebooks import ROOT

CHAPTER = ROOT / "notebooks" / "09-exactly-once.ipynb"
# What a browser would load by itself; a link is followed by people only.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc=["'](?!data:|reveal\.js/)([^"']+)"""
    r"""|<link[^>]*\shref=["'](?!reveal\.js/)([^"']+)"""
    r"""|@import[^;]*|url\(\s*["']?(?:https?:)?//[^)]*|\bimport\s.*\sfrom\s+["']http"""
)


def notebook(*cells):
    return new_notebook(cells=list(cells))


def kinds(cells):
    return [cell.metadata["slideshow"]["slide_type"] for cell in cells]


def printed(text):
    return new_output("stream", name="stdout", text=text)


def picture():
    return new_output("display_data", data={"text/html": '<img alt="a" src="data:,">'})


def test_a_heading_begins_a_slide_also_within_a_cell():
    cells = cut(notebook(new_markdown_cell("a\n\n## B\nb\n\n### C\nc"))).cells
    assert [cell.source for cell in cells] == ["a", "## B\nb", "### C\nc"]
    assert kinds(cells) == ["-", "slide", "slide"]


def test_a_comment_in_code_is_no_heading():
    text = "Look:\n\n```\n# not a heading\n```\n\nand on."
    assert parts_of(text) == [text]


def test_a_result_waits_for_a_key_beside_its_code():
    code = new_code_cell("f()", outputs=[printed("one\n")])
    cells = cut(notebook(new_markdown_cell("# A"), code)).cells
    assert kinds(cells) == ["slide", "-", "fragment"]
    assert cells[1].outputs == [] and cells[2].source == ""


def test_a_result_that_does_not_fit_goes_one_slide_down():
    code = new_code_cell("\n".join("f()" for _ in range(9)), outputs=[picture()])
    cells = cut(notebook(new_markdown_cell("# A"), code)).cells
    assert kinds(cells) == ["slide", "-", "subslide"]


def test_code_after_a_result_begins_below():
    first = new_code_cell("f()", outputs=[printed("1\n")])
    cells = cut(notebook(first, new_markdown_cell("so."), new_code_cell("g()"))).cells
    assert kinds(cells) == ["-", "fragment", "-", "subslide"]


def test_long_text_is_spread_over_slides_that_fit():
    blocks = [f"Paragraph {n}: " + "word " * 40 for n in range(12)]
    parts = parts_of("\n\n".join(blocks))
    assert len(parts) > 1 and "\n\n".join(parts).split() == " ".join(blocks).split()
    assert all(room_of(new_markdown_cell(part)) <= LINES for part in parts)


def test_a_traceback_is_its_last_line():
    error = new_output("error", ename="KeyError", evalue="'x'", traceback=["a"] * 40)
    shown = cut(notebook(new_code_cell("d['x']", outputs=[error]))).cells[-1]
    assert shown.outputs[0]["traceback"] == ["KeyError: 'x'"]
    assert error["traceback"] == ["a"] * 40


def test_a_chapter_keeps_its_words_code_and_pictures():
    chapter = nbformat.read(CHAPTER, as_version=4)
    before, after = chapter.cells, cut(chapter).cells
    for kind in ("markdown", "code"):
        words = [" ".join(c.source for c in cells if c.cell_type == kind).split()
                 for cells in (before, after)]  # fmt: skip
        assert words[0] == words[1]
    shown = [sum(len(c.get("outputs", ())) for c in cells) for cells in (before, after)]
    assert shown[0] == shown[1] > 0


@pytest.mark.parametrize("form", [slides, handout])
def test_a_page_fetches_nothing(form):
    page = form(CHAPTER)
    assert [match[0][:100] for match in FETCHED.finditer(page)] == []
    assert page.count("<img") >= 8


@pytest.mark.parametrize(
    "text",
    ['<script src="https://cdn.example/x.js">', '<link rel="x" href="//a/b.css">',
     "import m from 'https://a/b.mjs'", "url(https://a/b.woff)"],
)  # fmt: skip
def test_a_fetch_would_be_seen(text):
    assert FETCHED.search(text)
