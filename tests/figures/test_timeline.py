"""Time lines: bars to scale, words that fit, moments that are found."""

import pytest
from measuring import drawn_words, problems

from workbook.figures import Mark, Span, timeline

LEASE = [
    Span("lease", 0, 30, "held by a dead attempt", "fault"),
    Span("deliveries", 0, 60, "the order waits", "context"),
]
CROWD = [Span("worker", n, n + 5, f"message {n}") for n in range(8)]
TINY = [Span("worker", n, n + 0.01, f"a very short call {n}") for n in range(3)]
LINES = {
    "lease": (LEASE, [Mark("deliveries", 30, "sent away"), Mark("", 60, "end")]),
    "overlaps": (CROWD, []),
    "too short for words": (TINY, [Mark("worker", 1.5, "half way", "fault")]),
    "one moment": ([Span("x", 5, 5, "at once")], []),
    "long names": ([Span("a lane of a very long name" * 2, 0, 1, "w " * 80)], []),
    "many marks": (LEASE, [Mark("lease", n, f"moment {n}") for n in range(0, 30, 3)]),
}


@pytest.mark.parametrize("name", LINES)
def test_no_words_lie_on_others_or_leave_the_page(name):
    spans, marks = LINES[name]
    assert problems(timeline(spans, marks=marks, title="It waits 60 s")) == []


def test_names_labels_and_the_unit_are_drawn():
    spans, marks = LINES["lease"]
    found = drawn_words(timeline(spans, marks=marks, title="It waits", unit="min"))
    for words in ("lease", "deliveries", "the order waits", "sent away", "(min)"):
        assert words in found, words


def test_the_words_tell_from_when_to_when():
    spans, marks = LINES["lease"]
    text = timeline(spans, marks=marks, title="It waits").text
    for words in ("lease", "held by a dead attempt", "0", "30", "60", "sent away"):
        assert words in text, words


def bars(picture):
    """(left, width, top) of the drawn spans, those with a label's kind of face."""
    axes = picture.figure.axes[0]
    return [p.get_bbox().bounds for p in axes.patches if p.get_bbox().height == 20]


def test_bars_are_to_scale():
    lease, waits = [b for b in bars(timeline(LEASE, title="t")) if b[2] > 1][:2]
    assert waits[2] == pytest.approx(2 * lease[2], rel=0.02)
    assert waits[0] == pytest.approx(lease[0])


def test_spans_that_overlap_get_lines_of_their_own():
    tops = {round(bar[1]) for bar in bars(timeline(CROWD[:2], title="t"))}
    assert len(tops) == 2
    one_after_other = [Span("worker", 0, 5, "a"), Span("worker", 5, 9, "b")]
    tops = {round(bar[1]) for bar in bars(timeline(one_after_other, title="t"))}
    assert len(tops) == 1


@pytest.mark.parametrize(
    ("spans", "marks", "message"),
    [
        ([], [], "at least one span"),
        ([Span("a", 3, 2)], [], "ends before it starts"),
        ([Span("a", 0, 1, kind="good")], [], "unknown kind 'good'"),
        ([Span("a", 0, 1)], [Mark("b", 0)], "unknown lane: there are a"),
    ],
)
def test_what_cannot_be_drawn_is_refused(spans, marks, message):
    with pytest.raises(ValueError, match=message):
        timeline(spans, marks=marks, title="t")
