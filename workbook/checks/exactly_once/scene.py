"""What the checks of lab 09 share: a fresh shop, and plain calls of an answer."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from workbook.checks.exactly_once.costs import own_calls
from workbook.checks.exactly_once.shop import book, open_shop
from workbook.cloud import clock, local_cloud
from workbook.cloud.context import LambdaContext
from workbook.cloud.snapshot import restore, take
from workbook.learn import Verdict, call, failed, inconclusive, try_call
from workbook.learn.running import Outcome, Stopped

__all__ = [
    "EVENT",
    "OTHER_EVENT",
    "context",
    "fresh_shop",
    "handed_on",
    "plainly",
    "tried",
    "wrapped",
    "wrote_into_the_book",
]

EVENT = {"order_id": "order-7", "yen": 4200}
OTHER_EVENT = {"order_id": "order-8", "yen": 9900}

_ANOTHER_STUB = (
    "Your answer calls a function that is still a stub, from another exercise."
)
_SOLVE_IT = (
    "Solve that one first, or write what you need from it into this answer: each "
    "exercise can be checked alone."
)
_RETURN_IT = "A decorator ends with `return` and the name of its inner function."
_CHANGED_EVENT = "Your code changed the event before the handler got it."
_COPY_IT = (
    "An event is handed on as it was delivered. Read from it; what you need otherwise, "
    "change in a copy."
)
_OWN_ENTRY = "Your code wrote into `charges`, which is the provider's own book."
_ASK_THE_PROVIDER = (
    "Only `charge(…)` makes an entry there. What you want to remember goes into "
    "`records`."
)


@contextmanager
def fresh_shop() -> Iterator[None]:
    """An empty shop in the mock cloud; the learner's tables and clock come back."""
    with nullcontext() if clock.running() else local_cloud():
        world, moment_s = take(), clock.seconds()
        open_shop()
        try:
            yield
        finally:
            restore(world)
            clock.jump_to(moment_s)


def plainly(answer: Callable, *args: Any) -> Any:
    """The value of the learner's code on the happy path; its errors end the check."""
    own_calls.start()
    try:
        return call(answer, *map(_copied, args))
    except Stopped as stop:
        if stop.verdict.status != "not attempted":
            raise
        raise Stopped(inconclusive(_ANOTHER_STUB, look=_SOLVE_IT)) from None
    finally:
        own_calls.stop()


def tried(answer: Callable, *args: Any) -> Outcome:
    """What comes of the learner's code where an error of it is part of the check."""
    return try_call(answer, *map(_copied, args))


def _copied(argument: Any) -> Any:
    """An event as it was: what an answer does to its event stays in that call."""
    return copy.deepcopy(argument) if isinstance(argument, dict) else argument


def wrapped(decorator: Callable, handler: Callable) -> Callable:
    """`handler` in the learner's decorator; ends the check if that is no function."""
    decorated = plainly(decorator, handler)
    if callable(decorated):
        return decorated
    name = getattr(decorator, "__name__", "your decorator")
    what = "nothing" if decorated is None else f"a {type(decorated).__name__}"
    reason = f"`{name}(handler)` gave back {what}, not a function."
    raise Stopped(failed(reason, look=_RETURN_IT))


def handed_on(decorator: Callable, handler: Callable, event: dict) -> Any:
    """What the decorated `handler` gives back for `event`.

    Ends the check if the handler was given anything else than `event`.
    """
    seen: list[Any] = []
    decorated = wrapped(decorator, _noting(handler, seen))
    try:
        return plainly(decorated, event, context())
    finally:
        if any(given != event for given in seen):
            raise Stopped(failed(_CHANGED_EVENT, look=_COPY_IT))


def _noting(handler: Callable, seen: list[Any]) -> Callable:
    """`handler`, which notes each event that it is given in `seen`."""

    def noting(event: dict, context: Any) -> Any:
        seen.append(copy.deepcopy(event))
        return handler(event, context)

    return noting


def wrote_into_the_book() -> Verdict | None:
    """The verdict on an entry in `charges` that `charge` cannot have made."""
    if all(set(entry) == {"charge_id", "order_id", "yen"} for entry in book()):
        return None
    return failed(_OWN_ENTRY, look=_ASK_THE_PROVIDER)


def context() -> LambdaContext:
    """A context for a plain call."""
    return LambdaContext(function_name="sell", timeout_s=25)
