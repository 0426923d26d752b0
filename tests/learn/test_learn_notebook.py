"""The sample lab in real kernels: unsolved, solved, and the rules that can fail."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from tests.lab_rules import declared_wrongly, run, unsolved_wrongly, worked_wrongly
from tests.learn.sample import (
    DOUBLE,
    EXERCISES,
    STEM,
    sample_lab,
    solution,
    write_solution,
)
from tools.release_labs import write
from workbook.learn import Lab

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    write_solution(home)
    write(home)
    return home


def executed(path: Path, tmp_path: Path):
    return run(path, scratch=tmp_path, timeout_s=120)


@pytest.fixture(scope="module")
def unsolved(home, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        return executed(home / "labs" / f"{STEM}.ipynb", tmp_path_factory.mktemp("a"))


@pytest.fixture(scope="module")
def worked(home, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        return executed(
            home / "solutions" / f"{STEM}.ipynb", tmp_path_factory.mktemp("b")
        )


def test_the_unsolved_lab_keeps_every_rule(unsolved):
    assert unsolved_wrongly(sample_lab(), unsolved) == []


def test_the_worked_lab_keeps_every_rule(worked):
    assert worked_wrongly(sample_lab(), worked) == []


def test_each_is_found_out_when_taken_for_the_other(unsolved, worked):
    assert len(unsolved_wrongly(sample_lab(), worked)) >= len(EXERCISES)
    assert len(worked_wrongly(sample_lab(), unsolved)) >= len(EXERCISES)


def test_the_passport_knows_the_code_that_was_in_the_cell(worked):
    assert "return number + number" in worked.passport["exercises"][DOUBLE]["code"]


def test_no_path_and_no_time_is_in_the_outputs(unsolved, worked, home):
    for ran in (unsolved, worked):
        shown = str([cell.get("outputs", "") for cell in ran.notebook.cells])
        assert str(home) not in shown and "ipykernel" not in shown


def test_a_hint_shown_by_run_all_is_found(unsolved):
    told = deepcopy(unsolved.notebook)
    told.cells[0].source += " Add it to itself."
    found = unsolved_wrongly(sample_lab(), replace(unsolved, notebook=told))
    assert f"{DOUBLE} shows its hint" in found


def test_a_lab_without_a_check_cell_or_an_end_is_found(unsolved):
    cut = deepcopy(unsolved.notebook)
    kept = [c for c in cut.cells if "lab.check(1" not in c.source]
    cut.cells = [c for c in kept if "finish" not in c.source]
    found = unsolved_wrongly(sample_lab(), replace(unsolved, notebook=cut))
    assert f"{DOUBLE} has no check cell" in found
    assert "the last code cell does not call lab.finish()" in found


def test_another_length_than_promised_is_found(home):
    path = home / "solutions" / f"{STEM}.ipynb"
    assert declared_wrongly(sample_lab(), path) == []
    longer = Lab(STEM, [replace(EXERCISES[0], lines=9), EXERCISES[1]])
    assert declared_wrongly(longer, path) == [f"{DOUBLE} says 9 lines: it has 1"]


def test_a_learners_mistakes_in_a_real_notebook(tmp_path):
    notebook = solution()
    answers = {
        2: "def double(number):\n    total = number\n    return total / nothing",
        8: "def shout(text):\n    print('here')\n    return text",
    }
    for place, source in answers.items():
        notebook.cells[place].source = source
    notebook.cells[-1].source = "lab.reset(1)"
    write_solution(tmp_path)
    mine = tmp_path / "labs" / "mine.ipynb"
    mine.parent.mkdir()
    nbformat.write(notebook, mine)
    ran = executed(mine, tmp_path)
    texts = [c.outputs[0]["data"]["text/plain"] for c in ran.notebook.cells[3:10:6]]
    assert texts[0] == (
        "! your code raised · Exercise 1 · Twice as much\n"
        "  NameError: name 'nothing' is not defined "
        "(your line 3: `return total / nothing`)\n"
        "  `lab.hint(1)` gives a hint."
    )
    assert "Your code printed:\n  here" in texts[1]
    assert ran.notebook.cells[-1].outputs == []
