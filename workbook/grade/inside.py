"""What happens in the fenced-in process: load the notebook, then judge its answers.

Everything that may touch an object of the submission's runs in other threads. The main
thread waits for them, and seals what they found out as plain text; so no frame that the
submission's code can climb to holds the key.
"""

import gc
import os
import sys
import tempfile
from dataclasses import dataclass, field
from typing import Any

import workbook
from workbook.grade.aside import aside
from workbook.grade.cells import Cell, Loaded, begin, find, run
from workbook.grade.jail.audit import refuse_from_now_on
from workbook.grade.jail.channel import Sender
from workbook.grade.plainly import broken, judged, tampered
from workbook.grade.prepared import Prepared, Ready
from workbook.learn.capture import captured

__all__ = ["Job", "grade_inside"]

_MOST_NAMES = 5
_ENDS_THE_PROCESS = ("timed out", "out of memory")
_OURSELVES = "workbook.grade"

_UNCLEAR = "What this code changed cannot be found out."
_CHANGED = "While it was checked, the answer changed {}."
_WRONG_PASSED = "After this code was loaded, a wrong answer of ours passed, too."
_RIGHT_FAILED = "After this code was loaded, our own solution failed, too."


@dataclass(frozen=True)
class Job:
    """A submission to one lab: which exercises to grade, and which cells to leave out.

    `bare` cells (out of a passport) hold an answer and nothing that it needs.
    """

    cells: tuple[Cell, ...]
    todo: tuple[str, ...]
    limit_s: float
    left_out: dict[int, str] = field(default_factory=dict)
    bare: bool = False


def grade_inside(prepared: Prepared, job: Job, sender: Sender, scratch: str) -> None:
    """Grade, and send a message before each step and one for each result."""
    _settle_in(scratch)
    refused = refuse_from_now_on(scratch)
    loaded, undone, unclear = _load(prepared, job, sender)
    for task in job.todo:
        result = _graded(prepared, prepared.tasks[task], loaded, job, sender)
        result = tampered(result, _UNCLEAR) if unclear else result
        result["notes"] += _remarks(job, undone, list(refused))
        gc.disable()  # no object of the submission's is cleared away in this thread
        sender.send({"at": "result", "id": task, "result": result})
        if result["status"] in _ENDS_THE_PROCESS:
            return  # what hangs may go on hanging: the rest gets a process of its own


def _load(
    prepared: Prepared, job: Job, sender: Sender
) -> tuple[Loaded, list[str], bool]:
    """The notebook after Run All; what was put back; whether that is unclear."""
    pristine = prepared.pristine
    loaded = begin({**(prepared.imported if job.bare else {}), **prepared.names})
    looks = []
    for cell in job.cells:
        sender.send({"at": "cell", "number": cell.number})
        aside(lambda c=cell: _run(c, loaded, job))
        looks.append(aside(pristine.put_builtins_back))
    looks.append(aside(lambda: pristine.changes(undo=True)))
    undone = [name for look in looks for name in look.value or ()]
    return loaded, undone, any(look.grief for look in looks)


def _run(cell: Cell, loaded: Loaded, job: Job) -> None:
    with captured():
        run(cell, loaded, left_out=job.left_out.get(cell.number, ""))


def _graded(
    prepared: Prepared, ready: Ready, loaded: Loaded, job: Job, sender: Sender
) -> dict[str, Any]:
    """The result of one exercise, after evidence against it was looked for."""
    sender.send({"at": "exercise", "id": ready.task.id})
    done = aside(lambda: _judged(ready, loaded, job))
    if done.grief:
        return broken(done.grief)
    result = done.value
    if result["status"] in (*_ENDS_THE_PROCESS, "not attempted"):
        return result
    look = aside(lambda: prepared.pristine.changes(undo=True))
    if look.grief or look.value:
        names = ", ".join((look.value or ())[:_MOST_NAMES])
        return tampered(result, _CHANGED.format(names) if names else _UNCLEAR)
    return _controlled(result, ready, job, sender)


def _judged(ready: Ready, loaded: Loaded, job: Job) -> dict[str, Any]:
    found = find(loaded, ready.task.id, ready.task.name)
    return judged(ready, found, job.limit_s, bare=job.bare)


def _controlled(
    result: dict[str, Any], ready: Ready, job: Job, sender: Sender
) -> dict[str, Any]:
    """The result, if answers that we know are still judged as they should be."""
    passed = result["status"] == "passed"
    for control in ready.wrong if passed else ready.right[:1]:
        sender.send({"at": "control", "id": ready.task.id})
        done = aside(lambda c=control: ready.judge(c, job.limit_s).status)
        if passed and (done.grief or done.value == "passed"):
            return tampered(result, _WRONG_PASSED)
        if not passed and done.value in ("failed", "your code raised"):
            return tampered(result, _RIGHT_FAILED)
    return result


def _remarks(job: Job, undone: list[str], refused: list[str]) -> list[str]:
    """What an instructor should know of, whatever the verdict."""
    left_out = [f"left out: cell {n}. {why}" for n, why in job.left_out.items()]
    put_back = [f"put back: {name}" for name in undone[:_MOST_NAMES]]
    return left_out + put_back + [f"refused: {what}" for what in refused]


def _settle_in(scratch: str) -> None:
    """Make the process look like a learner's: a home, and no grader in sight."""
    os.environ.update(HOME=scratch, TMPDIR=scratch, USER="learner", LOGNAME="learner")
    os.environ.update(WORKBOOK_PASSPORT=f"{scratch}/passport.json")
    os.environ.update(WORKBOOK_PROGRESS="off")
    tempfile.tempdir = scratch
    sys.argv = ["notebook"]
    for name in [name for name in sys.modules if name.startswith(_OURSELVES)]:
        del sys.modules[name]  # to import it again gives another one
    vars(workbook).pop("grade", None)
