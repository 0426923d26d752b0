"""Every lab runs unsolved, every worked solution passes, and both are in step.

Both run as chapters do: twice in one kernel, elsewhere, offline, with keys that look
real. What the first run showed is what the verdicts are read from.
"""

import json

import nbformat
import pytest

from tests.discover import ROOT, labs
from tests.lab_rules import Ran, declared_wrongly, unsolved_wrongly, worked_wrongly
from tests.rerun import FIRST, FIRST_PASSPORT, rerun
from tools.release_labs import problems

LABS = pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.stem)


def run_anywhere(path, folder):
    """Run a notebook twice in `folder`; what the first run left."""
    done = rerun(path, folder)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr
    passport = folder / FIRST_PASSPORT
    noted = json.loads(passport.read_text("utf-8")) if passport.exists() else {}
    return Ran(nbformat.read(folder / FIRST, as_version=4), noted)


def test_there_are_labs_and_each_has_its_notebooks():
    stems = {lab.stem for lab in labs()}
    assert stems
    assert stems == {path.stem for path in (ROOT / "labs").glob("*.ipynb")}
    assert stems == {path.stem for path in (ROOT / "solutions").glob("*.ipynb")}


def test_labs_are_in_step_with_their_solutions():
    assert problems(ROOT) == []


@LABS
def test_an_unsolved_lab_runs_and_nothing_counts_as_attempted(lab, tmp_path):
    ran = run_anywhere(ROOT / "labs" / f"{lab.stem}.ipynb", tmp_path)
    assert unsolved_wrongly(lab, ran) == []


@LABS
def test_a_worked_solution_passes_every_check(lab, tmp_path):
    ran = run_anywhere(ROOT / "solutions" / f"{lab.stem}.ipynb", tmp_path)
    assert worked_wrongly(lab, ran) == []


@LABS
def test_an_exercise_says_how_long_our_solution_is(lab):
    assert declared_wrongly(lab, ROOT / "solutions" / f"{lab.stem}.ipynb") == []
