"""Every order in which a few events can be written, pushed, lost and can arrive.

A schedule is a text, a sign a step, and replays by itself:

- `w` the next event is written to the table;
- `p` the next written event is pushed, `r` the last push is sent again, `x` the next
  push never leaves: the function that should have sent it has failed for good;
- `1` to `9`: the push of that event arrives at the page, in any order;
- `c` the page begins to connect, `C` the connection stands, `D` it breaks: what is
  under way is lost, and so is what is pushed before the next `C`.

A schedule ends when all is written and pushed, the connection stands, and nothing is
under way any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

__all__ = ["push_schedules"]


@dataclass(frozen=True)
class _At:
    """How far a schedule has come, and how many faults it may still have."""

    drops: int
    losses: int
    repeats: int
    written: int = 0
    pushed: int = 0
    last: int = 0  # the event that was really pushed last
    under_way: tuple[int, ...] = ()
    connection: str = "down"


@cache
def push_schedules(
    events: int = 3, *, drops: int = 1, losses: int = 0, repeats: int = 0
) -> tuple[str, ...]:
    """Every schedule of so many events, with at most so many faults; short ones first.

    `drops` are breaks of the connection, `losses` pushes that are never sent, `repeats`
    pushes that are sent twice.
    """
    if not 1 <= events <= 9:  # noqa: PLR2004 - a digit is an arrival
        raise ValueError(f"events={events}: 1 to 9")
    found = _schedules(_At(drops, losses, repeats), events)
    return tuple(sorted(found, key=lambda text: (len(text), text)))


def _schedules(at: _At, events: int) -> Iterator[str]:
    done = at.written == at.pushed == events
    if done and at.connection == "up" and not at.under_way:
        yield ""  # what could still come, a drop or a repeat, comes in other schedules
    for sign, after in _moves(at, events):
        for rest in _schedules(after, events):
            yield sign + rest


def _moves(at: _At, events: int) -> Iterator[tuple[str, _At]]:
    if at.written < events:
        yield "w", replace(at, written=at.written + 1)
    yield from _pushes(at)
    for number in sorted(set(at.under_way)):
        left = list(at.under_way)
        left.remove(number)
        yield str(number), replace(at, under_way=tuple(left))
    if at.connection == "down":
        yield "c", replace(at, connection="begun")
    if at.connection == "begun":
        yield "C", replace(at, connection="up")
    if at.connection == "up" and at.drops:
        yield "D", replace(at, drops=at.drops - 1, connection="down", under_way=())


def _pushes(at: _At) -> Iterator[tuple[str, _At]]:
    number = at.pushed + 1
    if number <= at.written:
        yield "p", _sent(replace(at, pushed=number, last=number), number)
        if at.losses:
            yield "x", replace(at, pushed=number, losses=at.losses - 1)
    if at.repeats and at.last and at.connection == "up":
        yield "r", _sent(replace(at, repeats=at.repeats - 1), at.last)


def _sent(at: _At, number: int) -> _At:
    """A push reaches those who are connected, and nobody else."""
    if at.connection != "up":
        return at
    return replace(at, under_way=(*at.under_way, number))
