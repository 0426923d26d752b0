"""Has a submission changed what the checks lean on? Put back what it changed.

Watched are the package's own modules with all their names, and those modules of others
that it uses with their functions and classes. What honest work changes by itself is
found out beforehand, by looking before and after some of it: `learn`.
"""

import builtins
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

__all__ = ["Pristine"]

_MISSING = object()
_NOW = vars(builtins)
_HEAP_TYPE, _IMMUTABLE = 1 << 9, 1 << 8  # of a class: can its names change at all?
_INSIDE = ("__code__", "__defaults__", "__kwdefaults__")
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


@dataclass
class _Place:
    """A module or a class with its names as they were; `ours` if of the package."""

    name: str
    owner: Any
    names: dict[str, Any]
    ours: bool

    @property
    def now(self) -> Any:
        return vars(self.owner)

    def put_back(self, name: str) -> None:
        if isinstance(self.owner, ModuleType):
            if name in self.names:
                self.now[name] = self.names[name]
            else:
                del self.now[name]
        elif name in self.names:
            type.__setattr__(self.owner, name, self.names[name])
        else:
            type.__delattr__(self.owner, name)


@dataclass
class Pristine:
    """The state of everything watched at the moment it is made."""

    packages: tuple[str, ...] = ("workbook",)
    places: list[_Place] = field(default_factory=list)
    inside: dict[str, tuple[FunctionType, tuple]] = field(default_factory=dict)
    held: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    modules: dict[str, ModuleType] = field(default_factory=dict)
    usual: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._builtins = dict(vars(builtins))
        self._seen: set[int] = set()
        for name, module in list(_watched(self.packages)):
            self.modules[name] = module
            self._add(name, module, ours=_of(name, self.packages))
        others = [m for n, m in list(sys.modules.items()) if n != "__main__"]
        self._known = {id(vars(m)): m for m in others if isinstance(m, ModuleType)}

    def learn(self) -> None:
        """Count what differs at this moment as usual: honest work did it."""
        self.usual |= {name for name, _ in self._differences()}

    def changes(self, *, undo: bool = False) -> list[str]:
        """The names that were changed and are not usually; put back if `undo`.

        Python's own functions always are, and first: what follows is in need of them.
        """
        found = self.put_builtins_back()
        for name, put_back in list(self._differences()):
            if name not in self.usual:
                found.append(name)
                if undo:
                    with suppress(Exception):  # it stays on the list: that is enough
                        put_back()
        if undo:
            sys.settrace(None)
            sys.setprofile(None)
            threading.settrace(None)
            threading.setprofile(None)
        return found

    def put_builtins_back(self) -> list[str]:
        """As `changes`, for `len` and the like, and without calling any of them."""
        found, now = [], _NOW
        for name, value in self._builtins.items():
            if name not in now or now[name] is not value:
                now[name] = value
                found.append(f"builtins.{name}")
        return found

    def _add(self, name: str, owner: Any, *, ours: bool) -> None:
        names = dict(vars(owner))
        self.places.append(_Place(name, owner, names, ours))
        for key, value in names.items():
            if key in _PLAIN:
                continue
            full = f"{name}.{key}"
            if isinstance(value, FunctionType) and id(value) not in self._seen:
                self._seen.add(id(value))
                self.inside[full] = (value, _inside(value))
            elif ours and type(value) in (dict, list, set):
                self.held[full] = (value, value.copy())
            elif isinstance(value, type) and value.__module__ == name:
                self._add_class(full, value, ours)

    def _add_class(self, full: str, value: type, ours: bool) -> None:
        if value.__flags__ & _HEAP_TYPE and not value.__flags__ & _IMMUTABLE:
            self._add(full, value, ours=ours)

    def _differences(self) -> Iterator[tuple[str, Any]]:
        """Each name that is not as it was, with a function that puts it back."""
        for name, module in self.modules.items():
            if sys.modules.get(name) is not module:
                yield f"sys.modules[{name!r}]", _setter(sys.modules, name, module)
        for place in self.places:
            yield from self._names(place)
        for name, (function, before) in self.inside.items():
            if not _same(_inside(function), before):
                yield f"{name}()", _refill(function, before)
        for name, (thing, before) in self.held.items():
            if not _equal(thing, before):
                yield f"{name}[…]", _refilled(thing, before)

    def _names(self, place: _Place) -> Iterator[tuple[str, Any]]:
        now = dict(place.now)
        for key in now.keys() | place.names.keys() if place.ours else place.names:
            before, after = place.names.get(key, _MISSING), now.get(key, _MISSING)
            if before is after or key in _PLAIN:
                continue
            if place.ours:
                odd = not isinstance(
                    after if before is _MISSING else before, ModuleType
                )
            else:
                odd = callable(before) and self._is_foreign(after)
            if odd:
                yield f"{place.name}.{key}", _back(place, key)

    def _is_foreign(self, value: Any) -> bool:
        """Whether a value was made by code that no module holds: by a submission's."""
        if isinstance(value, FunctionType):
            return id(value.__globals__) not in self._known
        if isinstance(value, type):
            return value.__module__ not in sys.modules or value.__module__ == "__main__"
        return type(value).__module__ == "__main__" or not callable(value)


def _watched(packages: tuple[str, ...]) -> Iterator[tuple[str, ModuleType]]:
    """The packages' modules, and the modules that their names come from."""
    ours = {n: m for n, m in sys.modules.items() if m and _of(n, packages)}
    used = {"sys": sys}
    for module in ours.values():
        for value in list(vars(module).values()):
            name = value.__name__ if isinstance(value, ModuleType) else None
            name = name or getattr(value, "__module__", None)
            if isinstance(name, str) and isinstance(sys.modules.get(name), ModuleType):
                used[name] = sys.modules[name]
    used.pop("builtins", None)  # see put_builtins_back
    every = {**used, **ours}
    yield from ((n, m) for n, m in every.items() if not _of(n, (__package__,)))


def _of(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in packages)


def _inside(function: FunctionType) -> tuple:
    cells = function.__closure__ or ()
    return *(getattr(function, name) for name in _INSIDE), *map(_content, cells)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return _MISSING


def _same(one: tuple, other: tuple) -> bool:
    return all(a is b for a, b in zip(one, other, strict=True))


def _equal(thing: Any, before: Any) -> bool:
    """The same things, not only equal ones, without asking a learner's `__eq__`."""
    if len(thing) != len(before):
        return False
    if isinstance(thing, dict):
        return all(thing.get(key, _MISSING) is before[key] for key in before)
    if isinstance(thing, set):
        return {id(one) for one in thing} == {id(one) for one in before}
    return all(a is b for a, b in zip(thing, before, strict=True))


def _setter(where: dict, name: str, value: Any) -> Any:
    return lambda: where.__setitem__(name, value)


def _back(place: _Place, key: str) -> Any:
    return lambda: place.put_back(key)


def _refill(function: FunctionType, before: tuple) -> Any:
    def put_back() -> None:
        for name, value in zip(_INSIDE, before, strict=False):
            setattr(function, name, value)
        for cell, value in zip(
            function.__closure__ or (), before[len(_INSIDE) :], strict=True
        ):
            if value is not _MISSING:
                cell.cell_contents = value

    return put_back


def _refilled(thing: Any, before: Any) -> Any:
    def put_back() -> None:
        thing.clear()
        thing.update(before) if hasattr(thing, "update") else thing.extend(before)

    return put_back
