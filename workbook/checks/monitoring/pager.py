"""The shop's record and a person's pager: what outlives the processes of exercise 3."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbook.checks.messages.words import kind
from workbook.checks.monitoring.tools import Tools
from workbook.learn import failed

__all__ = ["NEWS", "OFF", "ON", "Change", "Records", "World"]

ON, OFF = "ALARM", "OK"
NEWS = ("begun", "over")


@dataclass(frozen=True)
class Change:
    """An alarm's change of state: `alarm` is its name, `at` the minute it came."""

    alarm: str
    state: str
    at: int


class Killed(BaseException):
    """The process has died: no `except Exception` holds it up."""


class World(Tools):
    """What outlives a process: the record, and the pager; `kill_at` counts steps."""

    def __init__(self, kill_at: int = 0) -> None:
        self.record: Any = {}
        self.shown: list[tuple[Any, str]] = []
        self.steps, self.kill_at, self.dead = 0, kill_at, False

    def step(self) -> None:
        """A place where the process may die; once dead, it does nothing more."""
        self.steps += 1
        self.dead = self.dead or self.steps == self.kill_at
        if self.dead:
            raise Killed

    def tell(self, incident: Any, news: str) -> None:
        """Show a notice on the pager, unless it has shown the very same before."""
        if news not in NEWS:
            what = f'The news is {news!r:.40}, not "begun" or "over".'
            raise self.misused(failed(what))
        if not isinstance(incident, str | int):
            what = f"The incident's id is {kind(incident)}, not a text or number."
            raise self.misused(failed(what))
        self.step()
        if (incident, news) not in self.shown:
            self.shown.append((incident, news))
        self.step()


class Records:
    """The shop's record, for one process."""

    def __init__(self, world: World) -> None:
        self._world = world

    def update(self, change: Callable[[dict], dict]) -> dict:
        """Write what `change(record)` returns, and return it; nobody comes between.

        At first the record is {}. It is kept as JSON: text, numbers, lists and dicts.
        """
        self._world.step()
        now = change(copy.deepcopy(self._world.record))
        if not isinstance(now, dict):
            what = f"The function for `update` returns {kind(now)}, not the new record."
            raise self._world.misused(failed(what))
        self._world.record = copy.deepcopy(now)
        self._world.step()
        return copy.deepcopy(now)
