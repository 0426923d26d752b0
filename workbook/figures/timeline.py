"""Time lines: what lasted from when to when, and what happened in between."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.figures.flags import Flag, place_flags
from workbook.figures.glyphs import box, rule
from workbook.figures.picture import Picture
from workbook.figures.spans import Mark, Span, check_spans, spans_text
from workbook.figures.style import (
    HATCHES,
    MARGIN,
    MARKERS,
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
from workbook.figures.text import LINE, SIZE, width, wrap
from workbook.figures.ticks import SIXTIES, linear_ticks, numbers
from workbook.figures.timeaxis import TimeScale, draw_time_axis

__all__ = ["Mark", "Span", "timeline"]

_BAR = 20.0  # points: a span's height
_SIGN = 9.0  # the sign of a mark
_WORDS = SIZE * LINE
_PAD = 9.0  # below each line of bars
_FOOT = 30.0  # the axis with its numbers and its label
_EDGE = WIDTH_IN * POINTS - MARGIN
_NAMES = 104.0  # the widest name of a lane


def timeline(
    spans: Sequence[Span],
    *,
    title: str,
    marks: Sequence[Mark] = (),
    unit: str = "s",
    caption: str = "",
) -> Picture:
    """Bars for `spans` and flags for `marks` over one time axis, a lane under another.

    Lanes stand in order of first appearance. Where spans of a lane overlap in time,
    the later one goes to a line of its own. `kind` is "healthy", "fault" or "context".
    Raises ValueError for an unknown kind, a time that is no finite number, a span that
    ends before it starts, or a mark on a lane without spans.
    """
    check_spans(spans, marks)
    with house_style():
        figure = _draw(spans, marks, title, unit)
    return Picture(figure, title, caption=caption, text=spans_text(spans, marks, unit))


@dataclass(frozen=True)
class _Line:
    """A line of bars, flags above it; `name` is empty but for a lane's first."""

    name: str
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    flags: tuple[Flag, ...]  # the marks' first, then of spans too short for their label
    height: float

    @property
    def bar_top(self) -> float:
        """Points from the line's top to its bars."""
        return self.height - _PAD - (_BAR if self.spans else 0)


def _draw(spans, marks, title: str, unit: str):
    scale = _scale(spans, marks)
    lines = _lines(spans, marks, scale)
    words = title_lines(title, WIDTH_IN * POINTS - 2 * MARGIN)
    top = MARGIN + len(words) * TITLE_SIZE * LINE + 6
    bottom = top + sum(line.height for line in lines)
    figure, axes = page(bottom + _FOOT + MARGIN)
    draw_title(axes, words, MARGIN, MARGIN)
    draw_time_axis(axes, scale, top, bottom, unit)
    for line in lines:
        _draw_line(axes, line, scale, top, bottom)
        top += line.height
    return figure


def _scale(spans: Sequence[Span], marks: Sequence[Mark]) -> TimeScale:
    times = [t for span in spans for t in (span.start, span.end)]
    times += [mark.at for mark in marks]
    first, last = min(times), max(times)
    names = max(_name_width(span.lane) for span in spans) + 14
    words = numbers(linear_ticks(first, last, steps=SIXTIES))
    half = max(map(width, words), default=0) / 2  # of a number at an end of the axis
    right = _EDGE - max(half, 12)
    return TimeScale(first, last, MARGIN + max(names, half), right)


def _name_width(lane: str) -> float:
    lines = wrap(lane, _NAMES, bold=True) if lane else [""]
    return max(width(line, bold=True) for line in lines)


def _lines(spans, marks, scale: TimeScale) -> list[_Line]:
    general = [mark for mark in marks if not mark.lane]
    lines = [_line("", [], general, scale)] if general else []
    for lane in dict.fromkeys(span.lane for span in spans):
        own = [mark for mark in marks if mark.lane == lane]
        for number, row in enumerate(_side_by_side(spans, lane)):
            name = "" if number else lane
            lines.append(_line(name, row, [] if number else own, scale))
    return lines


def _side_by_side(spans: Sequence[Span], lane: str) -> list[list[Span]]:
    """The spans of a lane in rows without overlap, early ones first."""
    rows: list[list[Span]] = []
    for span in sorted((s for s in spans if s.lane == lane), key=lambda s: s.start):
        for row in rows:
            if row[-1].end <= span.start:
                row.append(span)
                break
        else:
            rows.append([span])
    return rows


