"""Where the words of a figure stand: measured with the renderer itself."""

import io
import itertools

import numpy as np
from matplotlib.axis import Axis
from matplotlib.text import Text
from PIL import Image

from workbook.figures.picture import DOTS_PER_INCH


def words(picture):
    """Each drawn text with its box in points: left, bottom, right, top."""
    figure = picture.figure
    figure.set_dpi(DOTS_PER_INCH)  # as in the PNG: glyphs sit on whole dots
    figure.canvas.draw()
    texts = [t for t in figure.findobj(Text) if t.get_text().strip()]
    hidden = _hidden(figure)
    texts = [t for t in texts if t.get_visible() and id(t) not in hidden]
    to_points = 72 / figure.dpi
    return [(t, t.get_window_extent().extents * to_points) for t in texts]


def _hidden(figure):
    """Labels that an axis leaves out, and those of axes that are switched off."""
    hidden = set()
    for axes in figure.axes:
        for axis in axes.findobj(Axis):
            drawn = axis._update_ticks() if axes.axison else []
            labels = axis.majorTicks + axis.minorTicks
            hidden |= {id(tick.label1) for tick in labels}
            hidden -= {id(tick.label1) for tick in drawn}
            if not axes.axison:
                hidden.add(id(axis.label))
    return hidden


def problems(picture):
    """Texts that leave the page, lie on one another, or are smaller than 10 points."""
    page = picture.figure.get_size_inches() * 72
    found = []
    drawn = words(picture)
    for text, (left, bottom, right, top) in drawn:
        if min(left, bottom) < -0.5 or right > page[0] + 0.5 or top > page[1] + 0.5:
            found.append(f"{text.get_text()!r} leaves the page")
        if text.get_fontsize() < 10:
            found.append(f"{text.get_text()!r} is small")
    for (one, a), (other, b) in itertools.combinations(drawn, 2):
        across = min(a[2], b[2]) - max(a[0], b[0])
        down = min(a[3], b[3]) - max(a[1], b[1])
        if across > 1 and down > 3:  # ascenders may reach into the line above
            found.append(f"{one.get_text()!r} lies on {other.get_text()!r}")
    return found


def drawn_words(picture):
    """Everything that is written in a figure, in one string."""
    return " ".join(text.get_text() for text, _ in words(picture))


def dots(picture):
    """The image as an array, height x width x 3."""
    image = Image.open(io.BytesIO(picture.png())).convert("RGB")
    return np.asarray(image)
