"""Let virtual time run until sources and functions have nothing left to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .. import clock

__all__ = ["Summary", "settle"]


@dataclass(frozen=True)
class Summary:
    """What a wait did: `elapsed_s` is virtual, `waiting` names what is left."""

    invocations: int
    errors: int
    elapsed_s: float
    waiting: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Whether nothing was left to do."""
        return not self.waiting

    def __repr__(self) -> str:
        """Two short clauses, the same in every run."""
        left = "nothing left" if self.done else f"left: {', '.join(self.waiting)}"
        return (
            f"<{self.invocations} invocations, {self.errors} failed, in "
            f"{self.elapsed_s:g} s of virtual time; {left}>"
        )


def settle(*parts: Any, within_s: float = 21_600.0) -> Summary:
    """Step the clock from one due moment to the next until all `parts` are idle.

    `parts` are sources and functions; the functions that they invoke, and those
    that are destinations, count too. Stops early when nothing is due any more or
    the next moment lies beyond `within_s` virtual seconds; the clock then stands at
    the last moment that was reached, and ``Summary.waiting`` says what is left.
    """
    sources = [part for part in parts if hasattr(part, "poll")]
    functions = _functions(parts)
    start_s, seen = clock.seconds(), [len(function.log) for function in functions]
    for source in sources:
        source.arm()
    try:
        _run([*sources, *functions], sources, start_s + within_s)
    finally:
        for source in sources:
            source.disarm()
    fresh = [i for f, n in zip(functions, seen, strict=True) for i in f.log[n:]]
    errors = sum(not invocation.ok for invocation in fresh)
    left = tuple(_describe(p) for p in [*sources, *functions] if not p.idle)
    return Summary(len(fresh), errors, round(clock.seconds() - start_s, 3), left)


def _run(everything: list[Any], sources: list[Any], until_s: float) -> None:
    while True:
        _poll_until_quiet(everything, sources)
        due_s = clock.next_due()
        if all(part.idle for part in everything) or due_s is None or due_s > until_s:
            return
        clock.advance_to(max(due_s, clock.seconds()))


def _poll_until_quiet(everything: list[Any], sources: list[Any]) -> None:
    """Poll all sources, again while they call functions: one may feed another."""
    before = None
    while (begun := _begun(everything)) != before:
        before = begun
        for source in sources:
            source.poll()


def _begun(everything: list[Any]) -> int:
    """How many invocations the functions have begun so far."""
    functions = [part for part in everything if hasattr(part, "asynchronous")]
    return sum(function.begun for function in functions)


def _functions(parts: tuple[Any, ...]) -> list[Any]:
    found: dict[int, Any] = {}
    for part in parts:
        for function in _reachable(getattr(part, "function", part)):
            found.setdefault(id(function), function)
    return list(found.values())


def _reachable(function: Any, seen: tuple[int, ...] = ()) -> Iterator[Any]:
    yield function
    config = function.asynchronous.config
    for next_one in (config.on_success, config.on_failure):
        if hasattr(next_one, "asynchronous") and id(next_one) not in seen:
            yield from _reachable(next_one, (*seen, id(function)))


def _describe(part: Any) -> str:
    if hasattr(part, "describe_left"):
        return part.describe_left()
    waiting = part.asynchronous.waiting
    return f"{part.name}: {part.running} running, {waiting} events waiting"
