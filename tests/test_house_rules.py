"""Every notebook keeps the rules of the house, and every rule can be broken."""

import pytest
from nbformat.v4 import new_output

from tests import rules
from tests.pages import chapter, code, lab, page, prose, shows, stream
from tests.reading import read
from tools.run_notebooks import ROOT
from workbook.learn.markers import BEGIN

KINDS = {
    "notebooks": rules.CHAPTER,
    "solutions": rules.RAN,
    "labs": rules.STRIPPED,
}
FOUND = [
    pytest.param(path, rule, id=f"{folder}/{path.stem}-{rule.__name__}")
    for folder, kept in KINDS.items()
    for path in sorted((ROOT / folder).glob("*.ipynb"))
    for rule in kept
]

# Paths are put together here so that this file names none itself.
HOME, TEMPORARY = "/" + "home/", "/" + "tmp/"
ERROR = new_output("error", ename="ValueError", evalue="no", traceback=["no"])
IMAGE = '<figure><img src="data:image/png;base64,AA==" alt="{}"></figure>'
LISTING = "listing:learn.markers.BEGIN"


def test_there_are_chapters_solutions_and_labs():
    empty = [folder for folder in KINDS if not any((ROOT / folder).glob("*.ipynb"))]
    assert empty == []


@pytest.mark.parametrize(("path", "rule"), FOUND)
def test_notebook_keeps(path, rule):
    assert rule(read(path)) == []


BROKEN = [
    (rules.ran_in_order, page(code("1", count=2)), "execution counts are [2]"),
    (rules.ran_in_order, page(code("1", count=None)), "[None]"),
    (
        rules.ran_in_order,
        page(code("1", count=1), code("2", count=1)),
        "execution counts are [1, 1]",
    ),
    (rules.stripped, page(code("1", count=3)), "cell 1 has an output or a count"),
    (rules.stripped, page(code("1", stream("1"), count=None)), "cell 1 has"),
    (rules.saved_by_make, page(code("1"), raw=True), "not as `make notebooks`"),
    (rules.no_machine_path, page(code(f"open('{HOME}me/x')")), "cell 1 names"),
    (rules.no_machine_path, page(code("1", stream(f"in {TEMPORARY}x"))), "cell 1"),
    (rules.no_machine_path, page(prose("in C:\\Users\\me")), "cell 1 names"),
    (rules.no_warning, page(code("1", stream("Warning", "stderr"))), "cell 1 wrote"),
    (rules.errors_are_meant, page(code("1", ERROR)), "raises without the tag"),
    (
        rules.errors_are_meant,
        page(code("1", tags=["raises-exception"])),
        "raises nothing",
    ),
    (rules.short_cells, page(code("1\n" * 21)), "cell 1 has 21 lines"),
    (rules.short_cells, page(code(f"{BEGIN}\n" + "1\n" * 21)), "cell 1 has 21 lines"),
    (rules.short_cells, page(code(" ")), "cell 1 is empty"),
    (rules.short_lines, page(code("1" * 89)), "cell 1 has a line of 89"),
    (rules.short_setup, page(prose("# H"), code("1\n" * 7)), "setup cell has 7"),
    (rules.prose_between_code, page(*[code(str(n)) for n in range(3)]), "cells 1 to 3"),
    (rules.small_file, page(prose("x" * 300_000)), "the file has 30"),
    (rules.headings, page(prose("no heading")), "there is not one H1"),
    (rules.headings, page(prose("# One\n\n# Two")), "there is not one H1"),
    (rules.headings, page(prose("## Words\n\n# One")), "the first heading is not"),
    (rules.headings, page(prose("# One\n\n## Words")), "the sections are ['Words']"),
    (rules.listings, page(code("BEGIN = 1", tags=[LISTING])), "differs from"),
    (rules.listings, page(code("1", tags=["listing:learn.nothing"])), "has no learn"),
    (rules.pictures_speak, page(code("1", shows(image_png="AA=="))), "without alt"),
    (rules.pictures_speak, page(code("1", shows(text_html=IMAGE.format(" ")))), "alt"),
    (rules.pictures_speak, page(prose("![](picture.png)")), "Markdown picture"),
    (rules.pictures_speak, page(prose('<img src="x.png">')), "1 <img> without alt"),
    (rules.nothing_sleeps, page(code("import time\ntime.sleep(1)")), "cell 1 sleeps"),
    (rules.nothing_sleeps, page(code("from time import sleep")), "cell 1 sleeps"),
    (rules.nothing_is_hidden, page(code("1", tags=["nbval-skip"])), "cell 1 is hidden"),
    (rules.nothing_is_hidden, page(code("# NBVAL_SKIP\n1")), "cell 1 is hidden"),
    (
        rules.nothing_is_hidden,
        page(code("1", tags=["nbval-ignore-output"])),
        "shows no widget",
    ),
]


@pytest.mark.parametrize(
    ("rule", "broken", "reason"),
    BROKEN,
    ids=[f"{rule.__name__}-{reason}" for rule, _, reason in BROKEN],
)
def test_a_rule_can_be_broken(rule, broken, reason):
    assert any(reason in wrong for wrong in rule(broken))


def test_every_rule_is_shown_broken():
    assert {rule for rule, _, _ in BROKEN} == {
        r for kept in KINDS.values() for r in kept
    }


FINE = chapter(
    code("print(1)", stream("1\n"), count=2),
    prose("Slashes in and/or/home/page are no path.\n\n```\n# no heading\n```"),
    code("1", shows(text_html=IMAGE.format("One delivery"), text_plain="1"), count=3),
    prose("![A map of the chapters](map.png)"),
    code("raise ValueError", ERROR, count=4, tags=["raises-exception"]),
    prose("A widget may differ from run to run."),
    code(
        "slider",
        shows(text_plain="IntSlider(value=3)"),
        count=5,
        tags=["nbval-ignore-output"],
    ),
    prose("What the package says too:"),
    code('# said\nBEGIN = "### BEGIN SOLUTION"', count=6, tags=[LISTING]),
)


@pytest.mark.parametrize("rule", rules.CHAPTER, ids=lambda rule: rule.__name__)
def test_a_good_chapter_breaks_no_rule(rule):
    assert rule(FINE) == []


@pytest.mark.parametrize("rule", rules.STRIPPED, ids=lambda rule: rule.__name__)
def test_a_good_lab_breaks_no_rule(rule):
    assert rule(lab(code("y = 2", count=None))) == []


def test_the_orientation_needs_no_sections():
    assert rules.headings(page(prose("# 0 · Start"), stem="00-start-here")) == []


def test_a_section_may_say_more_after_a_colon():
    said = chapter().text.replace("## Words", "## Words: three of them")
    assert rules.headings(type(FINE)("42-test", said)) == []


def test_a_section_out_of_order_is_found():
    said = chapter().text.replace("## Words", "## Recap")
    assert rules.headings(type(FINE)("42-test", said)) != []


def test_a_listing_may_leave_out_a_docstring_and_nothing_else():
    name = "learn.places.repository"
    source = (ROOT / "workbook" / "learn" / "places.py").read_text(encoding="utf-8")
    shown = source[source.index("def repository") :]
    bare = "\n".join(_without_docstring(shown))
    changed = bare.replace("is_dir()", "exists()")
    for text, same in ((shown, True), (bare, True), (changed, False)):
        found = rules.listings(page(code(text, tags=[f"listing:{name}"])))
        assert (found == []) is same


def _without_docstring(source):
    lines = iter(source.splitlines())
    quotes = 0
    for line in lines:
        quotes += line.count('"""')
        if quotes in (0, 2) and '"""' not in line:
            yield line
