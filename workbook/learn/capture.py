"""Keeps what a learner's code prints, up to a limit, while a check runs."""

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

__all__ = ["Captured", "captured"]

KEPT_CHARACTERS = 2_000
SHOWN_LINES = 12


class Captured(io.TextIOBase):
    """A text stream that keeps its first characters and drops the rest.

    What the thread with the ident `through` writes goes on to `real` instead: on
    standard error a progress bar of ours stays visible while prints are kept.
    """

    def __init__(self, real: TextIO) -> None:
        self._real = real
        self.through: int | None = None
        self._kept = io.StringIO()
        self._room = KEPT_CHARACTERS
        self.dropped = False

    def write(self, text: str) -> int:
        """Keep `text` as far as there is room; as every stream, return its length."""
        if threading.get_ident() == self.through:
            return self._real.write(text)
        self._kept.write(text[: self._room])
        self.dropped = self.dropped or len(text) > self._room
        self._room -= min(len(text), self._room)
        return len(text)

    def flush(self) -> None:
        """Flush the real stream if a thread writes through to it."""
        if threading.get_ident() == self.through:
            self._real.flush()

    @property
    def encoding(self) -> str:
        """UTF-8, as a notebook's own."""
        return "utf-8"

    def writable(self) -> bool:
        """Always: it is a stream for writing."""
        return True

    @property
    def text(self) -> str:
        """Its first lines, with a note where something was dropped."""
        lines = self._kept.getvalue().rstrip().split("\n")
        if self.dropped or len(lines) > SHOWN_LINES:
            lines = [*lines[:SHOWN_LINES], "… (the rest was dropped)"]
        return "\n".join(lines)


@contextmanager
def captured() -> Iterator[tuple[Captured, Captured]]:
    """Keep everything that is printed: standard output and standard error, apart."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = kept = Captured(out), Captured(err)
    try:
        yield kept
    finally:
        sys.stdout, sys.stderr = out, err
