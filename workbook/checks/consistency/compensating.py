"""Exercise 5: a payment fails, and the seat comes back once, whatever crashes."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from workbook.checks.consistency.colliding import CODES, READ_REASONS, collision
from workbook.checks.consistency.costs import plainly, tried
from workbook.checks.consistency.exploring import explored, verdict_on
from workbook.checks.consistency.tables import TOUR, item_of, open_tables, table
from workbook.checks.process import Program
from workbook.checks.world import fresh_cloud
from workbook.cloud import clock, lag
from workbook.explore import Exploration, Run
from workbook.learn import Verdict, call, failed

__all__ = ["check"]

_ORDER = {"order_id": "order-7", "buyer_id": "buyer-3", "status": "reserved"}
_DECLINED = {"order_id": "order-7", "outcome": "declined"}
_TAKEN = {"order_id": "order-7", "outcome": "taken"}

_NOT_PAID = "The payment was taken, and the order is not paid."
_NOT_RELEASED = "The payment was declined, and the order is not released."
_NOT_BACK = "The payment was declined, and the seat did not come back."
_PAID_SEAT = "The payment was taken, and the seat came back all the same."
_FORGETS = "The order has lost attributes that it had."
_NO_ORDER = "An order that never had a seat gave one back."
_AGAIN = "The event came again, after its end, and the seat came back once more."
_FAILS = "The event came again, and it failed each time that it came."
_AT_ONCE = "The event came twice at the same moment, and the seat came back twice."
_NEVER = "After a fault the order is released, and the seat never came back."
_TWICE = "After a fault the seat came back twice."
_UNDONE = "After a fault the event counts as done, and the order is as it was."
_BOTH = "Two outcomes came at the same moment: a paid order's seat is for sale."
_HELD = (
    "Two outcomes came at the same moment: a released order's seat did not come back."
)
_NEITHER = "Two events came at the same moment, and the order is as it was."
_COLLIDED = "A transaction that another one got in the way of counts as done."
_BUSY = "A transaction that DynamoDB had no time for counts as done."
_OVERRULED = "The order was paid, then came “declined”, and the seat is for sale."
_TWO_ORDERS = "Two orders were released at the same moment, and one seat came back."
_ONE_LEFT = "Two orders were declined at the same moment, and one is as it was."
_STALE = "Where a read lagged behind, the event counts as done, and nothing was done."

_ON_CONDITION = (
    "Move the order only from `reserved`: let the write carry the condition, and give "
    "the seat back only with that write."
)
_FIRST_COUNTS = "The first outcome counts. " + _ON_CONDITION
_TOGETHER = (
    "The order's status and the seat must change together or not at all: a transaction."
)
_ONLY_REFUSED = (
    "Only a refused condition on the order says that there is nothing to do. Every "
    "other error must get out, so that the queue brings the event back."
)
_ADVICE = {
    _AT_ONCE: _ON_CONDITION,
    _FAILS: "Where the order is no longer `reserved`, all is done: return.",
    _NEVER: _TOGETHER,
    _TWICE: _TOGETHER,
    _UNDONE: _ONLY_REFUSED,
    _BOTH: _ON_CONDITION,
    _HELD: _ON_CONDITION,
    _NEITHER: _ON_CONDITION,
    _TWO_ORDERS: "Between reading `seats_left` and writing it another order gave its "
    "seat back: let the update add one, whatever the number is.",
    _ONE_LEFT: _ONLY_REFUSED,
}
_TRIED = (
    "duplicates, both outcomes, two orders at once, a crash or a lost response at "
    "every call, a throttled call, another transaction in the way, a read that lags"
)


def check(settle: Callable[[dict], Any]) -> Verdict:
    """Whether order and seats agree in the end, and each seat comes back once."""
    with fresh_cloud():
        program = Program(settle)
        verdict = _undisturbed(program)
        if verdict is not None:
            return verdict
        verdict = verdict_on(_explorations(program), _ADVICE, tried=_TRIED)
        if not verdict.passed:
            return verdict
        return (
            _paid_then_declined(program)
            or _colliding(program)
            or _lagging(program)
            or verdict
        )


def _reserved() -> None:
    """A sale with one seat left, and an order that has reserved another one."""
    open_tables("seats", "orders", seats=1)
    table("orders").put_item(Item=_ORDER)


def _found() -> tuple[str, int]:
    """The order's status, and how many seats are left."""
    left = item_of("seats", TOUR["tour"]).get("seats_left")
    number = int(left) if isinstance(left, Decimal) else -1
    return item_of("orders", "order-7").get("status", ""), number


# --- one after the other --------------------------------------------------------------


