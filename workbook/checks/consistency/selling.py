"""Exercise 1: no seat is promised twice and none is lost, whoever comes when."""

from collections.abc import Callable, Iterator
from typing import Any

from workbook.checks.consistency.colliding import CODES, READ_REASONS, collision
from workbook.checks.consistency.costs import plainly, tried
from workbook.checks.consistency.exploring import answers, explored, verdict_on
from workbook.checks.consistency.tables import SEATS, open_sale
from workbook.checks.messages.words import kind
from workbook.checks.process import Program
from workbook.checks.world import fresh_cloud
from workbook.cloud import clock, lag
from workbook.explore import Exploration, Run
from workbook.learn import Verdict, call, failed

__all__ = ["check"]

_NO_BOOL = "It answered neither True nor False."
_FIRST = "Two seats are free, and the first order got none."
_SECOND = "A seat is free, and the second order got none."
_IN_TURN = "One after the other, three orders were promised two seats."
_MEMORY = "In a new process it sells on: three orders were promised two seats."
_TOLD_NO = "An order that has a seat came again, and was told that it has none."
_TWO_SEATS = "An order that came twice, one after the other, took two seats."
_RACE = "Two orders came at the same moment, and both were promised the one seat."
_LOST_RACE = "Two orders came at the same moment, one seat was free, and nobody got it."
_AWAY = "An order was told that there is no seat, and in the end one was free."
_TWICE_AT_ONCE = "An order that came twice at the same moment took two seats."
_TWO_ANSWERS = "Two deliveries of one order got different answers."
_GONE = "After a fault a seat is gone: nobody has it, and nobody can buy it."
_EMPTY_PROMISE = "After a fault an order was promised a seat that is still for sale."
_THROTTLED = "A throttled call was taken for “no seat”."
_THROTTLED_SOLD = "A throttled call was taken for a sale."
_GIVEN_UP = "A delivery failed each time that it came."
_BLOCKED = "After this, the next buyers get no answer: it fails."
_COLLIDED = "A transaction that another one got in the way of was taken for “no seat”."
_COLLIDED_SOLD = (
    "A transaction that another one got in the way of was taken for a sale."
)
_BUSY = "A transaction that DynamoDB had no time for was taken for “no seat”."
_BUSY_SOLD = "A transaction that DynamoDB had no time for was taken for a sale."
_STALE = "Where a read lagged behind, an order got a wrong answer."

_ONE_WRITE = (
    "The look at the number and the change of it must be one write: let the write "
    "carry the condition."
)
_TOGETHER = (
    "The seat and the note of who has it must change together or not at all: a "
    "transaction, or both in one item."
)
_ONLY_REFUSED = (
    "Only a refused condition says something about seats. Every other error must get "
    "out, so that the queue brings the message back."
)
_NOTE_THE_ORDER = (
    "Note in `orders` which order has a seat, and take a seat only for an order that "
    "is not there."
)
_ADVICE = {
    _RACE: _ONE_WRITE,
    _LOST_RACE: "Whoever sees the other and gives way must come back: raise.",
    _AWAY: "Say False only where a condition on the number of seats was refused.",
    _TWICE_AT_ONCE: "Between your look for the order and your write there is room "
    "for its duplicate. " + _TOGETHER,
    _TWO_ANSWERS: "A refused write has a reason: is the order there already, or is "
    "no seat left? Look at the order first.",
    _GONE: _TOGETHER,
    _EMPTY_PROMISE: _TOGETHER,
    _THROTTLED: _ONLY_REFUSED,
    _THROTTLED_SOLD: _ONLY_REFUSED,
    _BLOCKED: "Whatever keeps others out must end, too, when its owner has crashed.",
}
_TRIED = (
    "two and three orders at once, duplicates, a crash or a lost response at every "
    "call, a throttled call, another transaction in the way, a read that lags"
)


def check(sell: Callable[[str], Any]) -> Verdict:
    """Whether all seats are sold, each to one order, and each delivery is told so."""
    with fresh_cloud():
        program = Program(sell)
        verdict = _in_turn(program, sell) or _again(program)
        if verdict is not None:
            return verdict
        verdict = verdict_on(_explorations(program), _ADVICE, tried=_TRIED)
        if not verdict.passed:
            return verdict
        return _colliding(program) or _lagging(program) or verdict


# --- one after the other --------------------------------------------------------------


def _in_turn(program: Program, sell: Callable) -> Verdict | None:
    open_sale()
    told = [plainly(program.start(), f"order-{n}") for n in (1, 2, 3)]
    if not all(isinstance(value, bool) for value in told):
        odd = next(value for value in told if not isinstance(value, bool))
        return failed(
            _NO_BOOL, look=f"It gave {kind(odd)}: return True or False in every case."
        )
    if not told[0]:
        return failed(
            _FIRST, look="What does your condition say when all seats are free?"
        )
    if not told[1]:
        return failed(
            _SECOND,
            look="Does your condition ask for more than one seat, or does something "
            "of the first order stand in its way?",
        )
    return _third(program) if told[2] else None


def _third(program: Program) -> Verdict:
    """The verdict on a third sale: does one process, at least, know its limit?"""
    open_sale()
    one_process = program.start()
    if all(call(one_process, f"order-{n}") for n in (1, 2, 3)):
        return failed(
            _IN_TURN,
            look="Each sale must take a seat from `seats`, and must be refused where "
            "none is left.",
        )
    return failed(
        _MEMORY,
        look="What one process remembers, the next one does not know: count in a "
        "table.",
    )


