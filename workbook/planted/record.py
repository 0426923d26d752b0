"""The whole map as it was measured: what each kind of tests says of each bug, when.

    python -m workbook.planted.record          # measures, and writes measured.json

It takes a minute or more, most of it in environments. The tests try the map again, but
for its slowest cells. Seconds are those of one machine on one day: orders of magnitude.
"""

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from workbook.cloud.environment import Emulator, environment
from workbook.planted.bugs import BUGS, Bug
from workbook.planted.copies import planted
from workbook.planted.kinds import KINDS, Tried, in_environments, try_out
from workbook.planted.places import InEnvironment
from workbook.planted.suite import suite

__all__ = ["Record", "measure", "measured"]

Cells = tuple[list[str], list[str], dict[tuple[str, str], str]]

_FILE = Path(__file__).with_name("measured.json")
# How long the suite waits in an environment for what may never come: so many times as
# long as the shop as it is took for the whole suite, on this machine, just now.
_PATIENCE = 3


@dataclass(frozen=True)
class Record:
    """A measurement: `tried` in all, and the `stages` of one environment in seconds.

    `where` says on what; the first of each kind in `tried` is the shop as it is.
    """

    where: str
    tried: tuple[Tried, ...]
    stages: dict[str, float]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of tests, quickest first."""
        return tuple(KINDS)

    def __getitem__(self, cell: tuple[str | None, str]) -> Tried:
        """What a kind said of a bug: `record["float", "mock"]`."""
        return next(one for one in self.tried if (one.bug, one.kind) == cell)

    def caught_by(self, bug: str, kinds: Sequence[str] = tuple(KINDS)) -> list[str]:
        """The kinds, of these, that catch a bug, by its id."""
        return [kind for kind in kinds if self[bug, kind].caught]

    def cells(self, kinds: Sequence[str] = tuple(KINDS)) -> Cells:
        """Rows, columns and cells of a map of these kinds, for `figures.crashmap`.

        A bug that none of them catches is "missed" by all; else its misses are blank.
        """
        said = {}
        for bug in BUGS:
            caught = self.caught_by(bug.id, kinds)
            outcome = "caught" if caught else "missed"
            said |= {(bug.says, kind): outcome for kind in caught or kinds}
        return [bug.says for bug in BUGS], list(kinds), said


def measured() -> Record:
    """The measurement that came with this workbook."""
    said = json.loads(_FILE.read_text(encoding="utf-8"))
    tried = tuple(Tried(**one) for one in said["tried"])
    return Record(said["where"], tried, said["stages"])


def measure() -> Record:
    """Measure all anew: every kind of tests on the shop as it is, and on each bug."""
    tried: list[Tried] = []
    with in_environments():
        for kind in KINDS:
            sound = _tried(kind, None)
            patience_s = _PATIENCE * sound.seconds
            tried += [sound, *(_tried(kind, bug, patience_s) for bug in BUGS)]
            for one in tried[-len(BUGS) - 1 :]:
                print(f"{one.seconds:6.2f} s  {one}", flush=True)
    return Record(_where(), tuple(tried), _stages())


def _tried(kind: str, bug: Bug | None, patience_s: float = 120) -> Tried:
    """A cell: of the quick kinds the best of three; other work can only add to it."""
    if kind == "environment":
        return try_out(kind, bug, patience_s=patience_s)
    runs = [try_out(kind, bug) for _ in range(3)]
    return min(runs, key=lambda one: one.seconds)


def _stages() -> dict[str, float]:
    """How long each stage of one environment takes, from nothing to nothing."""
    moments = [time.perf_counter()]
    with planted() as copy:
        emulator = Emulator()
        moments.append(time.perf_counter())
        env = environment(copy.template, name="shop", emulator=emulator, progress=False)
        moments.append(time.perf_counter())
        suite(InEnvironment(copy, env))
        moments.append(time.perf_counter())
        env.close()
        emulator.stop()
        moments.append(time.perf_counter())
    names = ("start", "deploy", "test", "destroy")
    spans = zip(moments, moments[1:], strict=False)
    return {n: round(end - at, 2) for n, (at, end) in zip(names, spans, strict=True)}


def _where() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("moto", "ministack"))
    return (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores at a load of "
        f"{os.getloadavg()[0]:.0f}, Python {platform.python_version()}, {versions}"
    )


def _write(record: Record) -> None:
    tried: list[dict[str, Any]] = [asdict(one) for one in record.tried]
    for one in tried:
        one["seconds"] = round(one["seconds"], 3)
    said = {"where": record.where, "stages": record.stages, "tried": tried}
    _FILE.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write(measure())
