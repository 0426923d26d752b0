"""What happens in the fenced-in process: load the notebook, then judge its answers.

Everything that may touch an object of the submission's runs in other threads. The main
thread waits for them, and seals what they found out as plain text; so no frame that the
submission's code can climb to holds the key.
"""

import base64
import gc
import os
import sys
import tempfile
import threading
import time
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import workbook
from workbook.grade.cells import NOTHING, Cell, Found, Loaded, begin, find, run
from workbook.grade.jail.audit import refuse_from_now_on
from workbook.grade.jail.channel import Sender
from workbook.grade.prepared import Prepared, Ready
from workbook.learn.blame import describe
from workbook.learn.capture import captured
from workbook.learn.verdict import Verdict, inconclusive, not_attempted, raised

__all__ = ["EXHAUSTED", "Job", "grade_inside"]

_LARGEST_PICTURE = 400_000
_LONGEST = 2_000
_MOST_NAMES = 5
_ENDS_THE_PROCESS = ("timed out", "out of memory")
_OURSELVES = "workbook.grade"

EXHAUSTED = 71  # the exit code when no thread is left to grade in


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
    loaded = begin({**(prepared.imported if job.bare else {}), **prepared.names})
    undone: list[str] = []
    for cell in job.cells:
        sender.send({"at": "cell", "number": cell.number})
        _in_a_thread(lambda c=cell: _run(c, loaded, job))
        undone += _in_a_thread(prepared.pristine.put_builtins_back) or []
    undone += _in_a_thread(lambda: prepared.pristine.changes(undo=True)) or []
    for task in job.todo:
        result = _graded(prepared, prepared.tasks[task], loaded, job, sender)
        result["notes"] += _remarks(job, undone, list(refused))
        gc.disable()  # no object of the submission's is cleared away in this thread
        sender.send({"at": "result", "id": task, "result": result})
        if result["status"] in _ENDS_THE_PROCESS:
            return  # what hangs may go on hanging: the rest gets a process of its own


def _graded(
    prepared: Prepared, ready: Ready, loaded: Loaded, job: Job, sender: Sender
) -> dict[str, Any]:
    """The result of one exercise, after the evidence against it was looked for."""
    sender.send({"at": "exercise", "id": ready.task.id})
    result = _in_a_thread(lambda: _result(ready, loaded, job)) or _broke()
    if result["status"] in (*_ENDS_THE_PROCESS, "not attempted"):
        return result
    changed = _in_a_thread(lambda: prepared.pristine.changes(undo=True))
    if changed:
        names = ", ".join(changed[:_MOST_NAMES])
        return result | _tampered(f"While it was checked, the answer changed {names}.")
    passed = result["status"] == "passed"
    for control in ready.wrong if passed else ready.right[:1]:
        sender.send({"at": "control", "id": ready.task.id})
        status = _in_a_thread(lambda c=control: ready.judge(c, job.limit_s).status)
        if passed and status == "passed":
            return result | _tampered(_WRONG_PASSED)
        if not passed and status in ("failed", "your code raised"):
            return result | _tampered(_RIGHT_FAILED)
    return result


_WRONG_PASSED = "After this code was loaded, a wrong answer of ours passed, too."
_RIGHT_FAILED = "After this code was loaded, our own solution failed, too."


def _remarks(job: Job, undone: list[str], refused: list[str]) -> list[str]:
    """What an instructor should know of, whatever the verdict."""
    left_out = [f"left out: cell {n}. {why}" for n, why in job.left_out.items()]
    put_back = [f"put back: {name}" for name in undone[:_MOST_NAMES]]
    return left_out + put_back + [f"refused: {what}" for what in refused]


def _settle_in(scratch: str) -> None:
    os.environ.update(HOME=scratch, TMPDIR=scratch, USER="learner", LOGNAME="learner")
    os.environ.update(WORKBOOK_PASSPORT=f"{scratch}/passport.json")
    os.environ.update(WORKBOOK_PROGRESS="off")
    tempfile.tempdir = scratch
    sys.argv = ["notebook"]
    for name in [name for name in sys.modules if name.startswith(_OURSELVES)]:
        del sys.modules[name]  # to import it again gives another one
    vars(workbook).pop("grade", None)


