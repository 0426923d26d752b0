"""Turn it: controls on top, what a pure model answers below.

The model is a plain function of the controls' values, so that a test can drive every
control to its ends and look at what the model says, without a browser.
"""

import html
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

__all__ = ["Turn", "turn"]

_WIDE = {"description_width": "11em"}


class Turn(widgets.VBox):
    """Controls and a view. `model(**values)` answers a picture, a sentence, or both.

    `controls` maps the model's parameters to ipywidgets; `view` holds the last answer.
    """

    def __init__(self, model: Callable[..., Any], controls: dict[str, Any]) -> None:
        self.model = model
        self.controls = controls
        self.view = widgets.HTML()
        for control in controls.values():
            control.style, control.layout.width = _WIDE, "34em"
            control.observe(self._redraw, names="value")
        self._redraw()
        super().__init__(children=[*controls.values(), self.view])

    @property
    def values(self) -> dict[str, Any]:
        """What the controls are set to, by the model's parameter names."""
        return {name: control.value for name, control in self.controls.items()}

    def _redraw(self, _change: object = None) -> None:
        answer = self.model(**self.values)
        parts = answer if isinstance(answer, list | tuple) else [answer]
        self.view.value = "".join(_as_html(part) for part in parts)

    def __repr__(self) -> str:
        names = ", ".join(c.description for c in self.controls.values())
        return f"Controls for: {names} (live in a running notebook)"


def turn(model: Callable[..., Any], **controls: Any) -> Turn:
    """Controls for `model`, each an ipywidget named as the model's parameter.

    The model is asked at once and after every change. It answers something with an
    HTML view (a picture), a sentence, or a list of these. Give each control a
    `description` with its unit; a static figure belongs before it, for paper.
    """
    return Turn(model, controls)


def _as_html(part: Any) -> str:
    if isinstance(part, str):
        return f"<p>{html.escape(part)}</p>"
    return part._repr_mimebundle_()["text/html"]
