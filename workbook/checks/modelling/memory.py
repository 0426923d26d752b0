"""A learner's module as a process finds it that has asked nothing yet."""

import copy
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from types import FunctionType
from typing import Any

__all__ = ["nothing_remembered"]

# What a module can remember answers in.
_MEMORIES = (dict, list, set, count)


@contextmanager
def nothing_remembered(answer: Callable) -> Iterator[None]:
    """Let a learner's functions find their globals as they are now, and lose changes.

    The dicts, lists, sets and counters that they name are copies while the block runs,
    and caches are empty. So two blocks one after the other begin alike, and neither
    knows what was asked in the other. A number that a cell once drew by chance is the
    same in both.
    """
    named = list(_globals_named(answer))
    kept = [
        (names, name, names[name])
        for names, name in named
        if isinstance(names[name], _MEMORIES)
    ]
    for names, name in named:
        getattr(names[name], "cache_clear", lambda: None)()
    for names, name, value in kept:
        names[name] = copy.deepcopy(value)
    try:
        yield
    finally:
        for names, name, value in kept:
            names[name] = value


def _globals_named(answer: Callable) -> list[tuple[dict, str]]:
    """The global names that an answer's functions use, and those that these use."""
    found: dict[tuple[int, str], tuple[dict, str]] = {}
    functions = _functions(answer)
    for function in functions:  # grows while it is walked
        names = function.__globals__
        for name in function.__code__.co_names:
            if name in names and (id(names), name) not in found:
                found[id(names), name] = (names, name)
                functions.extend(_functions(names[name]))
    return list(found.values())


def _functions(thing: Any) -> list[FunctionType]:
    """The functions in a class, its bases among them, or the function that it is."""
    parts = [thing]
    if isinstance(thing, type):
        parts = [part for base in thing.__mro__ for part in vars(base).values()]
    whole = [inspect.unwrap(part) for part in parts if callable(part)]
    return [part for part in whole if isinstance(part, FunctionType)]
