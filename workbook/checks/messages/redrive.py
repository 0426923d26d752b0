"""Exercise 5: send mended messages back from the dead-letter queue, and lose none."""

from collections.abc import Callable
from typing import Any

from workbook.checks.messages.shop import bodies, open_queues
from workbook.checks.world import fresh_cloud
from workbook.explore import explore
from workbook.learn import Verdict, call, failed, from_exploration, passed

__all__ = ["check", "mended"]

_WELL, _ILL = ("order-3", "order-8"), ("order-5",)
_MANY = tuple(f"order-{number}" for number in range(10, 37))


def mended(order_id: str) -> bool:
    """Whether what kept this order from being sold has been put right."""
    return order_id not in _ILL


def check(redrive: Callable[..., Any]) -> Verdict:
    """Whether mended orders move, others stay, and a crash loses none."""
    for dead in (_WELL + _ILL, _MANY + _ILL):
        with fresh_cloud():
            verdict = _moved(redrive, dead)
        if verdict is not None:
            return verdict
    with fresh_cloud():
        return _through_crashes(redrive)


def _moved(redrive: Callable, dead: tuple[str, ...]) -> Verdict | None:
    queue, poison = open_queues(dead=dead)
    call(redrive, poison, queue, mended)
    back, left = bodies("orders"), bodies("orders-dead")
    wanted, stay = sorted(filter(mended, dead)), sorted(set(dead) - set(back))
    if not back and left == sorted(dead):
        return failed("No order moved.", look="Receive from `dead`, send to `orders`.")
    for order in _ILL:
        if order in back:
            return failed(
                f"{order} is not mended, and went back to fail again.",
                look="Ask `mended(message.body)` of each message.",
            )
        if order not in left:
            return failed(
                f"{order} is not mended, and is gone from both queues.",
                look="What you do not move must stay: do not delete it.",
            )
    both = sorted(set(back) & set(left))
    if both:
        return failed(
            f"{both[0]} is in both queues: it will be redriven again and again.",
            look="Delete a message from `dead` when it has been sent.",
        )
    missing = sorted(set(wanted) - set(back))
    if missing:
        where = (
            "still lie in the dead-letter queue" if missing[0] in left else "are gone"
        )
        return failed(
            f"{len(missing)} of {len(wanted)} mended orders {where}.",
            look="One call hands out ten messages at most: go on until there are none.",
        )
    if len(back) != len(set(back)):
        return failed("An order went back twice.")
    return None if left == stay else failed(f"In the dead-letter queue are {left}.")


def _held(queue: Any) -> int:
    """How many messages a queue holds, hidden ones too, as the queue itself says.

    The explorer answers calls it knows from memory: only calls see its world.
    """
    queue.load()
    counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    return sum(int(queue.attributes[count]) for count in counts)


def _through_crashes(redrive: Callable) -> Verdict:
    queues: list = []

    def setup() -> None:
        queues[:] = open_queues(dead=_WELL)

    def handler(event: dict, context: object) -> None:
        queue, poison = queues
        redrive(poison, queue, mended)

    def none_is_lost() -> bool | str:
        """Every order is in one of the queues"""
        there = sum(map(_held, queues))
        return there >= len(_WELL) or "an order is in neither queue"

    found = explore(
        handler, {}, setup=setup, invariant=none_is_lost, deliveries=1, crashes=1,
        faults=("crash",), max_receives=1, progress=False,
    )  # fmt: skip
    if not found.holds:
        return from_exploration(
            found,
            reason="A crash in the middle loses an order: it is in neither queue.",
        )
    return passed(
        f"tried: three orders, thirty, and a crash before and after each call "
        f"({found.schedules} schedules)"
    )
