"""A lab: exercises in order, each checked, hinted at, revealed and reset by number."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from IPython import get_ipython

from workbook.learn import record
from workbook.learn.board import Board, Row
from workbook.learn.card import Card, Page
from workbook.learn.exercise import HINTS, Exercise
from workbook.learn.judge import judge
from workbook.learn.material import Material, SolutionNotFound, material
from workbook.learn.merge import count
from workbook.learn.places import repository
from workbook.learn.verdict import Verdict

__all__ = ["Lab"]

Key = int | str


class Lab:
    """The lab of one chapter, as a notebook uses it; shown, it is the lab's board.

    `stem` is the chapter's "NN-slug". `ledger`, if given, is entered round each check
    and shown by `finish`. `home` is the repository's folder, found by default.
    """

    def __init__(
        self,
        stem: str,
        exercises: Sequence[Exercise],
        *,
        title: str = "",
        ledger: AbstractContextManager | None = None,
        home: Path | None = None,
    ) -> None:
        _in_order(stem, exercises)
        self.stem = stem
        self.title = title or stem[3:].replace("-", " ").capitalize()
        self.exercises = tuple(exercises)
        self.ledger = ledger
        self._home = home

    def check(self, key: Key, answer: Any) -> Card:
        """Check an answer to exercise `key` (its number or name) and note the attempt.

        Never raises for anything that the answer does.
        """
        exercise = self.exercise(key)
        with nullcontext() if self.ledger is None else self.ledger:
            verdict = judge(exercise.check, answer, limit_s=exercise.limit_s)
        if verdict.status != "not attempted":
            record.attempt(exercise.id, verdict.status, record.source_of(answer))
        return Card(verdict, exercise.heading, _after(exercise, verdict))

    def hint(self, key: Key) -> Page:
        """Show one hint more; those already known stay in view."""
        exercise = self.exercise(key)
        known = min(count(record.of(exercise.id), "hints") + 1, HINTS)
        record.hint_shown(exercise.id, known)
        hints = [f"{n}. {text}" for n, text in enumerate(exercise.hints[:known], 1)]
        left = HINTS - known
        hints.append(f"{left} more to come." if left else _now_reveal(exercise))
        return Page(f"{exercise.heading}: hints", "\n\n".join(hints))

    def reveal(self, key: Key) -> Page:
        """Show our solution and what we say of it: after a pass, or the last hint."""
        exercise = self.exercise(key)
        if missing := _still_to_do(exercise):
            return Page(f"{exercise.heading}: our solution", missing)
        try:
            found = self._material(exercise)
        except SolutionNotFound as error:
            return Page(f"{exercise.heading}: our solution", str(error))
        text = f"```python\n{found.solution}\n```\n\n{found.commentary}"
        return Page(f"{exercise.heading}: our solution", text.strip())

    def reset(self, key: Key) -> Page | None:
        """Put the exercise's stub into this cell, in place of what is there.

        Outside a notebook, or if the stub is not to be found, returns it as text.
        """
        exercise = self.exercise(key)
        try:
            stub = self._material(exercise).stub
        except SolutionNotFound as error:
            return Page(f"{exercise.heading}: the stub", str(error))
        if _into_this_cell(stub):
            return None
        return Page(f"{exercise.heading}: the stub", f"```python\n{stub}\n```")

    def why(self, key: Key, sentence: str = "") -> Page:
        """Keep your answer to the why question, and set ours beside it.

        Without a sentence, asks the question.
        """
        exercise = self.exercise(key)
        title = f"{exercise.heading}: why?"
        if not str(sentence).strip(" .…\n"):
            call = f'`lab.why({exercise.number}, "your sentence")`'
            return Page(title, f"{exercise.why.text}\n\nAnswer with {call}.")
        record.why(exercise.id, sentence)
        yours, ours = f"**Yours:** {sentence}", f"**Ours:** {exercise.why.answer}"
        return Page(title, f"{exercise.why.text}\n\n{yours}\n\n{ours}")

    def finish(self) -> Board:
        """The board as it stands, and what the checks' calls would have cost."""
        return Board(self.title, self._rows(), ledger=self.ledger)

    def exercise(self, key: Key) -> Exercise:
        """The exercise with this number, name or id; KeyError that lists them."""
        for exercise in self.exercises:
            names = (exercise.number, str(exercise.number), exercise.slug, exercise.id)
            if key in names:
                return exercise
        there = ", ".join(f"{e.number} ({e.slug})" for e in self.exercises)
        raise KeyError(f"lab {self.stem} has no exercise {key!r}: it has {there}")

    def _material(self, exercise: Exercise) -> Material:
        return material(self.stem, exercise.id, home=self._home or repository())

    def _rows(self) -> tuple[Row, ...]:
        return tuple(_row(exercise) for exercise in self.exercises)

    def __repr__(self) -> str:
        return repr(Board(self.title, self._rows()))

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return Board(self.title, self._rows())._repr_mimebundle_()


def _row(exercise: Exercise) -> Row:
    known = record.of(exercise.id)
    return Row(
        number=exercise.number,
        title=exercise.title,
        minutes=exercise.minutes,
        lines=exercise.lines,
        verdict=str(known.get("verdict", "not attempted")),
        attempts=count(known, "attempts"),
    )


def _in_order(stem: str, exercises: Sequence[Exercise]) -> None:
    """Refuse a lab whose exercises are not NN.1, NN.2 and so on."""
    wanted = [f"{stem[:2]}.{number}" for number in range(1, len(exercises) + 1)]
    found = [exercise.id.split("-", 1)[0] for exercise in exercises]
    if found != wanted or not found:
        raise ValueError(
            f"lab {stem} wants exercises {wanted or ['NN.1']}, not {found}"
        )


def _after(exercise: Exercise, verdict: Verdict) -> str:
    """What to do next."""
    number = exercise.number
    if verdict.passed:
        return f"`lab.reveal({number})` shows our solution. {exercise.why.text} "
    if verdict.status in ("failed", "your code raised"):
        return f"`lab.hint({number})` gives a hint."
    return ""


def _still_to_do(exercise: Exercise) -> str:
    """What is missing before our solution may be seen; empty if nothing is."""
    known = record.of(exercise.id)
    left = HINTS - count(known, "hints")
    if known.get("verdict") == "passed" or left <= 0:
        return ""
    hints = "the last hint" if left == 1 else f"the {left} hints that are left"
    return f"Not yet: pass the check, or read {hints} (`lab.hint({exercise.number})`)."


def _now_reveal(exercise: Exercise) -> str:
    return f"That was the last. `lab.reveal({exercise.number})` shows our solution."


def _into_this_cell(source: str) -> bool:
    """Replace the cell that runs by `source`; False if this is no notebook."""
    shell = get_ipython()
    if shell is None:
        return False
    shell.set_next_input(source, replace=True)
    return True
