"""Curves in the house style: each with its name at its end, a dash and a marker."""

from collections.abc import Mapping, Sequence

import numpy as np

from workbook.figures.picture import Picture
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
from workbook.figures.text import LINE, SIZE, width, wrap

__all__ = ["curves"]

_LABELS = 118.0  # points at the right for the curves' names, at most
_PITCH = SIZE * LINE


def curves(
    x: Sequence[float],
    ys: Mapping[str, Sequence[float]],
    *,
    title: str,
    x_label: str,
    y_label: str,
    kinds: Mapping[str, str] | None = None,
    points: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
    log_x: bool = False,
    log_y: bool = False,
    bands: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
    caption: str = "",
) -> Picture:
    """A line for each of `ys` over `x`, named at its right end.

    `kinds` says which lines are "healthy" (the default), "fault" or "context".
    `points` gives measured (x, y) to draw over the line of the same name, `bands` the
    (low, high) round it, both over `x`. Say the unit, and "log scale", in the labels.
    Raises ValueError for an unknown kind, a name without a line, or unequal lengths.
    """
    kinds, points, bands = kinds or {}, points or {}, bands or {}
    _check(x, ys, kinds, points, bands)
    with house_style():
        figure, axes = _frame(title, x_label, y_label, list(ys))
        axes.set_xscale("log" if log_x else "linear")
        axes.set_yscale("log" if log_y else "linear")
        for axis, is_log in ((axes.xaxis, log_x), (axes.yaxis, log_y)):
            if is_log:  # powers of ten as numbers: readable from the last row
                axis.set_major_formatter("{x:,g}")
        for name, y in ys.items():
            _draw_curve(axes, name, x, y, kinds, points.get(name), bands.get(name))
        if not log_y and all(np.nanmin(y) >= 0 for y in ys.values()):
            axes.set_ylim(bottom=0)
        _name_curves(figure, axes, ys, kinds)
    return Picture(figure, title, caption=caption, text=_text(x, ys, x_label, y_label))


def _check(x, ys, kinds, points, bands) -> None:
    if not ys:
        raise ValueError("curves needs at least one line")
    for option, given in (("kinds", kinds), ("points", points), ("bands", bands)):
        unknown = sorted(set(given) - set(ys))
        if unknown:
            raise ValueError(f"{option} names {unknown}, but the lines are {list(ys)}")
    for kind in kinds.values():
        kind_color(kind)
    for name, y in ys.items():
        if len(y) != len(x):
            raise ValueError(f"{name!r} has {len(y)} values for {len(x)} of x")


def _frame(title: str, x_label: str, y_label: str, names: list[str]):
    """A figure with its title, and axes that leave room for the names at the right."""
    height = HEIGHT_IN * POINTS
    figure, paper = page(height)
    lines = title_lines(title, WIDTH_IN * POINTS - 2 * MARGIN)
    top = draw_title(paper, lines, MARGIN, MARGIN) + 6
    write(paper, MARGIN, top, y_label, va="top", color=CONTEXT)
    top += _PITCH + 6
    left, bottom = 52.0, 42.0
    right = MARGIN + 8 + max(_name_width(name) for name in names)
    box = (left, bottom, WIDTH_IN * POINTS - left - right, height - top - bottom)
    page_size = (WIDTH_IN * POINTS, height) * 2
    axes = figure.add_axes(
        [part / whole for part, whole in zip(box, page_size, strict=True)]
    )
    axes.set_xlabel(x_label)
    axes.grid(axis="y", color=RULE, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def _name_width(name: str) -> float:
    return max(width(line) for line in wrap(name, _LABELS))


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


def _name_curves(figure, axes, ys, kinds) -> None:
    """Each curve's name beside its last value, moved apart where they would touch."""
    low, high = axes.transAxes.transform([(0, 0), (1, 1)])[:, 1] * POINTS / figure.dpi
    right = axes.transAxes.transform((1, 0))[0] * POINTS / figure.dpi
    names = {name: wrap(name, _LABELS) for name in ys}
    wanted = {name: _height_of_end(figure, axes, ys[name]) for name in ys}
    for name, y in _apart(wanted, names, low, high).items():
        for line in names[name]:
            _write_name(
                figure, line, right + 8, y, kind_color(kinds.get(name, "healthy"))
            )
            y -= _PITCH  # noqa: PLW2901 - the next line of the same name


def _height_of_end(figure, axes, y) -> float:
    known = [value for value in y if np.isfinite(value)]
    data = (axes.get_xlim()[0], known[-1])
    return axes.transData.transform(data)[1] * POINTS / figure.dpi


def _apart(wanted: dict, names: dict, low: float, high: float) -> dict[str, float]:
    """Heights of the first lines, top down, near the wanted ones and never touching."""
    placed: dict[str, float] = {}
    ceiling = high + _PITCH / 2
    for name in sorted(wanted, key=wanted.get, reverse=True):
        middle = wanted[name] + (len(names[name]) - 1) * _PITCH / 2
        placed[name] = min(middle, ceiling)
        ceiling = placed[name] - len(names[name]) * _PITCH
    lift = max(0.0, low - (ceiling + _PITCH))
    if lift:
        return _lifted(placed, names, low)
    return placed


def _lifted(placed: dict, names: dict, low: float) -> dict[str, float]:
    """The same from below, where the last ones fell under the axis."""
    floor = low
    for name in sorted(placed, key=placed.get):
        least = floor + (len(names[name]) - 1) * _PITCH
        placed[name] = max(placed[name], least)
        floor = placed[name] + _PITCH
    return placed


def _write_name(figure, words: str, x: float, y: float, color: str) -> None:
    place = (x / POINTS / figure.get_figwidth(), y / POINTS / figure.get_figheight())
    figure.text(*place, words, color=color, va="center", parse_math=False)


def _text(x, ys, x_label: str, y_label: str) -> str:
    """Each curve's first and last value in words."""
    first, last = f"{x[0]:.3g}", f"{x[-1]:.3g}"
    return "\n".join(
        f"{name}: {y_label} {y[0]:.3g} at {x_label} {first}, {y[-1]:.3g} at {last}."
        for name, y in ys.items()
    )
