"""Refuse a setting that AWS would refuse, in AWS's own words for it."""

from collections.abc import Iterable

__all__ = ["one_of", "within"]


def within(name: str, value: float, low: float, high: float) -> None:
    """Raise ``ValueError`` unless `value` is a number from `low` to `high`.

    `name` is AWS's name of the parameter, so that a reader can look it up.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise ValueError(f"{name} must be from {low:g} to {high:g}, not {value!r}")


def one_of(name: str, value: object, allowed: Iterable[str]) -> None:
    """Raise ``ValueError`` unless `value` is one of the `allowed` words."""
    words = list(allowed)
    if value not in words:
        raise ValueError(f"{name} must be one of {', '.join(words)}, not {value!r}")
