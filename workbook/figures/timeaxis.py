"""A time axis across a page: from times to points, and the line with its numbers."""

from dataclasses import dataclass

from workbook.figures.glyphs import rule
from workbook.figures.style import CONTEXT, RULE, write
from workbook.figures.text import shorten
from workbook.figures.ticks import SIXTIES, fitting, linear_ticks, numbers

__all__ = ["TimeScale", "draw_time_axis"]


@dataclass(frozen=True)
class TimeScale:
    """From times to points across the page."""

    first: float
    last: float
    left: float
    right: float

    def __call__(self, time: float) -> float:
        share = (time - self.first) / ((self.last - self.first) or 1)
        return self.left + share * (self.right - self.left)


def draw_time_axis(axes, scale: TimeScale, top: float, y: float, unit: str) -> None:
    """Draw the axis at `y`, with fine lines up to `top`, and its label."""
    rule(axes, (scale.left, scale.right), (y, y), color=CONTEXT, linewidth=0.9)
    ticks = fitting(lambda most: _times(scale, most), numbers, scale)
    for time, words in zip(ticks, numbers(ticks), strict=True):
        x = scale(time)
        rule(axes, (x, x), (top, y), color=RULE, linewidth=0.6, zorder=0.5)
        rule(axes, (x, x), (y, y + 4), color=CONTEXT, linewidth=0.9)
        write(axes, x, y + 7, words, ha="center", va="top")
    middle = (scale.left + scale.right) / 2
    label = shorten(f"time ({unit})", scale.right - scale.left)
    write(axes, middle, y + 20, label, ha="center", va="top")


def _times(scale: TimeScale, most: int) -> list[float]:
    return linear_ticks(scale.first, scale.last, most, steps=SIXTIES)