def _line(name: str, spans: list[Span], marks: list[Mark], scale: TimeScale) -> _Line:
    labels = [(scale(mark.at), mark.label) for mark in marks]
    outside = _outside(spans, marks, scale)
    labels += [((scale(s.start) + scale(s.end)) / 2, s.label) for s in outside]
    flags = place_flags(labels, scale.left, _EDGE)
    levels = 1 + max((flag.level for flag in flags if flag.words), default=-1)
    height = (levels * _WORDS + 5 if levels else 3) + (_BAR if spans else 0) + _PAD
    return _Line(name, tuple(spans), tuple(marks), tuple(flags), height)


def _outside(spans, marks, scale: TimeScale) -> list[Span]:
    """The spans whose label fits neither into the bar nor beside it."""
    return [
        span
        for span in spans
        if span.label
        and not _fits(span, scale)
        and not _fits_beside(span, spans, marks, scale)
    ]


def _fits_beside(span: Span, spans, marks, scale: TimeScale) -> bool:
    """Whether nothing of the same line stands in the way right of the bar."""
    stops = [scale(other.start) for other in spans if other.start >= span.end]
    stops += [scale(mark.at) - _SIGN / 2 for mark in marks if mark.at >= span.end]
    room = min([*stops, _EDGE]) - scale(span.end)
    return width(span.label) + 12 <= room


def _fits(span: Span, scale: TimeScale) -> bool:
    return width(span.label) + 10 <= scale(span.end) - scale(span.start)


def _draw_line(axes, line: _Line, scale: TimeScale, top: float, bottom: float) -> None:
    bar = top + line.bar_top
    _draw_name(axes, line.name, bar + _BAR / 2)
    for span in line.spans:
        _draw_span(axes, span, line, scale, bar)
    things = [*line.marks, *_outside(line.spans, line.marks, scale)]
    for thing, flag in zip(things, line.flags, strict=True):
        _draw_flag(axes, flag, kind_color(thing.kind), bar)
    for mark in line.marks:
        _draw_mark(axes, mark, scale(mark.at), bar, bottom)


def _draw_name(axes, name: str, y: float) -> None:
    lines = wrap(name, _NAMES, bold=True) if name else []
    y -= (len(lines) - 1) * _WORDS / 2
    for number, line in enumerate(lines):
        write(axes, MARGIN, y + number * _WORDS, line, bold=True)


def _draw_span(axes, span: Span, line: _Line, scale: TimeScale, top: float) -> None:
    left, color = scale(span.start), kind_color(span.kind)
    wide = max(scale(span.end) - left, 1.5)
    look = {"facecolor": TINTS[span.kind], "edgecolor": color, "linewidth": 1.1}
    box(axes, left, top, wide, _BAR, hatch=HATCHES[span.kind], **look)
    if span.label and _fits(span, scale):
        over = TINTS[span.kind] if HATCHES[span.kind] else ""
        write(axes, left + 5, top + _BAR / 2, span.label, over=over)
    elif span.label and _fits_beside(span, line.spans, line.marks, scale):
        write(axes, left + wide + 6, top + _BAR / 2, span.label, over=PAPER)


def _draw_flag(axes, flag: Flag, color: str, foot: float) -> None:
    if not flag.words:
        return
    y = foot - 5 - (flag.level + 0.5) * _WORDS
    rule(axes, (flag.pole,) * 2, (y - 4, foot), color=color, linewidth=0.9, zorder=2.5)
    write(axes, flag.left, y, flag.words, over=PAPER)


def _draw_mark(axes, mark: Mark, x: float, foot: float, bottom: float) -> None:
    color = kind_color(mark.kind)
    if not mark.lane:
        look = {
            "color": color,
            "linewidth": 1.1,
            "linestyle": (0, (4, 2)),
            "zorder": 2.6,
        }
        rule(axes, (x, x), (foot - 5, bottom), **look)
        return
    look = {
        "markersize": _SIGN,
        "markeredgecolor": PAPER,
        "clip_on": False,
        "zorder": 5,
    }
    axes.plot([x], [foot], marker=MARKERS[mark.kind], color=color, **look)
