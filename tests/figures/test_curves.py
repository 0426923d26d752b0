"""Curves: named at their ends, plain numbers on the axes, what was measured on top."""

import numpy as np
import pytest
from measuring import drawn_words, problems, words

from workbook.figures import curves

X = np.linspace(1, 100, 50)
LOOKS = {"title": "It grows", "x_label": "load, 1/s", "y_label": "wait, s"}
FIGURES = {
    "one": ({"theory": X}, {}),
    "close ends": ({f"servers: {n}": X + n for n in range(5)}, {}),
    "all at the bottom": ({f"line {n}": X * 0 + n / 1e3 for n in range(5)}, {}),
    "log": ({"theory": 10 ** (X / 12)}, {"log_x": True, "log_y": True}),
    "long names": ({"a name that does not fit in one line": X, "b": X / 2}, {}),
    "below zero": ({"difference": X - 50}, {}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_words_lie_on_others_or_leave_the_page(name):
    lines, options = FIGURES[name]
    assert problems(curves(X, lines, **LOOKS, **options)) == []


def test_powers_of_ten_are_plain_numbers():
    found = drawn_words(curves(X, {"theory": 10 ** (X / 15)}, log_y=True, **LOOKS))
    assert "100,000" in found and "10^" not in found and "mathdefault" not in found


def test_a_curve_s_name_stands_at_its_end():
    picture = curves(X, {"low": X * 0 + 1, "high": X}, **LOOKS)
    at = {text.get_text(): box for text, box in words(picture)}
    assert at["high"][1] > at["low"][1] + 50
    right = picture.figure.get_figwidth() * 72
    assert at["high"][0] > 0.7 * right and at["low"][0] > 0.7 * right


def lines_of(picture):
    (axes,) = [a for a in picture.figure.axes if a.axison]
    return axes.get_lines()


def test_kinds_have_a_dash_and_a_marker_of_their_own():
    measured = {"a": ([1, 2], [3, 4]), "b": ([1, 2], [5, 6])}
    kinds = {"b": "fault"}
    picture = curves(X, {"a": X, "b": X}, kinds=kinds, points=measured, **LOOKS)
    a, a_points, b, b_points = lines_of(picture)
    assert a.get_color() != b.get_color() and a.get_linestyle() != b.get_linestyle()
    assert a_points.get_marker() != b_points.get_marker()
    assert list(b_points.get_ydata()) == [5, 6] and b_points.get_linestyle() == "None"


def test_bands_lie_between_low_and_high():
    picture = curves(X, {"a": X}, bands={"a": (X - 1, X + 1)}, **LOOKS)
    (axes,) = [a for a in picture.figure.axes if a.axison]
    (band,) = axes.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.min() == 0 and heights.max() == 101


def test_the_axis_begins_at_nought_where_nothing_is_below():
    (axes,) = [a for a in curves(X, {"a": X}, **LOOKS).figure.axes if a.axison]
    assert axes.get_ylim()[0] == 0


def test_the_words_give_both_ends():
    text = curves(X, {"theory": 2 * X}, **LOOKS).text
    assert text == "theory: wait, s 2 at load, 1/s 1, 200 at 100."


@pytest.mark.parametrize(
    ("ys", "options", "message"),
    [
        ({}, {}, "at least one line"),
        ({"a": X}, {"kinds": {"b": "fault"}}, r"kinds names \['b'\]"),
        ({"a": X}, {"points": {"b": ([], [])}}, r"points names \['b'\]"),
        ({"a": X}, {"kinds": {"a": "good"}}, "unknown kind"),
        ({"a": X[:3]}, {}, "'a' has 3 values for 50 of x"),
    ],
)
def test_what_cannot_be_drawn_is_refused(ys, options, message):
    with pytest.raises(ValueError, match=message):
        curves(X, ys, **LOOKS, **options)
