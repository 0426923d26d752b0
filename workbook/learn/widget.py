"""A prediction's question as a widget; reachable by keyboard, quiet until answered."""

from html import escape
from typing import Any

import ipywidgets

from workbook.learn import record

__all__ = ["PredictionWidget"]

_WIDE = ipywidgets.Layout(width="auto")


class PredictionWidget(ipywidgets.VBox):
    """The question, a control, and a line that confirms what was noted.

    Its text form is the question alone, whatever was answered, so that a notebook's
    stored output is the same for everybody.
    """

    def __init__(
        self, prediction_id: str, question: str, choices: tuple[str, ...]
    ) -> None:
        self.prediction_id = prediction_id
        self.question = question
        self.choices = choices
        earlier = record.predictions().get(prediction_id, {}).get("answer")
        self.control = _control(question, choices, earlier)
        self.noted = ipywidgets.HTML(_noted(earlier))
        self.control.observe(self._note, names="value")
        title = ipywidgets.HTML(f"<b>Predict.</b> {escape(question)}")
        super().__init__(children=(title, self.control, self.noted))

    def _note(self, change: dict[str, Any]) -> None:
        """Keep a new answer; clearing a text keeps the earlier one."""
        if answer := str(change["new"] or "").strip():
            record.prediction(self.prediction_id, self.question, answer)
            self.noted.value = _noted(answer)

    def __repr__(self) -> str:
        offered = " / ".join(self.choices) or "in your own words"
        return f"Predict: {self.question} ({offered})"


def _control(question: str, choices: tuple[str, ...], earlier: Any) -> Any:
    """Radio buttons for choices, else a line of text; with the earlier answer set."""
    common = {"description": "Your prediction:", "tooltip": question, "layout": _WIDE}
    style = {"description_width": "initial"}
    if choices:
        value = earlier if earlier in choices else None
        return ipywidgets.RadioButtons(
            options=choices, value=value, style=style, **common
        )
    value = str(earlier or "")
    return ipywidgets.Text(value=value, continuous_update=False, style=style, **common)


def _noted(answer: Any) -> str:
    return f"Noted: {escape(str(answer))}" if answer else ""
