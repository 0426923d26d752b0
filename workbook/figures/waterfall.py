"""Waterfalls: a row for each piece of work, under what set it off, over one time."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real

from workbook.figures.glyphs import box, cross, rule
from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    HATCHES,
    INK,
    KINDS,
    MARGIN,
    PAPER,
    POINTS,
    TINTS,
    TITLE_SIZE,
    WIDTH_IN,
    draw_title,
    house_style,
    kind_color,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, shorten, width
from workbook.figures.timeaxis import TimeScale, draw_time_axis

__all__ = ["Bar", "waterfall"]

_ROW = 20.0  # points
_BAR = 11.0
_INDENT = 11.0
_NAMES = 150.0  # the most that the names may take
_LENGTHS = 62.0  # beyond the longest bar, for its length in words
_EDGE = WIDTH_IN * POINTS - MARGIN


@dataclass(frozen=True)
class Bar:
    """A piece of work from `start` to `end`; `end` is None if it never ended.

    `depth` is how far down the tree it stands, `sent` since when it was waited for.
    `critical` says that it lies on the critical path.
    """

    name: str
    start: float
    end: float | None
    depth: int = 0
    sent: float | None = None
    critical: bool = False
    kind: str = "healthy"


def waterfall(
    bars: Sequence[Bar], *, title: str, unit: str = "s", caption: str = ""
) -> Picture:
    """A row for each of `bars`, in their order, indented by their depth.

    A dotted line from `sent` to the bar is the wait. Bars on the critical path are
    filled, and their waits are solid. `kind` is "healthy", "fault" or "context". Raises
    ValueError for no bars, a time that is no finite number, an end before its start, a
    start before it was sent, or an unknown kind.
    """
    if not bars:
        raise ValueError("a waterfall needs at least one bar")
    for bar in bars:
        _check(bar)
    with house_style():
        figure = _draw(bars, title, unit)
    return Picture(figure, title, caption=caption, text=_in_words(bars, unit))


def _check(bar: Bar) -> None:
    if not isinstance(bar, Bar):
        raise ValueError(f"{bar!r} cannot be drawn: write Bar(name, start, end)")
    kind_color(bar.kind)
    times = [t for t in (bar.sent, bar.start, bar.end) if t is not None]
    if not all(isinstance(t, Real) and isfinite(t) for t in times):
        raise ValueError(f"{bar} is not at a time: give finite numbers")
    if times != sorted(times):
        raise ValueError(f"{bar} is out of order: sent, then start, then end")


def _draw(bars: Sequence[Bar], title: str, unit: str):
    scale = _scale(bars)
    lines = title_lines(title, WIDTH_IN * POINTS - 2 * MARGIN)
    top = MARGIN + len(lines) * TITLE_SIZE * LINE + 6
    key = 20.0 if any(bar.critical for bar in bars) else 0.0
    bottom = top + key + _ROW * len(bars)
    figure, axes = page(bottom + 34 + MARGIN)
    draw_title(axes, lines, MARGIN, MARGIN)
    if key:
        _draw_key(axes, top + 6)
    draw_time_axis(axes, scale, top + key, bottom, unit)
    for place, bar in enumerate(bars):
        _draw_bar(axes, bar, scale, top + key + (place + 0.5) * _ROW, unit)
    return figure


def _scale(bars: Sequence[Bar]) -> TimeScale:
    times = [t for b in bars for t in (b.sent, b.start, b.end) if t is not None]
    names = max(width(bar.name) + bar.depth * _INDENT for bar in bars)
    left = MARGIN + min(names, _NAMES) + 14
    return TimeScale(min(times), max(times), left, _EDGE - _LENGTHS)


def _draw_key(axes, y: float) -> None:
    box(axes, MARGIN, y - 5, 22, 10, facecolor=KINDS["healthy"], edgecolor=INK)
    write(axes, MARGIN + 28, y, "on the critical path")
    left = MARGIN + 28 + width("on the critical path") + 24
    look = {"facecolor": TINTS["healthy"], "edgecolor": KINDS["healthy"]}
    box(axes, left, y - 5, 22, 10, **look)
    write(axes, left + 28, y, "beside it")
    left += 28 + width("beside it") + 24
    rule(axes, (left, left + 22), (y, y), color=INK, linewidth=1.4)
    write(axes, left + 28, y, "a wait on it")


def _draw_bar(axes, bar: Bar, scale: TimeScale, y: float, unit: str) -> None:
    _draw_name(axes, bar, scale.left - 8, y)
    start, color = scale(bar.start), kind_color(bar.kind)
    if bar.sent is not None and bar.sent < bar.start:
        dashes = "-" if bar.critical else (0, (1, 2))
        look = {"color": INK, "linewidth": 1.4, "linestyle": dashes, "zorder": 2}
        rule(axes, (scale(bar.sent), start), (y, y), **look)
    if bar.end is None:
        cross(axes, start, y)
        write(axes, start + 8, y, "never ended", over=PAPER)
        return
    wide = max(scale(bar.end) - start, 2.0)
    fill = color if bar.critical else TINTS[bar.kind]
    edge = INK if bar.critical else color
    look = {"facecolor": fill, "edgecolor": edge, "linewidth": 1.0, "zorder": 3}
    box(axes, start, y - _BAR / 2, wide, _BAR, hatch=HATCHES[bar.kind], **look)
    words = shorten(_length(bar, unit), _EDGE - start - wide - 5)
    write(axes, start + wide + 5, y, words, over=PAPER)


def _draw_name(axes, bar: Bar, right: float, y: float) -> None:
    left = MARGIN + min(bar.depth * _INDENT, _NAMES / 2)
    if bar.depth:
        rule(axes, (left - 7, left - 7, left - 2), (y - 8, y, y), color=CONTEXT)
    bold = bar.kind == "fault"
    write(axes, left, y, shorten(bar.name, right - left, bold=bold), bold=bold)


def _length(bar: Bar, unit: str) -> str:
    return f"{bar.end - bar.start:.3g} {unit}"


def _in_words(bars: Sequence[Bar], unit: str) -> str:
    lines = [f"{len(bars)} pieces of work:"]
    for bar in bars:
        wait = bar.start - bar.sent if bar.sent is not None else 0.0
        ended = "never ended" if bar.end is None else _length(bar, unit)
        told = [f"{bar.name}: at {bar.start:.3g} {unit}, {ended}"]
        told += [f"after a wait of {wait:.3g} {unit}"] * (wait > 0)
        told += ["on the critical path"] * bar.critical
        lines.append(", ".join(told) + ".")
    return "\n".join(lines)
