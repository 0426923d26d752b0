"""A progress bar on the real clock: the mock cloud's own stands still."""

import os
import time

from tqdm.auto import tqdm

__all__ = ["Progress"]

_APPEARS_AFTER_S = 3.0
_EVERY_S = 0.2


class Progress:
    """Counts schedules; shows itself only once an exploration takes long.

    Never with WORKBOOK_PROGRESS=off in the environment: a saved notebook must not tell
    how busy the machine was.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and os.environ.get("WORKBOOK_PROGRESS") != "off"
        self._bar: tqdm | None = None
        self._next_s = time.monotonic() + _APPEARS_AFTER_S
        self._count = 0

    def advance(self) -> None:
        """Note that one more schedule was run."""
        self._count += 1
        if self._shown and time.monotonic() >= self._next_s:
            self._show()

    def _show(self) -> None:
        self._next_s = time.monotonic() + _EVERY_S
        if self._bar is None:
            look = "{desc}: {n_fmt} run"
            self._bar = tqdm(
                desc="schedules", leave=False, bar_format=look, mininterval=0
            )
        self._bar.update(self._count - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
