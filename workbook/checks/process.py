"""A learner's function as a new process has it: without what it remembered.

A queue may bring the second delivery to another machine. There the function begins with
the globals that its module began with: lists, dictionaries and sets that it keeps are
as they were when the check began, and names that it added are not there.
"""

import copy
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

__all__ = ["Program"]

_KEPT = (dict, list, set, bytearray)


class Program:
    """The program that a function is part of, to be started as often as you like."""

    def __init__(self, function: Callable) -> None:
        self._function = function
        self._state: dict[str, Any] = {}
        for one in _reached(function):
            for name in one.__code__.co_names:
                value = one.__globals__.get(name)
                if isinstance(value, _KEPT):
                    self._state[name] = copy.deepcopy(value)

    def start(self) -> Callable:
        """The function in a new process; what is no plain function stays as it is."""
        if not isinstance(self._function, FunctionType):
            return self._function
        around = dict(self._function.__globals__)
        around |= copy.deepcopy(self._state)
        for one in _reached(self._function):
            around[one.__name__] = _moved(one, around)
        return _moved(self._function, around)


def _reached(function: Callable) -> Iterator[FunctionType]:
    """The function, and those of its own module that it calls."""
    waiting, seen = [function], set()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, FunctionType) or id(one) in seen:
            continue
        if one.__globals__ is not getattr(function, "__globals__", None):
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__globals__.get(name) for name in one.__code__.co_names]


def _moved(function: FunctionType, around: dict[str, Any]) -> FunctionType:
    """The same function in other surroundings, with defaults of its own."""
    code, name = function.__code__, function.__name__
    defaults = copy.deepcopy(function.__defaults__)
    moved = FunctionType(code, around, name, defaults, function.__closure__)
    moved.__kwdefaults__ = copy.deepcopy(function.__kwdefaults__)
    moved.__dict__.update(
        {key: value for key, value in vars(function).items() if key != "__wrapped__"}
    )
    return moved