def _again(program: Program) -> Verdict | None:
    open_sale()
    told = [call(program.start(), order_id) for order_id in ("order-1", "order-1")]
    if not told[1]:
        return failed(_TOLD_NO, look=_ADVICE[_TWO_ANSWERS])
    if not call(program.start(), "order-2"):
        return failed(_TWO_SEATS, look=_NOTE_THE_ORDER)
    if not call(program.start(), "order-1"):
        return failed(_TOLD_NO, look="Sold out is no reason to forget who has a seat.")
    return None


# --- every schedule -------------------------------------------------------------------


def _explorations(program: Program) -> Iterator[Exploration]:
    def sold(names: str, seats: int, reasons: tuple[str, str], **bounds: Any):
        orders = [f"order-{name}" for name in names]
        more, less = reasons
        kept = _kept(program, orders, seats, more=more, less=less)
        return explored(
            _delivering(program),
            [{"order_id": order_id} for order_id in orders],
            kept,
            setup=lambda: open_sale(seats=seats),
            **bounds,
        )

    yield sold("12", 1, (_RACE, _LOST_RACE))
    yield sold("11", 2, (_RACE, _TWICE_AT_ONCE))
    fault = {"faults": ("crash", "response_lost")}
    yield sold("1", 2, (_EMPTY_PROMISE, _GONE), **fault)
    throttle = {"faults": ("throttle",), "crashes": 0, "losses": 1}
    yield sold("1", 2, (_THROTTLED_SOLD, _THROTTLED), **throttle)
    once = {"preemptions": 1}  # every order of three deliveries, and one interruption
    yield sold("123", 2, (_RACE, _LOST_RACE), **once)
    yield sold("112", 1, (_RACE, _TWICE_AT_ONCE), **once)
    yield sold("11", 2, (_EMPTY_PROMISE, _GONE), faults=("crash",), **once)


def _delivering(program: Program) -> Callable[[dict, Any], Any]:
    """The answer as a handler, each invocation in a process of its own."""

    def sale(event: dict, context: Any) -> Any:
        return program.start()(event["order_id"])

    return sale


def _kept(
    program: Program, orders: list[str], seats: int, *, more: str, less: str
) -> Callable[[Run], str]:
    """An invariant: as many orders have a seat as there are seats, after all is sold.

    It looks into no table: it goes on buying, until it is told that there is no seat.
    """

    def each_seat_is_sold_once(run: Run) -> str:
        """Each seat is sold once, and every delivery is told the truth"""
        told = answers(run, orders)
        if not all(isinstance(value, bool) for _, value in told):
            return _NO_BOOL
        if run.dead_letters:
            return _GIVEN_UP
        have = {order_id for order_id, value in told if value}
        have_not = {order_id for order_id, value in told if not value}
        left = _sold_on(program, seats)
        if left is None:
            return _BLOCKED
        if len(have) + left > seats:
            return more
        if have & have_not:
            return _TWO_ANSWERS
        if len(have) + left < seats:
            return less
        if have_not and left:
            return _THROTTLED if "throttled" in str(run.faults) else _AWAY
        return ""

    return each_seat_is_sold_once


def _sold_on(program: Program, seats: int) -> int | None:
    """How many more orders get a seat; None where the answer fails."""
    for number in range(seats + 1):
        try:
            if not program.start()(f"late-{number}"):
                return number
        except Exception:  # whatever the learner's code comes to
            return None
    return seats + 1


# --- what the explorer does not do ----------------------------------------------------


def _colliding(program: Program) -> Verdict | None:
    """The verdict on an answer whose transactions are cancelled for no condition."""
    look = _ONLY_REFUSED + " " + READ_REASONS
    for code, lost, sold in zip(
        CODES, (_COLLIDED, _BUSY), (_COLLIDED_SOLD, _BUSY_SOLD), strict=True
    ):
        open_sale()
        with collision(code):
            first = tried(program.start(), "order-1")
        told = first.value if first.returned else call(program.start(), "order-1")
        if told is not True:
            return failed(lost, look=look)
        if _sold_on(program, SEATS) != SEATS - 1:
            return failed(sold, look=look)
    return None


def _lagging(program: Program) -> Verdict | None:
    """The verdict on an answer that trusts an eventually consistent read."""
    wanted = {"order-1": True, "order-2": True, "order-3": False}
    for seed in range(3):
        open_sale()
        with lag.stale(replica_s=60, index_s=60, seed=seed):
            for order_id in ("order-1", "order-1", "order-2", "order-3", "order-1"):
                if _in_the_end(program, order_id) is not wanted[order_id]:
                    return failed(
                        _STALE,
                        look="An eventually consistent read may miss what was just "
                        "written: read with `ConsistentRead=True`, or not at all.",
                    )
        clock.advance(120)
    return None


def _in_the_end(program: Program, order_id: str) -> Any:
    """What an order is told, at its second delivery if the first one fails."""
    outcome = tried(program.start(), order_id)
    if outcome.returned:
        return outcome.value
    clock.advance(61)
    return tried(program.start(), order_id).value
