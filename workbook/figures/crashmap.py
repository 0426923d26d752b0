"""Crash maps: at which step, in which situation, what goes wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from workbook.figures.cells import (
    KEY_PITCH,
    Grid,
    draw_grid,
    draw_key,
    key_lines,
    looks_of,
)
from workbook.figures.maplayout import COLUMN_NAME, PITCH, Layout, lay_out
from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    FAULT_INK,
    HEALTHY,
    MARGIN,
    TITLE_SIZE,
    draw_title,
    house_style,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, wrap

__all__ = ["crashmap", "crashmaps"]

Ranks = Mapping[str, int]  # the good outcomes, and in which order they get signs
Cells = Mapping[tuple[str, str], str]


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

    Where `healthy` is a list, its first outcome gets the tick, however late it appears.
    The outcome stands in its cell if all of them fit, else as a letter with a key
    beneath. A (row, column) that `cells` lacks is blank with a grey stroke. Raises
    ValueError for a cell outside the rows and columns, a name that stands twice, or
    a map without cells.
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

    `maps` gives (rows, columns, cells) by name. The line under a name counts the cells
    that are not `healthy`. Raises ValueError as `crashmap` does, and for fewer than two
    maps.
    """
    if len(maps) < 2 or "" in maps:
        raise ValueError("crashmaps wants two maps or more, each with a name")
    return _picture(maps, title, row_label, column_label, healthy, caption)


def _picture(maps, title, row_label, column_label, healthy, caption) -> Picture:
    if isinstance(healthy, str):
        raise ValueError(f"healthy is a set of outcomes: write {{{healthy!r}}}")
    ranked = isinstance(healthy, list | tuple)
    healthy = {str(one): rank * ranked for rank, one in enumerate(healthy)}
    maps = {str(name): _in_words(*of) for name, of in maps.items()}
    for name, (rows, columns, cells) in maps.items():
        _check(f" of {name!r}" if name else "", rows, columns, cells)
    with house_style():
        figure = _draw(maps, title, row_label, column_label, healthy)
    return Picture(figure, title, caption=caption, text=_text(maps, healthy))


def _in_words(rows, columns, cells: Cells):
    """Rows, columns and cells with numbers for names or outcomes as words."""
    words = {(str(r), str(c)): str(outcome) for (r, c), outcome in cells.items()}
    return [str(row) for row in rows], [str(column) for column in columns], words


def _check(of: str, rows: list[str], columns: list[str], cells: Cells) -> None:
    for kind, names in (("row", rows), ("column", columns)):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the {kind}s{of} have {twice} twice: name each once")
    if not cells:
        raise ValueError(f"the crash map{of} has no cells: give an outcome for each")
    for row, column in cells:
        if row not in rows or column not in columns:
            raise ValueError(
                f"cell {(row, column)!r}{of} is outside the map: "
                f"rows are {rows}, columns are {columns}"
            )


def _draw(maps, title: str, row_label: str, column_label: str, healthy: Ranks):
    outcomes = sorted(_outcomes(maps), key=lambda one: healthy.get(one, 0))
    looks = looks_of(outcomes, healthy)
    layout = lay_out(maps, looks, row_label)
    looks = replace(looks, coded=not layout.words)
    room = layout.page_width - 2 * MARGIN
    key = key_lines(looks, room) if looks.coded else []
    lines = title_lines(title, room)
    top = MARGIN + len(lines) * TITLE_SIZE * LINE + 7
    lefts = layout.lefts(maps)
    label = wrap(column_label, layout.page_width - MARGIN - min(lefts.values()))
    label_top = top + layout.titles
    field = label_top + len(label) * PITCH + layout.heads
    foot = field + len(layout.rows) * layout.cell[1]
    below = 8 + len(key) * KEY_PITCH if key else 0
    figure, axes = page(foot + below + MARGIN, layout.page_width)
    draw_title(axes, lines, MARGIN, MARGIN)
    _draw_row_names(axes, layout, row_label, field)
    for number, line in enumerate(label):
        y = label_top + (number + 0.5) * PITCH
        write(axes, min(lefts.values()), y, line, color=CONTEXT)
    for name, (_, columns, cells) in maps.items():
        broken = sum(outcome not in healthy for outcome in cells.values())
        room = layout.map_width(name, columns)
        _draw_map_name(axes, name, (broken, len(cells)), (lefts[name], label_top, room))
        _draw_column_names(axes, columns, lefts[name], field, layout)
        grid = Grid(tuple(layout.rows), tuple(columns), cells)
        draw_grid(axes, grid, lefts[name], field, layout.cell, looks)
    draw_key(axes, key, foot + 8, looks, layout.page_width - 2 * MARGIN)
    return figure


def _outcomes(maps) -> list[str]:
    """All outcomes in reading order."""
    found: dict[str, None] = {}
    for rows, columns, cells in maps.values():
        for row in rows:
            found.update({cells[row, c]: None for c in columns if (row, c) in cells})
    return list(found)


def _draw_row_names(axes, layout: Layout, row_label: str, top: float) -> None:
    for number, line in enumerate(reversed(wrap(row_label, layout.names))):
        y = top - 5 - (number + 0.5) * PITCH
        write(axes, MARGIN, y, line, color=CONTEXT)
    for number, lines in enumerate(layout.rows.values()):
        y = top + (number + 0.5) * layout.cell[1] - (len(lines) - 1) * PITCH / 2
        for offset, line in enumerate(lines):
            write(axes, MARGIN, y + offset * PITCH, line)


def _draw_map_name(axes, name: str, count: tuple[int, int], place) -> None:
    """The map's name and, under it, how many of its cells are broken."""
    if not name:
        return
    (broken, cells), (left, foot, room) = count, place
    foot -= 3
    words = f"✗ {broken} of {cells}" if broken else f"✓ all {cells}"
    write(axes, left, foot - PITCH / 2, words, color=FAULT_INK if broken else HEALTHY)
    for number, line in enumerate(reversed(wrap(name, room, lines=5, bold=True))):
        write(axes, left, foot - (number + 1.5) * PITCH, line, bold=True)


def _draw_column_names(axes, columns, left: float, foot: float, layout: Layout) -> None:
    wide = layout.cell[0]
    for number, name in enumerate(columns):
        x = left + (number + 0.5) * wide
        if layout.upright:
            word = wrap(name, COLUMN_NAME, lines=1)[0]
            write(axes, x, foot - 4, word, ha="center", va="bottom", rotation=90)
            continue
        for offset, line in enumerate(reversed(wrap(name, wide - 4, lines=3))):
            write(axes, x, foot - 4 - (offset + 0.5) * PITCH, line, ha="center")


def _text(maps, healthy: Ranks) -> str:
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
