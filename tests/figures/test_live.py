"""Curves that move: the same figure, other values, the same look as a fresh one."""

import numpy as np
import pytest
from measuring import drawn_words, problems

from workbook.figures import LiveCurves, curves

X = np.linspace(0, 10, 30)
LOOKS = {"x_label": "time, s", "y_label": "requests a second"}


def shown(live, factor, title="It recovers"):
    return live.show(X, {"sent": X * factor, "answered": X}, title=title)


def axes_of(picture):
    (axes,) = [axes for axes in picture.figure.axes if axes.axison]
    return axes


def test_the_artists_stay_and_the_values_move():
    live = LiveCurves(kinds={"sent": "context"}, **LOOKS)
    first = shown(live, 1)
    figure, lines = first.figure, axes_of(first).get_lines()
    second = shown(live, 100, title="It does not")
    assert second.figure is figure
    assert all(a is b for a, b in zip(lines, axes_of(second).get_lines(), strict=True))
    assert axes_of(second).get_lines()[0].get_ydata()[-1] == 1000
    assert second.message == "It does not"
    words = drawn_words(second)
    assert "It does not" in words and "It recovers" not in words
    assert words.count("answered") == 1 and problems(second) == []


@pytest.mark.parametrize("factor", [0.01, 3, 2500])
def test_a_moved_picture_looks_like_a_fresh_one(factor):
    live = LiveCurves(**LOOKS)
    shown(live, 7)
    moved = shown(live, factor)
    fresh = curves(X, {"sent": X * factor, "answered": X}, title="It recovers", **LOOKS)
    assert axes_of(moved).get_ylim() == pytest.approx(axes_of(fresh).get_ylim())
    assert drawn_words(moved) == drawn_words(fresh)
    assert (moved.text, moved.alt) == (fresh.text, fresh.alt)


def test_its_html_is_a_picture_with_alt_text():
    live = LiveCurves(**LOOKS)
    html = shown(live, 2, title="a < b")._repr_mimebundle_()["text/html"]
    assert 'alt="a &lt; b' in html and "data:image/png;base64," in html


def test_other_lines_and_impossible_values_are_refused():
    live = LiveCurves(**LOOKS)
    shown(live, 1)
    with pytest.raises(ValueError, match=r"the lines were \['sent', 'answered'\]"):
        live.show(X, {"sent": X}, title="t")
    with pytest.raises(ValueError, match="at least one line"):
        LiveCurves(**LOOKS).show(X, {}, title="t")
