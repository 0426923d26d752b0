"""Whose exception was it, and on which line of the learner's code?"""

import linecache
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType

__all__ = ["Line", "describe", "learners_line"]

_PACKAGE = str(Path(__file__).resolve().parent.parent)
_INSTALLED = tuple(
    {
        sysconfig.get_path(name)
        for name in ("stdlib", "platstdlib", "purelib", "platlib")
    }
)
_LONGEST_MESSAGE = 300
_LONGEST_LINE = 120


@dataclass(frozen=True)
class Line:
    """A line of the learner's code: its number in the cell, and its text if known."""

    number: int
    text: str = ""

    def __str__(self) -> str:
        return f"line {self.number}" + (f": `{self.text}`" if self.text else "")


def learners_line(
    trace: TracebackType | None, *, not_in: frozenset[str] = frozenset()
) -> Line | None:
    """The innermost line of the learner's code on the way to the exception.

    `not_in` are further files that are not theirs (the check's own). None if no line
    is: then the exception is not the learner's.
    """
    found = None
    while trace is not None:
        if _is_theirs(trace.tb_frame, not_in):
            found = _line(trace)
        trace = trace.tb_next
    return found


def describe(error: BaseException) -> str:
    """An exception in one line, as Python prints it, cut to a readable length."""
    try:
        message = " ".join(str(error).split())
    except Exception:  # a learner's exception may break in its own __str__
        message = ""
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + "…"
    return type(error).__name__ + (f": {message}" if message else "")


def _is_theirs(frame: FrameType, not_in: frozenset[str]) -> bool:
    """Whether a frame runs neither our code, nor an installed package, nor Python's."""
    name = frame.f_code.co_filename
    if name in not_in or name.startswith("<frozen"):
        return False
    return not name.startswith((_PACKAGE, *_INSTALLED))


def _line(trace: TracebackType) -> Line:
    name = trace.tb_frame.f_code.co_filename
    text = linecache.getline(name, trace.tb_lineno).strip()
    return Line(trace.tb_lineno, text[:_LONGEST_LINE])
