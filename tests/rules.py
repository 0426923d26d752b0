"""The rules of the house for notebooks. Each function gives what is wrong: [] is good.

A rule takes a `Page` and names the code cells it complains of by their place, counted
from 1 over all cells.
"""

import json
import re
from collections.abc import Callable

from tests.reading import (
    Page,
    headings_in,
    section_of,
    shows_a_widget,
    silent_images,
    sleeps,
    tree_of,
    unlike_package,
)
from tools.run_notebooks import normalise, text_of
from workbook.learn.markers import BEGIN, END

__all__ = ["CHAPTER", "EVERY", "RAN", "STRIPPED", "Rule"]

Rule = Callable[[Page], list[str]]

SECTIONS = (
    "The failure",
    "Words",
    "The smallest thing that works",
    "Break it on purpose",
    "Measure it",
    "Turn it",
    "On AWS",
    "Trade-offs",
    "Recap",
)
LONGEST_CELL = 20
LONGEST_LINE = 88
LONGEST_SETUP = 6
LARGEST_BYTES = 300_000
WIDGET_TAG = "nbval-ignore-output"

_MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|home|work|tmp|Users)/|[A-Z]:\\+Users")
_BASE64 = re.compile(r"base64,[A-Za-z0-9+/=]+")
_NAMELESS = re.compile(r"!\[\s*\]\(")
_SWITCHES = re.compile(r"^\s*#\s*(NBVAL_\w+|PYTEST_VALIDATE\w+)\s*$", re.MULTILINE)


def ran_in_order(page: Page) -> list[str]:
    """Execution counts are 1 to N: the outputs come from one Run All."""
    counts = [cell.execution_count for _, cell in page.code]
    wanted = list(range(1, len(counts) + 1))
    return [] if counts == wanted else [f"execution counts are {counts}, not 1 to N"]


def stripped(page: Page) -> list[str]:
    """No outputs and no execution counts."""
    kept = [(at, c) for at, c in page.code if c.outputs or c.execution_count]
    return [f"cell {at} has an output or a count" for at, _ in kept]


def saved_by_make(page: Page) -> list[str]:
    """The file is what `make notebooks` writes, to the byte."""
    same = text_of(normalise(page.notebook)) == page.text
    return [] if same else ["not as `make notebooks` saves it"]


def no_machine_path(page: Page) -> list[str]:
    """Nothing says where on a disk the notebook was written or run."""
    texts = [(at, _BASE64.sub("", json.dumps(cell))) for at, cell in page.cells]
    found = [(at, _MACHINE_PATH.search(text)) for at, text in texts]
    return [f"cell {at} names a machine's path: {m[0]}" for at, m in found if m]


def no_warning(page: Page) -> list[str]:
    """Nothing was written to stderr."""
    loud = [(at, o.text) for at, o in page.outputs if o.get("name") == "stderr"]
    return [f"cell {at} wrote to stderr: {text[:60]!r}" for at, text in loud]


def errors_are_meant(page: Page) -> list[str]:
    """A cell ends in an exception if, and only if, its tag says so."""
    found = []
    for at, cell in page.code:
        meant = "raises-exception" in cell.metadata.get("tags", [])
        raised = any(o.output_type == "error" for o in cell.outputs)
        if raised and not meant:
            found.append(f"cell {at} raises without the tag raises-exception")
        if meant and not raised:
            found.append(f"cell {at} has the tag raises-exception and raises nothing")
    return found


def short_cells(page: Page) -> list[str]:
    """No empty code cell, and none that is too long for a screen.

    Lines that mark a solution do not count: no learner sees them.
    """
    marks = (BEGIN, END)
    lines = [
        (at, sum(line.strip() not in marks for line in cell.source.splitlines()))
        for at, cell in page.code
    ]
    found = [f"cell {at} has {n} lines" for at, n in lines if n > LONGEST_CELL]
    return found + [
        f"cell {at} is empty" for at, c in page.code if not c.source.strip()
    ]


def short_lines(page: Page) -> list[str]:
    """No line of code that a projector cuts."""
    found = []
    for at, cell in page.code:
        widths = [len(line) for line in cell.source.splitlines()]
        found += [f"cell {at} has a line of {w}" for w in widths if w > LONGEST_LINE]
    return found


