"""Crash maps: at which step, in which situation, what goes wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workbook.figures.cells import (
    Grid,
    draw_grid,
    draw_key,
    key_lines,
    looks_of,
    words_fit,
)
from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    MARGIN,
    POINTS,
    TITLE_SIZE,
    WIDTH_IN,
    draw_title,
    house_style,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, SIZE, plain, width, wrap

__all__ = ["crashmap", "crashmaps"]

Cells = Mapping[tuple[str, str], str]

_PITCH = SIZE * LINE
_ROW_NAMES = 136.0  # points for the rows' names, at most
_COLUMN_NAMES = 92.0  # for columns' names that stand upright, at most
_GAP = 14.0  # between two maps
_WIDEST, _LEAST = 118.0, 13.0  # a cell's width
_LEAST_MAP = 56.0  # so that a map's name has room


def crashmap(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Cells,
    *,
    title: str,
    row_label: str,
    column_label: str,
    healthy: Collection[str],
    caption: str = "",
) -> Picture:
    """A field of outcomes, rows against columns; `healthy` are the good ones.

    The outcome stands in its cell if all of them fit, else as a letter with a key
    beneath. A (row, column) that `cells` lacks is blank with a grey stroke. Raises
    ValueError for a cell outside the rows and columns or a map without cells.
    """
    maps = {"": (rows, columns, cells)}
    return _picture(maps, title, row_label, column_label, healthy, caption)


def crashmaps(
    maps: Mapping[str, tuple[Sequence[str], Sequence[str], Cells]],
    *,
    title: str,
    row_label: str,
    column_label: str,
    healthy: Collection[str],
    caption: str = "",
) -> Picture:
    """Crash maps side by side, a name each, over the rows of all of them.

    `maps` gives (rows, columns, cells) by name. The line under a name counts its broken
    cells. Raises ValueError as `crashmap` does, and for less than two maps.
    """
    if len(maps) < 2 or "" in maps:
        raise ValueError("crashmaps wants two maps or more, each with a name")
    return _picture(maps, title, row_label, column_label, healthy, caption)


def _picture(maps, title, row_label, column_label, healthy, caption) -> Picture:
    for name, (rows, columns, cells) in maps.items():
        _check(name, rows, columns, cells)
    with house_style():
        figure = _draw(maps, title, row_label, column_label, set(healthy))
    return Picture(figure, title, caption=caption, text=_text(maps, set(healthy)))


def _check(name: str, rows, columns, cells: Cells) -> None:
    of = f" of {name!r}" if name else ""
    if not cells:
        raise ValueError(f"the crash map{of} has no cells: give an outcome for each")
    for row, column in cells:
        if row not in rows or column not in columns:
            raise ValueError(
                f"cell {(row, column)!r}{of} is outside the map: "
                f"rows are {list(rows)}, columns are {list(columns)}"
            )


@dataclass(frozen=True)
class _Layout:
    """Sizes in points that all maps of a figure share."""

    rows: tuple[str, ...]
    names: float  # the width of the rows' names
    cell: tuple[float, float]
    upright: bool  # whether the columns' names stand upright
    heads: float  # the height of the columns' names
    titles: float  # the height of the maps' names and counts
    words: bool  # whether the outcomes' words stand in the cells
    page_width: float


def _draw(maps, title: str, row_label: str, column_label: str, healthy: set[str]):
    looks = looks_of(_outcomes(maps), healthy)
    layout = _layout(maps, row_label)
    if layout.words:
        looks = looks.with_words()
    room = layout.page_width - 2 * MARGIN
    key = key_lines(looks, room) if looks.coded else []
    lines = title_lines(title, room)
    top = MARGIN + len(lines) * TITLE_SIZE * LINE + 6 + layout.titles
    field = top + _PITCH + 3 + layout.heads
    foot = field + len(layout.rows) * layout.cell[1]
    figure, axes = page(
        foot + MARGIN + len(key) * 18 + (6 if key else 0), layout.page_width
    )
    draw_title(axes, lines, MARGIN, MARGIN)
    _draw_row_names(axes, layout, row_label, field)
    left = MARGIN + layout.names + 8
    write(axes, left, top + _PITCH / 2, column_label, color=CONTEXT)
    for name, (_, columns, cells) in maps.items():
        _draw_map_name(
            axes, name, cells, healthy, left, top - layout.titles, layout, columns
        )
        _draw_column_names(axes, columns, left, field, layout)
        draw_grid(
            axes,
            Grid(layout.rows, tuple(columns), cells),
            left,
            field,
            layout.cell,
            looks,
        )
        left += _map_width(columns, layout.cell[0]) + _GAP
    draw_key(axes, key, foot + 10, looks, room)
    return figure


def _outcomes(maps) -> list[str]:
    """All outcomes in reading order."""
    found: dict[str, None] = {}
    for rows, columns, cells in maps.values():
        for row in rows:
            found.update({cells[row, c]: None for c in columns if (row, c) in cells})
    return list(found)


def _layout(maps, row_label: str) -> _Layout:
    rows = _all_rows([rows for rows, _, _ in maps.values()])
    names = max(_widest(rows, _ROW_NAMES), _widest([row_label], _ROW_NAMES))
    page_width = WIDTH_IN * POINTS
    wide = _cell_width(maps, page_width - 2 * MARGIN - names - 8)
    if wide < _LEAST:
        page_width += sum(len(c) for _, c, _ in maps.values()) * (_LEAST - wide)
        wide = _LEAST
    outcomes = _outcomes(maps)
    words = len(maps) == 1 and words_fit(outcomes, wide - 6)
    column_names = [name for _, columns, _ in maps.values() for name in columns]
    upright = not all(_uncut(name, wide - 4, 3) for name in column_names)
    return _Layout(
        rows,
        names,
        (wide, _cell_height(rows, outcomes if words else [], wide)),
        upright,
        _heads(column_names, wide, upright),
        _titles_height(maps, wide),
        words,
        page_width,
    )


def _all_rows(lists: list[Sequence[str]]) -> tuple[str, ...]:
    """The rows of all maps, new ones after the one they follow in their own map."""
    merged: list[str] = []
    for rows in lists:
        at = 0
        for row in rows:
            if row in merged:
                at = merged.index(row) + 1
            else:
                merged.insert(at, row)
                at += 1
    return tuple(merged)


def _widest(names: Sequence[str], room: float) -> float:
    return max(width(line) for name in names for line in wrap(name, room))


def _uncut(words: str, room: float, lines: int = 2) -> bool:
    return " ".join(wrap(words, room, lines=lines)) == plain(words)


def _cell_width(maps, room: float) -> float:
    """As wide as the page allows, after each map has the least width for its name."""
    room -= _GAP * (len(maps) - 1)
    counts = sum(len(columns) for _, columns, _ in maps.values())
    widest = _WIDEST if len(maps) == 1 else 30.0
    wide = min(room / counts, widest)
    if sum(_map_width(columns, wide) for _, columns, _ in maps.values()) <= room:
        return wide
    narrow = [c for _, c, _ in maps.values() if len(c) * wide < _LEAST_MAP]
    others = counts - sum(len(c) for c in narrow)
    return min(wide, (room - _LEAST_MAP * len(narrow)) / max(others, 1))


def _map_width(columns: Sequence[str], cell_width: float) -> float:
    return max(len(columns) * cell_width, _LEAST_MAP)


def _cell_height(rows: Sequence[str], outcomes: Sequence[str], wide: float) -> float:
    lines = [len(wrap(row, _ROW_NAMES)) for row in rows]
    lines += [len(wrap("✓ " + outcome, wide - 6)) for outcome in outcomes]
    return max(lines) * _PITCH + 8


def _heads(columns: Sequence[str], wide: float, upright: bool) -> float:
    if upright:
        return min(max(width(name) for name in columns), _COLUMN_NAMES) + 4
    return max(len(wrap(name, wide - 4, lines=3)) for name in columns) * _PITCH + 2


def _titles_height(maps, wide: float) -> float:
    if "" in maps:
        return 0
    lines = [
        len(wrap(name, _map_width(columns, wide), lines=3, bold=True))
        for name, (_, columns, _) in maps.items()
    ]
    return (max(lines) + 1) * _PITCH + 4


def _draw_row_names(axes, layout: _Layout, row_label: str, top: float) -> None:
    label = wrap(row_label, layout.names)
    for number, line in enumerate(reversed(label)):
        y = top - 4 - (number + 0.5) * _PITCH
        write(axes, MARGIN, y, line, color=CONTEXT)
    for number, row in enumerate(layout.rows):
        lines = wrap(row, _ROW_NAMES)
        y = top + (number + 0.5) * layout.cell[1] - (len(lines) - 1) * _PITCH / 2
        for offset, line in enumerate(lines):
            write(axes, MARGIN, y + offset * _PITCH, line)


def _draw_map_name(axes, name, cells, healthy, left, top, layout, columns) -> None:
    if not name:
        return
    room = _map_width(columns, layout.cell[0])
    broken = sum(outcome not in healthy for outcome in cells.values())
    lines = wrap(name, room, lines=3, bold=True)
    foot = top + layout.titles - 4
    write(axes, left, foot - _PITCH / 2, f"{broken} of {len(cells)}", color=CONTEXT)
    for number, line in enumerate(reversed(lines)):
        write(axes, left, foot - (number + 1.5) * _PITCH, line, bold=True)


def _draw_column_names(
    axes, columns, left: float, foot: float, layout: _Layout
) -> None:
    wide = layout.cell[0]
    for number, name in enumerate(columns):
        x = left + (number + 0.5) * wide
        if layout.upright:
            word = wrap(name, _COLUMN_NAMES, lines=1)[0]
            write(axes, x, foot - 3, word, ha="center", va="bottom", rotation=90)
            continue
        lines = wrap(name, wide - 4, lines=3)
        for offset, line in enumerate(reversed(lines)):
            write(axes, x, foot - 3 - (offset + 0.5) * _PITCH, line, ha="center")


def _text(maps, healthy: set[str]) -> str:
    """Each map row by row, in words."""
    lines = []
    for name, (rows, columns, cells) in maps.items():
        broken = sum(outcome not in healthy for outcome in cells.values())
        start = f"{name}: " if name else ""
        lines.append(f"{start}{broken} of {len(cells)} cells are faulty.")
        for row in rows:
            found = [f"{c}: {cells[row, c]}" for c in columns if (row, c) in cells]
            lines.append(f"{row} — " + ("; ".join(found) or "does not occur") + ".")
    return "\n".join(lines)
