"""The rows of a sequence diagram: how tall each one is, and how it is drawn.

A row is made once its words are known to fit, and drawn once all heights are known.
"""

from collections.abc import Callable
from dataclasses import dataclass

from workbook.figures.columns import Columns
from workbook.figures.glyphs import (
    arrowhead,
    box,
    clock,
    cross,
    dot,
    hourglass,
    lightning,
    rule,
)
from workbook.figures.steps import CALLS, Step
from workbook.figures.style import (
    CONTEXT,
    CONTEXT_TINT,
    FAULT,
    FAULT_INK,
    INK,
    PAPER,
    write,
)
from workbook.figures.text import LINE, SIZE, shorten, width, wrap

__all__ = ["BAR", "Row", "make_row"]

BAR = 8.0  # points: how wide the bar of a running invocation is
_REPLY = 10.0  # from the arrow of a call down to the one of its reply
_BREAK = 26.0  # how far a lost reply comes
_DASHED = (0, (4, 2.4))
_DASH_DOT = (0, (6, 2, 1.2, 2))
_LEADER = (0, (1, 2.5))


@dataclass(frozen=True)
class Row:
    """A step with its words cut to fit: `at` is where on its lane it happens."""

    step: Step
    lines: tuple[str, ...]
    height: float
    at: float
    draw: Callable

    @property
    def text_top(self) -> float:
        """Points from the row's top to the middle of its first line of words."""
        return 3 + SIZE * LINE / 2


def make_row(step: Step, columns: Columns) -> Row:
    """The row of a step."""
    if step.kind in CALLS:
        return _call_row(step, columns)
    label = step.label or _WORDS.get(step.kind, "")
    room = columns.room_to_edge - (22 if step.kind == "wait" else 0)
    bold = step.kind in ("crash", "stuck")
    lines = tuple(wrap(label, room, bold=bold)) if label else ()
    height = len(lines) * SIZE * LINE + _AROUND.get(step.kind, 7)
    return Row(step, lines, height, height / 2, _DRAW[step.kind])


_AROUND = {"wait": 16, "crash": 11, "stuck": 11, "return": 9}  # points, not words
_WORDS = {"crash": "crashes", "stuck": "never goes on", "wait": "time passes"}


def _call_row(step: Step, columns: Columns) -> Row:
    lines = tuple(wrap(step.label, columns.room)) if step.label else ()
    arrow = 5 + len(lines) * SIZE * LINE + (0 if lines else 3)
    answered = bool(step.reply) or step.kind != "call"
    below = _REPLY + SIZE * LINE / 2 + 2 if answered else 6
    return Row(step, lines, arrow + below, arrow, _draw_call)


def _draw_call(axes, row: Row, top: float, columns: Columns) -> None:
    step, y = row.step, top + row.at
    start, end = columns.lanes[step.lane].x, columns.services[step.target].x
    for number, line in enumerate(row.lines):
        write(axes, columns.left, top + row.text_top + number * SIZE * LINE, line)
    dot(axes, start, y)
    if step.kind == "request_lost":
        _draw_lost_request(axes, step, y, start, columns)
        return
    rule(axes, (start, end - 6), (y, y))
    arrowhead(axes, end - 1, y, left=False, color=INK, full=True)
    if step.kind == "lost":
        _draw_lost_reply(axes, step, y + _REPLY, end, columns)
    elif step.reply or step.kind == "error":
        _draw_reply(axes, step, y + _REPLY, start, end, columns)


def _draw_reply(axes, step: Step, y: float, start: float, end: float, columns) -> None:
    bad = step.kind == "error"
    color, dashes = (FAULT, _DASH_DOT) if bad else (CONTEXT, _DASHED)
    rule(axes, (start + BAR / 2 + 1, end), (y, y), color=color, linestyle=dashes)
    arrowhead(axes, start + BAR / 2 + 1, y, left=True, color=color, full=False)
    reply = step.reply or "error"
    _write_reply(axes, reply, y, columns, columns.room - 14, FAULT_INK if bad else INK)


def _draw_lost_reply(axes, step: Step, y: float, end: float, columns: Columns) -> None:
    room = columns.room - _BREAK - 6
    reply = shorten(step.reply or "reply lost", room)
    left = columns.right - width(reply) - 4
    rule(axes, (left - _BREAK, end), (y, y), color=FAULT, linestyle=_DASHED)
    cross(axes, left - _BREAK, y)
    _write_reply(axes, reply, y, columns, room, FAULT_INK)


def _draw_lost_request(axes, step: Step, y: float, start: float, columns) -> None:
    stop = columns.right - 2
    rule(axes, (start, stop), (y, y), color=FAULT, linewidth=1.5)
    cross(axes, stop, y)
    words = step.reply or "request lost"
    _write_reply(axes, words, y + _REPLY + 1, columns, columns.room - 14, FAULT_INK)


def _write_reply(axes, words: str, y: float, columns, room: float, color: str) -> None:
    fitting = shorten(words, room)
    write(axes, columns.right - 3, y, fitting, ha="right", color=color, over=PAPER)


def _draw_words(axes, row: Row, top: float, columns: Columns, **look) -> None:
    """The words beside a lane, with a dotted line from the lane to the words."""
    first = top + row.height / 2 - (len(row.lines) - 1) * SIZE * LINE / 2
    for number, line in enumerate(row.lines):
        y = first + number * SIZE * LINE
        write(axes, columns.left, y, line, over=PAPER, **look)
    if row.step.lane and row.lines:
        ends = (columns.lanes[row.step.lane].x, columns.left - 3)
        y = top + row.at
        rule(
            axes, ends, (y, y), color=CONTEXT, linewidth=1, linestyle=_LEADER, zorder=1
        )


def _draw_crash(axes, row: Row, top: float, columns: Columns) -> None:
    _draw_words(axes, row, top, columns, color=FAULT_INK, bold=True)
    lightning(axes, columns.lanes[row.step.lane].x, top + row.at)


def _draw_stuck(axes, row: Row, top: float, columns: Columns) -> None:
    _draw_words(axes, row, top, columns, color=FAULT_INK, bold=True)
    hourglass(axes, columns.lanes[row.step.lane].x, top + row.at)


def _draw_wait(axes, row: Row, top: float, columns: Columns) -> None:
    height, page = row.height - 8, columns.page_width
    box(axes, 0, top + 4, page, height, facecolor=CONTEXT_TINT, linewidth=0, zorder=1.5)
    for y in (top + 4, top + 4 + height):
        rule(axes, (0, page), (y, y), color=CONTEXT, linewidth=0.8, zorder=1.6)
    first = top + row.height / 2 - (len(row.lines) - 1) * SIZE * LINE / 2
    for number, line in enumerate(row.lines):
        y = first + number * SIZE * LINE
        write(axes, columns.left + 18, y, line)
    clock(axes, columns.left + 6, top + row.height / 2, color=CONTEXT)


_DRAW = {
    "start": _draw_words,
    "return": _draw_words,
    "note": _draw_words,
    "crash": _draw_crash,
    "stuck": _draw_stuck,
    "wait": _draw_wait,
}
