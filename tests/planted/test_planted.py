"""Every bug is what it says, and each kind of tests says of it what the record says.

The slow cells of the environment's column are tried when the record is made, and two of
them whenever the chapter runs.
"""

import sys
from pathlib import Path

import pytest

from workbook import shop
from workbook.cloud.environment import EnvironmentUnavailable
from workbook.planted import BUGS, KINDS, bug, in_environments, planted, try_out
from workbook.planted.record import measured

RECORD = measured()
IDS = [one.id for one in BUGS]
NO_WAIT = ("pure", "lint", "contract", "mock")
# Cells of the environment's column that take a second or two. The others run a whole
# suite, or wait for what never comes.
QUICK = ("float", "reserved-word", "route")


def test_there_are_twelve_and_their_names_are_their_own():
    assert len(BUGS) == 12
    assert len(set(IDS)) == len({one.says for one in BUGS}) == 12


@pytest.mark.parametrize("one", BUGS, ids=IDS)
def test_a_copy_has_the_bug_and_nothing_else(one):
    with planted(one) as copy, planted() as sound:
        package, other = copy.template.parent, sound.template.parent
        files = {path.relative_to(other) for path in other.rglob("*.*")}
        changed = [
            file.as_posix()
            for file in files
            if (package / file).read_text().replace(copy.name, sound.name)
            != (other / file).read_text()
        ]
        assert changed == [one.file]
        assert copy.module("handlers.relay").__name__.startswith(copy.name)


def test_nothing_is_left_of_a_copy():
    before = list(sys.path)
    with planted(BUGS[0]) as copy:
        assert copy.module("core").State
        assert copy.name in sys.modules
    assert sys.path == before and not copy.template.exists()
    assert not [name for name in sys.modules if name.startswith(copy.name)]


def test_the_shop_itself_is_never_touched():
    text = (Path(shop.__file__).parent / "core.py").read_text()
    with planted(bug("last-seat")) as copy:
        assert (copy.template.parent / "core.py").read_text() != text
    assert (Path(shop.__file__).parent / "core.py").read_text() == text


def test_a_bug_that_fits_no_more_says_so():
    from dataclasses import replace

    gone = replace(BUGS[0], edits=(("no such line", ""),))
    with pytest.raises(ValueError, match="too-early.*there 0 times"), planted(gone):
        pass


def test_a_bug_that_is_not_there_is_explained():
    with pytest.raises(KeyError, match="no bug 'fload'; there are: too-early"):
        bug("fload")


@pytest.mark.parametrize("kind", NO_WAIT)
def test_the_shop_as_it_is_passes(kind):
    assert not try_out(kind, None).caught


@pytest.mark.parametrize("kind", NO_WAIT)
@pytest.mark.parametrize("one", BUGS, ids=IDS)
def test_a_kind_says_what_the_record_says(one, kind):
    found = try_out(kind, one)
    assert found.why == RECORD[one.id, kind].why, repr(found)


@pytest.fixture(scope="module")
def emulator():
    with in_environments():
        yield


@pytest.mark.parametrize("id_", QUICK)
def test_an_environment_says_what_the_record_says(emulator, id_):
    found = try_out("environment", bug(id_))
    assert found.why == RECORD[id_, "environment"].why != "", repr(found)


def test_without_an_emulator_there_is_no_verdict(monkeypatch):
    def missing(*args, **options):
        raise EnvironmentUnavailable("the emulator is not installed")

    monkeypatch.setattr("workbook.planted.kinds.environment", missing)
    with pytest.raises(EnvironmentUnavailable):
        try_out("environment", bug("route"))


def test_the_record_is_whole_and_its_message_true():
    assert {(one.bug, one.kind) for one in RECORD.tried} == {
        (id_, kind) for id_ in (None, *IDS) for kind in KINDS
    }
    assert not any(RECORD[None, kind].caught for kind in KINDS)
    for kind in KINDS:
        others = set(KINDS) - {kind}
        alone = [i for i in IDS if RECORD.caught_by(i) == [kind]]
        assert alone, f"{kind} catches nothing that {others} do not catch"
    assert [i for i in IDS if not RECORD.caught_by(i)] == ["permission"]
