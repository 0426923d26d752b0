"""Exercise 1: a canary that names the hop, over an evening with every kind of fault."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbook.checks.messages.words import kind
from workbook.checks.monitoring.tools import Tools, ask, to_its_end
from workbook.checks.process import Program
from workbook.learn import Verdict, failed, passed
from workbook.learn.running import Stopped

__all__ = ["LATE_S", "STEPS", "Refused", "check"]

STEPS = ("OrderPlaced", "SeatReserved", "PaymentCaptured", "TicketIssued",
         "BuyerNotified")  # fmt: skip
LATE_S = 30.0
FIRST = 100  # the evening's first minute
PREFIX = "canary-"

Life = Sequence[tuple[str, float]]  # kinds, and seconds after the order was placed

WHOLE: Life = tuple((step, 0.4 * number) for number, step in enumerate(STEPS))


class Refused(Exception):
    """The front door did not take the order."""


def _stuck(after: int) -> Life:
    return WHOLE[:after]


def _instead(after: int, *kinds: str) -> Life:
    return (*WHOLE[:after], *((k, 0.4 * (after + n)) for n, k in enumerate(kinds)))


def _late(step: int, by_s: float) -> Life:
    return (*WHOLE[:step], *((k, at_s + by_s) for k, at_s in WHOLE[step:]))


# What becomes of the order of each minute; None: the front door refuses it.
EVENING: tuple[tuple[str, Life | None], ...] = (
    ("all is well", WHOLE),
    ("all is well", WHOLE),
    *((f"no {step} comes", _stuck(n)) for n, step in enumerate(STEPS) if n),
    ("all is well", WHOLE),
    ("the tour is sold out", _instead(1, "OrderRejected", "BuyerNotified")),
    ("the card is declined", _instead(2, "PaymentFailed", "SeatReleased",
                                      "BuyerNotified")),
    ("the payment is captured before a seat is reserved", (
        WHOLE[0], ("PaymentCaptured", 0.4), ("SeatReserved", 0.8), *WHOLE[3:])),
    ("no TicketIssued comes", _stuck(3)),  # not judged, for the door is shut next
    ("the front door refuses", None),
    ("all is well", WHOLE),
    ("the payment takes 35 s", _late(2, 35.0)),
    ("the ticket comes 29 s late", _late(3, 28.0)),
    ("the mail comes 31 s late", _late(4, 30.0)),
    ("each step is 9 s after the one before", tuple(
        (step, 9.0 * number) for number, step in enumerate(STEPS))),
    ("the payment takes 35 s, and no ticket comes", _late(2, 35.0)[:3]),
    ("the mail comes 30 s after the order", (*WHOLE[:4], (STEPS[4], LATE_S))),
    ("the first event comes 20 s into the minute, the last one 25 s later", (
        *((step, at_s + 20.0) for step, at_s in WHOLE[:4]), (STEPS[4], 45.0))),
    ("all is well", WHOLE),
)  # fmt: skip


@dataclass
class Shop(Tools):
    """A shop whose orders have the life that the minute gives them."""

    minute: int = 0
    orders: dict[str, tuple[int, Life]] = field(default_factory=dict)
    placed: list[str] = field(default_factory=list)
    life: Life | None = WHOLE

    def place(self, order_id: str) -> None:
        """Place a synthetic order. Raises Refused if the front door is shut."""
        if not isinstance(order_id, str):
            what = f"The order's id is {kind(order_id)}, not a text."
            raise self.misused(failed(what))
        self.placed.append(order_id)
        if self.life is None:
            raise Refused("503")
        self.orders.setdefault(order_id, (self.minute, self.life))

    def trace(self, order_id: str) -> list[tuple[str, float]]:
        """The order's events so far, the first first: kind, and epoch seconds."""
        if order_id not in self.orders:
            return []
        minute, life = self.orders[order_id]
        begin_s, now_s = 60.0 * minute, 60.0 * self.minute
        return [(k, begin_s + at) for k, at in life if begin_s + at <= now_s]


@to_its_end
def check(sing: Callable) -> Verdict:
    """Whether each run of an evening names the hop, whatever became of the order."""
    program, shop = Program(sing), Shop()
    try:
        ids = _evening(program.start, shop, EVENING)
    except Stopped as end:
        raise Stopped(_blamed(program, shop, end.verdict)) from None
    return (
        _again(program, shop, ids)
        or _after_a_pause(program, shop)
        or _for_ever(program, shop, ids)
        or passed(
            f"tried: {len(EVENING)} minutes with orders that end well, get stuck at "
            "each step, go another way, are late or refused; a run that came twice, a "
            "pause, an hour and a day later, and a new process each minute"
        )
    )


def _evening(
    start: Callable[[], Callable], shop: Shop, evening: Sequence[tuple]
) -> dict[int, str]:
    """The ids of an evening in which each run is judged, up to a wrong one."""
    ids: dict[int, str] = {}
    last = None
    for minute, (words, life) in enumerate(evening, FIRST):
        shop.minute, shop.life, shop.placed = minute, life, []
        found = ask(shop, start(), minute, shop)
        ids[minute] = _id(shop.placed, minute, ids)
        _judged(found, minute, last, life)
        last = words, life
    return ids


