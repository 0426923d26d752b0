"""The instructor's kit keeps step with the chapters, the labs and the zoo.

Each chapter has a page in instructor/chapters. What a page or a run of show says of
minutes, predictions, exercises and a check's words is compared with the notebooks and
the zoo, and the minutes of a day must add up.
"""

import ast
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from tools.run_notebooks import ROOT

KIT = ROOT / "instructor"
RUNS = ("half-day.md", "one-day.md", "two-days.md")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
STEMS = [page.stem for page in NOTEBOOKS]
PAGES = sorted((KIT / "chapters").glob("*.md"))
PARTS = ["Say", "Show", "Ask", "Goes wrong", "Lab", "Discuss", "Short of time"]
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
EXERCISE = re.compile(r"\d\d\.[1-9](?:-[a-z0-9-]+)?")


def chapter_of(stem):
    return ROOT / "notebooks" / f"{stem}.ipynb"


@cache
def cells_of(path):
    return nbformat.read(path, as_version=4).cells


def markdown_of(path):
    return "\n".join(c.source for c in cells_of(path) if c.cell_type == "markdown")


def outcomes_of(stem):
    """What the chapter's end says of each prediction, as its output shows it."""
    for cell in cells_of(chapter_of(stem)):
        if cell.cell_type == "code" and "outcomes({" in re.sub(r"\s", "", cell.source):
            names = re.findall(r'"(\d\d\.p\d)":', cell.source)
            shown = cell.outputs[-1]["data"]["text/plain"].splitlines()[1:]
            return dict(
                zip(names, (line.split("  ")[-1] for line in shown), strict=True)
            )
    return {}


def asked_in(stem):
    """Each prediction's question, as its widget shows it."""
    for cell in cells_of(chapter_of(stem)):
        shown = [
            o.get("data", {}).get("text/plain", "") for o in cell.get("outputs", [])
        ]
        for name in re.findall(r'predict\(\s*"([^"]+)"', cell.get("source", "")):
            yield name, "\n".join(shown)


def sections_of(stem):
    """The titles of a chapter's sections, at both levels."""
    return re.findall(r"^###? (.*)$", markdown_of(chapter_of(stem)), re.MULTILINE)


def minutes_of(stem):
    """What the chapter states for itself, and for its lab."""
    text = markdown_of(chapter_of(stem))
    stated = re.search(r"^(\d+) min(?: \+ lab (\d+) min)?", text, re.MULTILINE)
    return int(stated[1]), int(stated[2] or 0)


@cache
def exercises():
    """Minutes by exercise id, from the headings of the labs."""
    found = {}
    for lab in sorted((ROOT / "labs").glob("[0-9][0-9]-*.ipynb")):
        marks = [c.metadata.get("exercise") for c in cells_of(lab)]
        ids = [mark for mark in dict.fromkeys(marks) if mark]
        minutes = re.findall(r"^\*(\d+) minutes", markdown_of(lab), re.MULTILINE)
        found |= dict(zip(ids, map(int, minutes), strict=True))
    return found


def section(text, title):
    """What stands under a heading of the second level; "" if there is none."""
    found = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def rows(text):
    """The cells of each table row, but for heads and rules."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] not in ("id", "the check says", "from"):
            yield cells


def said(cell):
    """What stands between backticks, single or double."""
    found = re.findall(r"``(.+?)``|`([^`]+)`", cell)
    return [one or other for one, other in found]


@pytest.mark.parametrize("page", sorted(KIT.rglob("*.md")), ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    inside = [link.split("#")[0] for link in links if "://" not in link]
    lost = [link for link in inside if link and not (page.parent / link).exists()]
    assert lost == []


@pytest.mark.parametrize("stem", STEMS)
def test_a_chapter_has_its_page(stem):
    page = KIT / "chapters" / f"{stem}.md"
    assert page.exists(), f"{stem} has no page in instructor/chapters"
    text = page.read_text(encoding="utf-8")
    title = re.search(r"^# \d+ · (.*)$", markdown_of(chapter_of(stem)), re.MULTILINE)[1]
    assert text.startswith(f"# {stem[:2]} · {title}\n")
    own, lab = minutes_of(stem)
    assert f"\n{own} min{f' + lab {lab} min' if lab else ''} · " in text
    wanted = [part for part in PARTS if lab or part != "Lab"]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_predictions_have_the_chapters_answers(page):
    table = list(rows(section(page.read_text(encoding="utf-8"), "Ask")))
    assert {row[0]: row[2] for row in table} == outcomes_of(page.stem)
    questions = dict(asked_in(page.stem))
    for name, question, answer, beliefs in table:
        assert question in questions[name], f"{name} asks: {questions[name]}"
        code = "\n".join(c.source for c in cells_of(chapter_of(page.stem)))
        for option in (answer, *re.findall(r"\*\*(.+?)\*\*", beliefs)):
            assert option in code or option in questions[name], f"{name}: {option}"
        assert f"**{answer}**" not in beliefs


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_wrong_answer_is_told_in_the_checks_own_words(page):
    text = section(page.read_text(encoding="utf-8"), "Lab")
    heads = re.findall(r"^### (\S+) · (\d+) min$", text, re.MULTILINE)
    mine = {k: m for k, m in exercises().items() if k.startswith(page.stem[:2])}
    if heads:
        assert {name: int(minutes) for name, minutes in heads} == mine
    for part in text.split("### ")[1:]:
        name = part.split(" ", 1)[0]
        number, slug = name[:2], name[5:].replace("-", "_")
        zoo = (ROOT / "tests/zoo" / number / f"{slug}.py").read_text(encoding="utf-8")
        reasons = "\n".join(_texts(zoo))
        for row in rows(part):
            for words in said(row[0]):
                assert words in reasons, f"{name}: no check says {words!r}"


def _texts(source):
    """Every text in the source, so that quotes and joined lines do not matter."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


