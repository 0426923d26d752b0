"""What a function can change outside itself, as far as its code names it."""

import copy
from collections import deque
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

__all__ = ["changed", "outside"]

_PLAIN = dict | list | set | deque | bytearray | str | bytes | int | float | None


def outside(function: Any) -> dict[str, Any]:
    """Copies of the plain values that `function`, and what it calls, names outside.

    Globals, what it closes over, default arguments, its own attributes and those of the
    classes beside it; by name. Of an object that can be called, its `__call__` and its
    attributes. What else is no function written in Python names nothing.
    """
    found: dict[str, Any] = {}
    for name, value in _own(function).items():
        _keep(f"self.{name}", value, found)
    if not isinstance(function, FunctionType | MethodType | type):
        function = vars(type(function)).get("__call__")
    _gather(function, found, set())
    return found


def changed(before: dict[str, Any], function: Any) -> str:
    """The first name whose value is not what it was; "" if there is none."""
    now = outside(function)
    names = (name for name in before if not _same(before[name], now.get(name)))
    return next(names, "") or next((name for name in now if name not in before), "")


def _gather(function: Any, found: dict[str, Any], seen: set[int]) -> None:
    function = getattr(function, "__func__", function)
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    for name, value in _named(function).items():
        _gather(value, found, seen)
        if isinstance(value, _PLAIN):
            _keep(name, value, found)


def _own(function: Any) -> dict[str, Any]:
    """The plain attributes of the object that a method, or `__call__`, belongs to."""
    of = getattr(function, "__self__", function)
    no_object = isinstance(of, FunctionType | ModuleType | type)
    if no_object or not hasattr(of, "__dict__"):
        return {}
    return {name: one for name, one in vars(of).items() if isinstance(one, _PLAIN)}


def _named(function: FunctionType) -> dict[str, Any]:
    """What the function's code can reach by a name, and that name."""
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    world = function.__globals__
    found = {name: world[name] for name in sorted(names) if name in world}
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in cells:
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    own = {f"{function.__name__}.{name}": v for name, v in vars(function).items()}
    defaults = {**(function.__kwdefaults__ or {})}
    for number, value in enumerate(function.__defaults__ or ()):
        defaults[f"{number}"] = value
    told = {
        f"the default {name} of {function.__name__}": v for name, v in defaults.items()
    }
    return found | own | told | _of_classes(found, function.__module__)


def _of_classes(found: dict[str, Any], module: str) -> dict[str, Any]:
    """The attributes of the classes among `found` that `module` itself defines."""
    return {
        f"{value.__name__}.{name}": one
        for value in found.values()
        if isinstance(value, type) and value.__module__ == module
        for name, one in vars(value).items()
        if not name.startswith("__")
    }


def _codes(code: CodeType) -> list[CodeType]:
    """A function's code, and that of the functions inside it."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [code, *(deeper for one in inner for deeper in _codes(one))]


def _keep(name: str, value: Any, found: dict[str, Any]) -> None:
    try:
        found[name] = copy.deepcopy(value)
    except Exception:  # it holds what cannot be copied: leave it unwatched
        return


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # such as arrays, which do not say yes or no
        return True
