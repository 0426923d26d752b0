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


def test_a_notebook_comes_before_a_passport_and_is_chosen_by_its_name(tmp_path, known):
    put(tmp_path / "aoi" / "passport.json", PASSPORT)
    put(tmp_path / "aoi" / "90-tiny" / "zz copy.ipynb", submitted())
    put(tmp_path / "aoi" / "90-tiny" / "90-tiny.ipynb", submitted(RIGHT))
    one = found(tmp_path, known)["aoi", "90"]
    assert one.file == "aoi/90-tiny/90-tiny.ipynb" and not one.paper.bare
    assert len(one.notes) == 2 and "not graded" in one.notes[0]


def test_a_student_without_a_notebook_is_not_forgotten(tmp_path, known):
    put(tmp_path / "aoi" / "90-tiny" / "90-tiny.ipynb", submitted())
    put(tmp_path / "ben" / "90-tiny" / "notes.txt", "sorry")
    one = found(tmp_path, known)["ben", "90"]
    assert one.paper is None and one.problem == "no notebook"


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
