"""Every lab runs unsolved, every worked solution passes, and both are in step."""

import pytest

from tests.discover import ROOT, labs
from tests.lab_rules import declared_wrongly, run, unsolved_wrongly, worked_wrongly
from tools.release_labs import problems

LABS = pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.stem)


def test_there_are_labs_and_each_has_its_notebooks():
    stems = {lab.stem for lab in labs()}
    assert stems
    assert stems == {path.stem for path in (ROOT / "labs").glob("*.ipynb")}
    assert stems == {path.stem for path in (ROOT / "solutions").glob("*.ipynb")}


def test_labs_are_in_step_with_their_solutions():
    assert problems(ROOT) == []


@LABS
def test_an_unsolved_lab_runs_and_nothing_counts_as_attempted(lab, tmp_path):
    ran = run(ROOT / "labs" / f"{lab.stem}.ipynb", scratch=tmp_path)
    assert unsolved_wrongly(lab, ran) == []


@LABS
def test_a_worked_solution_passes_every_check(lab, tmp_path):
    ran = run(ROOT / "solutions" / f"{lab.stem}.ipynb", scratch=tmp_path)
    assert worked_wrongly(lab, ran) == []


@LABS
def test_an_exercise_says_how_long_our_solution_is(lab):
    assert declared_wrongly(lab, ROOT / "solutions" / f"{lab.stem}.ipynb") == []
