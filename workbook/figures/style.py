"""The look of every figure: four colours, one font, sizes in points.

The colours are Okabe and Ito's ("Color Universal Design", 2008), which stay apart under
colour blindness; ink and context are black and grey. Colour never speaks alone: each
kind has a hatch, a marker and a dash of its own as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib
import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from workbook.figures.text import FAMILY, LINE, SIZE, balance

__all__ = [
    "CONTEXT",
    "CONTEXT_TINT",
    "DASHES",
    "FAULT",
    "FAULT_INK",
    "FAULT_TINT",
    "HATCHES",
    "HEALTHY",
    "HEALTHY_TINT",
    "HEIGHT_IN",
    "INK",
    "INKS",
    "KINDS",
    "MARGIN",
    "MARKERS",
    "PAPER",
    "POINTS",
    "RULE",
    "TINTS",
    "TITLE_SIZE",
    "WIDTH_IN",
    "draw_title",
    "house_style",
    "kind_color",
    "new_figure",
    "page",
    "title_lines",
    "write",
]

INK = "#000000"
HEALTHY = "#0072B2"
FAULT = "#D55E00"
CONTEXT = "#767676"
PAPER = "#FFFFFF"

# FAULT is 3.87:1 on white: enough for marks (3:1), not for words (4.5:1, WCAG 2.2).
FAULT_INK = "#A84A00"

# Fills and rules: never text, so they may be lighter than 3.87:1 on white.
HEALTHY_TINT = "#DCEDF8"
FAULT_TINT = "#F8D5BB"
CONTEXT_TINT = "#EBEBEB"
RULE = "#B8B8B8"

KINDS = {"healthy": HEALTHY, "fault": FAULT, "context": CONTEXT}
INKS = {"healthy": HEALTHY, "fault": FAULT_INK, "context": CONTEXT}  # for words
TINTS = {"healthy": HEALTHY_TINT, "fault": FAULT_TINT, "context": CONTEXT_TINT}
HATCHES = {"healthy": "", "fault": "////", "context": ".."}
MARKERS = {"healthy": "o", "fault": "X", "context": "s"}
DASHES = {"healthy": "-", "fault": (0, (5, 1.6)), "context": (0, (1.2, 1.4))}

POINTS = 72  # points to the inch
WIDTH_IN, HEIGHT_IN = 6.4, 3.6
MARGIN = 8.0  # points round the page
TITLE_SIZE = 11.5

_RC = {
    "font.family": [FAMILY],
    "font.size": SIZE,
    "text.parse_math": False,
    "axes.edgecolor": CONTEXT,
    "axes.labelsize": SIZE,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "xtick.labelsize": SIZE,
    "ytick.labelsize": SIZE,
    "xtick.color": CONTEXT,
    "ytick.color": CONTEXT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.9,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's defaults plus ours, whatever the notebook set; then as before."""
    with matplotlib.style.context(["default", _RC]):
        yield


def new_figure(width_in: float = WIDTH_IN, height_in: float = HEIGHT_IN) -> Figure:
    """An empty white figure, known to no window and to no list of open figures."""
    with house_style():
        figure = Figure(figsize=(width_in, height_in))
        FigureCanvasAgg(figure)
    return figure


def page(height: float, page_width: float = WIDTH_IN * POINTS):
    """A figure and one axes over all of it; x and y are points, y grows downwards."""
    figure = new_figure(page_width / POINTS, height / POINTS)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, page_width), ylim=(height, 0))
    axes.set_axis_off()
    return figure, axes


def kind_color(kind: str) -> str:
    """The colour of a kind; a ValueError that lists the kinds if there is none such."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}: use one of {', '.join(KINDS)}")
    return KINDS[kind]


def title_lines(title: str, room: float) -> list[str]:
    """The title in lines that fit `room` points; refuses an empty one."""
    if not title.strip():
        raise ValueError("a figure needs a title: say in a sentence what it shows")
    return balance(title, room, lines=4, size=TITLE_SIZE, bold=True)


def draw_title(axes, lines: list[str], x: float, y: float) -> float:
    """Write the title's lines from the top `y` on a page; the y below them."""
    for line in lines:
        write(axes, x, y, line, va="top", size=TITLE_SIZE, bold=True)
        y += TITLE_SIZE * LINE
    return y


def write(
    axes,
    x: float,
    y: float,
    words: str,
    *,
    color: str = INK,
    size: float = SIZE,
    bold: bool = False,
    ha: str = "left",
    va: str = "center",
    over: str = "",
    **more,
) -> Text:
    """Put one line of text on a page, on a patch of the colour `over` if given."""
    patch = {"facecolor": over, "edgecolor": "none", "pad": 1.2} if over else None
    return axes.text(
        x,
        y,
        words,
        color=color,
        fontsize=size,
        fontfamily=FAMILY,
        fontweight="bold" if bold else "normal",
        ha=ha,
        va=va,
        bbox=patch,
        parse_math=False,
        **{"zorder": 6, **more},
    )
