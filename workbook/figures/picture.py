"""A figure that says what it shows: in a sentence, an image, and to a screen reader."""

import base64
import html
import io
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from workbook.figures.palette import few_colors
from workbook.figures.style import house_style

__all__ = ["Picture"]

DOTS_PER_INCH = 144  # one and a half dots to the pixel: sharp, and still small
PIXELS_PER_INCH = 96  # CSS: an inch, hence a 10 pt text is as large as the page's
_ALT_LENGTH = 600  # screen readers cannot pause within an alt text: the rest is in text


class Picture:
    """A figure with its message; what a notebook shows and what nbval compares.

    `message` is the figure's claim in one sentence, `caption` stands beneath it and
    `text` says in lines what the picture shows, for those who cannot see it.
    """

    def __init__(
        self, figure: Figure, message: str, *, caption: str = "", text: str = ""
    ) -> None:
        if not isinstance(figure, Figure):
            raise ValueError(
                f"a picture wants a matplotlib Figure, not {type(figure).__name__}: "
                "for axes, pass axes.figure"
            )
        if not (message or "").strip():
            raise ValueError("a picture needs a message: its claim in one sentence")
        self.figure = figure
        self.message = message
        self.caption = caption
        self.text = text

    def png(self) -> bytes:
        """The image as PNG: the same bytes for the same picture, and few of them."""
        return _as_png(few_colors(self._image()), optimize=True)

    def live_html(self) -> str:
        """The view for a screen that changes: made in half the time, thrice the bytes.

        A notebook's file keeps what `display` shows; this is kept nowhere.
        """
        return self._html(_as_png(self._image(), compress_level=1))

    def save(self, path: str | Path) -> None:
        """Write the PNG to `path`."""
        Path(path).write_bytes(self.png())

    @property
    def alt(self) -> str:
        """The message and as much of the text as suits an `alt` attribute."""
        words = " ".join(f"{self.message}\n{self.text}".split())
        return textwrap.shorten(words, _ALT_LENGTH, placeholder=" …")

    def __repr__(self) -> str:
        return " — ".join(filter(None, [self.message, self.caption]))

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html(self.png())}

    def _image(self) -> Image.Image:
        with house_style():
            return _render(self.figure)

    def _html(self, png: bytes) -> str:
        width = round(self.figure.get_figwidth() * PIXELS_PER_INCH)
        data = base64.b64encode(png).decode("ascii")
        # Its own white ground and ink: the picture must read on a dark page as well.
        return (
            '<figure style="margin:0.5em 0">'
            f'<img alt="{html.escape(self.alt)}" width="{width}" '
            'style="background:#fff;max-width:100%;height:auto" '
            f'src="data:image/png;base64,{data}">'
            f"{self._caption_html()}{self._text_html()}</figure>"
        )

    def _caption_html(self) -> str:
        if not self.caption:
            return ""
        return f"<figcaption>{html.escape(self.caption)}</figcaption>"

    def _text_html(self) -> str:
        if not self.text:
            return ""
        lines = "<br>".join(html.escape(line) for line in self.text.splitlines())
        return f"<details><summary>As text</summary><p>{lines}</p></details>"


def _as_png(image: Image.Image, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), **how)
    return out.getvalue()


def _render(figure: Figure) -> Image.Image:
    """The figure's dots, drawn by Agg at our resolution whatever the notebook's is."""
    before = figure.dpi
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(DOTS_PER_INCH)
    try:
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    finally:
        figure.set_dpi(before)
