"""Colours that stay apart for everybody, and words that fit."""

import itertools

import numpy as np
import pytest

from workbook.figures import style
from workbook.figures.text import balance, plain, shorten, width, wrap

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
# Color Vision Deficiency", IEEE TVCG 15 (2009), deuteranomaly at severity 1.0: linear
# RGB in, linear RGB out.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)


def linear(color):
    """Linear RGB of an sRGB colour, IEC 61966-2-1."""
    c = np.array(bytearray.fromhex(color[1:])) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(color):
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """WCAG 2.2's contrast ratio."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("color", [style.INK, style.HEALTHY, style.CONTEXT])
def test_words_stand_out_from_paper(color):
    assert contrast(color, style.PAPER) >= 4.5


def test_the_fault_s_colour_is_enough_for_marks_and_under_black_letters():
    assert contrast(style.FAULT, style.PAPER) >= 3
    assert contrast(style.INK, style.FAULT) >= 4.5


@pytest.mark.parametrize("tint", [*style.TINTS.values()])
def test_ink_stands_out_from_every_tint(tint):
    assert contrast(style.INK, tint) >= 7


@pytest.mark.parametrize("pair", list(itertools.combinations(style.KINDS, 2)))
def test_kinds_are_told_apart_with_deuteranopia(pair):
    one, other = (DEUTERANOPIA @ linear(style.KINDS[kind]) for kind in pair)
    assert np.abs(one - other).max() > 0.1


def test_kinds_are_told_apart_without_any_colour():
    for looks in (style.HATCHES, style.MARKERS, style.DASHES):
        assert list(looks) == list(style.KINDS)
        assert len(set(looks.values())) == len(looks)


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="healthy, fault, context"):
        style.kind_color("good")


# --- words ----------------------------------------------------------------------------

SENTENCE = "the buyer is charged twice when both deliveries look first"


@pytest.mark.parametrize("room", [40, 80, 160, 400])
def test_wrapped_lines_fit_and_lose_nothing_but_at_the_end(room):
    lines = wrap(SENTENCE, room, lines=3)
    assert len(lines) <= 3 and all(width(line) <= room for line in lines)
    kept = " ".join(lines)
    assert SENTENCE.startswith(kept.rstrip("…").split("…")[0]) or "…" in kept
    if width(SENTENCE) <= room:
        assert lines == [SENTENCE]


def test_a_balanced_text_leaves_no_word_alone():
    first, second = balance(SENTENCE, width(SENTENCE) - 5)
    assert width(second) > 0.6 * width(first)
    assert f"{first} {second}" == SENTENCE


def test_shortened_words_say_so_and_short_ones_stay():
    assert shorten("transaction", 30).endswith("…")
    assert width(shorten("transaction", 30)) <= 30
    assert shorten("now", 30) == "now"


def test_a_sign_that_the_font_lacks_is_a_box_and_lines_become_one():
    assert plain("a\n b\t雪") == "a b □"


def test_bold_is_wider():
    assert width("charged", bold=True) > width("charged") > width("charge")
