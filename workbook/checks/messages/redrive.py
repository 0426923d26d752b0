"""Exercise 5: send mended messages back from the dead-letter queue, and lose none."""

from collections.abc import Callable
from typing import Any

from workbook.checks.messages.shop import bodies, open_queues
from workbook.checks.world import fresh_cloud
from workbook.cloud import clock
from workbook.explore import explore
from workbook.learn import Verdict, call, failed, from_exploration, passed
from workbook.learn.running import Stopped

__all__ = ["check", "mended"]

_WELL, _ILL = ("order-3", "order-8"), ("order-5",)
_MANY = tuple(f"order-{number}" for number in range(10, 39))
_HANDED_OUT, _RECEIVES = 7, 200  # messages a call at most; calls before we stop it


_GO_ON = (
    "A call hands out ten messages at most, and sometimes fewer than there are: go on "
    "until it hands out none."
)


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
    calls = _like_the_real_one(poison)
    try:
        call(redrive, poison, queue, mended)
    except Stopped:
        if len(calls) <= _RECEIVES:
            raise
        return failed(
            f"It was stopped after {_RECEIVES} calls: the same messages come again and "
            "again.",
            look="What you put or give back to `dead` at once, you receive at once: "
            "leave it hidden until you have seen all.",
        )
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
    strange = sorted(set(back) - set(dead))
    if strange:
        return failed(
            f"`orders` now holds {strange[0]!r:.60}, which is no order's id.",
            look="Send the body of the message as it is.",
        )
    both = sorted(set(back) & set(left))
    if both:
        return failed(
            f"{both[0]} is in both queues: it will be redriven again and again.",
            look="Delete a message from `dead` when it has been sent.",
        )
    missing = sorted(set(wanted) - set(back))
    if missing:
        if missing[0] in left:
            where, look = "still lie in the dead-letter queue", _GO_ON
        else:
            where, look = "are gone", "Send each message before you delete it."
        reason = f"{len(missing)} of {len(wanted)} mended orders {where}."
        return failed(reason, look=look)
    if len(back) != len(set(back)):
        return failed("An order went back twice.")
    return None if left == stay else failed(f"In the dead-letter queue are {left}.")


def _like_the_real_one(queue: Any) -> list[None]:
    """Let time pass at each receive, and hand out fewer messages than are asked for.

    Both as SQS does (short polling asks only some of its servers), and moto does not.
    Returns a list that grows with each call; too many of them are refused.
    """
    calls: list[None] = []

    def before(params: dict, **_rest: Any) -> None:
        calls.append(None)
        if len(calls) > _RECEIVES:
            raise RuntimeError("too many receives")
        clock.advance(0.01)
        asked = params.get("MaxNumberOfMessages", 1)
        params["MaxNumberOfMessages"] = min(asked, _HANDED_OUT)

    events = queue.meta.client.meta.events
    events.register("provide-client-params.sqs.ReceiveMessage", before)
    return calls


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
