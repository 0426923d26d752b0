"""Bars, B-trees and rows of dots: what they say, and what they refuse."""

import pytest

from workbook.figures import bars, btree, dots

KEYS = [f"seat-{n:02}" for n in range(12)]
WORDS = {"title": "One partition has it all", "x_label": "partition", "y_label": "1/s"}


def test_a_tree_says_what_was_read():
    text = btree(KEYS, read=KEYS[3:6], returned=KEYS[4:5], title="A range").text
    assert text.startswith("A B-tree of 2 levels over 12 items")
    assert "seat-03: read, dropped by the filter." in text
    assert "seat-04: read and returned." in text
    assert "seat-06: not read." in text


@pytest.mark.parametrize(("keys", "levels"), [(1, 1), (5, 1), (6, 2), (25, 2), (26, 3)])
def test_a_tree_is_as_flat_as_its_nodes_allow(keys, levels):
    picture = btree([f"{n:03}" for n in range(keys)], title="Nodes of five")
    assert f"of {levels} levels" in picture.text


def test_a_whole_read_is_returned_if_nothing_is_said():
    words = [
        t.get_text() for t in btree(KEYS, read=KEYS, title="t").figure.axes[0].texts
    ]
    assert words.count("✓") == 12 and "×" not in words


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"keys": KEYS[::-1]}, "out of order"),
        ({"keys": []}, "no tree to draw"),
        ({"read": ["seat-99"]}, "read names .'seat-99'., which is not in"),
        ({"read": KEYS[:1], "returned": KEYS[:2]}, "came back without being read"),
    ],
)
def test_trees_that_cannot_be_are_refused(more, message):
    options = {"keys": KEYS, "title": "t", **more}
    with pytest.raises(ValueError, match=message):
        btree(options.pop("keys"), **options)


def test_bars_tell_how_many_cross_the_limit():
    text = bars([1700, 900, 1001], limit=1000, limit_name="write units", **WORDS).text
    assert "3 bars, 1/s; the highest is 1,700." in text
    assert "2 of them are above 1,000, write units." in text
    text = bars([1700, 900], limit=1000, limit_name="write units", **WORDS).text
    assert "1 of them is above 1,000, write units." in text


def test_what_is_above_the_limit_is_drawn_apart():
    below = bars([900, 800], limit=1000, **WORDS).figure.axes[0].patches
    above = bars([1900, 800], limit=1000, **WORDS).figure.axes[0].patches
    assert len(below) == 2 and len(above) == 3
    assert [patch.get_hatch() for patch in above] == [None, "////", None]


@pytest.mark.parametrize(
    ("values", "names", "message"),
    [
        ([], None, "at least one"),
        ([-1], None, "below zero"),
        ([1], "ab", "2 names for 1"),
    ],
)
def test_bars_that_cannot_be_are_refused(values, names, message):
    with pytest.raises(ValueError, match=message):
        bars(values, names=names, **WORDS)


def test_dots_stand_where_their_values_are():
    series = {"scan": (100.0, 10.0), "query": (1.0, 10.0)}
    picture = dots(("many", "one"), series, title="t", x_label="units (log scale)")
    assert "many: scan 100, query 1." in picture.text
    marks = [line for line in picture.figure.axes[0].lines if line.get_marker() == "o"]
    (a, b, c, d) = [line.get_xdata()[0] for line in marks[2:]]
    assert a > b and c == d  # the first two marks are the names'
    assert a - c == pytest.approx(c - b)


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ({}, "at least one row and one series"),
        ({"a": (1.0,)}, "'a' has 1 values for 2 rows"),
        ({"a": (1.0, 0.0)}, "off a log scale"),
    ],
)
def test_dots_that_cannot_be_are_refused(series, message):
    with pytest.raises(ValueError, match=message):
        dots(("x", "y"), series, title="t", x_label="u")
