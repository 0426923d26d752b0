"""A crash map's cells and their key: each outcome has a fill, a hatch and a sign."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook.figures.glyphs import box, rule
from workbook.figures.style import FAULT, HEALTHY_TINT, INK, MARGIN, PAPER, RULE, write
from workbook.figures.text import LINE, SIZE, plain, width, wrap

__all__ = [
    "Grid",
    "Looks",
    "cell_lines",
    "draw_grid",
    "draw_key",
    "key_lines",
    "looks_of",
    "words_fit",
]

KEY_PITCH = 19.0  # points from one line of the key to the next
_PITCH = SIZE * LINE
_SWATCH = 16.0
_STRIP = 8.0  # where the words stand in the cell, the hatch is a strip at its left
_GOOD_SIGNS = "✓○◇□"
_BAD_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BAD_HATCHES = ("", "////", "....", "xxxx", "----", "\\\\\\\\", "||||", "oooo")


@dataclass(frozen=True)
class Look:
    """How an outcome is drawn; `sign` stands for its words where they do not fit."""

    good: bool
    sign: str
    hatch: str

    @property
    def fill(self) -> str:
        """The colour of the cell."""
        return HEALTHY_TINT if self.good else FAULT


@dataclass(frozen=True)
class Looks:
    """The look of each outcome, and whether cells show signs instead of words."""

    of: dict[str, Look]
    coded: bool = True

    @property
    def strip(self) -> float:
        """Points of a cell that go to the hatch where it shows words."""
        return _STRIP if any(look.hatch for look in self.of.values()) else 0.0


@dataclass(frozen=True)
class Grid:
    """The outcomes of one map."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], str]


def looks_of(outcomes: Sequence[str], healthy: Container[str]) -> Looks:
    """A look for each outcome: signs and hatches in order of first appearance."""
    good = [outcome for outcome in outcomes if outcome in healthy]
    bad = [outcome for outcome in outcomes if outcome not in healthy]
    looks = {o: Look(True, _nth(_GOOD_SIGNS, i), "") for i, o in enumerate(good)}
    for i, outcome in enumerate(bad):
        hatch = _BAD_HATCHES[i % len(_BAD_HATCHES)]
        looks[outcome] = Look(False, _nth(_BAD_SIGNS, i), hatch)
    return Looks(looks)


def _nth(signs: str, number: int) -> str:
    again = number // len(signs)
    return signs[number % len(signs)] + (str(again + 1) if again else "")


def cell_lines(outcome: str, looks: Looks, wide: float) -> list[str]:
    """The outcome's words in at most two lines that fit a cell `wide` points wide."""
    good = looks.of[outcome].good
    words = ("✓ " if good else "✗ ") + outcome
    return wrap(words, wide - looks.strip - 8, bold=not good)


def words_fit(looks: Looks, wide: float) -> bool:
    """Whether each outcome fits a cell `wide` points wide without a cut."""
    lines = {outcome: cell_lines(outcome, looks, wide) for outcome in looks.of}
    return all(" ".join(lines[o])[2:] == plain(o) for o in looks.of)


def draw_grid(axes, grid: Grid, left: float, top: float, cell, looks: Looks) -> None:
    """Draw the cells from the upper left corner; `cell` is a width and a height."""
    wide, high = cell
    for r, row in enumerate(grid.rows):
        for c, column in enumerate(grid.columns):
            x, y = left + c * wide, top + r * high
            outcome = grid.cells.get((row, column))
            if outcome is None:
                _draw_hole(axes, x, y, cell)
            else:
                _draw_cell(axes, outcome, x, y, cell, looks)


def _draw_hole(axes, x: float, y: float, cell) -> None:
    wide, high = cell
    ends = (x + 3, x + wide - 3), (y + high - 3, y + 3)
    rule(axes, *ends, color=RULE, linewidth=0.7)


def _draw_cell(axes, outcome: str, x: float, y: float, cell, looks: Looks) -> None:
    look, (wide, high) = looks.of[outcome], cell
    paint = {"facecolor": look.fill, "edgecolor": PAPER, "linewidth": 0}
    box(axes, x + 1, y + 1, wide - 2, high - 2, **paint)
    strip = wide - 2 if looks.coded else looks.strip
    if look.hatch:
        box(axes, x + 1, y + 1, strip, high - 2, hatch=look.hatch, **paint)
    lines = [look.sign] if looks.coded else cell_lines(outcome, looks, wide)
    middle_x = x + (wide / 2 if looks.coded else (wide + strip) / 2)
    middle_y = y + high / 2 - (len(lines) - 1) * _PITCH / 2
    over = look.fill if look.hatch and looks.coded else ""
    how = {"ha": "center", "color": INK, "bold": not look.good, "over": over}
    for number, line in enumerate(lines):
        write(axes, middle_x, middle_y + number * _PITCH, line, **how)


def key_lines(looks: Looks, room: float) -> list[list[str]]:
    """The outcomes of the key, in lines that fit `room` points."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for outcome in looks.of:
        wide = _entry_width(outcome)
        if lines[-1] and used + wide > room:
            lines.append([])
            used = 0.0
        lines[-1].append(outcome)
        used += wide
    return lines


def _entry_width(outcome: str) -> float:
    return _SWATCH + 5 + width(outcome) + 18


def draw_key(
    axes, lines: list[list[str]], top: float, looks: Looks, room: float
) -> None:
    """Draw the key's lines from `top` on."""
    signs = replace(looks, coded=True)
    for number, line in enumerate(lines):
        x, y = MARGIN, top + number * KEY_PITCH
        for outcome in line:
            _draw_cell(axes, outcome, x, y, (_SWATCH, _SWATCH), signs)
            words = wrap(outcome, room - _SWATCH - 5, lines=1)[0]
            write(axes, x + _SWATCH + 5, y + _SWATCH / 2, words)
            x += _entry_width(outcome)
