"""Curves: named at their ends, plain numbers on the axes, what was measured on top."""

import numpy as np
import pytest
from measuring import drawn_words, problems, words

from workbook.figures import curves
from workbook.figures.curves import in_words

X = np.linspace(1, 100, 50)
LOOKS = {"title": "It grows", "x_label": "load, 1/s", "y_label": "wait, s"}
FIGURES = {
    "one": ({"theory": X}, {}),
    "close ends": ({f"servers: {n}": X + n for n in range(5)}, {}),
    "all at the bottom": (
        {"high": X, **{f"line {n}": X * 0 + n / 1e3 for n in range(6)}},
        {},
    ),
    "log": ({"theory": 10 ** (X / 12)}, {"log_x": True, "log_y": True}),
    "long names": ({"a name that does not fit in one line": X, "b": X / 2}, {}),
    "below zero": ({"difference": X - 50}, {}),
    "millions": ({"sum": X * 1e6}, {}),
    "millionths": ({"sum": X / 1e6}, {}),
    "less than a decade": ({"theory": 2 + X / 20}, {"log_y": True}),
    "with gaps": ({"measured": np.where(X < 50, X, np.nan)}, {}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_words_lie_on_others_or_leave_the_page(name):
    lines, options = FIGURES[name]
    assert problems(curves(X, lines, **LOOKS, **options)) == []


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize(
    ("ys", "number"),
    [
        (10 ** (X / 10), "10,000,000,000"),
        (10 ** (-X / 20), "1"),
        (2 + X / 20, "6"),
        (X * 1e6, "100,000,000"),
    ],
)
def test_numbers_on_axes_are_plain(ys, number, log):
    found = drawn_words(curves(X, {"theory": ys}, log_y=log, **LOOKS)).split()
    assert set("".join(found[5:])) <= set("0123456789,.theoryload/sw")
    assert any(word.startswith(number) for word in found)


def test_labels_that_are_too_long_for_a_line_take_two():
    looks = {**LOOKS, "x_label": "load of the pair of workers, " * 4}
    picture = curves(X, {"theory": X}, **looks)
    assert problems(picture) == [] and "\n" in drawn_words(picture)


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
        ({"a": X}, {"bands": {"a": (X[:3], X)}}, "band of a' has 3 values for 50"),
        ({"a": X}, {"points": {"a": ([1], [1, 2])}}, "'a' have 2 y for 1 x"),
        ({"a": X * np.nan}, {}, "'a' has no finite value"),
        ({"a": X - 1}, {"log_y": True}, "'a' has values of 0 or less.*linear scale"),
        (
            {"a": X},
            {"log_y": True, "points": {"a": ([1], [0])}},
            "the points of 'a' has values of 0 or less",
        ),
        ({f"line {n}": X for n in range(30)}, {}, "30 rows.*draw fewer lines"),
    ],
)
def test_what_cannot_be_drawn_is_refused(ys, options, message):
    with pytest.raises(ValueError, match=message):
        curves(X, ys, **LOOKS, **options)


@pytest.mark.parametrize("x", [[], [1]])
def test_a_line_needs_two_ends(x):
    with pytest.raises(ValueError, match=f"x has {len(x)} values: a line needs two"):
        curves(x, {"a": x}, **LOOKS)


def test_a_log_scale_of_x_refuses_nought():
    with pytest.raises(ValueError, match="x has values of 0 or less"):
        curves(X - 1, {"a": X}, log_x=True, **LOOKS)


def test_large_numbers_are_spoken_as_people_speak_them():
    text = curves(X, {"orders": 3610.4 + X}, **LOOKS).text
    assert "3,611" in text and "e+0" not in text


def test_words_begin_and_end_where_the_line_does():
    gaps = [float("nan"), 2.0, 3.0, float("nan")]
    said = in_words([1, 2, 3, 4], {"a": gaps}, "time, s", "load")
    assert said == "a: load 2 at time, s 2, 3 at 3."
