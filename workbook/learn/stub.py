"""Has the learner begun? An untouched stub raises NotImplementedError("your turn")."""

import functools
from collections.abc import Iterator
from types import CodeType, FunctionType, MethodType

__all__ = ["YOUR_TURN", "is_your_turn", "still_a_stub"]

YOUR_TURN = "your turn"


def is_your_turn(error: BaseException | None) -> bool:
    """Whether `error` is the one that a stub raises."""
    return type(error) is NotImplementedError and error.args == (YOUR_TURN,)


def still_a_stub(answer: object) -> bool:
    """Whether the stub's line can still be reached in `answer` (never runs it).

    Looks into nested functions, methods, closures and `functools.partial`; the compiler
    has already dropped a line that follows a `return`.
    """
    return any(_has_the_line(code) for code in _codes(answer, set()))


def _has_the_line(code: CodeType) -> bool:
    return YOUR_TURN in code.co_consts and "NotImplementedError" in code.co_names


def _codes(thing: object, seen: set[int]) -> Iterator[CodeType]:
    """Each code object that belongs to `thing`, once."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, CodeType):
        yield thing
    for part in _parts(thing):
        yield from _codes(part, seen)


def _parts(thing: object) -> list[object]:
    """What `thing` is made of, one level down."""
    if isinstance(thing, CodeType):
        return [const for const in thing.co_consts if isinstance(const, CodeType)]
    if isinstance(thing, FunctionType):
        return [thing.__code__, *_enclosed(thing)]
    if isinstance(thing, functools.partial):
        return [thing.func]
    if isinstance(thing, type):
        return [part for part in vars(thing).values() if _is_method(part)]
    if isinstance(thing, MethodType | staticmethod | classmethod):
        return [thing.__func__]
    return []


def _is_method(part: object) -> bool:
    return isinstance(part, FunctionType | staticmethod | classmethod)


def _enclosed(function: FunctionType) -> list[object]:
    """The functions that `function` closes over, as a decorator's wrapper does."""
    found: list[object] = []
    for cell in function.__closure__ or ():
        try:
            content = cell.cell_contents
        except ValueError:  # not filled yet
            continue
        if isinstance(content, FunctionType | type | functools.partial):
            found.append(content)
    return found
