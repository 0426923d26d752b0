"""An exercise of a lab, as its checks module declares it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbook.learn.verdict import Verdict

__all__ = ["Exercise", "Question"]

_ID = re.compile(r"\d\d\.[1-9]-[a-z0-9]+(-[a-z0-9]+)*")
HINTS = 3


@dataclass(frozen=True)
class Question:
    """A "why" question, with our answer to set beside the learner's."""

    text: str
    answer: str

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.answer.strip():
            raise ValueError("a why question needs its text and our answer")


@dataclass(frozen=True)
class Exercise:
    """One exercise: `id` is stable for ever, since passports are keyed by it.

    `id` is chapter, number and slug, as in "09.1-one-winner"; `minutes` what it takes a
    learner; `lines` the length of our solution; `check` a function from the learner's
    answer (anything at all) to a verdict, which may take up to `limit_s` seconds.
    """

    id: str
    title: str
    minutes: int
    lines: int
    hints: tuple[str, ...]
    why: Question
    check: Callable[[Any], Verdict]
    limit_s: float = 120.0

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(
                f'an exercise id looks like "09.1-one-winner": {self.id!r}'
            )
        if len(self.hints) != HINTS or not all(hint.strip() for hint in self.hints):
            raise ValueError(f"{self.id} needs {HINTS} hints")
        if min(self.minutes, self.lines) < 1 or not self.title.strip():
            raise ValueError(f"{self.id} needs its title, minutes and lines")

    @property
    def number(self) -> int:
        """Its place in the lab, from 1."""
        return int(self.id[3])

    @property
    def slug(self) -> str:
        """The id without chapter and number: "one-winner"."""
        return self.id.split("-", 1)[1]

    @property
    def heading(self) -> str:
        """Number and title, as cards show them."""
        return f"Exercise {self.number} · {self.title}"
