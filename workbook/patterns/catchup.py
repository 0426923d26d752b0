"""Follow a numbered log: the push is a hint, the table is the truth.

A channel that pushes promises little: what is pushed while nobody is connected is gone,
what was sent may come twice, late, or after its successor. A log in a table promises
all: each event stands there under its number, 1, 2, 3, and stays.

So the one who follows keeps a single number, that of the last event it has applied. A
push with the next number is applied as it is. A greater one says that something is
missing: read the table from where we are. A smaller one is known already. And since the
last push of all leaves no gap behind it, read also when a connection stands again, and
when all has been quiet for too long.

Introduced in chapter 06.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

__all__ = ["Follower", "Numbered", "table_reader"]


class Numbered(Protocol):
    """An event that knows its place in the log: 1, 2, 3, without gaps."""

    @property
    def number(self) -> int:
        """Its place."""


class Follower:
    """Apply every event of a log once, in order, whatever becomes of the pushes.

    `read_after(number)` gives the events after that number, in order, by a strongly
    consistent read. `apply(event)` is the effect. If either raises, the error comes
    out, nothing is skipped, and the next call goes on from `seen`.

    `seen` is the last number applied. An effect that outlives this object, such as a
    row in a database, must store the number together with it, or it is applied again.
    """

    def __init__(
        self,
        read_after: Callable[[int], Iterable[Numbered]],
        apply: Callable[[Any], None],
        *,
        seen: int = 0,
    ) -> None:
        self.read_after, self.apply, self.seen = read_after, apply, seen

    def pushed(self, event: Numbered) -> None:
        """A push has arrived."""
        if event.number <= self.seen + 1:
            self._take(event)
        else:
            self.catch_up()

    def catch_up(self) -> None:
        """Read what is missing: a gap, a connection that stands again, or silence."""
        for event in self.read_after(self.seen):
            self._take(event)

    connected = quiet = catch_up

    def _take(self, event: Numbered) -> None:
        if event.number == self.seen + 1:
            self.apply(event)
            self.seen = event.number


def table_reader(
    table: Any, key: dict[str, Any], make: Callable[[dict], Numbered]
) -> Callable[[int], list[Numbered]]:
    """A `read_after` on a boto3 Table with sort key `number`.

    `key` names the partition key and its value, `make(item)` turns an item into an
    event. A follower is seldom far behind: it takes one page of up to 1 MB, and what
    is left comes with the next read.
    """
    ((name, value),) = key.items()

    def read_after(number: int) -> list[Numbered]:
        found = table.query(
            KeyConditionExpression="#key = :key AND #number > :number",
            ExpressionAttributeNames={"#key": name, "#number": "number"},
            ExpressionAttributeValues={":key": value, ":number": number},
            ConsistentRead=True,
        )
        return [make(item) for item in found["Items"]]

    return read_after
