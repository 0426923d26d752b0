"""Where the lifelines of a sequence diagram stand, and the headers above them.

Invocations stand at the left, services at the right, and the words go in between, in
the gap. Headers that would touch are folded, then set in two tiers, and at last the
page grows: names are cut only where a single one is longer than a header may be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.figures.style import MARGIN, POINTS, WIDTH_IN
from workbook.figures.text import LINE, SIZE, shorten, width, wrap

__all__ = ["Columns", "Header", "arrange"]

_GAP = 7.0  # between two headers
_PAD = 5.0  # between a header's words and its frame
_CLEAR = 10.0  # between a lifeline and the words beside it
_LEAST_PITCH = 26.0  # between two lifelines
_LEAST_WORDS = 104.0  # points for the words before the page grows
_NAME = 104.0  # the longest line of a name
_FOLDED = 62.0  # the same where names are folded, if no single word is longer
# How to set headers, the most readable first: folded or not, tiers left and right.
_WAYS = (
    (False, 1, 1),
    (True, 1, 1),
    (False, 1, 2),
    (True, 1, 2),
    (True, 2, 2),
)


@dataclass(frozen=True)
class Header:
    """A column's name: where it stands, its tier (0 is the lower), its lines."""

    x: float
    tier: int
    bold: tuple[str, ...]
    detail: str
    width: float

    @property
    def height(self) -> float:
        """Points from the top to the bottom of the frame."""
        lines = len(self.bold) + bool(self.detail)
        return lines * SIZE * LINE + 6


@dataclass(frozen=True)
class Columns:
    """The headers by name, and the left and right end of the words between them."""

    lanes: dict[str, Header]
    services: dict[str, Header]
    left: float
    right: float
    page_width: float

    @property
    def room(self) -> float:
        """Points for the words of a call."""
        return self.right - self.left

    @property
    def room_to_edge(self) -> float:
        """Points for words beside which no arrow runs."""
        return self.page_width - MARGIN - self.left


def arrange(lanes: Sequence[str], services: Sequence[str], wanted: float) -> Columns:
    """The columns, with `wanted` points for the words if that can be had."""
    ways = [_columns(lanes, services, *way) for way in _WAYS]
    for columns in ways:
        if columns.room >= wanted:
            return columns
    best = max(ways, key=lambda columns: columns.room)
    lacking = _LEAST_WORDS - best.room
    if lacking <= 0:
        return best
    way = _WAYS[ways.index(best)]
    return _columns(lanes, services, *way, page_width=best.page_width + lacking)


def _columns(
    lanes: Sequence[str],
    services: Sequence[str],
    folded: bool,
    lane_tiers: int,
    service_tiers: int,
    page_width: float = WIDTH_IN * POINTS,
) -> Columns:
    left = _place([_header(name, folded) for name in lanes], lane_tiers)
    right = _place([_header(name, folded) for name in services], service_tiers)
    shift = page_width - MARGIN - max((h.x + h.width / 2 for h in right), default=0)
    right = [_moved(header, header.x + shift) for header in right]
    return Columns(
        dict(zip(lanes, left, strict=True)),
        dict(zip(services, right, strict=True)),
        left=max((h.x for h in left), default=MARGIN) + _CLEAR,
        right=min((h.x for h in right), default=page_width - MARGIN) - _CLEAR,
        page_width=page_width,
    )


def _header(name: str, folded: bool) -> Header:
    """The name in bold, what stands in brackets after it on a line of its own."""
    main, _, detail = name.partition(" (")
    widest = max((width(word, bold=True) for word in main.split()), default=0)
    room = min(max(widest, _FOLDED), _NAME) if folded else _NAME
    bold = tuple(wrap(main, room, bold=True))
    detail = shorten("(" + detail, _NAME) if detail else ""
    widths = [width(line, bold=True) for line in bold] + [width(detail)]
    return Header(0, 0, bold, detail, max(widths) + 2 * _PAD)


def _place(headers: list[Header], tiers: int) -> list[Header]:
    """The headers from the left margin on, as near to each other as they may stand."""
    placed: list[Header] = []
    for number, header in enumerate(headers):
        tier = (number + 1) % tiers
        x = max([MARGIN + header.width / 2, *_bounds(placed, header, tier, tiers)])
        placed.append(_moved(header, x, tier))
    return placed


def _bounds(placed: list[Header], header: Header, tier: int, tiers: int) -> list[float]:
    """How far left a header may go for the sake of those already placed."""
    if not placed:
        return []
    before = placed[-1]
    bounds = [before.x + _LEAST_PITCH]
    if tiers > 1:
        lower = header if tier == 0 else before
        bounds.append(before.x + lower.width / 2 + 3)
    mates = [mate for mate in placed if mate.tier == tier]
    if mates:
        bounds.append(mates[-1].x + (mates[-1].width + header.width) / 2 + _GAP)
    return bounds


def _moved(header: Header, x: float, tier: int | None = None) -> Header:
    tier = header.tier if tier is None else tier
    return Header(x, tier, header.bold, header.detail, header.width)
