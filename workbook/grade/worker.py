"""A warm process that grades one submission after the other, each in a fork of it.

    python -m workbook.grade.worker

It reads and writes a line of JSON at a time. It imports and tries a lab's checks once,
which takes seconds; a submission then costs a fork, which takes milliseconds. It knows
nothing of any submission but the one it grades, and it never runs its code itself.
"""

import json
import os
import sys
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from workbook.grade.aside import EXHAUSTED
from workbook.grade.cells import Cell
from workbook.grade.inside import Job, grade_inside
from workbook.grade.jail.channel import Sender
from workbook.grade.jail.fence import bare_fence, best_fence
from workbook.grade.jail.limits import Limits
from workbook.grade.jail.process import Ended, Room, room, run
from workbook.grade.outcome import NotReady, Result, for_all, result_of
from workbook.grade.prepared import Prepared, prepare
from workbook.grade.sheet import read_sheet

__all__ = ["graded", "main"]

_MOST_LEFT_OUT = 3
_SPARE_S = 10.0  # for a check to stop by itself before it is killed


def main() -> int:
    """Prepare the lab that the first line names; grade what each further one holds."""
    lines, answers = sys.stdin, _private_stdout()
    order = json.loads(lines.readline())
    limits = Limits(**order["limits"])
    os.environ.update(WORKBOOK_PROGRESS="off", MPLBACKEND="agg")
    with ExitStack() as held:
        scratch = held.enter_context(tempfile.TemporaryDirectory(prefix="grade-"))
        os.environ["WORKBOOK_PASSPORT"] = f"{scratch}/passport.json"
        try:
            prepared = prepare(read_sheet(Path(order["solution"])), order["checks"])
        except NotReady as why:
            _say(answers, {"ready": False, "why": str(why)})
            return 1
        fence = bare_fence() if order["bare"] else best_fence()
        place = held.enter_context(room(fence, limits))
        _say(answers, {"ready": True, "fence": str(fence), "safe": _is_safe(fence)})
        for line in lines:
            _say(answers, _answer(place, prepared, json.loads(line)))
    return 0


def graded(
    place: Room, prepared: Prepared, cells: tuple[Cell, ...], *, bare: bool = False
) -> dict[str, Result]:
    """The results of a submission, by exercise.

    A process that dies takes one exercise with it: the others get a new one. A cell
    that kills the notebook is left out at the next try.
    """
    limits, results = place.limits, {}
    job = Job(cells, tuple(prepared.tasks), limits.seconds, {}, bare)
    while job.todo:
        heard = _Heard(limits)
        ended = _run(place, prepared, job, heard)
        results |= heard.results
        job = replace(job, todo=tuple(t for t in job.todo if t not in results))
        if not job.todo or (heard.got_on and ended.why != "forged"):
            continue
        status, reason = _cause(ended, limits, loading=heard.cell > 0)
        if heard.task and ended.why != "forged":
            results[heard.task] = Result(status, reason)
            job = replace(job, todo=tuple(t for t in job.todo if t != heard.task))
        elif heard.may_leave_out(job, ended):
            job = replace(job, left_out={**job.left_out, heard.cell: reason})
        else:
            results |= for_all(job.todo, status, reason)
            break
    return {task: results[task] for task in prepared.tasks}


class _Heard:
    """What one process said: where it is, and the results so far."""

    def __init__(self, limits: Limits) -> None:
        self.results: dict[str, Result] = {}
        self.cell, self.task = 0, ""
        self.got_on = False
        self._limits = limits

    def __call__(self, message: dict[str, Any]) -> float:
        """Take a message; how long the next one may take."""
        self.got_on = False
        if message["at"] == "cell":
            self.cell = message["number"]
            return self._limits.load_s
        if message["at"] == "result":
            self.results[message["id"]] = result_of(message["result"])
            self.cell, self.task, self.got_on = 0, "", True
        else:
            self.cell, self.task = 0, message["id"]
        return self._limits.seconds + _SPARE_S

    def may_leave_out(self, job: Job, ended: Ended) -> bool:
        """Whether to load the notebook once more, without the cell it died of."""
        few = len(job.left_out) < _MOST_LEFT_OUT
        certain = ended.why != "forged" and ended.code != EXHAUSTED
        return self.cell > 0 and few and certain


def _run(place: Room, prepared: Prepared, job: Job, heard: _Heard) -> Ended:
    key = os.urandom(32)

    def work(put: int, scratch: str) -> None:
        grade_inside(prepared, job, Sender(put, key), scratch)

    return run(place, work, key, heard, first_s=place.limits.load_s + _SPARE_S)


def _cause(ended: Ended, limits: Limits, *, loading: bool) -> tuple[str, str]:
    """The status and the reason for a process that did not come to its end."""
    if ended.why == "forged":
        return "tampered", "The code wrote into the grader's own channel."
    if ended.why == "time" or ended.signal == "SIGXCPU":
        limit_s = limits.load_s if loading else limits.seconds
        return "timed out", f"It did not come back within {limit_s:g} s."
    if ended.why == "memory":
        return "out of memory", f"It took more than {limits.memory_mb} MB."
    if ended.why == "processes":
        return "your code raised", "It started one process after the other."
    if ended.code == EXHAUSTED:
        return "your code raised", "It left so many threads that no check could start."
    how = f"signal {ended.signal}" if ended.signal else f"exit code {ended.code}"
    return "your code raised", f"It ended Python itself ({how})."


def _answer(place: Room, prepared: Prepared, order: dict[str, Any]) -> dict[str, Any]:
    cells = tuple(Cell(*cell) for cell in order["cells"])
    results = graded(place, prepared, cells, bare=order["bare"])
    return {task: result.as_data() for task, result in results.items()}


def _is_safe(fence: Any) -> bool:
    """Whether a submission has not the rights of root."""
    return fence.namespaces or fence.owner != 0


def _private_stdout() -> TextIO:
    """Our own way out; what anybody prints goes to standard error."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "w", encoding="utf-8")


def _say(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, BrokenPipeError):
        raise SystemExit(main())
