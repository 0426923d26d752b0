"""A crash map's cells and their key: each outcome has a fill, a hatch and a sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbook.figures.glyphs import box, rule
from workbook.figures.style import (
    FAULT,
    HEALTHY,
    HEALTHY_TINT,
    INK,
    MARGIN,
    PAPER,
    RULE,
    write,
)
from workbook.figures.text import LINE, SIZE, plain, width, wrap

__all__ = ["Grid", "Looks", "draw_grid", "draw_key", "key_lines", "looks_of"]

_PITCH = SIZE * LINE
_SWATCH = 16.0
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

    @property
    def ink(self) -> str:
        """The colour of the words on it."""
        return HEALTHY if self.good else INK


@dataclass(frozen=True)
class Looks:
    """The look of each outcome, and whether cells show signs instead of words."""

    of: dict[str, Look]
    coded: bool = True

    def with_words(self) -> "Looks":
        """The same with the words in the cells."""
        return replace(self, coded=False)


@dataclass(frozen=True)
class Grid:
    """The outcomes of one map."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], str]


def looks_of(outcomes: Sequence[str], healthy: set[str]) -> Looks:
    """A look for each outcome: signs and hatches in order of first appearance."""
    good = [outcome for outcome in outcomes if outcome in healthy]
    bad = [outcome for outcome in outcomes if outcome not in healthy]
    looks = {o: Look(True, _nth(_GOOD_SIGNS, i), "") for i, o in enumerate(good)}
    for i, outcome in enumerate(bad):
        sign, hatch = _nth(_BAD_SIGNS, i), _BAD_HATCHES[i % len(_BAD_HATCHES)]
        looks[outcome] = Look(False, sign, hatch)
    return Looks(looks)


def _nth(signs: str, number: int) -> str:
    again = number // len(signs)
    return signs[number % len(signs)] + (str(again + 1) if again else "")


def words_fit(outcomes: Sequence[str], room: float) -> bool:
    """Whether each outcome fits a cell `room` points wide, in two lines, uncut."""
    return all(_whole(outcome, wrap("✓ " + outcome, room)) for outcome in outcomes)


def _whole(words: str, lines: list[str]) -> bool:
    return " ".join(lines) == plain("✓ " + words)


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
    box(
        axes,
        x + 1,
        y + 1,
        wide - 2,
        high - 2,
        facecolor=PAPER,
        edgecolor=RULE,
        linewidth=0.5,
    )
    rule(axes, (x + 1, x + wide - 1), (y + high - 1, y + 1), color=RULE, linewidth=0.6)


def _draw_cell(axes, outcome: str, x: float, y: float, cell, looks: Looks) -> None:
    look, (wide, high) = looks.of[outcome], cell
    _draw_fill(axes, look, x, y, cell)
    words = look.sign if looks.coded else ("✓ " if look.good else "✗ ") + outcome
    lines = wrap(words, wide - 6) if not looks.coded else [words]
    middle = y + high / 2 - (len(lines) - 1) * _PITCH / 2
    for number, line in enumerate(lines):
        place = (x + wide / 2, middle + number * _PITCH)
        over = look.fill if look.hatch else ""
        write(
            axes,
            *place,
            line,
            ha="center",
            color=look.ink,
            bold=not look.good,
            over=over,
        )


def _draw_fill(axes, look: Look, x: float, y: float, cell) -> None:
    wide, high = cell
    paint = {"facecolor": look.fill, "edgecolor": PAPER, "linewidth": 0}
    box(axes, x + 1, y + 1, wide - 2, high - 2, hatch=look.hatch, **paint)


def key_lines(looks: Looks, room: float) -> list[list[str]]:
    """The outcomes of the key, in lines that fit `room` points."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for outcome in looks.of:
        wide = _entry_width(outcome, room)
        if lines[-1] and used + wide > room:
            lines.append([])
            used = 0.0
        lines[-1].append(outcome)
        used += wide
    return lines


def _entry_width(outcome: str, room: float) -> float:
    return min(_SWATCH + 6 + width(outcome) + 18, room)


def draw_key(
    axes, lines: list[list[str]], top: float, looks: Looks, room: float
) -> None:
    """Draw the key's lines from `top` on."""
    for number, line in enumerate(lines):
        x, y = MARGIN, top + number * 18
        for outcome in line:
            _draw_cell(
                axes, outcome, x, y, (_SWATCH, _SWATCH), replace(looks, coded=True)
            )
            words = wrap(outcome, room - _SWATCH - 10, lines=1)[0]
            write(axes, x + _SWATCH + 5, y + _SWATCH / 2, words)
            x += _entry_width(outcome, room)
