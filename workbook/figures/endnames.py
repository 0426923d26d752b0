"""The names of curves at their right ends: near them, and never on one another."""

from collections.abc import Mapping, Sequence

import numpy as np

from workbook.figures.style import INKS, POINTS
from workbook.figures.text import LINE, SIZE, width, wrap

__all__ = ["name_curves", "names_width"]

_LABELS = 118.0  # points at the right for the curves' names, at most
_PITCH = SIZE * LINE


def names_width(names: Sequence[str]) -> float:
    """Points that the widest line of the curves' names takes."""
    return max(width(line) for name in names for line in wrap(name, _LABELS))


def name_curves(figure, axes, ys: Mapping[str, Sequence[float]], kinds) -> None:
    """Write each curve's name beside its last value, apart where they would touch.

    Raises ValueError where there are more names than the figure is high.
    """
    low, high = axes.transAxes.transform([(0, 0), (1, 1)])[:, 1] * POINTS / figure.dpi
    right = axes.transAxes.transform((1, 0))[0] * POINTS / figure.dpi
    names = {name: wrap(name, _LABELS) for name in ys}
    _check_room(names, high - low)
    wanted = {name: _height_of_end(figure, axes, ys[name]) for name in ys}
    for name, y in _apart(wanted, names, low, high).items():
        for line in names[name]:
            _write_name(figure, line, right + 8, y, INKS[kinds.get(name, "healthy")])
            y -= _PITCH  # noqa: PLW2901 - the next line of the same name


def _check_room(names: Mapping[str, list[str]], room: float) -> None:
    lines, most = sum(map(len, names.values())), int(room / _PITCH) + 1
    if lines > most:
        raise ValueError(
            f"the names of the lines take {lines} rows, and {most} fit beside the "
            "curves: draw fewer lines, or give them shorter names"
        )


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
