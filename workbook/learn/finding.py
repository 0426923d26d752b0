"""What a check-up found: rows, and the table that shows them."""

from dataclasses import dataclass
from html import escape

__all__ = ["Checkup", "Finding"]

# JupyterLab would set a table's text to the right.
_LEFT = 'style="text-align:left"'


@dataclass(frozen=True)
class Finding:
    """One row: what was looked at, whether it is in order, and what there is to say.

    `advice` is what to do; empty when there is nothing to do.
    """

    name: str
    ok: bool
    text: str
    advice: str = ""

    @property
    def mark(self) -> str:
        """A tick or a cross."""
        return "✓" if self.ok else "✗"

    def __str__(self) -> str:
        advice = f". To do: {self.advice}" if self.advice else ""
        return f"{self.mark} {self.name}: {self.text}{advice}"


@dataclass(frozen=True)
class Checkup:
    """All rows, shown as a table."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is in order."""
        return all(finding.ok for finding in self.findings)

    def __repr__(self) -> str:
        return "\n".join(map(str, self.findings))

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self.findings))
        return f"<table><tbody>{rows}</tbody></table>"


def _row(finding: Finding) -> str:
    advice = f"<br><b>To do:</b> {escape(finding.advice)}" if finding.advice else ""
    return (
        f"<tr><td>{finding.mark}</td>"
        f'<th scope="row" {_LEFT}>{escape(finding.name)}</th>'
        f"<td {_LEFT}>{escape(finding.text)}{advice}</td></tr>"
    )
