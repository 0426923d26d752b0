"""Another clerk who changes the page, and a count of what the answer writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from workbook.checks.consistency.tables import TOUR, table
from workbook.cloud.injection import Attempt, Call, stand_around, step_aside

__all__ = ["Enough", "Writes", "another_clerk", "counted", "moved_the_gate"]

_WRITES = ("PutItem", "UpdateItem", "TransactWriteItems", "DeleteItem")
_TOO_MANY_CALLS = 60


class Enough(BaseException):
    """Ends an answer that would go on for ever."""


@dataclass
class Writes:
    """Counts the answer's writes, and ends it if there is no end."""

    most: int
    made: int = 0
    calls: int = 0
    rival: bool = False  # whether the next call is another clerk's

    def around_call(self, call: Call, proceed: Callable[[], Any]) -> Any:
        """Count the call, if it is the answer's."""
        if not self.rival:
            self.calls += 1
            self.made += call.operation in _WRITES
            if self.made > self.most or self.calls > _TOO_MANY_CALLS:
                raise Enough
        return proceed()

    def around_attempt(self, attempt: Attempt, proceed: Callable[[], Any]) -> Any:
        """Let it pass: it is calls that count."""
        return proceed()


@contextmanager
def counted(most: int) -> Iterator[Writes]:
    """A count of the writes in the block, which ends by `Enough` after `most`."""
    writes = Writes(most)
    stand_around(writes)
    try:
        yield writes
    finally:
        step_aside(writes)


def moved_the_gate(number: int = 0) -> None:
    """Somebody else changes the page, and no notice of it."""
    table("pages").update_item(
        Key=TOUR,
        UpdateExpression="SET gate = :gate ADD version :one",
        ExpressionAttributeValues={":gate": f"C{number}", ":one": 1},
    )


def another_clerk(number: int = 0) -> None:
    """Somebody else changes the page, as one should."""
    table("pages").update_item(
        Key=TOUR,
        UpdateExpression="SET notices = list_append(notices, :new) ADD version :one",
        ExpressionAttributeValues={":new": [f"rival {number}"], ":one": 1},
    )
