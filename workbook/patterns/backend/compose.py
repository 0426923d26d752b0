"""Putting pieces around a call, and one call behind another."""

import functools
from collections.abc import Callable

__all__ = ["Call", "NotAsked", "Piece", "compose", "failover"]

Call = Callable  # of any arguments; it raises when it fails
Piece = Callable[[Call], Call]


class NotAsked(Exception):
    """A piece did not let the call through, so surely nothing has happened.

    `retry_after_s` says when it may be worth asking again.
    """

    def __init__(self, why: str, retry_after_s: float = 0.0) -> None:
        super().__init__(f"not asked: {why}")
        self.retry_after_s = retry_after_s


def compose(call: Call, *pieces: Piece) -> Call:
    """`call` inside the pieces, the first of them outermost.

    The order has a meaning: a retry outside a breaker asks it again each time, a retry
    inside one shows it the last attempt alone.
    """
    for piece in reversed(pieces):
        call = piece(call)
    return call


def failover(*calls: Call, on: tuple[type[Exception], ...]) -> Call:
    """Ask the calls one after another, until one does not fail with an `on` error.

    Any other error is raised at once, and the last call's error is raised as it is.
    `on` must hold only errors after which surely nothing has happened: after a lost
    response the next call would do it a second time.
    """
    if not calls:
        raise ValueError("failover() needs a call at least")
    *earlier, last = calls

    @functools.wraps(last)
    def first_that_can(*args, **options):
        for call in earlier:
            try:
                return call(*args, **options)
            except on:
                continue
        return last(*args, **options)

    return first_that_can