def _blamed(program: Program, shop: Shop, verdict: Verdict) -> Verdict:
    """The verdict; where only a memory is lost between the runs, it says that."""
    process, until = program.start(), shop.minute - FIRST + 1
    try:
        _evening(lambda: process, Shop(), EVENING[:until])
    except Stopped:
        return verdict
    return failed(
        f"{verdict.reason} In one process that lives on it would be right.",
        look="Each run is a new process, in which your globals are as at the start. "
        "What a run has to know of the one before follows from the minute.",
    )


def _id(placed: list[str], minute: int, before: dict[int, str]) -> str:
    """The id of the one order that a run has placed."""
    if not placed:
        raise Stopped(
            failed(
                "A run places no order.",
                look="`shop.place(order_id)` in each run, also while orders get stuck.",
            )
        )
    if len(set(placed)) > 1:
        raise Stopped(failed("A run places more than one order."))
    order_id = placed[0]
    if not order_id.startswith(PREFIX):
        raise Stopped(
            failed(
                f"The order {order_id!r} looks like a buyer's: sales will count it.",
                look=f"Its id begins with {PREFIX!r}.",
            )
        )
    if order_id in before.values():
        raise Stopped(
            failed(
                "Two minutes place the same order, and the shop takes it only once.",
                look="Make the id from the minute.",
            )
        )
    return order_id


def _judged(found: Any, minute: int, last: tuple | None, life: Life | None) -> None:
    wanted = STEPS[0] if life is None else _hop(last[1] if last else None)
    if found == wanted and isinstance(found, str):
        return
    if not isinstance(found, str):
        raise Stopped(
            failed(
                f"It answers {kind(found)}, not a step's name or an empty text.",
                look='`return ""` where nothing is wrong.',
            )
        )
    hop = f"the hop is {wanted!r}" if wanted else "nothing is wrong"
    said = f"It answers {found!r}, and {hop}."
    raise Stopped(
        failed(_reason(last, life, said), look=_look(found, wanted, last, life))
    )


def _hop(life: Life | None) -> str:
    """The first step of an order's life that is not as it should be."""
    if not life:
        return ""
    for number, step in enumerate(STEPS):
        if number == len(life) or life[number][0] != step:
            return step
        if life[number][1] - life[0][1] > LATE_S:
            return step
    return ""


def _reason(last: tuple | None, life: Life | None, said: str) -> str:
    if life is None:
        return f"The front door refuses this minute's order. {said}"
    if last is None:
        return f"In the very first minute there is no earlier order. {said}"
    if last[1] is None:
        return f"The last order was refused, so there is none to judge. {said}"
    return f"Last minute's order: {last[0]}. {said}"


def _look(found: str, wanted: str, last: tuple | None, life: Life | None) -> str:
    if life is None:
        return "`except Refused`: the hop is the first step, whatever came before."
    before = last[1] if last else None
    if not before:
        return (
            "An order without any event was never placed: the canary is new, or was "
            "away."
        )
    if before[-1][1] >= LATE_S:
        return f"Late is more than {LATE_S:g} s after the order's *first* event."
    steps = (*STEPS, "")
    if found in STEPS and wanted in steps[steps.index(found) + 1 : -1][:1]:
        return "The hop is the first step that is not done, not the last one that is."
    return "Go through `STEPS` and the trace side by side; compare kind with kind."


def _again(program: Program, shop: Shop, ids: dict[int, str]) -> Verdict | None:
    """The schedule fires twice for the same minute."""
    minute = max(ids)
    shop.placed = []
    ask(shop, program.start(), minute, shop)
    if shop.placed[:1] == [ids[minute]]:
        return None
    return failed(
        "A run that comes twice for the same minute places another order.",
        look="No random part and no clock in the id: the minute alone.",
    )


def _after_a_pause(program: Program, shop: Shop) -> Verdict | None:
    """The canary was away for a while, after an order that got stuck."""
    shop.minute, shop.life = shop.minute + 1, _stuck(2)
    ask(shop, program.start(), shop.minute, shop)
    shop.minute, shop.life = shop.minute + 30, WHOLE
    found = ask(shop, program.start(), shop.minute, shop)
    if found == "":
        return None
    return failed(
        f"The canary was away for half an hour, and its first run answers {found!r}.",
        look="Where the minute before has no order, there is nothing to judge.",
    )


def _for_ever(program: Program, shop: Shop, ids: dict[int, str]) -> Verdict | None:
    """The same minute of the next hour, and of the next day."""
    minute = max(ids)
    for later, words in ((60, "An hour"), (24 * 60, "A day")):
        shop.minute, shop.placed = minute + later, []
        ask(shop, program.start(), minute + later, shop)
        if ids[minute] in shop.placed:
            return failed(
                f"{words} later the same id comes again, and the shop takes it only "
                "once.",
                look="`minute` grows for ever: take the whole number.",
            )
    return None
