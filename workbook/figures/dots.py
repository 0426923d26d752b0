"""A row for each thing, and in it a dot for each way of doing it, on a log scale."""

from collections.abc import Mapping, Sequence
from math import floor, log10

from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    INK,
    INKS,
    KINDS,
    MARGIN,
    MARKERS,
    POINTS,
    RULE,
    WIDTH_IN,
    draw_title,
    house_style,
    kind_color,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, SIZE, width
from workbook.figures.ticks import log_ticks, numbers

__all__ = ["dots"]

_ROW = 21.0
_APART = 9.0  # dots nearer than this stand above each other


def dots(
    rows: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    title: str,
    x_label: str,
    kinds: Mapping[str, str] | None = None,
    caption: str = "",
) -> Picture:
    """For each of `rows` one dot of each of `series`, along a log scale.

    `kinds` says which series are "healthy" (the default), "fault" or "context". Raises
    ValueError for lengths that differ, values of zero or less, and unknown kinds.
    """
    kinds = kinds or {}
    _check(rows, series, kinds)
    with house_style():
        figure = _draw(rows, series, kinds, title, x_label)
    return Picture(
        figure, title, caption=caption, text=_in_words(rows, series, x_label)
    )


def _check(rows, series, kinds) -> None:
    if not rows or not series:
        raise ValueError("dots needs at least one row and one series")
    for name, values in series.items():
        kind_color(kinds.get(name, "healthy"))
        if len(values) != len(rows):
            raise ValueError(f"{name!r} has {len(values)} values for {len(rows)} rows")
        if min(values) <= 0:
            raise ValueError(f"{name!r} has values of 0 or less, off a log scale")


def _draw(rows, series, kinds, title: str, x_label: str):
    lines = title_lines(title, WIDTH_IN * POINTS - 2 * MARGIN)
    top = MARGIN + len(lines) * SIZE * LINE * 1.2 + 8
    bottom = top + 20 + _ROW * len(rows)
    figure, axes = page(bottom + 42)
    draw_title(axes, lines, MARGIN, MARGIN)
    _draw_names(axes, series, kinds, top + 6)
    left = MARGIN + max(map(width, rows)) + 14
    right = WIDTH_IN * POINTS - MARGIN - 10
    every = [value for values in series.values() for value in values]
    x = _Scale(min(every), max(every), left, right)
    for tick in x.ticks:
        axes.plot((x(tick),) * 2, (top + 18, bottom), color=RULE, linewidth=0.5)
        write(axes, x(tick), bottom + 10, numbers([tick])[0], ha="center")
    write(axes, (left + right) / 2, bottom + 28, x_label, ha="center")
    for place, row in enumerate(rows):
        y = top + 20 + (place + 0.5) * _ROW
        write(axes, MARGIN, y, row)
        _draw_row(axes, {n: x(v[place]) for n, v in series.items()}, kinds, y)
    return figure


class _Scale:
    """Points from the left for a value on a log scale with round ends."""

    def __init__(self, low: float, high: float, left: float, right: float) -> None:
        self._low, self._high = floor(log10(low)), floor(log10(high)) + 1
        self._left, self._wide = left, right - left
        self.ticks = log_ticks(10**self._low, 10**self._high, 8)

    def __call__(self, value: float) -> float:
        share = (log10(value) - self._low) / (self._high - self._low)
        return self._left + self._wide * share


def _draw_names(axes, series, kinds, y: float) -> None:
    x = MARGIN + 6
    for name in series:
        kind = kinds.get(name, "healthy")
        _draw_dot(axes, x, y, kind)
        write(axes, x + 8, y, name, color=INKS[kind], bold=True)
        x += width(name, bold=True) + 30


def _draw_row(axes, at: dict[str, float], kinds, y: float) -> None:
    axes.plot(
        (min(at.values()), max(at.values())), (y, y), color=CONTEXT, linewidth=0.8
    )
    placed: list[tuple[float, float]] = []
    for name, x in at.items():
        above = sum(abs(x - other) < _APART for other, _ in placed)
        dy = (0, -5, 5)[above % 3]
        placed.append((x, dy))
        _draw_dot(axes, x, y + dy, kinds.get(name, "healthy"))


def _draw_dot(axes, x: float, y: float, kind: str) -> None:
    look = {"marker": MARKERS[kind], "markersize": 6.5, "markeredgecolor": INK}
    look["markeredgewidth"] = 0.5
    axes.plot([x], [y], color=KINDS[kind], linestyle="none", zorder=5, **look)


def _in_words(rows, series, x_label: str) -> str:
    lines = [f"{x_label}, by row:"]
    for place, row in enumerate(rows):
        found = ", ".join(f"{name} {v[place]:,.3g}" for name, v in series.items())
        lines.append(f"{row}: {found}.")
    return "\n".join(lines)
