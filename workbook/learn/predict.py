"""Say what will happen before you look; at the end, both stand side by side."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from workbook.learn import record
from workbook.learn.cards import LEFT

__all__ = ["Noted", "Outcomes", "outcomes", "predict"]

_NONE = "no prediction made"

# The questions put in this kernel, so that a table can name one not answered.
_asked: dict[str, str] = {}


class Noted:
    """A prediction that was given in plain Python, or a question that cannot be."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def predict(
    prediction_id: str,
    question: str,
    options: Sequence[str] = (),
    *,
    answer: str | None = None,
) -> Any:
    """Ask `question` with a widget, and keep what is chosen in the passport.

    Without widgets give the answer in plain Python: `predict(…, answer="2")`. With
    `options`, one of them; else any text. Leaving it unanswered is fine.
    """
    choices = tuple(str(option) for option in options)
    _asked[prediction_id] = question
    if answer is None:
        return _ask(prediction_id, question, choices)
    if choices and str(answer) not in choices:
        raise ValueError(f"answer with one of {', '.join(choices)}, not {answer!r}")
    record.prediction(prediction_id, question, str(answer))
    return Noted(f"Predicted: {answer}. ({question})")


def _ask(prediction_id: str, question: str, choices: tuple[str, ...]) -> Any:
    """The question as a widget, or as text that says how to answer it."""
    try:
        from workbook.learn.widget import PredictionWidget
    except ImportError:
        offered = " / ".join(choices) or "your own words"
        how = f'predict("{prediction_id}", …, answer="…")'
        return Noted(f"{question} ({offered}) Answer with {how}.")
    return PredictionWidget(prediction_id, question, choices)


class Outcomes:
    """Predictions beside what really happened."""

    head = ("question", "you predicted", "it was", "")

    def __init__(self, rows: list[tuple[str, ...]]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        table = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return "\n".join(
            "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
            for row in table
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        head = "".join(f'<th scope="col"{LEFT}>{name}</th>' for name in self.head)
        body = "".join(f"<tr>{_cells(row)}</tr>" for row in self.rows)
        html = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return {"text/plain": repr(self), "text/html": html}


def outcomes(results: Mapping[str, Any]) -> Outcomes:
    """Set the predictions beside `results`, which maps their ids to the outcomes."""
    made = record.predictions()
    return Outcomes([_row(made, key, str(value)) for key, value in results.items()])


def _row(made: dict[str, dict[str, Any]], key: str, outcome: str) -> tuple[str, ...]:
    known = made.get(key, {})
    question = _asked.get(key) or str(known.get("question", key))
    if "answer" not in known:
        return question, _NONE, outcome, ""
    predicted = str(known["answer"])
    same = predicted.strip().casefold() == outcome.strip().casefold()
    return question, predicted, outcome, "✓ as predicted" if same else "≠ a surprise"


def _cells(row: tuple[str, ...]) -> str:
    return "".join(f"<td{LEFT}>{escape(cell)}</td>" for cell in row)
