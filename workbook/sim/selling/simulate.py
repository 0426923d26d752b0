"""A sale by so many sellers at once, all of them at one item with the free seats.

Each seller takes the next order, makes the calls of its design, and takes another. A
call takes an exponential time of mean `call_s`, and happens as a whole at its end. So
whoever acts next is any of the sellers, each as likely: that is the whole model.

- "read-modify-write": read the number, write it back less one.
- "conditional decrement": one call, which takes a seat if one is free.
- "version check": read, then write if nobody else has written since; if somebody has,
  read again, up to `attempts` times.
- "transaction": its call has the item to itself from the moment it arrives until it
  ends. Others that arrive meanwhile are refused, and try again, up to `attempts` times.
  (AWS refuses a transaction that meets another one at an item: TransactionConflict.
  That it holds the item for as long as a call takes is our choice.)

Nobody pauses before trying again, and nothing is throttled.
"""

from collections.abc import Callable, Iterator

import numpy as np

from workbook.sim.checks import count, positive
from workbook.sim.selling.results import Sale

__all__ = ["DESIGNS", "sell"]

_CHUNK = 512  # random numbers drawn at a time


def sell(
    design: str,
    *,
    sellers: int,
    seats: int,
    orders: int,
    seed: int,
    attempts: int = 5,
    call_s: float = 0.005,
) -> Sale:
    """Sell `seats` seats to `orders` buyers, `sellers` at once.

    Raises ValueError for a design that is none of `DESIGNS`.
    """
    count(sellers=sellers, orders=orders, attempts=attempts)
    count(0, seats=seats)
    positive(call_s=call_s)
    if design not in DESIGNS:
        raise ValueError(f"{design!r}: the designs are {', '.join(DESIGNS)}")
    stock = _Stock(seats, attempts)
    told = _run(DESIGNS[design], stock, sellers, orders, call_s, seed)
    ended = sorted(told)  # by the number of the order
    outcome, conflicts, ended_s = zip(*(told[number] for number in ended), strict=True)
    return Sale(seats, np.array(outcome), np.array(conflicts), np.array(ended_s))


class _Stock:
    """The item, and who has it to themselves."""

    def __init__(self, free: int, attempts: int) -> None:
        self.free, self.version, self.attempts = free, 0, attempts
        self.holder: _Order | None = None


class _Order:
    """An order that a seller is at: what it has read, and how often it was refused."""

    def __init__(self, number: int) -> None:
        self.number, self.conflicts = number, 0
        self.read: int | None = None

    def refused(self, stock: _Stock) -> str:
        self.conflicts += 1
        self.read = None
        return "gave up" if self.conflicts == stock.attempts else ""


def _run(
    act: Callable[[_Stock, _Order], str],
    stock: _Stock,
    sellers: int,
    orders: int,
    call_s: float,
    seed: int,
) -> dict[int, tuple[str, int, float]]:
    """What each order was told, how often it was refused, and when it ended."""
    told: dict[int, tuple[str, int, float]] = {}
    at_work = [_Order(number) for number in range(min(sellers, orders))]
    begun, now_s = len(at_work), 0.0
    for chance, waited in _chances(seed):
        now_s += waited * call_s / len(at_work)
        place = int(chance * len(at_work))
        order = at_work[place]
        outcome = act(stock, order)
        if not outcome:
            continue
        told[order.number] = (outcome, order.conflicts, now_s)
        if begun < orders:
            at_work[place] = _Order(begun)
            begun += 1
        else:
            at_work.pop(place)
        if not at_work:
            return told
    raise AssertionError("chance never ends")


def _chances(seed: int) -> Iterator[tuple[float, float]]:
    """Uniform and exponential numbers, in pairs, without end."""
    rng = np.random.default_rng(seed)
    while True:
        uniform, waits = rng.random(_CHUNK), rng.standard_exponential(_CHUNK)
        yield from zip(uniform.tolist(), waits.tolist(), strict=True)


# What an order does at its next call; "" while it has more calls to make.


def _read_modify_write(stock: _Stock, order: _Order) -> str:
    if order.read is None:
        order.read = stock.free
        return "" if stock.free else "sold out"
    stock.free = order.read - 1
    return "sold"


def _conditional_decrement(stock: _Stock, order: _Order) -> str:
    if not stock.free:
        return "sold out"
    stock.free -= 1
    return "sold"


def _version_check(stock: _Stock, order: _Order) -> str:
    if order.read is None:
        order.read = stock.version
        return "" if stock.free else "sold out"
    if order.read != stock.version:
        return order.refused(stock)
    stock.free, stock.version = stock.free - 1, stock.version + 1
    return "sold"


def _transaction(stock: _Stock, order: _Order) -> str:
    if stock.holder is order:
        stock.free, stock.holder = stock.free - 1, None
        return "sold"
    if stock.holder is not None:
        return order.refused(stock)
    if not stock.free:
        return "sold out"
    stock.holder = order
    return ""


DESIGNS: dict[str, Callable[[_Stock, _Order], str]] = {
    "read-modify-write": _read_modify_write,
    "conditional decrement": _conditional_decrement,
    "version check": _version_check,
    "transaction": _transaction,
}
