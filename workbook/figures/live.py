"""Curves for an explorer: drawn once, and moved when a control is turned.

A new figure takes longer to make than its lines to move, and a small file longer to
pack than a larger one. Nobody keeps the pictures that pass while a slider is dragged.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from workbook.figures.curves import curves, in_words
from workbook.figures.endnames import name_curves
from workbook.figures.picture import Picture, _render
from workbook.figures.scales import scale_axes
from workbook.figures.style import (
    MARGIN,
    POINTS,
    TITLE_SIZE,
    WIDTH_IN,
    house_style,
)
from workbook.figures.text import wrap

__all__ = ["LiveCurves"]


class _Quick(Picture):
    """A picture whose PNG is made quickly and may be larger."""

    def png(self) -> bytes:
        with house_style():
            image = _render(self.figure)
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=1)
        return out.getvalue()


class LiveCurves:
    """A picture of curves to be shown again and again, for `workbook.learn.turn`.

    `looks` are what `curves` takes besides the values and the title: labels, `kinds`,
    scales. Every `show` must name the same lines.
    """

    def __init__(self, **looks: Any) -> None:
        self._looks = looks
        self._picture: Picture | None = None
        self._lines: dict[str, Any] = {}

    def show(
        self, x: Sequence[float], ys: Mapping[str, Sequence[float]], *, title: str
    ) -> Picture:
        """The picture with these values and this title, drawn or moved.

        The title has as many lines as the first one; what does not fit is cut. Raises
        ValueError as `curves` does, and for other lines than the first time.
        """
        drawn = self._picture is not None
        if drawn and list(ys) != list(self._lines):
            raise ValueError(f"the lines were {list(self._lines)}, not {list(ys)}")
        if not drawn:
            self._keep(curves(x, ys, title=title, **self._looks), list(ys))
            return self._picture
        with house_style():
            self._move(x, ys, title)
        return self._picture

    def _keep(self, picture: Picture, names: list[str]) -> None:
        words = {"caption": picture.caption, "text": picture.text}
        self._picture = _Quick(picture.figure, picture.message, **words)
        self._paper, self._axes = picture.figure.axes
        self._lines = dict(zip(names, self._axes.get_lines(), strict=True))
        self._title = [
            text for text in self._paper.texts if text.get_fontsize() == TITLE_SIZE
        ]

    def _move(self, x, ys, title: str) -> None:
        for name, line in self._lines.items():
            line.set_data(x, ys[name])
        logs = {key: self._looks.get(key, False) for key in ("log_x", "log_y")}
        self._axes.relim()
        self._axes.autoscale()
        scale_axes(self._axes, **logs)
        figure = self._picture.figure
        for text in list(figure.texts):  # the lines' names
            text.remove()
        name_curves(figure, self._axes, ys, self._looks.get("kinds") or {})
        room = WIDTH_IN * POINTS - 2 * MARGIN
        lines = wrap(title, room, lines=len(self._title), size=TITLE_SIZE, bold=True)
        for text, words in zip(self._title, [*lines, *[""] * 4], strict=False):
            text.set_text(words)
        self._picture.message = title
        labels = self._looks["x_label"], self._looks["y_label"]
        self._picture.text = in_words(x, ys, *labels)