def _run(cell: Cell, loaded: Loaded, job: Job) -> None:
    with captured():
        run(cell, loaded, left_out=job.left_out.get(cell.number, ""))


def _result(ready: Ready, loaded: Loaded, job: Job) -> dict[str, Any]:
    """The verdict on one answer, as plain data."""
    found = find(loaded, ready.task.id, ready.task.name)
    began = time.monotonic()
    verdict = _verdict(ready, found, job)
    took_s = time.monotonic() - began
    status = _status(verdict, took_s, min(job.limit_s, ready.limit_s))
    picture, alt = _drawn(verdict.picture)
    return {
        "status": status,
        "reason": _text(verdict.reason),
        "look": _text(verdict.look),
        "printed": _text(verdict.printed),
        "picture": picture,
        "alt": _text(alt),
        "notes": [_text(note) for note in found.notes],
        "seconds": round(took_s, 2),
    }


def _verdict(ready: Ready, found: Found, job: Job) -> Verdict:
    if found.problem:
        return raised(found.problem, look="The cell that holds the answer failed.")
    if found.value is NOTHING:
        return not_attempted(f"No cell defines {ready.task.name}.")
    verdict = ready.judge(found.value, job.limit_s)
    if job.bare and "NameError" in verdict.reason:
        return inconclusive(
            f"A passport holds the answer alone. {verdict.reason}",
            look="Hand in the notebook: what the answer calls stands in another cell.",
        )
    return verdict


def _status(verdict: Verdict, took_s: float, limit_s: float) -> str:
    if verdict.status == "inconclusive" and took_s >= limit_s:
        return "timed out"
    if verdict.status == "your code raised" and "MemoryError" in verdict.reason:
        return "out of memory"
    return verdict.status


def _tampered(reason: str) -> dict[str, Any]:
    look = "The verdict cannot be relied on: read the code."
    nothing = {"picture": "", "alt": "", "printed": ""}
    return {"status": "tampered", "reason": reason, "look": look, **nothing}


def _broke() -> dict[str, Any]:
    """The result where the grader itself came to grief over what it was given."""
    reason = "The grader could not bring this exercise to an end."
    nothing = {"look": "", "picture": "", "alt": "", "printed": ""}
    return {
        "status": "inconclusive",
        "reason": reason,
        **nothing,
        "notes": list(_griefs[-1:]),
        "seconds": 0.0,
    }


def _drawn(picture: Any) -> tuple[str, str]:
    """A picture as base64, with its alt text; empty if it cannot be drawn."""
    try:
        data = picture.png()
        if len(data) <= _LARGEST_PICTURE:
            return base64.b64encode(data).decode("ascii"), picture.alt
    except Exception:  # there is none, or something of the learner's breaks it
        pass
    return "", ""


def _text(thing: Any) -> str:
    """Plain text: no subclass with methods of its own, and not endless."""
    return "".join(str.__str__(thing))[:_LONGEST] if isinstance(thing, str) else ""


_griefs: list[str] = []


def _in_a_thread(work: Callable[[], Any]) -> Any:
    """What `work()` gives in a thread that passes for the main one, as a notebook's is.

    None if it raises. Done with locks of the interpreter itself, which nothing written
    in Python can replace.
    """
    done, box = allocate_lock(), [None]
    done.acquire()

    def in_it() -> None:
        try:
            threading._main_thread = threading.current_thread()
            box[0] = work()
        except BaseException as error:
            _griefs.append(describe(error))
        finally:
            done.release()

    try:
        start_new_thread(in_it, ())
    except RuntimeError:  # there are as many as there may be
        os._exit(EXHAUSTED)
    done.acquire()
    return box[0]
