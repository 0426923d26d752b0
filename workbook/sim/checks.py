"""Impossible parameters are refused by name and value."""

import math
import operator

__all__ = ["at_least", "between", "count", "positive", "probability"]


def positive(**numbers: float) -> None:
    """Refuse a number that is not above zero and finite, with a ValueError."""
    for name, number in numbers.items():
        if not (_is_number(number) and number > 0):
            raise ValueError(f"{name}={number!r}: it must be above 0, and finite")


def at_least(least: float, **numbers: float) -> None:
    """Refuse a number below `least` or not finite, with a ValueError."""
    for name, number in numbers.items():
        if not (_is_number(number) and number >= least):
            raise ValueError(f"{name}={number!r}: it must be {least:g} or more")


def between(low: float, high: float, **numbers: float) -> None:
    """Refuse a number outside `low` to `high`, with a ValueError."""
    for name, number in numbers.items():
        if not (_is_number(number) and low <= number <= high):
            raise ValueError(f"{name}={number!r}: it must be {low:g} to {high:g}")


def probability(**numbers: float) -> None:
    """Refuse what is no probability, with a ValueError."""
    between(0.0, 1.0, **numbers)


def count(least: int = 1, **numbers: int) -> None:
    """Refuse what is not a whole number of `least` or more, with a ValueError."""
    for name, number in numbers.items():
        try:
            whole = operator.index(number)
        except TypeError:
            raise ValueError(f"{name}={number!r}: it must be a whole number") from None
        if whole < least:
            raise ValueError(f"{name}={number!r}: it must be {least} or more")


def _is_number(number: object) -> bool:
    try:
        return math.isfinite(number)
    except (TypeError, ValueError, OverflowError):
        return False
