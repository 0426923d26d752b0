"""Labels on poles: words above a line, each at its own place, none on another.

A flag stands to the right or the left of its pole, at one of several levels. Where its
words are in the way of another flag's pole, that other flag has to stand lower, or the
pole would go through the words. Of all ways to set the flags the flattest is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from workbook.figures.text import shorten, width

__all__ = ["Flag", "place_flags"]

_GAP = 5.0  # points between two flags of a level
_BESIDE = 3.0  # between words and their own pole
_NEAR = 2.0  # between words and another's pole
_WAYS = 256  # ways to set flags that are tried: all of them for up to eight


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

    A pole goes through another flag's words only where no other way was found.
    """
    order = sorted(range(len(labels)), key=lambda i: labels[i][0])
    choices = [_choices(*labels[i], low, high) for i in order]
    ways = [list(way) for way in islice(product(*choices), _WAYS)]
    stacked = [flags for way in ways if (flags := _stack(way, _below(way)))]
    best = min(stacked, key=_height) if stacked else _stack(ways[0], {})
    placed = dict(zip(order, best, strict=True))
    return [placed[i] for i in range(len(labels))]


def _choices(pole: float, words: str, low: float, high: float) -> list[Flag]:
    """The flag at the right and the left of its pole, or where the page lets it."""
    words = shorten(words, high - low)
    wide = width(words)
    lefts = [pole + _BESIDE, pole - _BESIDE - wide]
    fitting = [left for left in lefts if low <= left and left + wide <= high]
    fitting = fitting or [min(max(pole - wide / 2, low), high - wide)]
    return [Flag(words, pole, left, left + wide) for left in fitting]


def _below(flags: list[Flag]) -> dict[int, set[int]]:
    """For each flag the ones that must stand lower: their poles meet its words."""
    return {
        i: {j for j, other in enumerate(flags) if j != i and _meets(other, flag)}
        for i, flag in enumerate(flags)
    }


def _meets(other: Flag, flag: Flag) -> bool:
    """Whether the other's pole is where the flag's words are."""
    drawn = flag.words and other.words
    return bool(drawn) and flag.left - _NEAR < other.pole < flag.right + _NEAR


def _stack(flags: list[Flag], below: dict[int, set[int]]) -> list[Flag] | None:
    """The flags with their levels, as low as they may; None if there are none such."""
    placed: dict[int, Flag] = {}
    while len(placed) < len(flags):
        free = [i for i in range(len(flags)) if i not in placed]
        ready = [i for i in free if below.get(i, set()) <= placed.keys()]
        if not ready:
            return None
        i = ready[-1]
        least = 1 + max((placed[j].level for j in below.get(i, ())), default=-1)
        placed[i] = _lowest(flags[i], least, list(placed.values()))
    return [placed[i] for i in range(len(flags))]


def _lowest(flag: Flag, level: int, others: list[Flag]) -> Flag:
    while any(other.level == level and _overlap(flag, other) for other in others):
        level += 1
    return replace(flag, level=level)


def _overlap(one: Flag, other: Flag) -> bool:
    if not (one.words and other.words):
        return False
    return one.left - _GAP < other.right and other.left - _GAP < one.right


def _height(flags: list[Flag]) -> int:
    return max((flag.level for flag in flags), default=0)
