"""Grades submitted labs with our own checks, each submission fenced in.

`python -m workbook.grade submissions/ --out report/` is the command; `grade` is what it
calls. Which process does what:

- The command reads what was handed in, as JSON, and runs none of it.
- A worker a core (`worker`) tries a lab's checks on our own answers (`prepared`).
- Each submission is graded in a fork of the worker (`inside`), fenced in (`jail`).
- What a fork says comes sealed through a pipe (`jail.channel`), as text and a PNG.
"""

from workbook.grade.grading import Graded, Plan, grade
from workbook.grade.jail.limits import Limits
from workbook.grade.outcome import NotReady, Result, Unsafe
from workbook.grade.store import Store

__all__ = [
    "Graded",
    "Limits",
    "NotReady",
    "Plan",
    "Result",
    "Store",
    "Unsafe",
    "grade",
]
