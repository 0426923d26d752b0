"""Bars from zero, tallest first or in order, with a limit that some of them cross."""

from collections.abc import Sequence

from matplotlib.patches import Rectangle

from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    FAULT,
    FAULT_TINT,
    HATCHES,
    HEALTHY,
    HEIGHT_IN,
    INK,
    MARGIN,
    POINTS,
    RULE,
    WIDTH_IN,
    draw_title,
    house_style,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, SIZE, spoken, width
from workbook.figures.ticks import linear_ticks, numbers

__all__ = ["bars"]

_FOOT = 40.0
_MOST_NAMES = 12  # more bars than these go without names of their own


def bars(
    values: Sequence[float],
    *,
    title: str,
    x_label: str,
    y_label: str,
    names: Sequence[str] | None = None,
    limit: float | None = None,
    limit_name: str = "limit",
    caption: str = "",
) -> Picture:
    """A bar for each of `values`; what goes beyond `limit` is hatched.

    `names` stand under the bars, if there are at most twelve. Raises ValueError for no
    values, for a negative one, and for another number of names.
    """
    _check(values, names)
    with house_style():
        figure = _draw(values, names, limit, limit_name, (title, x_label, y_label))
    text = _in_words(values, names, limit, limit_name, y_label)
    return Picture(figure, title, caption=caption, text=text)


def _check(values: Sequence[float], names: Sequence[str] | None) -> None:
    if len(values) == 0 or min(values) < 0:
        raise ValueError("bars needs at least one value, and none below zero")
    if names is not None and len(names) != len(values):
        raise ValueError(f"{len(names)} names for {len(values)} bars")


def _draw(values, names, limit, limit_name, words):
    title, x_label, y_label = words
    high, wide = HEIGHT_IN * POINTS, WIDTH_IN * POINTS
    figure, axes = page(high)
    lines = title_lines(title, wide - 2 * MARGIN)
    top = draw_title(axes, lines, MARGIN, MARGIN) + 4
    write(axes, MARGIN, top, y_label, va="top", color=CONTEXT)
    top += 2 * SIZE * LINE + 2
    highest = max([*values, limit or 0]) or 1
    ticks = linear_ticks(0, highest, 5)
    said = numbers(ticks)
    left = MARGIN + max(map(width, said)) + 6
    bottom, right = high - _FOOT, wide - MARGIN

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / highest

    for tick, word in zip(ticks, said, strict=True):
        axes.plot((left, right), (y(tick),) * 2, color=RULE, linewidth=0.5, zorder=0)
        write(axes, left - 5, y(tick), word, ha="right")
    pitch = (right - left) / len(values)
    for place, value in enumerate(values):
        _draw_bar(axes, left + place * pitch, pitch, y, value, limit)
        if names is not None and len(values) <= _MOST_NAMES:
            at = left + (place + 0.5) * pitch
            write(axes, at, bottom + 9, names[place], ha="center")
    axes.plot((left, right), (bottom, bottom), color=CONTEXT, linewidth=0.8)
    if limit is not None:
        axes.plot((left, right), (y(limit),) * 2, color=INK, linestyle="--", zorder=4)
        write(axes, right, y(limit) - 8, limit_name, ha="right", over="white")
    write(axes, (left + right) / 2, high - 12, x_label, ha="center")
    return figure


def _draw_bar(axes, x: float, pitch: float, y, value: float, limit) -> None:
    inside = value if limit is None else min(value, limit)
    gap = min(2.0, pitch * 0.15)
    box = {"width": pitch - 2 * gap, "zorder": 2}
    _add(axes, x + gap, y(inside), y(0) - y(inside), facecolor=HEALTHY, **box)
    if value > inside:
        over = {"facecolor": FAULT_TINT, "edgecolor": FAULT, "hatch": HATCHES["fault"]}
        _add(axes, x + gap, y(value), y(inside) - y(value), **over, **box)


def _add(axes, x: float, y: float, high: float, *, width: float, **look) -> None:
    axes.add_patch(Rectangle((x, y), width, high, linewidth=0.8, **look))


def _in_words(values, names, limit, limit_name: str, y_label: str) -> str:
    lines = [f"{len(values)} bars, {y_label}; the highest is {spoken(max(values))}."]
    if limit is not None:
        over = sum(value > limit for value in values)
        are = "is" if over == 1 else "are"
        lines.append(f"{over} of them {are} above {limit:,g}, {limit_name}.")
    if names is not None:
        pairs = zip(names, values, strict=True)
        lines += [f"{name}: {spoken(value)}." for name, value in pairs]
    return "\n".join(lines)
