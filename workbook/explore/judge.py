"""The judge of a finished schedule: is all well, and is the past forgotten?"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3

from workbook.cloud import clock
from workbook.explore.machine import Machine
from workbook.explore.run import Run

__all__ = ["InvariantError", "Judge", "Records"]


@dataclass(frozen=True)
class Records:
    """The table in which a handler remembers past deliveries, and for how long it may.

    After each schedule the clock moves on by `kept_at_most_s` seconds, DynamoDB's time
    to live takes what has expired, and whatever is left in `table` breaks the
    invariant: a record that is never forgotten grows with every order ever placed.
    """

    table: str
    kept_at_most_s: float


class InvariantError(RuntimeError):
    """The invariant itself could not be evaluated."""


class Judge:
    """Judges runs by an invariant and, where `records` is given, by what they leave."""

    def __init__(self, invariant: Callable[..., Any], records: Records | None) -> None:
        self.claim = _claim(invariant)
        self._invariant = invariant
        self._records = records
        self._wants_run = _takes_argument(invariant)

    def fault_found(self, machine: Machine, run: Run) -> str:
        """How the run violates the invariant, in a sentence; empty if it does not."""
        broken = machine.look(lambda: self._ask(run))
        if not broken and self._records is not None:
            broken = self._overdue(machine)
        return broken

    def _ask(self, run: Run) -> str:
        try:
            answer = self._invariant(run) if self._wants_run else self._invariant()
        except AssertionError as reason:
            return str(reason).split("\n")[0] or f"not so: {self.claim}"
        except Exception as error:
            message = f"the invariant raised {type(error).__name__}: {error}"
            raise InvariantError(message) from error
        if answer is None or isinstance(answer, str):
            return answer or ""
        if type(answer).__name__ in ("bool", "bool_"):  # Python's and numpy's
            return "" if answer else f"not so: {self.claim}"
        kind = type(answer).__name__
        if hasattr(answer, "close"):
            answer.close()  # a coroutine that nobody will ever await
        raise InvariantError(
            f"the invariant answered with a {kind}: let it return True or False, a "
            "sentence that says what is wrong, or nothing"
        )

    def _overdue(self, machine: Machine) -> str:
        """How many records outlive the time they may be kept, in words."""
        clock.advance(self._records.kept_at_most_s)
        machine.world.change(clock.expire_items)
        left = machine.look(self._count_records)
        if not left:
            return ""
        hours = self._records.kept_at_most_s / 3600
        noun = "record is" if left == 1 else "records are"
        return f"{left} {noun} still in {self._records.table!r} after {hours:g} h"

    def _count_records(self) -> int:
        name, client = self._records.table, _dynamodb()
        try:
            return client.scan(TableName=name, Select="COUNT")["Count"]
        except client.exceptions.ResourceNotFoundException as missing:
            message = f"there is no table {name!r} to look for records in"
            raise InvariantError(message) from missing


# Kept, since making a boto3 client takes longer than judging a hundred schedules.
@functools.cache
def _dynamodb() -> Any:
    return boto3.client("dynamodb")


def _claim(invariant: Callable) -> str:
    """The invariant in words: its docstring's first line, or its name."""
    words = inspect.getdoc(invariant) if inspect.isroutine(invariant) else ""
    if words:
        return words.splitlines()[0].rstrip(".")
    return _name(invariant).replace("_", " ")


def _name(invariant: Callable) -> str:
    inner = getattr(invariant, "func", invariant)  # a functools.partial has no name
    return getattr(inner, "__name__", "the invariant")


def _takes_argument(function: Callable) -> bool:
    """Whether an invariant asks for the run: by a parameter without a default."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(
        p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        for p in parameters
    )
