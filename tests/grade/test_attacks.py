"""Hostile submissions are graded honestly, and harm nobody."""

import json
import os

import pytest

from tests.grade import tiny
from tests.grade.attacks import ATTACKS
from workbook.grade import Unsafe


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """A folder that is none of a submission's business."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "kept").write_text("kept")
    folder.chmod(0o777)
    return folder


@pytest.fixture(scope="module")
def graded(tmp_path_factory, graded_folder, outside):
    """The results of all attacks, graded in the best fence that there is here."""
    folder = _handed_in(tmp_path_factory.mktemp("attacks"), ATTACKS, outside)
    return graded_folder(folder, tmp_path_factory.mktemp("report"))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gains_nothing(graded, name):
    attack, results = ATTACKS[name], graded[name]
    double, total = results[tiny.DOUBLE], results[tiny.TOTAL]
    assert (double.status, total.status) == (attack.double, attack.total), double
    assert attack.said in "; ".join([double.reason, *double.notes])


def test_nothing_outside_was_touched(graded, outside):
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert (outside / "kept").read_text() == "kept"


def test_what_was_printed_is_kept_within_bounds(graded):
    assert all(len(r.printed) < 3000 for one in graded.values() for r in one.values())


def test_nothing_is_left_running(graded, left_running):
    assert left_running() == []


def test_without_namespaces_the_verdicts_are_the_same(
    tmp_path, tmp_path_factory, graded_folder, outside
):
    """As root, Python's own files may be closed to others: then it must refuse."""
    tame = {name: ATTACKS[name] for name in _QUICK}
    folder = _handed_in(tmp_path / "in", tame, outside)
    try:
        results = graded_folder(folder, tmp_path / "report", bare=True)
    except Unsafe:
        assert os.geteuid() == 0
        return
    statuses = {name: one[tiny.DOUBLE].status for name, one in results.items()}
    assert statuses == {name: attack.double for name, attack in tame.items()}


_QUICK = (
    "patches the judge",
    "patches when called",
    "writes to every file",
    "exits when called",
    "kills its parent",
    "loops in C",
    "takes all memory",
    "starts a thousand threads",
    "forks",
    "writes elsewhere",
    "asks the network",
)


def _handed_in(folder, attacks, outside):
    for name, attack in attacks.items():
        text = json.dumps(attack.notebook).replace("{outside}", str(outside))
        tiny.put(folder / name / "90-tiny" / "90-tiny.ipynb", text)
    return folder
