"""Words that fit: measuring, shortening and wrapping text before it is drawn.

All lengths are points (1/72 inch), in the font that matplotlib brings along, so that a
figure comes out the same on every machine.
"""

from bisect import bisect_left
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import text_to_path

__all__ = ["FAMILY", "LINE", "SIZE"]
__all__ += ["balance", "plain", "shorten", "spoken", "width", "wrap"]

FAMILY = "DejaVu Sans"
SIZE = 10.0  # the smallest text of any figure
LINE = 1.22  # line pitch as a multiple of the size
_SLACK = 1.02  # drawn glyphs are hinted to the pixel, measured ones are not


def plain(words: object) -> str:
    """`words` on one line, with a box for each sign that the font lacks."""
    known = _known_signs()
    line = " ".join(str(words).split())
    return "".join(sign if ord(sign) in known else "□" for sign in line)


def width(words: str, *, size: float = SIZE, bold: bool = False) -> float:
    """Points that `words` take on one line."""
    return _width_of_one_point(plain(words), bold) * size * _SLACK


def shorten(words: str, room: float, *, size: float = SIZE, bold: bool = False) -> str:
    """`words`, cut with an ellipsis where they would be wider than `room` points."""
    words = plain(words)
    if width(words, size=size, bold=bold) <= room:
        return words
    cuts = range(1, len(words) + 1)
    kept = bisect_left(
        cuts, True, key=lambda n: width(words[:n] + "…", size=size, bold=bold) > room
    )
    return words[:kept].rstrip(" ,;:(") + "…"


def wrap(
    words: str, room: float, *, lines: int = 2, size: float = SIZE, bold: bool = False
) -> list[str]:
    """`words` in at most `lines` lines of `room` points; the last may be cut."""
    rest, done = plain(words).split(" "), []
    while rest and len(done) < lines - 1:
        taken = _words_that_fit(rest, room, size, bold)
        done.append(shorten(" ".join(rest[:taken]), room, size=size, bold=bold))
        rest = rest[taken:]
    if rest:
        done.append(shorten(" ".join(rest), room, size=size, bold=bold))
    return done


def balance(
    words: str, room: float, *, lines: int = 2, size: float = SIZE, bold: bool = False
) -> list[str]:
    """`words` wrapped into lines of about the same length: no last word by itself."""
    best = wrap(words, room, lines=lines, size=size, bold=bold)
    while len(best) > 1 and not best[-1].endswith("…"):
        room -= 6
        tighter = wrap(words, room, lines=len(best), size=size, bold=bold)
        if " ".join(tighter) != " ".join(best):
            break
        best = tighter
    return best


def _words_that_fit(words: list[str], room: float, size: float, bold: bool) -> int:
    taken = 1
    while taken < len(words):
        if width(" ".join(words[: taken + 1]), size=size, bold=bold) > room:
            break
        taken += 1
    return taken


@lru_cache(maxsize=4096)
def _width_of_one_point(words: str, bold: bool) -> float:
    return (
        text_to_path.get_text_width_height_descent(words, _font(100, bold), False)[0]
        / 100
    )


@lru_cache
def _font(size: float, bold: bool) -> FontProperties:
    weight = "bold" if bold else "normal"
    return FontProperties(family=FAMILY, size=size, weight=weight)


@lru_cache
def _known_signs() -> frozenset[int]:
    """Code points that both the normal and the bold font can draw."""
    fonts = [get_font(findfont(_font(SIZE, bold))) for bold in (False, True)]
    return frozenset.intersection(*(frozenset(font.get_charmap()) for font in fonts))


def spoken(number: float) -> str:
    """Three digits; large numbers whole, which nobody reads aloud as 3.61e+03."""
    return f"{number:,.0f}" if 1000 <= abs(number) < 1e9 else f"{number:.3g}"
