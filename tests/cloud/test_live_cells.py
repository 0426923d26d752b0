"""Cells in an environment: with it, without it, and when it dies in the middle."""

import pytest

from workbook.cloud import live as module
from workbook.cloud.environment import EnvironmentUnavailable
from workbook.cloud.live import Live


class Emulator:
    alive = True

    def demand_alive(self):
        if not self.alive:
            raise EnvironmentUnavailable("the emulator has died (killed by SIGKILL)")


class Env:
    """An environment that is easily killed."""

    def __init__(self):
        self.emulator, self.closed = Emulator(), False

    def close(self):
        self.closed = True

    def __repr__(self):
        return "environment with the progress's stack"


@pytest.fixture
def made(monkeypatch):
    """The environments made so far; an exception in `trouble` is raised instead."""
    found = []

    def environment(template, **options):
        assert (template, options) == ("t.yaml", {"progress": False, "name": "x"})
        if found.trouble:
            raise found.trouble.pop()
        found.append(Env())
        return found[-1]

    class Made(list):
        trouble = []

    found = Made()
    found.trouble = []
    monkeypatch.setattr(module, "environment", environment)
    return found


def a_live():
    return Live("t.yaml", name="x")


def test_one_environment_serves_all_cells_until_it_is_closed(made):
    live = a_live()
    assert repr(live) == "no environment yet" and made == []
    assert live(lambda env: 1) == 1 and live(lambda env: env) is made[0]
    assert repr(live) == "environment with the progress's stack"
    live.close()
    live.close()
    assert made[0].closed and live(lambda env: env) is made[1]


def test_a_missing_emulator_is_said_and_a_rerun_works(made):
    made.trouble.append(EnvironmentUnavailable("the emulator is not installed"))
    live = a_live()
    said = live(lambda env: 1)
    assert not said
    assert "not run" in repr(said) and "is not installed" in repr(said)
    assert live(lambda env: 1) == 1


def test_an_emulator_that_dies_in_a_cell_is_said_and_a_rerun_works(made):
    live = a_live()

    def killed(env):
        env.emulator.alive = False
        raise ConnectionError("refused")

    assert "has died" in repr(live(killed))
    assert made[0].closed
    assert live(lambda env: env) is made[1]


def test_a_mistake_of_the_cell_comes_out(made):
    live = a_live()
    with pytest.raises(ZeroDivisionError):
        live(lambda env: 1 / 0)
    assert live(lambda env: env) is made[0]
