"""Exercise 5: where, and how, an answer keeps an order's first payload."""

from collections.abc import Callable
from typing import Any

from workbook.checks.exactly_once.environment import another_environment
from workbook.checks.exactly_once.scene import context, plainly, tried, wrapped
from workbook.checks.exactly_once.shop import charge, open_shop, records
from workbook.cloud.snapshot import restore, take
from workbook.learn import Verdict, failed
from workbook.patterns.idempotency import PayloadChanged

__all__ = ["DEARER", "ORDER", "badly_kept", "sell"]

ORDER = {
    "order_id": "order-7",
    "yen": 4200,
    "buyer": {"name": "Yuki", "seats": ["A1", "A2"]},
}
DEARER = ORDER | {"yen": 9900}
_FRACTION = ORDER | {"discount": 0.1}

_MEMORY = "What the first payload was is kept in Python's memory, not in the table."
_IN_THE_WAY = "A handler that keeps its own record under the order's id was never run."
_STUMBLES = "An event with a fraction in it did not get past your code."
_PER_PROCESS = "In another process the same payload was refused."

_ELSEWHERE = (
    "Another execution environment has another memory: what later deliveries are "
    "compared with belongs in the table `records`."
)
_OWN_NAME = (
    "Your decorator stands in front of any handler, also of one that uses `records` "
    'for itself: give your record a name of its own, `f"payload of {order_id}"`.'
)
_AS_TEXT = (
    "A Table refuses fractions, and what is refused is not compared: keep the payload "
    "as text, which carries whatever JSON does."
)
_SALT = (
    "`hash` of a text is another number in each process: Python salts it. "
    "`hashlib.sha256` is the same everywhere, and so is the text itself."
)


def badly_kept(same_payload: Callable) -> Verdict | None:
    """What is wrong with where, and how, an answer keeps what it knows."""
    if _in_memory(same_payload):
        return failed(_MEMORY, look=_ELSEWHERE)
    if _in_the_way(same_payload):
        return failed(_IN_THE_WAY, look=_OWN_NAME)
    if _stumbles(same_payload):
        return failed(_STUMBLES, look=_AS_TEXT)
    if _differs_by_process(same_payload):
        return failed(_PER_PROCESS, look=_SALT)
    return None


def sell(event: dict, context: Any) -> dict:
    """The handler to be guarded: each run of it is another charge."""
    charge_id = charge(event["order_id"], event["yen"])
    return {"charge_id": charge_id, "yen": event["yen"], "buyer": event.get("buyer")}


def _in_memory(same_payload: Callable) -> bool:
    """Whether another environment forgets, or an empty table remembers."""
    open_shop()
    guarded = wrapped(same_payload, sell)
    plainly(guarded, ORDER, context())
    known = take()
    if tried(guarded, DEARER, context()).returned:
        return False  # nothing is remembered at all: the explorer will show it
    restore(known)
    forgets = tried(wrapped(same_payload, sell), DEARER, context()).returned
    open_shop()
    fresh = tried(wrapped(same_payload, sell), DEARER, context())
    return forgets or isinstance(fresh.error, PayloadChanged)


def _in_the_way(same_payload: Callable) -> bool:
    """Whether a handler finds its own record's place taken by the answer's."""
    open_shop()
    runs = []

    def sell_once(event: dict, context: Any) -> None:
        key = {"id": event["order_id"]}
        if "Item" not in records().get_item(Key=key, ConsistentRead=True):
            records().put_item(Item=key)
            runs.append(event)

    plainly(wrapped(same_payload, sell_once), ORDER, context())
    return not runs


def _stumbles(same_payload: Callable) -> bool:
    """Whether a payload that a Table would not take as it is gets stuck."""
    open_shop()
    return not tried(wrapped(same_payload, sell), _FRACTION, context()).returned


def _differs_by_process(same_payload: Callable) -> bool:
    """Whether the same payload is refused only where `hash` is salted otherwise."""
    open_shop()
    plainly(wrapped(same_payload, sell), ORDER, context())
    here = tried(wrapped(same_payload, sell), ORDER, context())
    with another_environment(same_payload):
        there = tried(wrapped(same_payload, sell), ORDER, context())
    return here.returned and not there.returned
