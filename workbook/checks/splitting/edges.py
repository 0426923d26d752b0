"""Exercise 4: take away the calls that no order makes, and none that one does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any

import boto3

from workbook.checks.world import fresh_cloud
from workbook.cloud.template import Coupling, Edge, coupling, deploy, read
from workbook.figures import Picture, arcs
from workbook.learn import Verdict, call, failed, passed
from workbook.shop import TANGLED, stock, till

__all__ = ["GOOD", "OTHER", "SOLD_OUT", "calls_of", "check", "design"]

Pair = tuple[str, str]

GOOD, OTHER = "4242", till.DECLINED_CARD
SOLD_OUT = "sold out"

# Permissions that somebody once asked for, to be on the safe side.
_TO_BE_SAFE = (
    ("IssueTicket", "LookUp"),
    ("NotifyBuyer", "CapturePayment"),
    ("Record", "NotifyBuyer"),
    ("ReserveSeat", "Price"),
)
_ORDERS = {
    "a good order": (GOOD, 1),
    "an order with a declined card": (OTHER, 1),
    "an order when no seat is left": (GOOD, 0),
}


def design() -> Coupling:
    """The shop of functions that call one another, with all that each *may* call."""
    tangled = coupling(read(TANGLED))
    more = [Edge(one, other, "invokes") for one, other in _TO_BE_SAFE]
    edges = tuple(sorted((*tangled.edges, *more)))
    return Coupling(tangled.functions, tangled.others, edges)


def calls_of(card: str = GOOD, seats: int = 1) -> list[Pair]:
    """Play one order, and tell which function called which, in order.

    `card` is "4242", which has money, or "0002", which the provider declines; `seats`
    is how many are left. The shop's code does not change while a kernel runs, so each
    kind of order is played once.
    """
    return list(_played(str(card), int(seats)))


@cache
def _played(card: str, seats: int) -> list[Pair]:
    with fresh_cloud():
        stack = deploy(TANGLED)
        seats_left = boto3.resource("dynamodb").Table(stack.name_of("Stock"))
        stock.open_sale(seats_left, seats=seats)
        with _watched(stack) as calls:
            body = f'{{"order_id": "o-1", "buyer": "Aya", "card": "{card}"}}'
            stack["PlaceOrder"].invoke({"body": body})
    return calls


@contextmanager
def _watched(stack: Any) -> Iterator[list[Pair]]:
    """Who calls whom while the block runs."""
    calls: list[Pair] = []
    working: list[str] = []

    def watch(name: str, handler: Callable) -> Callable:
        @wraps(handler)
        def watched(event: Any, context: Any) -> Any:
            if working:
                calls.append((working[-1], name))
            working.append(name)
            try:
                return handler(event, context)
            finally:
                working.pop()

        return watched

    for name, function in stack.functions.items():
        function.handler = watch(name, function.handler)
    yield calls


def _used() -> dict[Pair, str]:
    """Each call that an order makes, and which order."""
    used: dict[Pair, str] = {}
    for what, (card, seats) in _ORDERS.items():
        for pair in calls_of(card, seats):
            used.setdefault(pair, what)
    return used


def check(needless: Callable[..., Any]) -> Verdict:
    """Whether the removed calls are those, and all of those, that no order makes."""
    whole = design()
    answer = call(needless, whole)
    wrong = _misread(answer)
    if wrong:
        return wrong
    removed = {tuple(pair) for pair in answer}
    for pair in sorted(removed):
        if pair not in whole.invocations:
            return failed(
                f"{pair[0]} may not call {pair[1]} as it is.",
                look="A pair is (who calls, who is called), both as in `invocations`.",
            )
    if removed and removed <= set(_used()) and len(removed) > 2:
        return failed(
            "These are the calls that orders make; the others are wanted.",
            look="Return what may be called and is *not* called by any order.",
        )
    for pair in sorted(removed & set(_used())):
        return failed(
            f"{_used()[pair].capitalize()} needs the call {pair[0]} → {pair[1]}.",
            look="Not all orders are alike: play others, too.",
        )
    lighter = whole.without(removed)
    left = set(lighter.invocations) - set(_used())
    if left:
        calls = "call that no order makes is" if len(left) == 1 else (
            "calls that no order makes are"
        )  # fmt: skip
        return failed(
            f"{len(left)} {calls} still allowed.",
            _picture(lighter, f"One broken function stops {lighter.blast_radius:.0%}"),
            look="Compare what may be called with what three kinds of orders call.",
        )
    return passed(
        f"One broken function stopped {whole.blast_radius:.0%} of the functions, and "
        f"now stops {lighter.blast_radius:.0%}."
    )


def _misread(answer: Any) -> Verdict | None:
    look = 'Return pairs of names: `[("PlaceOrder", "Price"), …]`.'
    if isinstance(answer, str) or not isinstance(
        answer, list | tuple | set | frozenset
    ):
        return failed("It returned no list of calls.", look=look)
    for pair in answer:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            return failed(f"{pair!r:.40} is no pair of names.", look=look)
        if not all(isinstance(name, str) for name in pair):
            return failed(f"{pair!r:.40} is no pair of names.", look=look)
    return None


def _picture(design: Coupling, title: str) -> Picture:
    uses = [(e.source, e.target) for e in design.edges if e.kind != "invokes"]
    return arcs(design.functions, design.others, design.invocations, uses, title=title)
