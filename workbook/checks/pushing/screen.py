"""A channel, a table and a screen for a page that shows where an order stands."""

from collections.abc import Iterator

__all__ = ["LIVES", "NEWER", "STEP", "Endless", "Screen"]

# How far an order is, by its status: at 4 it has ended.
STEP = {"placed": 1, "reserved": 2, "paid": 3, "unpaid": 3}
STEP |= {"ticketed": 4, "rejected": 4, "released": 4}

LIVES = (
    ("placed", "reserved", "paid", "ticketed"),
    ("placed", "reserved", "unpaid", "released"),
    ("placed", "rejected"),
)
NEWER = "screened"  # a status that a later version of the shop may have
_PATIENCE = 20


class Endless(Exception):
    """The page goes on for ever."""


class Screen:
    """A channel, a table and a screen, for one try.

    `pushes` come first, None for a silence; after them all is silent. The table has the
    statuses `reads`, one a read, the last one for ever; an Exception is raised.
    """

    def __init__(self, pushes: list, reads: list) -> None:
        self.pushes, self.reads = pushes, reads
        self.shown: list[str] = []
        self.asked = self.silences = self.taken = 0

    def messages(self) -> Iterator[str | None]:
        """What arrives."""
        for push in self.pushes:
            self.taken += 1
            self.silences += push is None
            yield push
        for _ in range(_PATIENCE):
            self.silences += 1
            yield None
        raise Endless

    def read_status(self) -> str:
        """What the table says."""
        self.asked += 1
        found = self.reads[min(self.asked, len(self.reads)) - 1]
        if isinstance(found, Exception):
            raise found
        return found