NUMBER = re.compile(r"(?<![\d.\w-])\d+(?:\.\d+)?(?![\d\w]|\.\w|-\w)")


def numbers(text):
    """The numbers of two digits and more, without the commas of thousands."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", re.sub(r"\]\([^)]*\)", "]", text))
    return {found for found in NUMBER.findall(plain) if len(found) > 1}


def shown_in(stem):
    """All that a chapter says: its text, its code, and its outputs as text."""
    for cell in cells_of(chapter_of(stem)):
        yield cell.source
        for output in cell.get("outputs", []):
            yield output.get("text", "") or output.get("data", {}).get("text/plain", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_numbers_that_are_spoken_are_the_chapters(page):
    text = page.read_text(encoding="utf-8")
    parts = "\n".join(section(text, part) for part in ("Say", "Ask", "Goes wrong"))
    others = {stem[:2] for stem in STEMS}  # "chapter 09" is no number of the chapter
    known = numbers("\n".join(shown_in(page.stem)))
    assert numbers(parts) - known - others == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_has_questions_with_answers(page):
    text = section(page.read_text(encoding="utf-8"), "Discuss")
    questions = re.findall(r"^\d\. \*(.+?)\* \S", text, re.MULTILINE)
    assert 3 <= len(questions) <= 5


def clock(text):
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def days(name):
    """The rows of each day's table: clock, minutes, part, and what is done."""
    text = (KIT / name).read_text(encoding="utf-8")
    for table in re.findall(r"^\| from .*?(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL):
        yield [row for row in rows(table) if ":" in row[0]]


@pytest.mark.parametrize("name", RUNS)
def test_the_minutes_add_up(name):
    text = (KIT / name).read_text(encoding="utf-8")
    span = r"^(?:\*\*Day \d\.\*\* )?(\d\d:\d\d) to (\d\d:\d\d), (\d+) minutes"
    spans = re.findall(span, text, re.MULTILINE)
    tables = list(days(name))
    assert len(spans) == len(tables) > 0
    for (begin, end, stated), table in zip(spans, tables, strict=True):
        at = clock(begin)
        for start, minutes, *_ in table:
            assert clock(start) == at, f"{start}: the rows before end at {at}"
            at += int(minutes)
        assert at == clock(end) == clock(begin) + int(stated)


@pytest.mark.parametrize("name", RUNS)
def test_a_slot_is_long_enough_for_what_is_in_it(name):
    for _, minutes, part, does in (row for day in days(name) for row in day):
        for link in LINK.findall(part):
            if link.startswith("chapters/"):
                long_enough(link, int(minutes), does)
        named = [e for e in EXERCISE.findall(part) if "lab" in part]
        known = {key[:4]: length for key, length in exercises().items()}
        assert set(named) <= set(known), f"{part}: no such exercise"
        assert sum(known[e] for e in named) <= int(minutes), f"{part} takes longer"


def long_enough(link, minutes, does):
    stem = Path(link).stem
    whole, _ = minutes_of(stem)
    skipped = re.findall(r"\*([^*]+)\*", does.partition("Skip")[2])
    assert minutes >= whole or skipped, (
        f"{stem}: {minutes} of {whole} min, skips nothing"
    )
    assert minutes >= whole / 2, f"{stem}: {minutes} of {whole} min is too short"
    titles = "\n".join(sections_of(stem))
    assert [one for one in skipped if one not in titles] == [], f"{stem} has {titles}"


@pytest.mark.parametrize("name", RUNS)
def test_each_turn_has_its_words(name):
    """Every row but the breaks is told further down, under its own heading."""
    text = (KIT / name).read_text(encoding="utf-8")
    told = re.findall(r"^#{3} (\d\d:\d\d) ", text, re.MULTILINE)
    wanted = [row[0] for day in days(name) for row in day if "Break" not in row[2]
              and "Lunch" not in row[2]]  # fmt: skip
    assert told == wanted


def test_exercises_named_in_the_kit_exist():
    known = {*exercises(), *(key[:4] for key in exercises())}
    for page in KIT.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        named = set(re.findall(r"\b\d\d\.[1-9]-[a-z][a-z0-9-]*", text))
        assert named <= known, f"{page.name}: {named - known}"


def test_commands_named_in_the_kit_exist():
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in KIT.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        for target in set(re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)", text, re.M)):
            assert re.search(rf"^{''.join(target)}:", make, re.M), (page.name, target)
        for tool in set(re.findall(r"\btools/[a-z_]+\.(?:py|sh)", text)):
            assert (ROOT / tool).exists(), (page.name, tool)
