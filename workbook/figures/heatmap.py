"""Heat maps of counts: how many of a row fall into each column, the darker the more."""

from collections.abc import Mapping, Sequence

from matplotlib.colors import to_hex, to_rgb

from workbook.figures.glyphs import box
from workbook.figures.maplayout import COLUMN_NAME, PITCH
from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    INK,
    MARGIN,
    PAPER,
    POINTS,
    RULE,
    TITLE_SIZE,
    WIDTH_IN,
    draw_title,
    house_style,
    kind_color,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, width, wrap

__all__ = ["heatmap"]

_ROOM = WIDTH_IN * POINTS - 2 * MARGIN
_NAMES = 150.0  # points for the rows' names
_ROW = 30.0
_SHADES = 4  # between paper and the full colour: what an eye tells apart, and prints
_WHITE_FROM = _SHADES  # on the full colour of the healthy, ink would be hard to read

Counts = Mapping[tuple[str, str], int]


def heatmap(
    rows: Sequence[str],
    columns: Mapping[str, str],
    counts: Counts,
    *,
    title: str,
    row_label: str,
    column_label: str,
    caption: str = "",
) -> Picture:
    """A field of counts; `columns` maps each column's name to its kind.

    A kind ("healthy", "fault" or "context") is a colour, and a cell is shaded by its
    share of its row; the count itself stands in it. A (row, column) that `counts`
    lacks is 0. Raises ValueError for a cell outside of rows and columns, a row that
    stands twice, a negative count, or a map without rows or columns.
    """
    _check(rows, columns, counts)
    with house_style():
        figure = _draw(rows, columns, counts, title, row_label, column_label)
    return Picture(figure, title, caption=caption, text=_text(rows, columns, counts))


def _check(rows: Sequence[str], columns: Mapping[str, str], counts: Counts) -> None:
    if not rows or not columns:
        raise ValueError("a heat map wants a row and a column at least")
    if len(set(rows)) < len(rows):
        raise ValueError("a row of the heat map stands twice: name each once")
    for (row, column), count in counts.items():
        if row not in rows or column not in columns:
            raise ValueError(f"cell {(row, column)!r} is outside the heat map")
        if count < 0:
            raise ValueError(f"cell {(row, column)!r} has a negative count")


def _draw(rows, columns, counts, title: str, row_label: str, column_label: str):
    wide = (_ROOM - _NAMES) / len(columns)
    heads = [wrap(name, wide - 4, lines=3) for name in columns]
    upright = any(line.endswith("…") for head in heads for line in head)
    lines = title_lines(title, _ROOM)
    label = wrap(column_label, _ROOM - _NAMES)
    label_top = MARGIN + len(lines) * TITLE_SIZE * LINE + 7
    high = _upright_height(columns) if upright else max(map(len, heads)) * PITCH
    top = label_top + len(label) * PITCH + high + 6
    figure, axes = page(top + len(rows) * _ROW + MARGIN)
    draw_title(axes, lines, MARGIN, MARGIN)
    left = MARGIN + _NAMES
    for number, line in enumerate(label):
        write(axes, left, label_top + (number + 0.5) * PITCH, line, color=CONTEXT)
    write(axes, MARGIN, top - 4 - PITCH / 2, row_label, color=CONTEXT)
    for number, (name, head) in enumerate(zip(columns, heads, strict=True)):
        x = left + (number + 0.5) * wide
        if upright:
            word = wrap(name, COLUMN_NAME, lines=1)[0]
            write(axes, x, top - 4, word, ha="center", va="bottom", rotation=90)
        else:
            _draw_head(axes, head, x, top)
    for number, row in enumerate(rows):
        _draw_name(axes, row, top + (number + 0.5) * _ROW)
        for at, (column, kind) in enumerate(columns.items()):
            place = (left + at * wide, top + number * _ROW, wide)
            share = _share(rows, columns, counts, row, column)
            _draw_cell(axes, counts.get((row, column), 0), share, kind, place)
    return figure


def _upright_height(columns) -> float:
    return min(COLUMN_NAME, max(map(width, columns))) + 6


def _draw_head(axes, head: list[str], x: float, foot: float) -> None:
    for offset, line in enumerate(reversed(head)):
        write(axes, x, foot - 4 - (offset + 0.5) * PITCH, line, ha="center")


def _draw_name(axes, name: str, middle: float) -> None:
    lines = wrap(name, _NAMES - 8)
    first = middle - (len(lines) - 1) * PITCH / 2
    for offset, line in enumerate(lines):
        write(axes, MARGIN, first + offset * PITCH, line)


def _draw_cell(axes, count: int, share: float, kind: str, place) -> None:
    x, y, wide = place
    step = -int(-share * _SHADES // 1)  # whatever is there is seen
    fill = _shade(kind_color(kind), step / _SHADES)
    box(axes, x, y, wide, _ROW, facecolor=fill, edgecolor=RULE, linewidth=0.8)
    color = PAPER if step >= _WHITE_FROM and kind == "healthy" else INK
    words = {"color": color if count else CONTEXT, "bold": count > 0, "ha": "center"}
    write(axes, x + wide / 2, y + _ROW / 2, f"{count:,}", **words)


def _shade(color: str, share: float) -> str:
    mixed = (1 - share * (1 - channel) for channel in to_rgb(color))
    return to_hex(tuple(mixed)).upper()


def _share(rows, columns, counts: Counts, row: str, column: str) -> float:
    total = sum(counts.get((row, name), 0) for name in columns)
    return counts.get((row, column), 0) / total if total else 0.0


def _text(rows, columns, counts: Counts) -> str:
    """The field row by row, in words."""
    lines = []
    for row in rows:
        found = [f"{c}: {counts[row, c]:,}" for c in columns if counts.get((row, c))]
        lines.append(f"{row} — " + ("; ".join(found) or "nothing") + ".")
    return "\n".join(lines)
