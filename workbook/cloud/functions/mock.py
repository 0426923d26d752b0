"""What only the inside of the mock can tell, and the one fault mended there.

The pollers need to know *when* a message becomes visible. The SQS interface does
not say, and asking every virtual second is slow; moto's own objects know. Nothing
else in the package may look in here. Written against moto 5.2.5.
"""

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import Queue, sqs_backends

from .. import clock
from .aws import queue_name, region

__all__ = [
    "has_visible",
    "is_empty",
    "messages_left",
    "next_visible_s",
    "oldest_age_s",
    "order_groups",
    "stream_length",
    "visibility_timeout_s",
    "visible",
]

_LATE_S = 0.001  # moto shows a message strictly after its time


def has_visible(queue: str) -> bool:
    """Whether a message can be seen now (its group may still be blocked)."""
    return any(True for _ in _queue(queue).messages)


def messages_left(queue: str) -> int:
    """Return how many messages the queue holds, visible or not."""
    return len(_queue(queue)._messages)


def visible(queue: str) -> int:
    """Return how many messages can be seen now."""
    return sum(1 for _ in _queue(queue).messages)


def oldest_age_s(queue: str) -> float:
    """Return the age of the oldest message, visible or not; 0 if there is none."""
    sent_ms = [message.sent_timestamp for message in _queue(queue)._messages]
    return max(0.0, clock.seconds() - min(sent_ms) / 1000) if sent_ms else 0.0


def is_empty(queue: str) -> bool:
    """Whether the queue holds no message at all."""
    return messages_left(queue) == 0


def next_visible_s(queue: str) -> float | None:
    """Return when the next hidden message appears, in epoch seconds, or None."""
    soon_s = clock.seconds() + _LATE_S
    hidden = [m for m in _queue(queue)._messages if not m.visible or m.delayed]
    # Rounded: moto reads the clock with an error of up to a microsecond.
    shown_ms = [round(max(m.visible_at, m.delayed_until)) for m in hidden]
    return min((max(ms / 1000 + _LATE_S, soon_s) for ms in shown_ms), default=None)


def order_groups(queue: str) -> None:
    """Free the groups whose messages are visible again, oldest message first.

    Moto hands out the *second* message of a FIFO group first when two of the group
    become visible together: it frees the group only while passing the first. AWS
    keeps the order.
    """
    pending = _queue(queue).pending_messages
    for message in [message for message in pending if message.visible]:
        pending.discard(message)


def visibility_timeout_s(queue: str) -> int:
    """Return the queue's visibility timeout at this moment."""
    return int(_queue(queue).visibility_timeout)


def stream_length(table: str) -> int:
    """Return how many records the table's stream has ever held."""
    shard = dynamodb_backends[DEFAULT_ACCOUNT_ID][region()].get_table(table)
    return len(shard.stream_shard.items) if shard.stream_shard else 0


def _queue(queue: str) -> Queue:
    backend = sqs_backends[DEFAULT_ACCOUNT_ID][region()]
    found = backend.queues.get(queue_name(queue))
    if found is None:
        raise LookupError(
            f"the queue {queue_name(queue)} is gone (the world was emptied, or it was "
            "deleted): create it and its source again"
        )
    return found
