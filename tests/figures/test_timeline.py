"""Time lines: bars to scale, words that fit, moments that are found."""

import pytest
from measuring import drawn_words, problems, words

from workbook.figures import Mark, Span, timeline

LEASE = [
    Span("lease", 0, 30, "held by a dead attempt", "fault"),
    Span("deliveries", 0, 60, "the order waits", "context"),
]
CROWD = [Span("worker", n, n + 5, f"message {n}") for n in range(8)]
TINY = [Span("worker", n, n + 0.01, f"a very short call {n}") for n in range(3)]
TINY_MARKS = [Mark("worker", 1.5, "half way", "fault")]
LINES = {
    "lease": (LEASE, [Mark("deliveries", 30, "sent away"), Mark("", 60, "end")]),
    "overlaps": (CROWD, []),
    "too short for words": (TINY, TINY_MARKS),
    "millions": ([Span("x", 0, 2e6, "a year or so")], []),
    "since 1970": ([Span("x", 1520643600, 1520643602, "noon")], []),
    "millionths": ([Span("x", 0, 2e-6, "a call")], []),
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
    for part in ("lease", "deliveries", "the order waits", "sent away", "(min)"):
        assert part in found, part


def test_the_words_tell_from_when_to_when():
    spans, marks = LINES["lease"]
    text = timeline(spans, marks=marks, title="It waits").text
    for part in ("lease", "held by a dead attempt", "0", "30", "60", "sent away"):
        assert part in text, part


def bars(picture):
    """(left, top, width, height) of the drawn spans."""
    patches = picture.figure.axes[0].patches
    return [p.get_bbox().bounds for p in patches if round(p.get_bbox().height, 6) == 20]


def test_bars_are_to_scale():
    lease, waits = bars(timeline(LEASE, title="t"))
    assert waits[2] == pytest.approx(2 * lease[2], rel=0.02)
    assert waits[0] == pytest.approx(lease[0])


def test_spans_that_overlap_get_lines_of_their_own():
    tops = {round(bar[1]) for bar in bars(timeline(CROWD[:2], title="t"))}
    assert len(tops) == 2
    one_after_other = [Span("worker", 0, 5, "a"), Span("worker", 5, 9, "b")]
    tops = {round(bar[1]) for bar in bars(timeline(one_after_other, title="t"))}
    assert len(tops) == 1


def signs(picture):
    """(middle of the sign, in points; its marker) of each mark on a lane."""
    lines = picture.figure.axes[0].get_lines()
    found = [line for line in lines if line.get_marker() not in ("None", "")]
    return [(x, line.get_marker()) for line in found for x in line.get_xdata()]


def test_marks_stand_at_their_time_with_a_sign_of_their_kind():
    marks = [Mark("lease", 15, "half", "healthy"), Mark("lease", 30, "end", "fault")]
    picture = timeline(LEASE, marks=marks, title="t")
    (half, one), (end, other) = signs(picture)
    left, _, wide, _ = bars(picture)[0]
    assert (half, end) == pytest.approx((left + wide / 2, left + wide))
    assert one != other


def test_words_stand_clear_of_the_signs_of_marks():
    picture = timeline(*LINES["too short for words"][:1], marks=TINY_MARKS, title="t")
    (at, _), *_ = signs(picture)
    beside = [
        box for text, box in words(picture) if text.get_text().startswith("a very")
    ]
    bar_top = min(bar[1] for bar in bars(picture))
    height = picture.figure.get_figheight() * 72
    level = [box for box in beside if height - box[3] > bar_top - 4]
    assert level and not any(box[0] - 4 < at < box[2] + 4 for box in level)


@pytest.mark.parametrize("at", [0.0, 17.5, 60.0])
def test_a_mark_of_all_lanes_is_a_line_through_them(at):
    picture = timeline(LEASE, marks=[Mark("", at, "all")], title="t")
    left, _, wide, _ = max(bars(picture), key=lambda b: b[1])
    dashed = [line for line in picture.figure.axes[0].get_lines() if line.is_dashed()]
    (line,) = dashed
    assert line.get_xdata()[0] == pytest.approx(left + wide * at / 60)


@pytest.mark.parametrize(
    ("spans", "marks", "message"),
    [
        ([], [], "at least one span"),
        ([Span("a", 3, 2)], [], "ends before it starts: exchange"),
        ([Span("a", 0, float("inf"))], [], "give a finite number"),
        ([Span("a", "0", "1")], [], "give a finite number"),
        ([Span("a", 0, 1)], [Mark("a", float("nan"))], "give a finite number"),
        ([("a", 0, 1)], [], r"write Span\(lane, start, end, label, kind\)"),
        ([Span("a", 0, 1)], [("a", 0)], r"write Mark\(lane, at, label, kind\)"),
        ([Span("a", 0, 1, kind="good")], [], "unknown kind 'good'"),
        ([Span("a", 0, 1)], [Mark("b", 0)], "unknown lane: there are a"),
    ],
)
def test_what_cannot_be_drawn_is_refused(spans, marks, message):
    with pytest.raises(ValueError, match=message):
        timeline(spans, marks=marks, title="t")
