"""What is handed in is found and read, however broken it is."""

import ast
import json
import sys

import pytest

from tests.grade import tiny
from tests.grade.tiny import DOUBLE, RIGHT, SETUP, STUB, TOTAL, cell, put, submitted
from workbook.grade.cells import Cell, begin, find, parsed, run
from workbook.grade.reading import Unreadable, papers
from workbook.grade.sheet import sheets
from workbook.grade.store import Store, key_of
from workbook.grade.submissions import find as find_all

PASSPORT = {
    "format": 1,
    "exercises": {DOUBLE: {"code": RIGHT[DOUBLE]}, TOTAL: {"hints": 1}},
    "predictions": {},
}


@pytest.fixture(scope="module")
def known(home):
    return sheets(home)


@pytest.fixture(autouse=True)
def same_main(monkeypatch):
    """A notebook that is loaded here is `__main__` no longer than its test."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def found(folder, known):
    return {(s.student, s.lab): s for s in find_all(folder, known)}


# --- our side -------------------------------------------------------------------------


def test_a_sheet_is_all_that_a_solutions_notebook_says(known):
    sheet = known["90"]
    assert [(t.id, t.name, t.title) for t in sheet.tasks] == [
        (DOUBLE, "double", "Double"),
        (TOTAL, "total", "Total"),
    ]
    assert sheet.title == "A tiny lab" and sheet.setup == (SETUP,)
    assert [(c.task, c.name) for c in sheet.controls] == [
        (DOUBLE, "wrong"),
        (TOTAL, "wrong"),
        (DOUBLE, "double"),  # the stub, made to return None
        (TOTAL, "total"),
    ]
    assert "return None" in sheet.controls[-1].source


def test_every_lab_of_ours_has_a_sheet_and_controls():
    for number, sheet in sheets(tiny.ROOT).items():
        assert sheet.number == number and sheet.title != sheet.stem
        for task in sheet.tasks:
            assert sum(c.task == task.id for c in sheet.controls) >= 2, task.id


# --- whose is which file --------------------------------------------------------------


def test_nbgraders_folders(tmp_path, known):
    put(tmp_path / "aoi" / "90-tiny" / "90-tiny.ipynb", submitted(RIGHT))
    put(tmp_path / "ben" / "90-tiny" / "other name.ipynb", submitted())
    put(tmp_path / "ben" / "90-tiny" / ".ipynb_checkpoints" / "x.ipynb", "{")
    assert set(found(tmp_path, known)) == {("aoi", "90"), ("ben", "90")}


def test_a_flat_folder_and_a_download_from_moodle(tmp_path, known):
    put(tmp_path / "90-tiny-aoi.ipynb", submitted())
    put(tmp_path / "ben_90-tiny.ipynb", submitted())
    put(tmp_path / "Chie Abe_123_assignsubmission_file" / "90-tiny.ipynb", submitted())
    assert set(found(tmp_path, known)) == {
        ("aoi", "90"),
        ("ben", "90"),
        ("Chie Abe", "90"),
    }


def test_passports(tmp_path, known):
    put(tmp_path / "aoi" / "passport.json", PASSPORT)
    put(tmp_path / "ben-passport.json", PASSPORT)
    there = found(tmp_path, known)
    assert set(there) == {("aoi", "90"), ("ben", "90")}
    paper = there["aoi", "90"].paper
    assert paper.bare and paper.cells == (Cell(1, RIGHT[DOUBLE], DOUBLE),)


def test_a_passport_without_an_answer_is_not_forgotten(tmp_path, known):
    put(tmp_path / "aoi-passport.json", PASSPORT | {"exercises": {}})
    (one,) = find_all(tmp_path, known)
    assert (one.student, one.problem) == ("aoi", "the passport holds no answer")


def test_a_notebook_comes_before_a_passport_and_is_chosen_by_its_name(tmp_path, known):
    put(tmp_path / "aoi" / "passport.json", PASSPORT)
    put(tmp_path / "aoi" / "90-tiny" / "zz copy.ipynb", submitted())
    put(tmp_path / "aoi" / "90-tiny" / "90-tiny.ipynb", submitted(RIGHT))
    one = found(tmp_path, known)["aoi", "90"]
    assert one.file == "aoi/90-tiny/90-tiny.ipynb" and not one.paper.bare
    assert len(one.notes) == 2 and "not graded" in one.notes[0]


def test_a_student_without_a_notebook_is_not_forgotten(tmp_path, known):
    put(tmp_path / "aoi" / "90-tiny" / "90-tiny.ipynb", submitted())
    put(tmp_path / "ben" / "90-tiny" / "timestamp.txt", "2026-11-29")
    one = found(tmp_path, known)["ben", "90"]
    assert one.paper is None and one.problem == "no notebook"


def test_a_second_download_is_the_same_students(tmp_path, known):
    put(tmp_path / "aya-90-tiny (1).ipynb", submitted(RIGHT))
    put(tmp_path / "ben-90-tiny-Copy1.ipynb", submitted(RIGHT))
    put(tmp_path / "chie-passport (12).json", PASSPORT)
    assert {student for student, _ in found(tmp_path, known)} == {"aya", "ben", "chie"}


@pytest.mark.parametrize(
    "name", ["90-tiny.ipynb", "90-tiny (1).ipynb", "passport.json"]
)
def test_a_file_without_a_name_has_a_row_and_says_so(tmp_path, known, name):
    put(tmp_path / name, PASSPORT if "passport" in name else submitted(RIGHT))
    (one,) = find_all(tmp_path, known)
    assert one.student == name.rpartition(".")[0] and one.paper
    assert one.notes == (f"bears nobody's name: {name}",)


# --- what is neither a notebook nor a passport ----------------------------------------


@pytest.mark.parametrize(
    ("name", "student", "what"),
    [
        ("jo-90-tiny.zip", "jo", "a zip: unpack it first"),
        ("jo-90-tiny (1).zip", "jo", "a zip: unpack it first"),
        ("jo-90-tiny.tar.gz", "jo", "an archive: unpack it first"),
        ("jo-90-tiny.ipynb.txt", "jo", "rename it so that it ends in .ipynb"),
        ("jo-passport.txt", "jo", "ask for passport.json or the lab"),
        ("jo.json", "", "rename it to NAME-passport.json"),
        ("90-tiny.zip", "", "a zip: unpack it first"),
        ("slides (1).pdf", "", "neither a notebook nor a passport"),
    ],
)
def test_what_cannot_be_graded_is_named(tmp_path, known, name, student, what):
    put(tmp_path / "aoi-90-tiny.ipynb", submitted())
    put(tmp_path / name, "x")
    there = found(tmp_path, known)
    one = there[student, "90" if student else ""]
    assert (one.file, one.paper, one.stray) == (name, None, True)
    assert what in one.problem and len(there) == 2


def test_a_folder_that_holds_nothing_else_says_what_it_holds(tmp_path, known):
    put(tmp_path / "aoi" / "90-tiny.ipynb", submitted())
    put(tmp_path / "aoi" / "picture.png", "x")  # beside a lab, it is no matter
    for name in ("kim/90-tiny.zip", *(f"lee/{n}.txt" for n in "1234567")):
        put(tmp_path / name, "x")
    there = found(tmp_path, known)
    zipped = "nothing to grade, but 90-tiny.zip (a zip: unpack it first)"
    assert set(there) == {(name, "90") for name in ("aoi", "kim", "lee")}
    assert there["kim", "90"].problem == zipped
    assert there["lee", "90"].problem.endswith("lab), 2 more")
    assert there["aoi", "90"].notes == ()


def test_a_stray_beside_the_same_students_lab_is_noted(tmp_path, known):
    put(tmp_path / "aoi-90-tiny.ipynb", submitted())
    put(tmp_path / "aoi-90-tiny.zip", "x")
    one = found(tmp_path, known)["aoi", "90"]
    said = "not recognised: aoi-90-tiny.zip: a zip: unpack it first"
    assert one.paper and one.notes == (said,)


def test_what_systems_and_instructors_leave_is_passed_over(tmp_path, known):
    put(tmp_path / "aoi-90-tiny.ipynb", submitted())
    names = ".DS_Store Thumbs.db desktop.ini README.md class.csv notes~ ._x.ipynb"
    for name in (*names.split(), "__MACOSX/x.bin", ".git/config"):
        put(tmp_path / name, "x")
    assert set(found(tmp_path, known)) == {("aoi", "90")}


def test_a_stray_name_cannot_break_a_page_or_a_terminal(tmp_path, known):
    put(tmp_path / "aoi-90-tiny.ipynb", submitted())
    for name in ("\x1b[2J.zip", "kim/\udcff.zip"):
        put(tmp_path / name, "x")
    said = [f"{s.file} {s.problem}" for s in find_all(tmp_path, known)]
    assert all(text.isprintable() for text in said) and len(said) == 3


# --- broken files ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not valid JSON"),
        ("{not json", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "no notebook of format 4"),
        ("{}", "no cells"),
        ({"worksheets": [], "nbformat": 3}, "no notebook of format 4"),
        ({"cells": {}}, "no cells"),
        ({"cells": [None, 7, {}, {"cell_type": "code"}]}, "no lab"),
        ({"cells": [cell("x = 1")]}, "no lab"),
        ({"cells": [cell("import workbook.checks.lab77")]}, "no lab"),
    ],
)
def test_a_broken_notebook_is_unreadable_and_says_why(tmp_path, known, content, said):
    with pytest.raises(Unreadable, match=said):
        papers(put(tmp_path / "x.ipynb", content), known)


def test_a_chapter_is_not_taken_for_its_lab(tmp_path, known):
    chapter = {"cells": [tiny.heading("# 90 · Tiny"), cell("def double(x): pass")]}
    put(tmp_path / "aoi" / "90-tiny.ipynb", chapter)
    one = found(tmp_path, known)["aoi", "90"]
    assert (one.paper, one.problem) == (None, "it is the chapter, not the lab")
    # Without marks, a lab is still a lab; so is a chapter that somebody answered in.
    unmarked = {"cells": [tiny.heading("# Lab 90 · Tiny"), cell(RIGHT[DOUBLE])]}
    put(tmp_path / "ben" / "90-tiny.ipynb", unmarked)
    chapter["cells"].append(cell(RIGHT[DOUBLE], DOUBLE))
    put(tmp_path / "chie" / "90-tiny.ipynb", chapter)
    there = found(tmp_path, known)
    assert there["ben", "90"].paper and there["chie", "90"].paper


@pytest.mark.parametrize("path", sorted((tiny.ROOT / "notebooks").glob("*.ipynb")))
def test_every_chapter_of_ours_is_recognised(path):
    with pytest.raises(Unreadable, match="it is the chapter"):
        papers(path, sheets(tiny.ROOT), hint="09")


def test_a_broken_notebook_is_counted_where_its_folder_says(tmp_path, known):
    put(tmp_path / "aoi" / "90-tiny" / "90-tiny.ipynb", "{")
    assert "not valid JSON" in found(tmp_path, known)["aoi", "90"].problem


def test_a_link_is_not_followed(tmp_path, known):
    secret = put(tmp_path / "secret.ipynb", submitted())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "90-tiny.ipynb").symlink_to(secret)
    (one,) = find_all(tmp_path / "in", known)
    assert one.problem == "it is a link, not a file"


@pytest.mark.parametrize(
    "odd",
    [
        {"cell_type": "code"},
        {"cell_type": "code", "source": None, "metadata": None},
        {"cell_type": "code", "source": ["a = 1", 7], "metadata": {"exercise": 7}},
        {"cell_type": "code", "source": "a = 1", "metadata": []},
    ],
)
def test_odd_cells_do_not_matter(tmp_path, known, odd):
    notebook = submitted(RIGHT)
    notebook["cells"].insert(0, odd)
    (paper,) = papers(put(tmp_path / "x.ipynb", notebook), known)
    assert paper.lab == "90" and paper.cells[0].exercise == ""


# --- cells ----------------------------------------------------------------------------


def loaded(*cells):
    notebook = begin({})
    for number, (source, exercise) in enumerate(cells, 1):
        run(Cell(number, source, exercise), notebook)
    return notebook


@pytest.mark.parametrize(
    "source",
    [
        "lab.check(1, double)",
        "lab",
        "lab.hint(1)\nlab.why(1, '…')",
        "seen = lab.check(1, double)",
        "lab.exercise(1).check(double)",
    ],
)
def test_what_speaks_to_the_lab_is_left_out(source):
    assert parsed(source).body == []


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("%matplotlib inline\na = 1", "a = 1"),
        ("!pip install x\na = 1\na?", "a = 1"),
        ("%%time\na = 1", "a = 1"),
        ("%%bash\nrm -rf /", ""),
        ("lab.check(1, f)\na = 1", "a = 1"),
    ],
)
def test_magics_do_not_get_in_the_way(source, left):
    assert ast.unparse(parsed(source)) == left


def test_the_last_answer_that_is_no_stub_counts():
    first, last = "def double(x):\n    return 1", "def double(x):\n    return 2"
    notebook = loaded((first, DOUBLE), (last, DOUBLE), (STUB[DOUBLE], DOUBLE))
    answer = find(notebook, DOUBLE, "double")
    assert answer.value(0) == 2
    assert answer.notes == ("3 cells define double: the last that is no stub counts",)


def test_an_answer_is_found_without_its_mark_and_under_another_name():
    unmarked = find(loaded((RIGHT[DOUBLE], "")), DOUBLE, "double")
    assert unmarked.value(2) == 4 and "no cell bears" in unmarked.notes[0]
    renamed = RIGHT[DOUBLE].replace("double", "twice")
    other = find(loaded((renamed, DOUBLE)), DOUBLE, "double")
    assert other.value(2) == 4 and "is called twice, not double" in other.notes[0]


def test_a_cell_that_fails_is_the_answers_problem():
    notebook = loaded(("def double(x:\n", DOUBLE), ("1 / 0", TOTAL))
    assert "SyntaxError" in find(notebook, DOUBLE, "double").problem
    assert "ZeroDivisionError" in find(notebook, TOTAL, "total").problem


# --- kept results ---------------------------------------------------------------------


def test_a_key_is_of_all_that_could_change_the_verdict(tmp_path, home, known):
    solution = home / "solutions" / "90-tiny.ipynb"
    (paper,) = papers(put(tmp_path / "x.ipynb", submitted(RIGHT)), known)
    (again,) = papers(put(tmp_path / "y.ipynb", submitted(RIGHT)), known)
    (other,) = papers(put(tmp_path / "z.ipynb", submitted()), known)
    key = key_of(paper, solution, tiny.LIMITS)
    assert key == key_of(again, solution, tiny.LIMITS)
    assert key != key_of(other, solution, tiny.LIMITS)
    assert key != key_of(paper, solution, type(tiny.LIMITS)())


def test_a_damaged_result_is_not_taken(tmp_path):
    put(tmp_path / "a.json", json.dumps({DOUBLE: {"status": "excellent"}}))
    put(tmp_path / "b.json", "{")
    assert [Store(tmp_path).get(key) for key in "abc"] == [None] * 3
