"""The map of chapters, in the README and in chapter 00, keeps step with the folders.

Whoever adds a chapter changes its row in both. A chapter's row links its notebook, and
its lab once there is one, under the title that the notebook has, and ends in the
minutes that the notebook states. A chapter without a notebook has no link, and its row
ends in "not yet in this edition".
"""

import re
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, relpath

import nbformat
import pytest

from tools.run_notebooks import ROOT

START = "notebooks/00-start-here.ipynb"
MAPS = ("README.md", START)
NUMBERS = [f"{number:02}" for number in range(15)]
NOT_YET = "not yet in this edition"
LINK = re.compile(r"\[([^]]*)\]\(([^)#:]+)\)")


@dataclass(frozen=True)
class Chapter:
    """What a notebook says of itself, and the files that a map should link."""

    title: str
    minutes: str
    files: tuple[str, ...]


def markdown(page):
    if page.suffix != ".ipynb":
        return page.read_text(encoding="utf-8")
    cells = nbformat.read(page, as_version=4).cells
    return "\n".join(c.source for c in cells if c.cell_type == "markdown")


def rows_of(text):
    """The cells of each row of the map, by the chapter's number."""
    found = re.findall(r"^\| (\d\d) \| (.*) \|$", text, re.MULTILINE)
    return {number: cells.split(" | ") for number, cells in found}


def chapters(root):
    """The chapters that there are, by number."""
    pages = sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    return {page.name[:2]: chapter(root, page) for page in pages}


def chapter(root, page):
    head = markdown(page)
    title = re.search(r"^# \d+ · (.*)$", head, re.MULTILINE)[1]
    minutes = re.search(r"^(\d+) min(?: \+ lab (\d+) min)?", head, re.MULTILINE)
    files = [f"notebooks/{page.name}", f"labs/{page.name}"]
    there = tuple(file for file in files if (root / file).exists())
    return Chapter(title, " + ".join(filter(None, minutes.groups())), there)


def complaints(name, rows, there):
    """What is wrong with the map on the page `name`, and what to do about it."""
    if list(rows) != NUMBERS:
        return [f"{name}: the map has the rows {list(rows)}, not 00 to 14"]
    wrong = []
    for number, cells in rows.items():
        title, end = wanted(name, number, there.get(number))
        fits = cells[0] == title if title else not LINK.search(cells[0])
        if not fits or cells[-1] != end:
            text = f"| {number} | {title or 'its title, without a link'} | … | {end} |"
            wrong.append(f"{name}: the row of chapter {number} should be {text}")
    return wrong


def wanted(name, number, known):
    """The first and last cell that a row should have; "" for any title at all."""
    if known is None:
        return "", NOT_YET
    title = " · ".join(link(name, known, file) for file in known.files)
    return title, known.minutes


def link(name, known, file):
    """The file's link on the page `name`; a page does not link itself."""
    words = "lab" if file.startswith("labs/") else known.title
    to = relpath(file, dirname(name) or ".")
    return words if file == name else f"[{words}]({to})"


@pytest.mark.parametrize("name", MAPS)
def test_the_map_keeps_step_with_the_notebooks(name):
    wrong = complaints(name, rows_of(markdown(ROOT / name)), chapters(ROOT))
    assert wrong == [], "\n".join(wrong)


def test_both_maps_name_the_same_titles_and_slides():
    first, second = (rows_of(markdown(ROOT / name)) for name in MAPS)
    for number in NUMBERS:
        assert plain(first[number][:2]) == plain(second[number][:2])


def plain(cells):
    return [LINK.sub(r"\1", cell) for cell in cells]


@pytest.mark.parametrize("name", MAPS)
def test_every_link_leads_to_a_file(name):
    folder = (ROOT / name).parent
    links = [link for _, link in LINK.findall(markdown(ROOT / name))]
    assert [link for link in links if not (folder / link).exists()] == []
    assert links


@pytest.fixture
def edition(tmp_path) -> Path:
    """A workbook of chapters 00 and 02; the second has a lab."""
    for folder in ("notebooks", "labs"):
        (tmp_path / folder).mkdir()
    save(tmp_path / START, "# 0 · Start here\n\n15 min · needs nothing")
    save(tmp_path / "notebooks/02-loss.ipynb", "# 2 · Loss\n\n40 min + lab 30 min · …")
    save(tmp_path / "labs/02-loss.ipynb", "# Lab 2")
    return tmp_path


def save(path, source):
    cell = nbformat.v4.new_markdown_cell(source)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


README_02 = "[Loss](notebooks/02-loss.ipynb) · [lab](labs/02-loss.ipynb)"
START_02 = "[Loss](02-loss.ipynb) · [lab](../labs/02-loss.ipynb)"


def a_map(**changes):
    """A README's map in step with the edition, but for the rows in `changes`."""
    rows = {number: f"Some title | a slide | {NOT_YET}" for number in NUMBERS}
    rows["00"] = f"[Start here]({START}) | a slide | 15"
    rows["02"] = f"{README_02} | a slide | 40 + 30"
    rows |= {name.removeprefix("n"): row for name, row in changes.items()}
    return "\n".join(f"| {number} | {row} |" for number, row in rows.items() if row)


def test_a_map_in_step_has_no_complaint(edition):
    assert complaints("README.md", rows_of(a_map()), chapters(edition)) == []
    own = a_map(n00="Start here | a slide | 15", n02=f"{START_02} | s | 40 + 30")
    assert complaints(START, rows_of(own), chapters(edition)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n02": f"Loss | s | {NOT_YET}"}, f"| 02 | {README_02} | … | 40 + 30 |"),
        ({"n02": f"{README_02} | s | 45 + 30"}, "| … | 40 + 30 |"),
        ({"n02": "[Loss](notebooks/02-loss.ipynb) | s | 40 + 30"}, README_02),
        ({"n02": README_02.replace("Loss", "Gain") + " | s | 40 + 30"}, "[Loss]"),
        ({"n03": "[Split](notebooks/03-x.ipynb) | s | " + NOT_YET}, "without a link"),
        ({"n03": "Split | s | 40 + 30"}, f"| … | {NOT_YET} |"),
        ({"n07": ""}, "not 00 to 14"),
    ],
)
def test_a_map_out_of_step_is_told_what_its_row_should_be(edition, changes, said):
    (wrong,) = complaints("README.md", rows_of(a_map(**changes)), chapters(edition))
    assert said in wrong
