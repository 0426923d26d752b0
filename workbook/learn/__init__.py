"""Exercises, verdicts, hints, predictions and the passport.

A checks module needs `Lab`, `Exercise`, `Question`, the verdicts and `call`; a notebook
needs its lab, `predict`, `outcomes`, `passport`, and perhaps a `Ledger`.
"""

from workbook.learn import passport
from workbook.learn.doctor import checkup
from workbook.learn.exercise import Exercise, Question
from workbook.learn.lab import Lab
from workbook.learn.ledger import Ledger
from workbook.learn.predict import outcomes, predict
from workbook.learn.running import Outcome, call, call_or_error, try_call
from workbook.learn.turn import Turn, turn
from workbook.learn.verdict import (
    Verdict,
    failed,
    from_exploration,
    inconclusive,
    passed,
)

__all__ = [
    "Exercise",
    "Lab",
    "Ledger",
    "Outcome",
    "Question",
    "Turn",
    "Verdict",
    "call",
    "call_or_error",
    "checkup",
    "failed",
    "from_exploration",
    "inconclusive",
    "outcomes",
    "passed",
    "passport",
    "predict",
    "try_call",
    "turn",
]
