"""Colours that stay apart for everybody, and words that fit."""

import itertools

import numpy as np
import pytest
from seeing import contrast, in_grey, rgb, with_deuteranopia

from workbook.figures import style
from workbook.figures.text import balance, plain, shorten, width, wrap


@pytest.mark.parametrize("color", [style.INK, *style.INKS.values()])
def test_words_stand_out_from_paper(color):
    assert contrast(color, style.PAPER) >= 4.5


@pytest.mark.parametrize("color", style.KINDS.values())
def test_marks_stand_out_from_paper(color):
    assert contrast(color, style.PAPER) >= 3


@pytest.mark.parametrize("color", [*style.TINTS.values(), style.FAULT])
def test_ink_stands_out_from_everything_it_may_stand_on(color):
    assert contrast(style.INK, color) >= 4.5


@pytest.mark.parametrize("colors", [style.KINDS, style.INKS])
@pytest.mark.parametrize("pair", list(itertools.combinations(style.KINDS, 2)))
def test_kinds_are_told_apart_with_deuteranopia(colors, pair):
    one, other = (with_deuteranopia(rgb(colors[kind])) for kind in pair)
    assert np.abs(one - other).max() > 0.1


def test_the_simulation_of_deuteranopia_hides_red_from_green():
    red, green = (with_deuteranopia(rgb(color)) for color in ("#a95a3b", "#717131"))
    assert np.abs(red - green).max() < 0.1
    assert with_deuteranopia(rgb("#808080")) == pytest.approx(in_grey(rgb("#808080")))


def test_a_faulty_cell_is_darker_than_a_healthy_one():
    tint, fault = (in_grey(rgb(color)) for color in (style.HEALTHY_TINT, style.FAULT))
    assert tint - fault > 0.25


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
