"""Curves in the house style: each with its name at its end, a dash and a marker."""

from collections.abc import Mapping, Sequence

import numpy as np

from workbook.figures.endnames import name_curves, names_width
from workbook.figures.picture import Picture
from workbook.figures.scales import scale_axes
from workbook.figures.style import (
    CONTEXT,
    DASHES,
    HEIGHT_IN,
    MARGIN,
    MARKERS,
    POINTS,
    RULE,
    TINTS,
    WIDTH_IN,
    draw_title,
    house_style,
    kind_color,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, SIZE, spoken, wrap

__all__ = ["curves", "in_words"]

_PITCH = SIZE * LINE
_LEFT, _BELOW = 52.0, 42.0  # points for the numbers at the left and below

Pair = tuple[Sequence[float], Sequence[float]]


def curves(
    x: Sequence[float],
    ys: Mapping[str, Sequence[float]],
    *,
    title: str,
    x_label: str,
    y_label: str,
    kinds: Mapping[str, str] | None = None,
    points: Mapping[str, Pair] | None = None,
    log_x: bool = False,
    log_y: bool = False,
    bands: Mapping[str, Pair] | None = None,
    caption: str = "",
) -> Picture:
    """A line for each of `ys` over `x`, named at its right end.

    `kinds` says which lines are "healthy" (the default), "fault" or "context".
    `points` gives measured (x, y) to draw over the line of the same name, `bands` the
    (low, high) round it, both over `x`. Say the unit, and "log scale", in the labels.
    Raises ValueError for what cannot be drawn: an unknown kind, a name without a line,
    unequal lengths, a line without values, a log scale of 0 or less.
    """
    kinds, points, bands = kinds or {}, points or {}, bands or {}
    _check_names(ys, kinds, points, bands)
    _check_values(x, ys, points, bands)
    _check_logs(x, ys, points, log_x, log_y)
    with house_style():
        figure, axes = _frame(title, x_label, y_label, list(ys))
        for name, y in ys.items():
            _draw_curve(axes, name, x, y, kinds, points.get(name), bands.get(name))
        scale_axes(axes, log_x=log_x, log_y=log_y)
        name_curves(figure, axes, ys, kinds)
    return Picture(
        figure, title, caption=caption, text=in_words(x, ys, x_label, y_label)
    )


def _check_names(ys, kinds, points, bands) -> None:
    if not ys:
        raise ValueError("curves needs at least one line")
    for option, given in (("kinds", kinds), ("points", points), ("bands", bands)):
        unknown = sorted(set(given) - set(ys))
        if unknown:
            raise ValueError(f"{option} names {unknown}, but the lines are {list(ys)}")
    for kind in kinds.values():
        kind_color(kind)


def _check_values(x, ys, points, bands) -> None:
    if len(x) < 2:  # noqa: PLR2004 - a line has two ends
        raise ValueError(f"x has {len(x)} values: a line needs two or more")
    over_x = [(name, y) for name, y in ys.items()]
    over_x += [(f"the band of {name}", y) for name, of in bands.items() for y in of]
    for name, y in over_x:
        if len(y) != len(x):
            raise ValueError(f"{name!r} has {len(y)} values for {len(x)} of x")
    for name, y in ys.items():
        if not np.isfinite(y).any():
            raise ValueError(f"{name!r} has no finite value: leave that line out")
    for name, (at, y) in points.items():
        if len(at) != len(y):
            raise ValueError(f"the points of {name!r} have {len(y)} y for {len(at)} x")


def _check_logs(x, ys, points, log_x: bool, log_y: bool) -> None:
    """Refuse what a log scale would leave out without a word."""
    given = [("x", log_x, x)] + [(repr(name), log_y, y) for name, y in ys.items()]
    for name, (at, y) in points.items():
        given.append((f"the points' x of {name!r}", log_x, at))
        given.append((f"the points of {name!r}", log_y, y))
    for what, is_log, values in given:
        if is_log and (np.asarray(values, dtype=float) <= 0).any():
            raise ValueError(
                f"{what} has values of 0 or less, which a log scale cannot show: "
                "leave them out, or use a linear scale"
            )


def _frame(title: str, x_label: str, y_label: str, names: list[str]):
    """A figure with its title, and axes that leave room for the names at the right."""
    height, page_width = HEIGHT_IN * POINTS, WIDTH_IN * POINTS
    figure, paper = page(height)
    lines = title_lines(title, page_width - 2 * MARGIN)
    top = draw_title(paper, lines, MARGIN, MARGIN) + 6
    for line in wrap(y_label, page_width - 2 * MARGIN):
        write(paper, MARGIN, top, line, va="top", color=CONTEXT)
        top += _PITCH
    right = page_width - (MARGIN + 8 + names_width(names))
    below = wrap(x_label, right - _LEFT)
    foot = _BELOW + (len(below) - 1) * _PITCH
    place = (_LEFT, foot, right - _LEFT, height - top - 6 - foot)
    whole = (page_width, height) * 2
    axes = figure.add_axes([p / w for p, w in zip(place, whole, strict=True)])
    axes.set_xlabel("\n".join(below))
    axes.grid(axis="y", color=RULE, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def _draw_curve(axes, name: str, x, y, kinds, points, band) -> None:
    kind = kinds.get(name, "healthy")
    color = kind_color(kind)
    if band is not None:
        axes.fill_between(x, *band, color=TINTS[kind], linewidth=0)
    axes.plot(x, y, color=color, linestyle=DASHES[kind], linewidth=1.9)
    if points is not None:
        look = {"markersize": 5.5, "markerfacecolor": "white", "markeredgewidth": 1.3}
        marker = MARKERS[kind]
        axes.plot(*points, marker=marker, color=color, linestyle="none", **look)


def in_words(x, ys, x_label: str, y_label: str) -> str:
    """Each curve's first and last value in words, past the gaps at its ends."""
    said = []
    for name, y in ys.items():
        drawn = np.flatnonzero(np.isfinite(y))
        first, last = drawn[0], drawn[-1]
        said.append(
            f"{name}: {y_label} {spoken(y[first])} at {x_label} {spoken(x[first])}, "
            f"{spoken(y[last])} at {spoken(x[last])}."
        )
    return "\n".join(said)
