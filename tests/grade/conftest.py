"""Grading in a home of its own, once for many tests."""

from pathlib import Path

import pytest

from tests.grade import tiny
from workbook.grade import Store, grade
from workbook.grade import store as store_module


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
def grading_processes():
    """The command lines of grading processes that run now; Linux shows them."""

    def running():
        lines = [path.read_bytes for path in Path("/proc").glob("[0-9]*/cmdline")]
        return [line for line in map(_read, lines) if b"workbook.grade" in line]

    return running


def _read(read):
    try:
        return read()
    except OSError:  # it has ended meanwhile
        return b""
