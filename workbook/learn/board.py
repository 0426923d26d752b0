"""A lab's board: its exercises, how they stand, and how far one has come."""

from dataclasses import dataclass
from html import escape
from typing import Any

from workbook.learn.cards import LEFT, progress_html, progress_text, rich, symbol

__all__ = ["Board", "Row"]

_HEAD = ("", "exercise", "minutes", "our lines", "verdict", "attempts")


@dataclass(frozen=True)
class Row:
    """One exercise on the board; `verdict` is the best so far."""

    number: int
    title: str
    minutes: int
    lines: int
    verdict: str
    attempts: int

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, a cell for each of the board's columns."""
        verdict = f"{symbol(self.verdict)} {self.verdict}"
        numbers = (str(self.minutes), str(self.lines))
        return (str(self.number), self.title, *numbers, verdict, str(self.attempts))


class Board:
    """A lab's exercises as they stand, and its ledger if there is one."""

    def __init__(
        self, title: str, rows: tuple[Row, ...], *, ledger: Any = None
    ) -> None:
        self.title = title
        self.rows = rows
        self.ledger = ledger

    @property
    def passed(self) -> int:
        """How many exercises are passed."""
        return sum(row.verdict == "passed" for row in self.rows)

    @property
    def minutes(self) -> int:
        """How long the lab takes, by our estimate."""
        return sum(row.minutes for row in self.rows)

    def __repr__(self) -> str:
        table = [_HEAD, *(row.cells for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [self._headline, progress_text(self.passed, len(self.rows))]
        lines += [_text_row(cells, widths) for cells in table]
        lines += ["", repr(self.ledger)] if self.ledger is not None else []
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        html = f"<p><strong>{escape(self._headline)}</strong></p>"
        html += progress_html(self.passed, len(self.rows)) + self._table()
        html += rich(self.ledger) if self.ledger is not None else ""
        return {"text/plain": repr(self), "text/html": html}

    @property
    def _headline(self) -> str:
        return f"Lab: {self.title} · {self.minutes} min"

    def _table(self) -> str:
        head = "".join(f'<th scope="col"{LEFT}>{name}</th>' for name in _HEAD)
        rows = "".join(_html_row(row.cells) for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _text_row(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _html_row(cells: tuple[str, ...]) -> str:
    return "<tr>" + "".join(f"<td{LEFT}>{escape(c)}</td>" for c in cells) + "</tr>"
