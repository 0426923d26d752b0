"""Names, functions and containers with the state to which they can be put back."""

from collections.abc import Callable, Iterator
from operator import is_not
from types import FunctionType, ModuleType
from typing import Any

__all__ = ["MISSING", "Container", "Inside", "Place"]

MISSING = object()

PutBack = Callable[[], None]
_PLAIN = {
    "__builtins__",
    "__cached__",
    "__dict__",
    "__doc__",
    "__file__",
    "__loader__",
    "__package__",
    "__path__",
    "__spec__",
    "__warningregistry__",
    "__weakref__",
}


class Place:
    """A module or a class with its names; `ours` if it is of a package that grades."""

    def __init__(self, name: str, owner: Any, *, ours: bool) -> None:
        self.name, self.owner, self.ours = name, owner, ours
        self._before = dict(vars(owner))

    @property
    def values(self) -> list[tuple[str, Any]]:
        """The names and what they stood for."""
        return [(n, v) for n, v in self._before.items() if n not in _PLAIN]

    def differences(self) -> Iterator[tuple[str, Any, Any]]:
        """Each name that means something else now: (name, before, after)."""
        before, now = self._before, vars(self.owner)
        same = not any(map(is_not, before.values(), map(now.get, before)))
        if same and len(before) == len(now):
            return
        now = dict(now)
        for name in {**before, **now} if self.ours else before:
            one, other = before.get(name, MISSING), now.get(name, MISSING)
            if one is not other and name not in _PLAIN:
                yield name, one, other

    def put_back(self, name: str) -> None:
        """Let a name mean what it did; it is gone if it was not there."""
        module = isinstance(self.owner, ModuleType)
        if name in self._before:
            put = vars(self.owner).__setitem__ if module else self._set
            put(name, self._before[name])
        elif module:
            del vars(self.owner)[name]
        else:
            type.__delattr__(self.owner, name)

    def _set(self, name: str, value: Any) -> None:
        type.__setattr__(self.owner, name, value)


class Inside:
    """What a function does: its code, its defaults, and what it closes over."""

    def __init__(self, function: FunctionType) -> None:
        self._function = function
        self._code = function.__code__
        self._defaults = function.__defaults__
        self._kwdefaults = function.__kwdefaults__
        self._cells = [(c, _content(c)) for c in function.__closure__ or ()]

    @property
    def differs(self) -> bool:
        """Whether any of it is another now."""
        function = self._function
        if function.__code__ is not self._code:
            return True
        if function.__defaults__ is not self._defaults:
            return True
        if function.__kwdefaults__ is not self._kwdefaults:
            return True
        return any(_content(cell) is not before for cell, before in self._cells)

    def put_back(self) -> None:
        """Let it do again what it did."""
        self._function.__code__ = self._code
        self._function.__defaults__ = self._defaults
        self._function.__kwdefaults__ = self._kwdefaults
        for cell, before in self._cells:
            if before is not MISSING:
                cell.cell_contents = before


class Container:
    """A dictionary, list or set with the things in it."""

    KINDS = (dict, list, set)

    def __init__(self, thing: Any) -> None:
        self._thing = thing
        self._before = thing.copy()

    @property
    def differs(self) -> bool:
        """Whether other things are in it: not equal ones, which may lie."""
        thing, before = self._thing, self._before
        if len(thing) != len(before):
            return True
        if isinstance(thing, dict):
            return any(thing.get(key, MISSING) is not before[key] for key in before)
        if isinstance(thing, set):
            return {id(one) for one in thing} != {id(one) for one in before}
        return any(map(is_not, thing, before))

    def put_back(self) -> None:
        """Fill it with what was in it."""
        self._thing.clear()
        if isinstance(self._thing, list):
            self._thing.extend(self._before)
        else:
            self._thing.update(self._before)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return MISSING
