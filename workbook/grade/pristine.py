"""Has a submission changed what the checks lean on? Put back what it changed.

Watched are the package's own modules with all their names, and those modules of others
that it uses with their functions and classes. What honest work changes by itself is
found out beforehand, by looking before and after some of it: `learn`.
"""

import builtins
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from workbook.grade.watched import MISSING, Container, Inside, Place

__all__ = ["Pristine"]

_NOW = vars(builtins)
_HEAP_TYPE, _IMMUTABLE = 1 << 9, 1 << 8  # of a class: can its names change at all?

_FIXED = (FunctionType, type, property, classmethod, staticmethod)

Difference = tuple[str, Callable[[], None]]  # a name, and what puts it back


class Pristine:
    """The state of everything watched at the moment it is made.

    `packages` are those that grade. Of their names, those in capitals are constants;
    other data is state, which changes while they work.
    """

    def __init__(self, packages: tuple[str, ...] = ("workbook",)) -> None:
        self._usual: set[str] = set()
        self._builtins = dict(_NOW)
        self._places: list[Place] = []
        self._parts: dict[int, tuple[str, Inside | Container]] = {}
        self._modules = dict(_watched(packages))
        for name, module in self._modules.items():
            self._add(Place(name, module, ours=_of(name, packages)))
        others = [m for n, m in list(sys.modules.items()) if n != "__main__"]
        self._known = {id(vars(m)): m for m in others if isinstance(m, ModuleType)}

    def learn(self) -> None:
        """Count what differs at this moment as usual: honest work did it."""
        self._usual |= {name for name, _ in self._differences()}

    def changes(self, *, undo: bool = False) -> list[str]:
        """The names that were changed and are not usually; put back if `undo`.

        Python's own functions always are, and first: what follows is in need of them.
        """
        found = self.put_builtins_back()
        for name, put_back in list(self._differences()):
            if name not in self._usual:
                found.append(name)
                with suppress(Exception):  # it stays on the list: that is enough
                    put_back() if undo else None
        if undo:
            for trace in (sys, threading):
                trace.settrace(None)
                trace.setprofile(None)
        return found

    def put_builtins_back(self) -> list[str]:
        """As `changes`, for `len` and the like, and without calling any of them."""
        found, now = [], _NOW
        for name, value in self._builtins.items():
            if name not in now or now[name] is not value:
                now[name] = value
                found.append(f"builtins.{name}")
        return found

    def _add(self, place: Place) -> None:
        self._places.append(place)
        for key, value in place.values:
            full = f"{place.name}.{key}"
            if isinstance(value, FunctionType):
                self._parts.setdefault(id(value), (f"{full}()", Inside(value)))
            elif place.ours and key.isupper() and type(value) in Container.KINDS:
                self._parts.setdefault(id(value), (f"{full}[…]", Container(value)))
            elif _can_change(value) and value.__module__ == place.name:
                self._add(Place(full, value, ours=place.ours))

    def _differences(self) -> Iterator[Difference]:
        for name, module in self._modules.items():
            if sys.modules.get(name) is not module:
                put_back = partial(sys.modules.__setitem__, name, module)
                yield f"sys.modules[{name!r}]", put_back
        for place in self._places:
            for name, before, after in place.differences():
                if self._counts(place, name, before, after):
                    yield f"{place.name}.{name}", partial(place.put_back, name)
        for name, part in self._parts.values():
            if part.differs:
                yield name, part.put_back

    def _counts(self, place: Place, name: str, before: Any, after: Any) -> bool:
        """Whether a difference is one that honest work does not make.

        Of ours, a function, class or constant that is another, a new method, and a new
        name that hides one of Python's. Everywhere, what code of a submission puts in
        the place of anything that can be called.
        """
        if place.ours and (isinstance(before, _FIXED) or name.isupper()):
            return True
        if before is MISSING:
            a_class = isinstance(place.owner, type)
            return isinstance(after, _FIXED) if a_class else name in self._builtins
        return callable(before) and self._is_foreign(after)

    def _is_foreign(self, value: Any) -> bool:
        """Whether a value was made by code that no module holds."""
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


def _can_change(value: Any) -> bool:
    """Whether it is a class to whose names something else can be given."""
    flags = value.__flags__ if isinstance(value, type) else 0
    return bool(flags & _HEAP_TYPE) and not flags & _IMMUTABLE
