"""A queue in plain Python, by the rules that AWS documents for a standard queue.

- A received message is invisible for the visibility timeout, and visible again after
  it, unless it was deleted (SQSDG, "Amazon SQS visibility timeout").
- Only the receipt of the newest receive deletes it (SQS API, DeleteMessage).
- When a message that was received `max_receives` times would be received once more, it
  goes to the dead-letter queue instead (SQSDG, "Using dead-letter queues").
- It may be delivered more than once, and out of order (SQSDG, "At-least-once
  delivery"): `copy` puts one in that comes again.
- A redriven message is a new message, with a receive count of its own.

Read 2026-11-29. `tests/storm/test_queues.py` holds it beside the mock's SQS and
`workbook.cloud.functions`, which are faithful, and much too slow for 10,000 buyers.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Message", "Queue"]


@dataclass(eq=False)
class Message:
    """A message, for which `order_id` keeps the books; `receives` counts from 1."""

    body: Any
    order_id: str
    sent_s: float
    receives: int = 0
    deleted: bool = False


@dataclass(eq=False)
class Queue:
    """A standard queue with its dead letters; the caller keeps the time."""

    name: str
    visibility_s: float
    max_receives: int
    visible: deque[Message] = field(default_factory=deque)
    in_flight: set[Message] = field(default_factory=set)
    dead: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        """Put a message in, visible at once."""
        self.visible.append(message)

    def receive(self, most: int) -> list[Message]:
        """Take up to `most` messages; those received too often die instead."""
        taken: list[Message] = []
        while self.visible and len(taken) < most:
            message = self.visible.popleft()
            if message.deleted:
                continue
            if message.receives >= self.max_receives:
                self.dead.append(message)
                continue
            message.receives += 1
            self.in_flight.add(message)
            taken.append(message)
        return taken

    def delete(self, message: Message, receipt: int) -> None:
        """Delete a message, if `receipt` (its count then) is of the last receive."""
        if receipt == message.receives:
            message.deleted = True
            self.in_flight.discard(message)

    def show_again(self, message: Message, receipt: int) -> bool:
        """The visibility timeout of a receive is over: whether it is visible again."""
        if message not in self.in_flight or receipt != message.receives:
            return False
        self.in_flight.discard(message)
        self.visible.append(message)
        return True

    def copy(self, message: Message) -> None:
        """Deliver a message once more, whatever became of it."""
        self.visible.append(
            Message(message.body, message.order_id, message.sent_s, message.receives)
        )

    def redrive(self, now_s: float) -> list[Message]:
        """Move the dead letters back, as new messages; gives these."""
        back = [Message(one.body, one.order_id, now_s) for one in self.dead]
        self.dead.clear()
        self.visible.extend(back)
        return back

    def waiting(self) -> int:
        """How many messages are here, visible or in flight."""
        return sum(not one.deleted for one in self.visible) + len(self.in_flight)
