"""Grading in a home of its own, once for many tests."""

import os
from pathlib import Path

import pytest

from tests.grade import tiny
from workbook.grade import Store, grade
from workbook.grade import store as store_module
from workbook.grade.jail import tree


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tiny.make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def graded_folder(home):
    """Grades the notebooks in a folder: the results, by student and exercise."""

    def run(folder, store, home=home, **changes):
        store_module._version.cache_clear()  # as in a process of its own
        plan = tiny.plan(home, **changes)
        found = grade(folder, Store(store), plan, heard=tiny.silent)
        return {one.submission.student: one.results for one in found}

    return run


@pytest.fixture
def left_running():
    """Grading processes that are our children or nobody's; Linux shows them."""

    def left():
        orphans = {n for n in _numbers() if _stat(n)[1:2] == ["1"]}
        mine = orphans | set(tree.look(os.getpid()).pids)
        return [line for line in map(_command, mine) if b"grade.worker" in line]

    return left


def _numbers():
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _stat(number):
    return (
        _read(f"/proc/{number}/stat").decode(errors="replace").split(") ")[-1].split()
    )


def _command(number):
    return _read(f"/proc/{number}/cmdline")


def _read(path):
    try:
        return Path(path).read_bytes()
    except OSError:  # it has ended meanwhile
        return b""
