"""Labels on poles: words above a line, each at its own place, none on another.

A flag stands beside its pole at one of several levels. Placed from right to left
and each as low as it may, early flags' poles pass to the left of late ones' words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.figures.text import shorten, width

__all__ = ["Flag", "place_flags"]

_GAP = 8.0  # points between two flags of a level
_NEAR = 3.0  # between words and a pole
_LEVELS = 12


@dataclass(frozen=True)
class Flag:
    """Words from `left` to `right` (points), whose pole stands at `pole`."""

    words: str
    pole: float
    left: float
    right: float
    level: int = 0


def place_flags(
    labels: Sequence[tuple[float, str]], low: float, high: float
) -> list[Flag]:
    """Flags between `low` and `high` for (pole, words), in the order given.

    Words stand to the right of their pole, or to the left where the page ends.
    """
    cut = [(pole, shorten(words, high - low)) for pole, words in labels]
    to_left = {i for i, (pole, words) in enumerate(cut) if pole + width(words) > high}
    order = sorted(to_left, key=lambda i: cut[i][0])
    rest = set(range(len(cut))) - to_left
    order += sorted(rest, key=lambda i: cut[i][0], reverse=True)
    placed: dict[int, Flag] = {}
    for i in order:
        placed[i] = _lowest(*cut[i], list(placed.values()), low, high)
    return [placed[i] for i in range(len(cut))]


def _lowest(pole: float, words: str, others: list[Flag], low, high) -> Flag:
    wide = width(words)
    lefts = [left for left in (pole, pole - wide) if low <= left <= high - wide]
    lefts.append(min(max(pole - wide / 2, low), high - wide))
    for level in range(_LEVELS):
        for left in lefts:
            flag = Flag(words, pole, left, left + wide, level)
            if not any(_touch(flag, other) for other in others):
                return flag
    top = 1 + max(other.level for other in others)
    return Flag(words, pole, lefts[0], lefts[0] + wide, top)


def _touch(one: Flag, other: Flag) -> bool:
    """Whether the words overlap or either's pole goes through the other's words."""
    if one.level == other.level:
        return one.left - _GAP < other.right and other.left - _GAP < one.right
    upper, lower = (one, other) if one.level > other.level else (other, one)
    return lower.left - _NEAR < upper.pole < lower.right + _NEAR
