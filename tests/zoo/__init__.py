"""The zoo: wrong answers that a check must reject, right ones that it must accept."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["Animal", "animals", "right", "wrong"]

A = TypeVar("A", bound=Callable[..., Any])

# Module name → its animals, in the order of the file.
_caught: dict[str, list["Animal"]] = {}


@dataclass(frozen=True)
class Animal:
    """An answer, and the verdict that it must get.

    `reason` is a fragment of a wrong answer's reason; it is empty for a right answer.
    `same_as` names another wrong answer which the check cannot tell from this one.
    """

    name: str
    answer: Callable[..., Any]
    status: str
    reason: str = ""
    same_as: str = ""


def wrong(
    reason: str, *, status: str = "failed", same_as: str = ""
) -> Callable[[A], A]:
    """Mark a wrong answer, named after its misconception, with its reason."""
    if not reason.strip() or status == "passed":
        raise ValueError("a wrong answer needs a fragment of the reason it is rejected")
    return lambda answer: _catch(answer, status, reason, same_as)


def right(answer: A) -> A:
    """Mark a right answer that is unlike ours."""
    return _catch(answer, "passed")


def animals(path: Path) -> list[Animal]:
    """Load a file of the zoo; its animals in order."""
    name = f"zoo_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    _caught[name] = []
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return _caught.pop(name)


def _catch(answer: A, status: str, reason: str = "", same_as: str = "") -> A:
    animal = Animal(answer.__name__, answer, status, reason, same_as)
    _caught.setdefault(answer.__module__, []).append(animal)
    return answer
