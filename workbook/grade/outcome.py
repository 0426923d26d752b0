"""What the grader says of an exercise: a lab's verdicts, and what only it can see."""

import base64
import binascii
from dataclasses import asdict, dataclass, fields
from typing import Any

from workbook.learn.cards import symbol
from workbook.learn.verdict import STATUSES as VERDICTS

__all__ = ["STATUSES", "NotReady", "Result", "Unsafe", "for_all", "result_of", "sign"]

_OWN = {"tampered": "⚑", "timed out": "⧗", "out of memory": "▣", "unreadable": "∅"}

#: Every status, from the best to the ones that somebody has to look at.
STATUSES = (*VERDICTS, *_OWN)


class NotReady(RuntimeError):
    """The checks do not work on this machine, so nothing can be graded."""


class Unsafe(RuntimeError):
    """Submissions would run here with the rights of root."""


@dataclass(frozen=True)
class Result:
    """One exercise of one submission.

    `picture` is a PNG in base64 and `alt` its text; `printed` is what the code printed;
    `notes` are for the instructor; `seconds` is how long the check took.
    """

    status: str
    reason: str = ""
    look: str = ""
    printed: str = ""
    picture: str = ""
    alt: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether it counts."""
        return self.status == "passed"

    def as_data(self) -> dict[str, Any]:
        """The result as JSON wants it."""
        return asdict(self)


def result_of(data: Any) -> Result:
    """The result in `data`, which came from outside; ValueError if it is none."""
    if not isinstance(data, dict) or data.get("status") not in STATUSES:
        raise ValueError("this is no result")
    texts = {f.name: str(data.get(f.name, "")) for f in fields(Result)[:6]}
    notes = tuple(str(note) for note in data.get("notes") or ())
    if not _is_png(texts["picture"]):
        texts |= {"picture": "", "alt": ""}
    return Result(**texts, notes=notes, seconds=float(data.get("seconds", 0.0)))


def for_all(tasks: Any, status: str, reason: str) -> dict[str, Result]:
    """The same result for several exercises."""
    return {task: Result(status, reason) for task in tasks}


def sign(status: str) -> str:
    """The sign beside a status, so that colour never speaks alone."""
    return _OWN.get(status) or symbol(status)


def _is_png(text: str) -> bool:
    try:
        return base64.b64decode(text, validate=True).startswith(b"\x89PNG\r\n")
    except (binascii.Error, ValueError):
        return False
