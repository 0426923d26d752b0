"""Another execution environment, as far as an answer can tell it from the first."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

__all__ = ["another_environment"]


@contextmanager
def another_environment(answer: Callable) -> Iterator[None]:
    """Let `hash` give the learner's code other numbers, as in another process.

    Python salts the hash of a text with a number that each process draws for itself:
    https://docs.python.org/3/reference/datamodel.html#object.__hash__
    Nobody else's `hash` changes: the salted one is put beside the learner's functions.
    """
    places = [names for names in _namespaces(answer) if "hash" not in names]
    for names in places:
        names["hash"] = _salted
    try:
        yield
    finally:
        for names in places:
            del names["hash"]


def _salted(value: Any) -> int:
    return hash(("another environment", value))


def _namespaces(answer: Callable) -> list[dict]:
    """The global names that the functions of an answer see, each namespace once."""
    parts = vars(answer).values() if isinstance(answer, type) else ()
    functions = [inspect.unwrap(part) for part in (answer, *parts) if callable(part)]
    found = [f.__globals__ for f in functions if isinstance(f, FunctionType)]
    return list({id(names): names for names in found}.values())
