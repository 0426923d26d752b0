"""How colours look: their contrast, without any hue, and with deuteranopia."""

from collections import Counter

import numpy as np
from matplotlib.colors import to_hex
from measuring import dots, words

from workbook.figures.picture import DOTS_PER_INCH

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
# Color Vision Deficiency", IEEE TVCG 15 (2009), deuteranomaly at severity 1.0: linear
# RGB in, linear RGB out.
_DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # ITU-R BT.709


def linear(srgb):
    """Linear RGB of sRGB values from 0 to 255, IEC 61966-2-1."""
    c = np.asarray(srgb) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def rgb(color):
    return np.array(bytearray.fromhex(color[1:]))


def in_grey(srgb):
    """Lightness (the cube root of luminance, 0 to 1), as on a grey printer."""
    return np.cbrt(linear(srgb) @ _LUMINANCE)


def with_deuteranopia(srgb):
    """What is left of the colour for who lacks the middle cones, 0 to 1 a channel."""
    return np.cbrt(np.clip(linear(srgb) @ _DEUTERANOPIA.T, 0, 1))


def contrast(one, other):
    """WCAG 2.2's contrast ratio of two colours like #0072B2."""
    dark, light = sorted(linear(rgb(color)) @ _LUMINANCE for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def pale_words(picture):
    """The words with a contrast of less than 4.5:1 to what they stand on."""
    image = dots(picture)
    found = []
    for text, box in words(picture):
        left, bottom, right, top = (round(v * DOTS_PER_INCH / 72) for v in box)
        inside = image[len(image) - top : len(image) - bottom, left:right]
        colors = Counter(map(tuple, inside.reshape(-1, 3).tolist()))
        ground = "#" + bytes(colors.most_common(1)[0][0]).hex()
        if contrast(to_hex(text.get_color()), ground) < 4.5:
            found.append(f"{text.get_text()!r}: {text.get_color()} on {ground}")
    return found
