"""The small signs that diagrams are made of, drawn on a page of points."""

from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle

from workbook.figures.style import FAULT, INK, PAPER

__all__ = [
    "arrowhead",
    "box",
    "clock",
    "cross",
    "dot",
    "hourglass",
    "lightning",
    "rounded_box",
    "rule",
]

# A bolt in a square from -1 to 1, y growing downwards.
_BOLT = (
    (0.30, -1.25),
    (-0.75, 0.18),
    (-0.08, 0.18),
    (-0.34, 1.25),
    (0.78, -0.28),
    (0.08, -0.28),
)


def rule(axes, x: tuple[float, float], y: tuple[float, float], **look) -> None:
    """Draw a straight line from (x0, y0) to (x1, y1)."""
    look = {
        "color": INK,
        "linewidth": 1.2,
        "zorder": 3,
        "solid_capstyle": "butt",
        **look,
    }
    axes.add_line(Line2D(x, y, **look))


def box(axes, x: float, y: float, width: float, height: float, **look) -> None:
    """Draw a rectangle from its upper left corner."""
    axes.add_patch(Rectangle((x, y), width, height, **{"zorder": 2, **look}))


def rounded_box(axes, x: float, y: float, width: float, height: float, **look) -> None:
    """Draw a rectangle with round corners from its upper left corner."""
    round_ = "round,pad=0,rounding_size=3"
    look = {"zorder": 4, "linewidth": 0.9, "boxstyle": round_, **look}
    axes.add_patch(FancyBboxPatch((x, y), width, height, **look))


def arrowhead(axes, x: float, y: float, *, left: bool, color: str, full: bool) -> None:
    """Draw the head of an arrow whose tip is at (x, y): filled, or open for a reply."""
    back = x + (7 if left else -7)
    corners = [(back, y - 3.1), (x, y), (back, y + 3.1)]
    if full:
        axes.add_patch(Polygon(corners, color=color, linewidth=0, zorder=4))
        return
    xs, ys = zip(*corners, strict=True)
    axes.add_line(Line2D(xs, ys, color=color, linewidth=1.1, zorder=4))


def dot(axes, x: float, y: float, *, color: str = INK, radius: float = 2.4) -> None:
    """Draw a disc: where a call starts."""
    axes.add_patch(Circle((x, y), radius, facecolor=color, edgecolor=PAPER, zorder=5))


def cross(axes, x: float, y: float, *, color: str = FAULT, size: float = 4.2) -> None:
    """Draw a cross: nothing comes past here."""
    for slope in (1, -1):
        ends = (y - slope * size, y + slope * size)
        rule(axes, (x - size, x + size), ends, color=PAPER, linewidth=4.5, zorder=4)
        rule(axes, (x - size, x + size), ends, color=color, linewidth=2.2, zorder=5)


def lightning(axes, x: float, y: float, *, size: float = 10.5) -> None:
    """Draw a bolt of lightning: an invocation dies."""
    corners = [(x + size * dx, y + size * dy) for dx, dy in _BOLT]
    look = {"facecolor": FAULT, "edgecolor": PAPER, "linewidth": 1.2, "zorder": 6}
    axes.add_patch(Polygon(corners, joinstyle="miter", **look))


def clock(axes, x: float, y: float, *, color: str, radius: float = 5.5) -> None:
    """Draw a clock face: time passes."""
    look = {"facecolor": PAPER, "edgecolor": color, "linewidth": 1.2, "zorder": 5}
    axes.add_patch(Circle((x, y), radius, **look))
    hands = [(x, y - 0.65 * radius), (x, y), (x + 0.5 * radius, y)]
    axes.add_line(
        Line2D(*zip(*hands, strict=True), color=color, linewidth=1.2, zorder=6)
    )


def hourglass(
    axes, x: float, y: float, *, color: str = FAULT, size: float = 6.0
) -> None:
    """Draw an hourglass: an invocation that never goes on."""
    for side in (1, -1):
        corners = [(x - size, y - side * size), (x + size, y - side * size), (x, y)]
        axes.add_patch(
            Polygon(corners, facecolor=color, edgecolor=PAPER, linewidth=0.6, zorder=6)
        )
    for side in (1, -1):
        ends = (y + side * size, y + side * size)
        rule(
            axes,
            (x - size - 1, x + size + 1),
            ends,
            color=color,
            linewidth=1.8,
            zorder=6,
        )
