"""A board of many things on their way: a row for each step, a sign for each thing."""

from collections.abc import Mapping, Sequence

from workbook.figures.glyphs import box, rule
from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    FAULT,
    HEALTHY,
    INK,
    MARGIN,
    PAPER,
    POINTS,
    RULE,
    TITLE_SIZE,
    WIDTH_IN,
    draw_title,
    house_style,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, width

__all__ = ["board"]

_ROW = 24.0
_CELL = 16.0  # the height of a step that is done
_WIDEST = 16.0
# A state, how it is drawn (share of the height, fill), and what the key says of it.
_STATES = {
    "done": (1.0, HEALTHY, "done"),
    "failed": (0.55, FAULT, "failed"),
    "begun": (0.55, PAPER, "begun, never ended"),
    "": (0.0, RULE, "never begun"),
}


def board(
    steps: Sequence[str],
    things: Mapping[str, Mapping[str, str]],
    *,
    title: str,
    x_label: str,
    caption: str = "",
) -> Picture:
    """For each of `things`, in their order from left to right, how far it has come.

    `things` gives by name, for each step, "done", "failed", "begun" or "". Raises
    ValueError for no steps, no things, or another state.
    """
    if not steps or not things:
        raise ValueError("a board needs at least one step and one thing")
    for name, states in things.items():
        unknown = sorted({states.get(step, "") for step in steps} - set(_STATES))
        if unknown:
            known = ", ".join(map(repr, _STATES))
            raise ValueError(f"{name!r} is {unknown[0]!r}: a state is one of {known}")
    with house_style():
        figure = _draw(steps, list(things.values()), title, x_label)
    return Picture(figure, title, caption=caption, text=_in_words(steps, things))


def _draw(steps: Sequence[str], things: list[Mapping[str, str]], title, x_label):
    lines = title_lines(title, WIDTH_IN * POINTS - 2 * MARGIN)
    top = MARGIN + len(lines) * TITLE_SIZE * LINE + 8
    bottom = top + 26 + _ROW * len(steps)
    figure, axes = page(bottom + 22 + MARGIN)
    draw_title(axes, lines, MARGIN, MARGIN)
    used = {thing.get(step, "") for thing in things for step in steps}
    _draw_key(axes, [state for state in _STATES if state in used], top + 6)
    left = MARGIN + max(map(width, steps)) + 10
    right = WIDTH_IN * POINTS - MARGIN - width("1,000 done") - 8
    wide = min((right - left) / len(things), _WIDEST)
    for row, step in enumerate(steps):
        y = top + 26 + (row + 1) * _ROW - 4  # where the signs stand
        write(axes, MARGIN, y - _CELL / 2, step)
        for place, thing in enumerate(things):
            _draw_cell(axes, thing.get(step, ""), left + place * wide, y, wide)
        done = sum(thing.get(step, "") == "done" for thing in things)
        end = left + wide * len(things) + 8
        write(axes, end, y - _CELL / 2, f"{done:,} done")
    middle = left + wide * len(things) / 2
    write(axes, middle, bottom + 12, x_label, ha="center")
    return figure


def _draw_key(axes, states: list[str], y: float) -> None:
    x = MARGIN
    for state in states:
        words = _STATES[state][2]
        _draw_cell(axes, state, x, y + _CELL / 2, 7)
        write(axes, x + 12, y, words)
        x += 12 + width(words) + 22


def _draw_cell(axes, state: str, x: float, foot: float, wide: float) -> None:
    share, fill, _ = _STATES[state]
    gap = min(0.18 * wide, 1.5)
    if not share:
        rule(axes, (x + gap, x + wide - gap), (foot, foot), color=CONTEXT)
        return
    look = {"facecolor": fill, "edgecolor": INK if fill == PAPER else fill}
    tall = share * _CELL
    box(axes, x + gap, foot - tall, wide - 2 * gap, tall, linewidth=0.7, **look)


def _in_words(steps: Sequence[str], things: Mapping[str, Mapping[str, str]]) -> str:
    lines = [f"{len(things):,} things, {len(steps)} steps:"]
    for step in steps:
        states = [thing.get(step, "") for thing in things.values()]
        told = [
            f"{states.count(state):,} {words}"
            for state, (_, _, words) in _STATES.items()
            if state in states
        ]
        lines.append(f"{step}: {', '.join(told)}.")
    return "\n".join(lines)
