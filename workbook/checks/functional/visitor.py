"""One call of a function in one world, and what it must not do there."""

import copy
import os
import random
from collections.abc import Callable, Coroutine, Mapping
from numbers import Number
from typing import Any

import numpy as np

from workbook.checks.functional.outside import changed, outside
from workbook.checks.functional.worlds import World, stock
from workbook.checks.messages.words import kind
from workbook.learn import call, failed
from workbook.learn.running import Stopped

__all__ = ["FIELDS", "IS_ENOUGH", "Visitor"]

FIELDS = {"ticket": str, "price_yen": int, "seats_free": int}
IS_ENOUGH = "What it needs is all in the event: `at`, `number` and `seats_free`."


class Visitor:
    """Calls the answer in a world, and ends the check where it does what it must not.

    `given` keeps each sale beside a copy of it as it was when it was given; `has_drawn`
    says whether a call has moved Python's or numpy's global random numbers on.
    """

    def __init__(self, sell: Callable, go: Callable, calls: list[str]) -> None:
        self.sell, self.go, self.calls = sell, go, calls
        self.given: list[tuple[Mapping, dict]] = []
        self.has_drawn = False

    def sold(self, event: dict[str, Any], world: World) -> dict[str, Any]:
        """The sale of `event` in `world`; the event is a copy of its own."""
        self.go(world)
        mine, before, table = copy.deepcopy(event), outside(self.sell), dict(stock)
        variables, luck = dict(os.environ), _luck()
        value = self._called(mine)
        self.has_drawn |= _luck() != luck
        if mine != event:
            _stop(
                "It changes the event that it was given.",
                "Whoever retries or replays it would use another one: make a new dict.",
            )
        name = changed(before, self.sell) or ("stock" if stock != table else "")
        if name:
            _stop(
                f"It changes {_quoted(name)}, which is not its own.",
                "Return what is to be written: the edge writes it.",
            )
        _demand_same_variables(variables)
        _demand_sale(value)
        self.given.append((value, dict(value)))
        return dict(value)

    def _called(self, event: dict[str, Any]) -> Any:
        try:
            return call(self.sell, event)
        except Stopped:
            if not self.calls:
                raise
        finally:
            if self.calls:
                _stop(
                    f"It calls AWS: {self.calls[0]}.",
                    "The edge reads before, and writes after. " + IS_ENOUGH,
                )


def _stop(reason: str, look: str = "") -> None:
    raise Stopped(failed(reason, look=look))


def _quoted(name: str) -> str:
    return name if " " in name else f"`{name}`"


def _luck() -> tuple[Any, bytes, int]:
    """Where Python's and numpy's global generators stand."""
    _, arrays, place, *_ = np.random.get_state()
    return random.getstate(), arrays.tobytes(), place


def _demand_same_variables(before: dict[str, str]) -> None:
    """End the check if the machine's environment variables are not what they were."""
    for name in sorted(before.keys() | os.environ.keys()):
        if before.get(name) != os.environ.get(name):
            _stop(
                f"It sets the machine's environment variable `{name}`.",
                "All that runs on this machine would see it. "
                + "Name the zone in the call instead." * (name == "TZ"),
            )


def _demand_sale(value: Any) -> None:
    """End the check if an answer has not the shape of a sale."""
    names = ", ".join(f"`{name}`" for name in FIELDS)
    if isinstance(value, Coroutine):
        value.close()  # or Python would warn that nobody waited for it
        look = "Write `def` without `async`: what comes later is the edge's affair."
        _stop("It answers a coroutine, not a dict.", look)
    if not isinstance(value, Mapping):
        _stop(f"It answers {kind(value)}, not a dict.", f"Return a dict with {names}.")
    for name, of in FIELDS.items():
        if name not in value:
            _stop(f"The sale has no `{name}`.", f"Return a dict with {names}.")
        fits = isinstance(value[name], str if of is str else Number)
        if not fits or isinstance(value[name], bool):
            word = "text" if of is str else "a number"
            _stop(f"The sale's `{name}` is {kind(value[name])}, not {word}.")