def short_setup(page: Page) -> list[str]:
    """The first code cell is the setup, and small."""
    lines = page.code[0][1].source.splitlines() if page.code else []
    long = len(lines) > LONGEST_SETUP
    return [f"the setup cell has {len(lines)} lines"] if long else []


def prose_between_code(page: Page) -> list[str]:
    """Never three code cells in a row."""
    kinds = [cell.cell_type for _, cell in page.cells]
    starts = range(1, len(kinds) - 1)
    triples = [at for at in starts if kinds[at - 1 : at + 2] == ["code"] * 3]
    return [f"cells {at} to {at + 2} are three code cells in a row" for at in triples]


def small_file(page: Page) -> list[str]:
    """A notebook that opens at once, and that a host still renders."""
    size = len(page.text.encode("utf-8"))
    return [f"the file has {size} bytes"] if size > LARGEST_BYTES else []


def headings(page: Page) -> list[str]:
    """One H1, first of all; a chapter's H2 sections complete and in the house's order.

    Chapter 00 is an orientation: only its H1 is looked at.
    """
    found = [heading for _, cell in page.prose for heading in headings_in(cell.source)]
    wrong = [] if [h[0] for h in found].count(1) == 1 else ["there is not one H1"]
    if found[:1] and found[0][0] != 1:
        wrong.append("the first heading is not the H1")
    sections = tuple(section_of(title) for level, title in found if level == 2)
    if not page.stem.startswith("00-") and sections != SECTIONS:
        wrong.append(f"the sections are {list(sections)}")
    return wrong


def listings(page: Page) -> list[str]:
    """Packaged code shown in a cell is the package's, by its syntax tree.

    The tag is `listing:<module>.<name>`, the module counted from `workbook`. Comments
    and docstrings may differ: in a chapter the prose says what a docstring says.
    """
    found = []
    for at, cell in page.code:
        tags = [t for t in cell.metadata.get("tags", []) if t.startswith("listing:")]
        if tags:
            names = [tag.removeprefix("listing:") for tag in tags]
            found += [
                f"cell {at}: {wrong}" for wrong in unlike_package(cell.source, names)
            ]
    return found


def pictures_speak(page: Page) -> list[str]:
    """Every picture has a text for those who do not see it."""
    found = []
    for at, output in page.outputs:
        data = output.get("data", {})
        if any(kind.startswith("image/") for kind in data):
            found.append(f"cell {at} shows a picture without alt text")
        found += [f"cell {at}: {w}" for w in silent_images(data.get("text/html", ""))]
    for at, cell in page.prose:
        if _NAMELESS.search(cell.source):
            found.append(f"cell {at} has a Markdown picture without alt text")
        found += [f"cell {at}: {wrong}" for wrong in silent_images(cell.source)]
    return found


def nothing_sleeps(page: Page) -> list[str]:
    """Time is virtual: no cell waits for the real one."""
    return [
        f"cell {at} sleeps" for at, cell in page.code if sleeps(tree_of(cell.source))
    ]


def nothing_is_hidden(page: Page) -> list[str]:
    """nbval compares every cell but a widget's, which the widget contract covers."""
    found = []
    for at, cell in page.code:
        tags = cell.metadata.get("tags", [])
        if "nbval-skip" in tags or _SWITCHES.search(cell.source):
            found.append(f"cell {at} is hidden from nbval")
        if WIDGET_TAG in tags and not shows_a_widget(cell):
            found.append(f"cell {at} has the tag {WIDGET_TAG} and shows no widget")
    return found


EVERY: tuple[Rule, ...] = (
    no_machine_path,
    no_warning,
    short_cells,
    short_lines,
    short_setup,
    small_file,
    pictures_speak,
    nothing_sleeps,
    nothing_is_hidden,
    listings,
)
RAN: tuple[Rule, ...] = (*EVERY, ran_in_order, saved_by_make, errors_are_meant)
STRIPPED: tuple[Rule, ...] = (*EVERY, stripped)
CHAPTER: tuple[Rule, ...] = (*RAN, headings, prose_between_code)
