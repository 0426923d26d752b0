"""From a folder of submissions to results, as far as they are not there already."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook.grade.jail.limits import Limits
from workbook.grade.outcome import Result, for_all
from workbook.grade.pool import Lab, results_of
from workbook.grade.sheet import Sheet, sheets
from workbook.grade.store import Store, key_of
from workbook.grade.submissions import Submission, find

__all__ = ["Graded", "Plan", "grade"]

_MOST_SAID = 10

Heard = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Plan:
    """What to grade with: our worked labs below `home`, and the checks of each.

    `checks` is where a lab's checks are, with its number put in for {}. `bare` does
    without namespaces, even where there are some.
    """

    home: Path
    checks: str = "workbook.checks.lab{}"
    limits: Limits = Limits()
    workers: int = os.cpu_count() or 1
    again: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Graded:
    """A submission with the results of its exercises; none where its lab is unknown."""

    submission: Submission
    results: dict[str, Result]

    @property
    def points(self) -> int:
        """How many exercises are passed."""
        return sum(result.passed for result in self.results.values())


def grade(folder: Path, store: Store, plan: Plan, *, heard: Heard) -> list[Graded]:
    """Grade all submissions below `folder` that `store` does not know yet.

    `heard(what, done, of)` is told how far it has come. Raises FileNotFoundError if
    there is nothing to grade, and NotReady or Unsafe if it cannot be done here; until
    there is a result, it makes no file.
    """
    known = sheets(plan.home)
    found = _found(folder, known)
    keys = {id(s): _key(s, known, plan) for s in found if s.paper}
    kept = {} if plan.again else _kept(set(keys.values()), store)
    for key, results in _missing(found, keys, kept, known, plan, heard):
        store.put(key, results)
        kept[key] = results
    return [Graded(s, _results(s, keys, kept, known)) for s in found]


def _found(folder: Path, known: Mapping[str, Sheet]) -> list[Submission]:
    if folder.is_file():
        first = "unpack it" if folder.suffix == ".zip" else "put it into a folder"
        raise NotADirectoryError(f"{folder} is one file: {first}, and give the folder")
    found = find(folder, known)
    if all(s.stray for s in found):
        there = [f"{s.file}: {s.problem}" for s in found[:_MOST_SAID]]
        there += ["…"] if len(found) > _MOST_SAID else []
        why = f"{folder} holds no notebook and no passport"
        raise FileNotFoundError("\n  ".join([why, *there]))
    return found


def _missing(found, keys, kept, known, plan: Plan, heard: Heard) -> Iterator:
    """Grade what is not kept, lab by lab; equal papers are graded once."""
    papers = {keys[id(s)]: s.paper for s in found if s.paper}
    todo = {key: paper for key, paper in papers.items() if key not in kept}
    done, of = len(papers) - len(todo), len(papers)
    heard("", done, of)
    for number in sorted({paper.lab for paper in todo.values()}):
        own = {key: paper for key, paper in todo.items() if paper.lab == number}
        heard(f"lab {number}: trying our own answers", done, of)
        lab = _lab(known[number], plan)
        order = list(own)
        for place, results, fence in results_of(
            lab, list(own.values()), workers=plan.workers
        ):
            done += 1
            heard(fence, done, of)
            yield order[place], results


def _kept(keys: set[str], store: Store) -> dict[str, dict[str, Result]]:
    found = {key: store.get(key) for key in keys}
    return {key: results for key, results in found.items() if results is not None}


def _key(submission: Submission, known: Mapping[str, Sheet], plan: Plan) -> str:
    solution = _solution(known[submission.paper.lab], plan)
    return key_of(submission.paper, solution, plan.limits)


def _results(submission: Submission, keys, kept, known) -> dict[str, Result]:
    if submission.paper:
        return kept[keys[id(submission)]]
    if submission.lab not in known:
        return {}
    tasks = [task.id for task in known[submission.lab].tasks]
    return for_all(tasks, "unreadable", f"{submission.file}: {submission.problem}.")


def _lab(sheet: Sheet, plan: Plan) -> Lab:
    tasks = tuple(task.id for task in sheet.tasks)
    checks = plan.checks.format(sheet.number)
    return Lab(_solution(sheet, plan), checks, tasks, plan.limits, plan.bare)


def _solution(sheet: Sheet, plan: Plan) -> Path:
    return plan.home / "solutions" / f"{sheet.stem}.ipynb"
