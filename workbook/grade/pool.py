"""The grading processes from the outside: each has a thread here that feeds it.

A worker that dies is started again, and what it was at is tried once more.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbook.grade.jail.limits import Limits
from workbook.grade.outcome import NotReady, Result, Unsafe, for_all, result_of
from workbook.grade.reading import Paper

__all__ = ["Lab", "results_of"]

# Threads of number libraries would count as processes of a submission.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_TRIES = 2
_SHOWN = 2_000


@dataclass(frozen=True)
class Lab:
    """What a worker has to know: the worked solution, the checks, ids, and limits.

    `bare` does without namespaces.
    """

    solution: Path
    checks: str
    tasks: tuple[str, ...]
    limits: Limits
    bare: bool = False


class _Died(Exception):
    """A worker is gone; the message is the end of what it said."""


class _Worker:
    """A grading process, started and ready; what it leaves behind is in `folder`."""

    def __init__(self, lab: Lab, folder: str, started: list["_Worker"]) -> None:
        self._said = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - as long as it
        self._process = subprocess.Popen(
            # -P: what lies in the working directory is not to be imported.
            [sys.executable, "-P", "-m", "workbook.grade.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, **_ENVIRONMENT, "TMPDIR": folder},
            start_new_session=True,
        )
        started.append(self)
        order = {"solution": str(lab.solution), "checks": lab.checks, "bare": lab.bare}
        answer = self.ask({**order, "limits": asdict(lab.limits)})
        if not answer["ready"]:
            raise NotReady(answer["why"])
        if not answer["safe"]:
            raise Unsafe(answer["fence"])
        self.fence: str = answer["fence"]

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            self.kill()
            raise _Died(self._last_words()) from None

    def kill(self) -> None:
        """End it; with it goes the submission that it grades."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _last_words(self) -> str:
        self._said.seek(0)
        return self._said.read().decode(errors="replace")[-_SHOWN:].strip()


def results_of(
    lab: Lab, papers: Sequence[Paper], *, workers: int
) -> Iterator[tuple[int, dict[str, Result], str]]:
    """The results of papers as they come: (place, results by exercise, the fence).

    Raises NotReady and Unsafe. Whoever stops listening ends the workers.
    """
    work = _Work(lab, papers)
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as to:
        os.chmod(to, 0o711)  # the scratch in it belongs to another user
        for _ in range(min(workers, len(papers))):
            threading.Thread(target=work.feed, args=(to,), daemon=True).start()
        try:
            for _ in papers:
                yield work.next()
        finally:
            work.end()


class _Work:
    """What is to be graded, what came of it, and who is at it."""

    def __init__(self, lab: Lab, papers: Sequence[Paper]) -> None:
        self._lab, self._papers = lab, papers
        self._todo: queue.SimpleQueue = queue.SimpleQueue()
        self._done: queue.SimpleQueue = queue.SimpleQueue()
        self._started: list[_Worker] = []
        for place in range(len(papers)):
            self._todo.put(place)

    def next(self) -> tuple[int, dict[str, Result], str]:
        """The next that is done; waits in steps, so that Ctrl-C is heard."""
        while True:
            with suppress(queue.Empty):
                came = self._done.get(timeout=0.2)
                if isinstance(came, BaseException):
                    raise came
                return came

    def end(self) -> None:
        """Begin nothing more, and end what is under way."""
        with suppress(queue.Empty):
            while True:
                self._todo.get_nowait()
        for worker in list(self._started):
            worker.kill()

    def feed(self, folder: str) -> None:
        """Start a worker, and give it paper after paper."""
        try:
            worker = _Worker(self._lab, folder, self._started)
            while True:
                place = self._todo.get_nowait()
                worker, results = self._asked(worker, self._papers[place], folder)
                self._done.put((place, results, worker.fence))
        except queue.Empty:
            return
        except _Died as died:
            why = f"the grading process does not start: {died}"
            self._done.put(NotReady(why))
        except BaseException as error:
            self._done.put(error)

    def _asked(self, worker: _Worker, paper: Paper, folder: str) -> tuple:
        """The results of a paper, and the worker that can go on."""
        cells = [[cell.number, cell.source, cell.exercise] for cell in paper.cells]
        tasks = self._lab.tasks
        for _ in range(_TRIES):
            try:
                data = worker.ask({"cells": cells, "bare": paper.bare})
                return worker, {task: result_of(data[task]) for task in tasks}
            except (_Died, KeyError, ValueError):
                worker.kill()
                worker = _Worker(self._lab, folder, self._started)
        reason = f"The grading process died {_TRIES} times over this submission."
        return worker, for_all(tasks, "inconclusive", reason)
