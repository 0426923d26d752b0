"""Sequence diagrams: who called what, in which order, and what went wrong."""

from collections.abc import Sequence
from itertools import accumulate

from workbook.figures.columns import Columns, Header, arrange
from workbook.figures.glyphs import box, rounded_box, rule
from workbook.figures.lifelines import Stretch, stretches
from workbook.figures.picture import Picture
from workbook.figures.rows import BAR, Row, make_row
from workbook.figures.steps import CALLS, Step, check_steps, sequence_text
from workbook.figures.style import (
    CONTEXT,
    FAULT,
    FAULT_TINT,
    HEALTHY,
    HEALTHY_TINT,
    MARGIN,
    PAPER,
    RULE,
    TITLE_SIZE,
    draw_title,
    house_style,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, SIZE, width

__all__ = ["sequence"]

_ONE_LINE_OF_WORDS = 130.0  # points: wider labels may take two lines
_GONE = (0, (1, 3))  # the lifeline of an invocation that is dead


def sequence(
    steps: Sequence[Step],
    *,
    title: str,
    caption: str = "",
    lanes: Sequence[str] | None = None,
    services: Sequence[str] | None = None,
) -> Picture:
    """The sequence diagram of `steps`, time running downwards, a row a step.

    Invocations stand at the left and services at the right, in order of first
    appearance unless `lanes` and `services` give the order. The title is the claim.
    Raises ValueError for a step that cannot be drawn or whose lane is not listed.
    """
    check_steps(steps)
    lanes = _order("lanes", lanes, [step.lane for step in steps if step.lane])
    targets = [step.target for step in steps if step.kind in CALLS]
    services = _order("services", services, targets)
    with house_style():
        columns = arrange(lanes, services, _wanted(steps))
        rows = [make_row(step, columns) for step in steps]
        figure = _draw(rows, columns, title)
    return Picture(figure, title, caption=caption, text=sequence_text(steps))


def _order(
    name: str, given: Sequence[str] | None, used: Sequence[str]
) -> tuple[str, ...]:
    if given is None:
        return tuple(dict.fromkeys(used))
    missing = sorted(set(used) - set(given))
    if missing:
        raise ValueError(f"{name}={list(given)} leaves out {missing}: add them")
    return tuple(dict.fromkeys(given))


def _wanted(steps: Sequence[Step]) -> float:
    widest = max(max(width(step.label), width(step.reply)) for step in steps)
    return min(widest, _ONE_LINE_OF_WORDS)


def _draw(rows: list[Row], columns: Columns, title: str):
    lines = title_lines(title, columns.page_width - 2 * MARGIN)
    header_top = MARGIN + len(lines) * TITLE_SIZE * LINE + 7
    foot = header_top + _headers_height(columns)
    tops = list(accumulate((row.height for row in rows), initial=foot + 4))
    bottom = tops.pop() + 6
    figure, axes = page(bottom + 2, columns.page_width)
    draw_title(axes, lines, MARGIN, MARGIN)
    _draw_headers(axes, columns, foot)
    _draw_services(axes, columns, foot, bottom)
    for lane in columns.lanes:
        _draw_lane(axes, lane, rows, tops, columns, foot, bottom)
    for row, top in zip(rows, tops, strict=True):
        row.draw(axes, row, top, columns)
    return figure


def _headers_height(columns: Columns) -> float:
    return sum(_tier_heights(columns).values()) + 3 * (len(_tier_heights(columns)) - 1)


def _tier_heights(columns: Columns) -> dict[int, float]:
    """The height of the tallest header in each tier."""
    heights: dict[int, float] = {0: 0.0}  # words alone have no headers
    for header in [*columns.lanes.values(), *columns.services.values()]:
        heights[header.tier] = max(heights.get(header.tier, 0.0), header.height)
    return heights


def _draw_headers(axes, columns: Columns, foot: float) -> None:
    upper = foot - _tier_heights(columns)[0] - 3
    for headers, look in (
        (columns.lanes, {"facecolor": HEALTHY_TINT, "edgecolor": HEALTHY}),
        (columns.services, {"facecolor": PAPER, "edgecolor": CONTEXT}),
    ):
        for header in headers.values():
            _draw_header(axes, header, upper if header.tier else foot, foot, look)


def _draw_header(axes, header: Header, bottom: float, foot: float, look: dict) -> None:
    top, left = bottom - header.height, header.x - header.width / 2
    if bottom < foot:
        rule(axes, (header.x,) * 2, (bottom, foot), color=RULE, linewidth=1, zorder=1)
    rounded_box(axes, left, top, header.width, header.height, **look)
    y = top + 3 + SIZE * LINE / 2
    for line in header.bold:
        write(axes, header.x, y, line, bold=True, ha="center")
        y += SIZE * LINE
    if header.detail:
        write(axes, header.x, y, header.detail, ha="center", color=CONTEXT)


def _draw_services(axes, columns: Columns, foot: float, bottom: float) -> None:
    for header in columns.services.values():
        ends = (foot, bottom)
        rule(axes, (header.x,) * 2, ends, color=RULE, linewidth=1, zorder=1)


def _draw_lane(
    axes, lane: str, rows, tops, columns, foot: float, bottom: float
) -> None:
    x = columns.lanes[lane].x
    rule(axes, (x, x), (foot, bottom), color=CONTEXT, linewidth=0.9, zorder=1)
    moments = [
        (row.step, top + row.at)
        for row, top in zip(rows, tops, strict=True)
        if row.step.lane == lane and row.step.kind != "wait"
    ]
    for part in stretches(moments, bottom):
        _draw_stretch(axes, x, part)


def _draw_stretch(axes, x: float, part: Stretch) -> None:
    if part.state == "dead":
        ends = (part.top, part.bottom)
        rule(axes, (x, x), ends, color=PAPER, linewidth=2, zorder=1.1)
        rule(axes, (x, x), ends, color=RULE, linestyle=_GONE, zorder=1.2)
        return
    looks = {
        "runs": {"facecolor": HEALTHY_TINT, "edgecolor": HEALTHY},
        "stuck": {"facecolor": FAULT_TINT, "edgecolor": FAULT, "hatch": "////"},
    }
    height = part.bottom - part.top
    look = {"linewidth": 1, "zorder": 3.5, **looks[part.state]}
    box(axes, x - BAR / 2, part.top, BAR, height, **look)
