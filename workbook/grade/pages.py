"""The report as pages: one for the class, and one for each student.

Each is a single file that needs no network. Whatever came out of a submission is
escaped, and pictures are images, so no page can run anything.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from workbook.figures.style import (
    CONTEXT,
    CONTEXT_TINT,
    FAULT,
    FAULT_TINT,
    HEALTHY,
    HEALTHY_TINT,
)
from workbook.grade.grading import Graded
from workbook.grade.outcome import Result, sign
from workbook.grade.sheet import Sheet
from workbook.grade.summary import Summary, commonest, not_recognised, worth_a_look
from workbook.learn.cards import paragraphs

__all__ = ["file_of", "write_pages"]

_STYLE = f"""
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; color: #000; background: #fff }}
table {{ border-collapse: collapse; margin: 1rem 0 }}
th, td {{ border: 1px solid #b8b8b8; padding: .25rem .6rem; text-align: left;
  vertical-align: top }}
pre {{ background: {CONTEXT_TINT}; padding: .6rem; overflow-x: auto }}
td.good, td.bad, td.neutral {{ white-space: nowrap }}
img {{ max-width: 100%; height: auto }}
section {{ border-left: 6px solid {CONTEXT}; padding: .1rem 1rem; margin: 1rem 0 }}
section.good {{ border-color: {HEALTHY} }}
section.bad {{ border-color: {FAULT}; border-left-style: double }}
td.good {{ background: {HEALTHY_TINT} }}
td.bad {{ background: {FAULT_TINT} }}
td.neutral {{ background: {CONTEXT_TINT} }}
"""
_NEUTRAL = ("not attempted", "inconclusive")


def write_pages(
    to: Path, labs: Sequence[Summary], graded: Sequence[Graded], known: Mapping
) -> list[Path]:
    """Write index.html, a heat map a lab, and students/…html into the folder `to`."""
    (to / "students").mkdir(parents=True, exist_ok=True)
    pictures = {lab.sheet.stem: lab.picture() for lab in labs}
    for stem, picture in pictures.items():
        picture.save(to / f"heatmap-{stem}.png")
    parts = [_lab(lab, pictures[lab.sheet.stem]) for lab in labs]
    parts += [_unknown(graded)]
    written = [_page(to / "index.html", "The class", "".join(parts))]
    for student in sorted({one.submission.student for one in graded} - {""}):
        own = [one for one in graded if one.submission.student == student]
        body = "".join(_feedback(one, known) for one in own)
        written.append(_page(to / "students" / file_of(student), student, body))
    return written


def file_of(student: str) -> str:
    """The name of a student's page: safe for any file system, and nobody else's."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", student).strip("-.")[:60]
    if plain and plain == student == plain.lower():
        return f"{plain}.html"
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html".lstrip(
        "-"
    )


def _lab(lab: Summary, picture) -> str:
    """A lab of the class: picture, reasons, table, and what to look at."""
    title = f"Lab {int(lab.sheet.number)} · {lab.sheet.title}"
    html = picture._repr_mimebundle_()["text/html"]
    return (
        f"<h2>{escape(title)}</h2>{html}"
        f"<h3>The commonest wrong reason</h3>{_reasons(lab)}"
        f"<h3>Who passed what</h3>{_table(lab)}{_odd(lab)}"
    )


def _reasons(lab: Summary) -> str:
    found = commonest(lab)
    rows = [
        (f"{c.task.number} · {c.task.title}", c.reason, f"{c.times} of {c.wrong}")
        for c in found
    ]
    if not rows:
        return "<p>Nobody was wrong.</p>"
    return _rows(("exercise", "reason", "times"), rows)


def _table(lab: Summary) -> str:
    heads = ("student", *(str(task.number) for task in lab.sheet.tasks), "passed")
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>"
        + "".join(_student(one, lab.sheet) for one in lab.graded)
        + "</tbody></table>"
    )


def _student(one: Graded, sheet: Sheet) -> str:
    student = one.submission.student
    link = f'<a href="students/{escape(file_of(student))}">{escape(student)}</a>'
    cells = [_cell(one.results[task.id]) for task in sheet.tasks]
    points = f"<td>{one.points} of {len(sheet.tasks)}</td>"
    return f'<tr><th scope="row">{link}</th>{"".join(cells)}{points}</tr>'


def _cell(result: Result) -> str:
    status = f"{sign(result.status)} {result.status}"
    return f'<td class="{_looks(result.status)}">{escape(status)}</td>'


def _odd(lab: Summary) -> str:
    rows = worth_a_look(lab.graded)
    if not rows:
        return ""
    heads = ("student", "exercises", "verdict", "why")
    return f"<h3>Look at these</h3>{_rows(heads, rows)}"


def _unknown(graded: Sequence[Graded]) -> str:
    """What was handed in, and could not be graded at all."""
    lost = not_recognised(graded)
    return f"<h2>Not recognised</h2>{_rows(('file', 'why'), lost)}" if lost else ""


def _feedback(one: Graded, known: Mapping[str, Sheet]) -> str:
    """One submission, for whoever handed it in."""
    submission = one.submission
    if not one.results:
        return f"<p>{escape(submission.file)}: {escape(submission.problem)}.</p>"
    sheet = known[submission.lab]
    of = len(sheet.tasks)
    head = f"Lab {int(sheet.number)} · {sheet.title}: {one.points} of {of} passed"
    said = [f"<p>{escape(note)}.</p>" for note in submission.notes]
    cards = [_card(f"{t.number} · {t.title}", one.results[t.id]) for t in sheet.tasks]
    return f"<h2>{escape(head)}</h2>{''.join(said)}{''.join(cards)}"


def _card(title: str, result: Result) -> str:
    status = f"{sign(result.status)} {result.status}"
    body = paragraphs(result.reason, result.look)
    if result.picture:
        source = f"data:image/png;base64,{result.picture}"
        body += f'<p><img alt="{escape(result.alt)}" width="614" src="{source}"></p>'
    if result.printed:
        body += f"<p>The code printed:</p><pre>{escape(result.printed)}</pre>"
    if result.notes:
        items = "".join(f"<li>{escape(note)}</li>" for note in result.notes)
        body += f"<p>Notes:</p><ul>{items}</ul>"
    return (
        f'<section class="{_looks(result.status)}"><h3>{escape(title)}</h3>'
        f"<p><strong>{escape(status)}</strong></p>{body}</section>"
    )


def _looks(status: str) -> str:
    if status == "passed":
        return "good"
    return "neutral" if status in _NEUTRAL else "bad"


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _page(path: Path, title: str, body: str) -> Path:
    path.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n",
        encoding="utf-8",
    )
    return path
