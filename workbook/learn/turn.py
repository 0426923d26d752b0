"""Turn it: controls on top, what a pure model answers below.

The model is a plain function of the controls' values, so that a test can drive every
control to its ends and look at what the model says, without a browser.

A slider that is dragged sends a message for each place it passes. Only a note is taken
of each; a moment later one redraw shows the newest values, so stale ones never queue.
"""

import asyncio
import gc
import html
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

__all__ = ["Turn", "turn"]

_WIDE = {"description_width": "11em"}
_PAUSE_S = 0.005  # for the message that already waits: a page sends one ahead, no more


class Turn(widgets.VBox):
    """Controls and a view. `model(**values)` answers a picture, a sentence, or both.

    `controls` maps the model's parameters to ipywidgets; `view` holds the last answer,
    and `redraws` counts the answers so far.
    """

    def __init__(self, model: Callable[..., Any], controls: dict[str, Any]) -> None:
        self.model = model
        self.controls = controls
        self.view = widgets.HTML()
        self.redraws = 0
        self._waiting: asyncio.TimerHandle | None = None
        for control in controls.values():
            control.style, control.layout.width = _WIDE, "34em"
            control.observe(self._note_change, names="value")
        self.redraw()
        super().__init__(children=[*controls.values(), self.view])
        _settle_memory()

    @property
    def values(self) -> dict[str, Any]:
        """What the controls are set to, by the model's parameter names."""
        return {name: control.value for name, control in self.controls.items()}

    def _note_change(self, _change: object) -> None:
        """Redraw soon; at once where no event loop runs that could come back to it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.redraw()
            return
        if self._waiting is None:
            self._waiting = loop.call_later(_PAUSE_S, self.redraw)

    def redraw(self) -> None:
        """Ask the model with the controls as they stand, and show its answer."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self.redraws += 1
        self.view.value = "".join(map(_as_html, self._answer()))

    def _answer(self) -> list[Any]:
        """The model's answer in parts; or why it refuses, for the reader to act on."""
        try:
            answer = self.model(**self.values)
        except Exception as reason:  # nobody would see a traceback of a callback
            return [f"No answer for these values: {reason}"]
        return list(answer) if isinstance(answer, list | tuple) else [answer]

    def __repr__(self) -> str:
        names = ", ".join(c.description for c in self.controls.values())
        return f"Controls for: {names} (live in a running notebook)"


def turn(model: Callable[..., Any], **controls: Any) -> Turn:
    """Controls for `model`, each an ipywidget named as the model's parameter.

    The model is asked at once and after every change. It answers something with an
    HTML view (a picture, a table), a sentence, or a list of these. Give each control a
    `description` with its unit; a static figure belongs before it, for paper.
    """
    return Turn(model, controls)


def _settle_memory() -> None:
    """Spare the redraws to come a long look through all that the notebook has made.

    Every tenth redraw or so Python looks for cycles among all objects there are, which
    takes a quarter of a second late in a chapter. It need not look at these again.
    """
    gc.collect()
    gc.freeze()


def _as_html(part: Any) -> str:
    if isinstance(part, str):
        return f"<p>{html.escape(part)}</p>"
    if hasattr(part, "live_html"):  # a picture
        return part.live_html()
    if hasattr(part, "_repr_html_"):  # a table of pandas
        return part._repr_html_()
    return part._repr_mimebundle_()["text/html"]
