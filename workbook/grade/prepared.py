"""A lab made ready for grading: first it is shown that its checks work here.

Our own solution must pass every check, and what does nothing must pass none. All that
this loads and caches is there for every submission, which is graded in a fork.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workbook.cloud import clock, local_cloud
from workbook.grade.aside import give_up
from workbook.grade.cells import Cell, begin, run
from workbook.grade.outcome import NotReady
from workbook.grade.pristine import Pristine
from workbook.grade.sheet import Control, Sheet, Task
from workbook.learn import Exercise, Ledger, Verdict
from workbook.learn.cards import rich
from workbook.learn.judge import judge
from workbook.learn.running import NO_THREAD_LEFT

__all__ = ["Prepared", "Ready", "prepare"]


@dataclass
class Ready:
    """An exercise with its check, held fast, and answers that pass and that do not."""

    task: Task
    check: Callable[[Any], Verdict]
    limit_s: float
    right: list[Any] = field(default_factory=list)
    wrong: list[Any] = field(default_factory=list)

    def judge(self, answer: Any, limit_s: float) -> Verdict:
        """The check's verdict on an answer, if there is a thread left to find it in."""
        verdict = judge(self.check, answer, limit_s=min(self.limit_s, limit_s))
        if verdict.reason == NO_THREAD_LEFT:
            give_up()
        return verdict


@dataclass
class Prepared:
    """A lab's names after its set-up, its exercises, and the state to come back to."""

    names: dict[str, Any]
    imported: dict[str, Any]
    tasks: dict[str, Ready]
    pristine: Pristine


def prepare(sheet: Sheet, checks: str) -> Prepared:
    """Try a lab's checks, in the module `checks`, on the answers that we know.

    Raises NotReady, with what is wrong.
    """
    exercises = {e.id: e for e in importlib.import_module(checks).lab.exercises}
    names = _ran(sheet.setup, {})
    solved = _ran([sheet.imports, *sheet.worked], dict(names))
    tasks = {task.id: _solved(task, exercises, solved) for task in sheet.tasks}
    pristine = Pristine(("workbook", checks))
    for control in sheet.controls:
        _sort(control, tasks[control.task], solved)
        pristine.learn()
    _missing_nothing(tasks)
    _work_honestly(sheet, pristine)
    return Prepared(names, _ran([sheet.imports], {}), tasks, pristine)


def _ran(sources: Any, names: dict[str, Any]) -> dict[str, Any]:
    """The names after some cells of ours; NotReady if one of them raises."""
    loaded = begin(names)
    for number, source in enumerate(sources, 1):
        run(Cell(number, source), loaded)
    for number, why in loaded.failed.items():
        raise NotReady(f"a cell of our own does not run here: {why} (cell {number})")
    return loaded.names


def _solved(task: Task, exercises: dict[str, Exercise], names: dict[str, Any]) -> Ready:
    exercise = exercises[task.id]
    ready = Ready(task, exercise.check, exercise.limit_s)
    verdict = ready.judge(names[task.name], exercise.limit_s)
    if not verdict.passed:
        raise NotReady(f"our own solution of {task.id} does not pass here: {verdict}")
    ready.right.append(names[task.name])
    return ready


def _sort(control: Control, ready: Ready, names: dict[str, Any]) -> None:
    """Put a known answer where its verdict says that it belongs."""
    answer = _ran([control.source], dict(names))[control.name]
    verdict = ready.judge(answer, ready.limit_s)
    (ready.right if verdict.passed else ready.wrong).append(answer)
    if verdict.picture is not None:
        rich(verdict.picture)  # fonts and styles are loaded once, here


def _missing_nothing(tasks: dict[str, Ready]) -> None:
    for ready in tasks.values():
        if not ready.wrong:
            raise NotReady(f"the check of {ready.task.id} accepts whatever it gets")


def _work_honestly(sheet: Sheet, pristine: Pristine) -> None:
    """Do what a notebook may do, and learn what that changes."""
    was_running = clock.running()
    for change in (local_cloud, lambda: local_cloud().stop(), local_cloud):
        change()
        pristine.learn()
    with Ledger():
        pristine.learn()
    if not was_running:
        local_cloud().stop()
    _ran(sheet.setup, {})
    pristine.learn()
