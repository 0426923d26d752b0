"""How large the parts of a crash map are, so that all of its words fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbook.figures.cells import Looks, cell_lines, words_fit
from workbook.figures.style import MARGIN, POINTS, WIDTH_IN
from workbook.figures.text import LINE, SIZE, plain, width, wrap

__all__ = ["COLUMN_NAME", "PITCH", "Layout", "lay_out"]

PITCH = SIZE * LINE
COLUMN_NAME = 150.0  # points: the longest name of a column that stands upright
_GAP = 14.0  # between two maps
_WIDEST, _WIDEST_OF_MANY, _LEAST = (
    118.0,
    30.0,
    11.5,
)  # a cell's width, at least its sign's
_LEAST_MAP = 56.0  # so that the count under a map's name has room
# The longest name of a row, and how wide the cells must be for rows to be that long.
_ROW_NAMES = ((172.0, 17.0), (136.0, 14.0), (104.0, 0.0))

ColumnLists = Mapping[str, Sequence[str]]  # each map's columns, by its name
Maps = Mapping[str, tuple[Sequence[str], Sequence[str], Mapping[tuple[str, str], str]]]


@dataclass(frozen=True)
class Layout:
    """Sizes in points that all maps of a figure share."""

    rows: dict[str, list[str]]  # each row's name in lines
    names: float  # the width of the rows' names
    cell: tuple[float, float]
    upright: bool  # whether the columns' names stand upright
    heads: float  # the height of the columns' names
    titles: float  # the height of the maps' names and counts
    words: bool  # whether the outcomes' words stand in the cells
    page_width: float

    def map_width(self, name: str, columns: Sequence[str]) -> float:
        """The width of the map of this name with these columns."""
        return _map_width(name, columns, self.cell[0])

    def lefts(self, maps: Maps) -> dict[str, float]:
        """Where each map begins."""
        left, found = MARGIN + self.names + 8, {}
        for name, (_, columns, _) in maps.items():
            found[name] = left
            left += self.map_width(name, columns) + _GAP
        return found


def lay_out(maps: Maps, looks: Looks, row_label: str) -> Layout:
    """The layout of one or several maps."""
    rows = _all_rows([rows for rows, _, _ in maps.values()])
    column_lists = {name: columns for name, (_, columns, _) in maps.items()}
    least = max(_LEAST, *(width(of.sign, bold=True) + 3 for of in looks.of.values()))
    names, row_lines, wide = _row_names(rows, column_lists, row_label, least)
    words = len(maps) == 1 and words_fit(looks, wide)
    flat = [name for columns in column_lists.values() for name in columns]
    upright = not all(_uncut(name, wide - 4) for name in flat)
    lines = list(row_lines.values())
    if words:
        shown = replace(looks, coded=False)
        lines += [cell_lines(outcome, shown, wide) for outcome in looks.of]
    high = max(map(len, lines)) * PITCH + 8
    return Layout(
        rows=row_lines,
        names=names,
        cell=(wide, high),
        upright=upright,
        heads=_heads(flat, wide, upright),
        titles=_titles(maps, wide),
        words=words,
        page_width=_page_width(column_lists, wide, names),
    )


def _row_names(
    rows: Sequence[str], column_lists: ColumnLists, row_label: str, least: float
):
    """The names' width, the names in lines, and the width that is left for a cell."""
    for room, needed in _ROW_NAMES:
        lines = {row: wrap(row, room, lines=5) for row in rows}
        label = wrap(row_label, room)
        names = max(width(line) for part in (*lines.values(), label) for line in part)
        left = WIDTH_IN * POINTS - 2 * MARGIN - names - 8
        wide = _cell_width(column_lists, left, least)
        if wide >= needed and _maps_width(column_lists, wide) <= left:
            break
    return names, lines, wide


def _all_rows(lists: list[Sequence[str]]) -> list[str]:
    """The rows of all maps; new ones stand before the next known row of their map."""
    merged: list[str] = []
    for rows in lists:
        for number, row in enumerate(rows):
            if row not in merged:
                later = [r for r in rows[number + 1 :] if r in merged]
                merged.insert(merged.index(later[0]) if later else len(merged), row)
    return merged


def _uncut(words: str, room: float) -> bool:
    return " ".join(wrap(words, room, lines=3)) == plain(words)


def _cell_width(column_lists: ColumnLists, room: float, least: float) -> float:
    """As wide as the room allows, or the maps' names, which need theirs anyway."""
    room = max(room, _maps_width(column_lists, least))
    wide = _WIDEST if len(column_lists) == 1 else _WIDEST_OF_MANY
    while wide > least and _maps_width(column_lists, wide) > room:
        wide -= 0.25
    return max(wide, least)


def _maps_width(column_lists: ColumnLists, wide: float) -> float:
    widths = [_map_width(*named, wide) for named in column_lists.items()]
    return sum(widths) + _GAP * (len(widths) - 1)


def _map_width(name: str, columns: Sequence[str], wide: float) -> float:
    """Room for the map's cells, and for each word of its name."""
    words = [min(width(word, bold=True), COLUMN_NAME) for word in name.split()]
    return max([len(columns) * wide, _LEAST_MAP, *words])


def _page_width(column_lists: ColumnLists, wide: float, names: float) -> float:
    needed = 2 * MARGIN + names + 8 + _maps_width(column_lists, wide)
    return max(WIDTH_IN * POINTS, needed)


def _heads(columns: Sequence[str], wide: float, upright: bool) -> float:
    if upright:
        return min(max(width(name) for name in columns), COLUMN_NAME) + 6
    return max(len(wrap(name, wide - 4, lines=3)) for name in columns) * PITCH + 5


def _titles(maps: Maps, wide: float) -> float:
    if "" in maps:
        return 0.0
    lines = [
        len(wrap(name, _map_width(name, columns, wide), lines=5, bold=True))
        for name, (_, columns, _) in maps.items()
    ]
    return (max(lines) + 1) * PITCH + 6
