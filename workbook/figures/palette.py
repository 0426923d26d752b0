"""Small images: the few colours of the house style, and the steps between them.

Drawn edges are smooth: between an ink and the ground there are hundreds of shades, of
which an eye sees four. Rounding to those makes a PNG a third of the size.
"""

from functools import lru_cache
from itertools import chain, product

import numpy as np
from PIL import Image

from workbook.figures import style

__all__ = ["few_colors"]

_INKS = (
    style.INK,
    style.HEALTHY,
    style.FAULT,
    style.FAULT_INK,
    style.CONTEXT,
    style.RULE,
)
_GROUNDS = (style.PAPER, style.HEALTHY_TINT, style.FAULT_TINT, style.CONTEXT_TINT)
_STEPS = 4
_FAR = 48  # of 255: a colour this far off in any channel is not one of ours
_FOREIGN = 0.002  # the share of foreign dots from which on ours will not do


def few_colors(image: Image.Image) -> Image.Image:
    """The image in a palette of ours, or of its own 256 if it has other colours."""
    ours = image.quantize(palette=_house_palette(), dither=Image.Dither.NONE)
    off = np.abs(_dots(ours) - _dots(image)).max(axis=2) > _FAR
    if off.mean() > _FOREIGN:
        return image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=0)
    return ours


def _dots(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"), dtype=np.int16)


@lru_cache
def _house_palette() -> Image.Image:
    pairs = [*product(_GROUNDS, _INKS), (style.FAULT, style.INK)]
    shades = dict.fromkeys(chain.from_iterable(_between(*pair) for pair in pairs))
    palette = Image.new("P", (1, 1))
    palette.putpalette(list(chain.from_iterable(shades)))
    return palette


def _between(ground: str, ink: str) -> list[tuple[int, ...]]:
    low, high = (np.array(bytearray.fromhex(color[1:])) for color in (ground, ink))
    shares = np.linspace(0, 1, _STEPS + 1)[:, None]
    return [
        tuple(int(c) for c in np.rint(s)) for s in low + shares * (high * 1.0 - low)
    ]
