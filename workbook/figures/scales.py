"""The scales of axes with curves: plain numbers, and room for them at the left."""

import numpy as np
from matplotlib.ticker import FixedFormatter, FixedLocator, NullFormatter, NullLocator

from workbook.figures.style import MARGIN, POINTS
from workbook.figures.text import width
from workbook.figures.ticks import fitting, linear_ticks, log_ticks, numbers

__all__ = ["scale_axes"]

_MOST_UP = 6  # numbers up the side: the figure is wider than it is high
_OUT = 10.0  # points from the numbers at the side to the axis


def scale_axes(axes, *, log_x: bool, log_y: bool) -> None:
    """Set the scales of axes whose curves are drawn, and the numbers along them."""
    axes.set_xscale("log" if log_x else "linear")
    axes.set_yscale("log" if log_y else "linear")
    if not log_y and axes.dataLim.y0 >= 0:
        axes.set_ylim(bottom=0)
    low, high = axes.get_ylim()
    ups = log_ticks(low, high) if log_y else linear_ticks(low, high, _MOST_UP)
    _number(axes.yaxis, ups, log_y)
    _make_room(axes, _words(ups, log_y))
    low, high = axes.get_xlim()
    ticks = log_ticks if log_x else linear_ticks
    along = fitting(
        lambda most: ticks(low, high, most),
        lambda values: _words(values, log_x),
        lambda value: _across(axes, value),
    )
    _number(axes.xaxis, along, log_x)


def _words(values: list[float], is_log: bool) -> list[str]:
    """The numbers in words: each by itself where they are apart by factors."""
    return [numbers([v])[0] for v in values] if is_log else numbers(values)


def _number(axis, values: list[float], is_log: bool) -> None:
    axis.set_major_locator(FixedLocator(values))
    axis.set_major_formatter(FixedFormatter(_words(values, is_log)))
    axis.set_minor_formatter(NullFormatter())
    if not is_log:
        axis.set_minor_locator(NullLocator())


def _make_room(axes, words: list[str]) -> None:
    """Move the left end of the axes to where the numbers beside it fit the page."""
    place, page = axes.get_position(), axes.figure.get_figwidth() * POINTS
    left = (MARGIN + max(map(width, words), default=0) + _OUT) / page
    place.x0 = max(place.x0, left)
    axes.set_position(place)


def _across(axes, value: float) -> float:
    """Where `value` of the x axis is, in points from the left."""
    at = axes.transData.transform((value, np.mean(axes.get_ylim())))[0]
    return at * POINTS / axes.figure.dpi