def _undisturbed(program: Program) -> Verdict | None:
    _reserved()
    plainly(program.start(), dict(_TAKEN))
    status, left = _found()
    if status != "paid":
        return failed(
            _NOT_PAID, look=f"Its status is {status!r}, and should be 'paid'."
        )
    if left != 1:
        return failed(_PAID_SEAT, look="Only a declined payment sets a seat free.")
    _reserved()
    plainly(program.start(), dict(_DECLINED))
    status, left = _found()
    if status != "released":
        look = f"Its status is {status!r}, and should be 'released'."
        return failed(_NOT_RELEASED, look=look)
    if left != 2:
        return failed(_NOT_BACK, look="Add one to `seats_left`.")
    if item_of("orders", "order-7").get("buyer_id") != _ORDER["buyer_id"]:
        look = "An update changes what it names; a put replaces the whole item."
        return failed(_FORGETS, look=look)
    return _twice(program)


def _twice(program: Program) -> Verdict | None:
    again = tried(program.start(), dict(_DECLINED))
    if _found()[1] != 2:
        return failed(_AGAIN, look=_ON_CONDITION)
    if not again.returned:
        return failed(_FAILS, look=_ADVICE[_FAILS])
    tried(program.start(), {**_DECLINED, "order_id": "order-9"})
    if _found()[1] != 2:
        look = "An update makes the item where there is none. " + _ON_CONDITION
        return failed(_NO_ORDER, look=look)
    return None


# --- every schedule -------------------------------------------------------------------


def _explorations(program: Program) -> Iterator[Exploration]:
    def settle(event: dict, context: Any) -> Any:
        program.start()(event)

    def tried_with(events: list[dict], invariant: Callable, **bounds: Any):
        return explored(settle, events, invariant, setup=_reserved, **bounds)

    twice = [_DECLINED, _DECLINED]
    yield tried_with(twice, _agreeing(_AT_ONCE, _HELD, _NEITHER))
    yield tried_with([_DECLINED, _TAKEN], _agreeing(_BOTH, _HELD, _NEITHER))
    both = [_DECLINED, {**_DECLINED, "order_id": "order-8"}]
    yield explored(settle, both, both_are_released, setup=_reserved_twice)
    faulty = _agreeing(_TWICE, _NEVER, _UNDONE)
    yield tried_with([_DECLINED], faulty, faults=("crash", "response_lost"))
    throttle = {"faults": ("throttle",), "crashes": 0, "losses": 1}
    yield tried_with([_DECLINED], faulty, **throttle)
    yield tried_with(twice, faulty, faults=("crash",), preemptions=1)


def _agreeing(more: str, less: str, neither: str) -> Callable[[Run], str]:
    def order_and_seats_agree(run: Run) -> str:
        """A seat is back if, and only if, its order is released"""
        status, left = _found()
        if run.dead_letters:
            return _FAILS
        if status not in ("paid", "released"):
            return neither
        wanted = 2 if status == "released" else 1
        return more if left > wanted else less if left < wanted else ""

    return order_and_seats_agree


def _reserved_twice() -> None:
    _reserved()
    table("orders").put_item(Item={**_ORDER, "order_id": "order-8"})


def both_are_released(run: Run) -> str:
    """Both orders are released, and both seats are back"""
    status, left = _found()
    other = item_of("orders", "order-8").get("status", "")
    if (status, other) != ("released", "released"):
        return _FAILS if run.dead_letters else _ONE_LEFT
    return "" if left == 3 else _TWO_ORDERS


# --- what the explorer does not do ----------------------------------------------------


def _paid_then_declined(program: Program) -> Verdict | None:
    """The verdict where the second outcome comes after the end of the first.

    At the same moment nobody can tell which was the first; here everybody can.
    """
    _reserved()
    plainly(program.start(), dict(_TAKEN))
    tried(program.start(), dict(_DECLINED))
    if _found() != ("paid", 1):
        return failed(_OVERRULED, look=_FIRST_COUNTS)
    return None


def _colliding(program: Program) -> Verdict | None:
    """The verdict on an answer whose transactions are cancelled for no condition."""
    for code, reason in zip(CODES, (_COLLIDED, _BUSY), strict=True):
        _reserved()
        with collision(code):
            first = tried(program.start(), dict(_DECLINED))
        if not first.returned:
            call(program.start(), dict(_DECLINED))
        if _found() != ("released", 2):
            return failed(reason, look=_ONLY_REFUSED + " " + READ_REASONS)
    return None


def _lagging(program: Program) -> Verdict | None:
    """The verdict on an answer that trusts an eventually consistent read."""
    for seed in range(3):
        with lag.stale(replica_s=60, seed=seed):
            _reserved()
            if not tried(program.start(), dict(_DECLINED)).returned:
                clock.advance(61)
                tried(program.start(), dict(_DECLINED))
        clock.advance(120)
        if _found() != ("released", 2):
            return failed(
                _STALE, look="Read with `ConsistentRead=True`, or not at all."
            )
    return None
