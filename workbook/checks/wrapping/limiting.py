"""Exercise 4: a token bucket that is neither generous nor stingy, in any window."""

import random
from collections.abc import Callable
from typing import Any

from workbook.checks.wrapping.tries import Clock, made
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped

__all__ = ["check"]

_RATE, _BURST = 2.0, 5


def check(bucket: Callable) -> Verdict:
    """Whether no window holds more than rate × length + burst, and none much less."""
    return (
        _at_once(bucket)
        or _after_a_quiet_hour(bucket)
        or _in_any_window(bucket)
        or _by_small_steps(bucket)
        or _other_settings(bucket)
        or _two_of_them(bucket)
        or passed("tried: bursts, an hour of quiet, 200 random days, and small steps")
    )


def _at_once(bucket: Callable) -> Verdict | None:
    one = _made(bucket, Clock())
    given = sum(_take(one) for _ in range(20))
    if given > _BURST:
        return failed(
            f"It gives {given} tokens at one moment, and holds {_BURST}.",
            look="Each `take()` that says True takes a token out.",
        )
    if given < _BURST:
        return failed(
            f"It is full at first, and gives only {given} of {_BURST} tokens at once.",
            look="Begin with `burst` tokens.",
        )
    return None


def _after_a_quiet_hour(bucket: Callable) -> Verdict | None:
    clock = Clock()
    one = _made(bucket, clock)
    clock.advance(3600)
    given = sum(_take(one) for _ in range(50))
    if given > _BURST:
        return failed(
            f"After a quiet hour it gives {given} tokens at once, and holds {_BURST}.",
            look="Cap the tokens at `burst` when you add the new ones.",
        )
    return None


def _in_any_window(bucket: Callable) -> Verdict | None:
    days = {seed: _day(bucket, seed) for seed in range(200)}
    for made_s in days.values():
        found = _too_many(made_s)
        if found:
            return found
    if any(len(made_s) < _ours(seed) - 1 for seed, made_s in days.items()):
        return failed(
            "On a random day it refuses calls for which there are tokens.",
            look=f"{_RATE:g} tokens a second come in, parts of a token too, and a "
            "refusal takes none.",
        )
    return None


def _day(bucket: Callable, seed: int) -> list[float]:
    """The moments at which calls are let through on a random day, in seconds."""
    clock, made_s = Clock(), []
    one = _made(bucket, clock)
    for pause_s in _pauses(seed):
        clock.advance(pause_s)
        if _take(one):
            made_s.append(clock())
    return made_s


def _pauses(seed: int) -> list[float]:
    return random.Random(seed).choices((0.0, 0.05, 0.1, 0.5, 0.9, 3.0), k=60)


def _too_many(made_s: list[float]) -> Verdict | None:
    for first, start_s in enumerate(made_s):
        for last in range(first, len(made_s)):
            most = _RATE * (made_s[last] - start_s) + _BURST
            if last - first + 1 > most + 1e-6:
                return failed(
                    "There is a window in which it lets more calls through than rate "
                    "× length + burst.",
                    look="Give a token only if a whole one is there. Add tokens for "
                    "the time that really passed, and note the moment each time.",
                )
    return None


def _ours(seed: int) -> int:
    """How many calls an exact bucket lets through on the same day."""
    tokens, given = float(_BURST), 0
    for pause_s in _pauses(seed):
        tokens = min(_BURST, tokens + pause_s * _RATE)
        if tokens >= 1 - 1e-9:
            tokens, given = tokens - 1, given + 1
    return given


def _by_small_steps(bucket: Callable) -> Verdict | None:
    clock = Clock()
    one = _made(bucket, clock)
    given = 0
    for _ in range(1_000):
        clock.advance(0.01)
        given += _take(one)
    wanted = _BURST + round(_RATE * 10)
    if abs(given - wanted) <= 1:
        return None
    return failed(
        f"Asked a hundred times a second for ten seconds it gives {given} tokens, and "
        f"{wanted} is right.",
        look="Parts of a token add up: keep them, whether you give a token or not.",
    )


def _other_settings(bucket: Callable) -> Verdict | None:
    clock = Clock()
    one = made(bucket, "take", 4.0, 3, clock)
    given = sum(_take(one) for _ in range(9))
    clock.advance(0.5)
    given += sum(_take(one) for _ in range(9))
    if given == 5:  # three to begin with, and half a second of four
        return None
    return failed(
        f"With 4 a second and a burst of 3 it gives {given} tokens in half a second, "
        "and 5 is right.",
        look="Use the arguments, not their values in the example.",
    )


def _two_of_them(bucket: Callable) -> Verdict | None:
    clock = Clock()
    one, other = _made(bucket, clock), _made(bucket, clock)
    for _ in range(_BURST):
        _take(one)
    if not _take(other):
        return failed(
            "One bucket's calls empty another bucket.",
            look="Keep the tokens in `self`, not in the class or a global.",
        )
    return None


def _made(bucket: Callable, clock: Clock) -> Any:
    return made(bucket, "take", _RATE, _BURST, clock)


def _take(one: Any) -> bool:
    answer = call(one.take)
    if answer is True or answer is False:
        return answer
    raise Stopped(failed("`take()` answers neither True nor False."))
