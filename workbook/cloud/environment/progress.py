"""A progress bar of named steps, for a wait of some seconds.

Never with WORKBOOK_PROGRESS=off in the environment: a saved notebook must not tell how
busy the machine was.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm.auto import tqdm

__all__ = ["Steps", "steps"]


class Steps:
    """Says which step is under way; `bar` is None where nothing is shown."""

    def __init__(self, bar: tqdm | None) -> None:
        self._bar, self._begun = bar, False

    def begin(self, what: str) -> None:
        """The step before is done, and `what` begins."""
        if self._bar is not None:
            self._bar.update(int(self._begun))
            self._bar.set_description(what)
        self._begun = True


@contextmanager
def steps(total: int, *, shown: bool) -> Iterator[Steps]:
    """A bar of `total` steps for the length of a `with` block; it leaves no trace."""
    if not shown or os.environ.get("WORKBOOK_PROGRESS") == "off":
        yield Steps(None)
        return
    look = "{desc} {bar} {n_fmt} of {total_fmt}, {elapsed}"
    with tqdm(total=total, leave=False, bar_format=look) as bar:
        yield Steps(bar)
