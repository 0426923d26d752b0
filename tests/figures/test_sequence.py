"""Sequence diagrams: every step is drawn, nothing lies on anything else."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from measuring import dots, drawn_words, problems

from workbook.figures import FAULT, Step, sequence, sequence_text
from workbook.figures.rows import BAR
from workbook.figures.steps import STEP_KINDS

A, B = "delivery 1", "delivery 2"
RACE = [
    Step("start", A, label="attempt 1"),
    Step("call", A, "records", "GetItem order-7", "nothing"),
    Step("start", B, label="attempt 1"),
    Step("call", B, "records", "GetItem order-7", "nothing"),
    Step("lost", B, "charges", "PutItem 3f2a…"),
    Step("crash", A),
    Step("error", B, "records", "PutItem order-7", "ConditionalCheckFailed"),
    Step("return", B, label="returns 'charged'"),
    Step("wait", "", label="30 s later: delivered again"),
    Step("start", A, label="attempt 2"),
    Step("request_lost", A, "records", "GetItem order-7"),
    Step("note", "", label="nobody noticed"),
    Step("stuck", A, label="goes no further"),
]
LONG = "TransactWriteItems of a hundred items with very long names " * 3


def many_lanes(count):
    lanes = [f"delivery {n}" for n in range(1, count + 1)]
    steps = [Step("start", lane, label="attempt 1") for lane in lanes]
    steps += [Step("call", lane, f"table-{lane[-1]}", "PutItem x") for lane in lanes]
    return steps + [Step("return", lane) for lane in lanes]


LONG_WORDS = [
    Step("start", "the delivery with a remarkably long name", label=LONG),
    Step(
        "call", "the delivery with a remarkably long name", "a-table-" * 6, LONG, LONG
    ),
    Step("crash", "the delivery with a remarkably long name", label=LONG),
]
STORIES = {
    "one step": [Step("call", A, "charges", "PutItem")],
    "race": RACE,
    "five lanes": many_lanes(5),
    "long words": LONG_WORDS,
    "sixty steps": RACE[:5] * 12,
    "words alone": [Step("note", "", label="before"), Step("wait", "")],
}


@pytest.mark.parametrize("story", STORIES)
def test_no_words_lie_on_others_or_leave_the_page(story):
    assert problems(sequence(STORIES[story], title="Charged twice")) == []


def test_a_long_title_takes_lines():
    title = "Order 7 is charged twice when both deliveries look before either writes"
    picture = sequence(RACE, title=title)
    assert problems(picture) == [] and title in drawn_words(picture)


def test_the_page_grows_where_columns_leave_no_room_for_words():
    steps = [
        Step("call", f"delivery {n}", f"a-long-table-{n}", "PutItem x")
        for n in range(8)
    ]
    picture = sequence(steps, title="t")
    assert picture.figure.get_figwidth() > 6.5
    assert drawn_words(picture).count("PutItem x") == 8 and problems(picture) == []


def test_everything_is_drawn():
    found = drawn_words(sequence(RACE, title="Order 7 is charged twice"))
    for words in (
        A, B, "records", "charges", "GetItem order-7", "nothing", "reply lost",
        "ConditionalCheckFailed", "30 s later", "attempt 2", "nobody noticed",
    ):  # fmt: skip
        assert words in found, words
    assert "Order 7 is charged twice" in found


def test_a_fault_shows_in_the_fault_s_colour_and_only_there():
    def fault_dots(steps):
        colors = dots(sequence(steps, title="t"))
        return int((colors == (0xD5, 0x5E, 0x00)).all(axis=2).sum())

    start, call = Step("start", A), Step("call", A, "charges", "PutItem")
    assert fault_dots([start, call, Step("return", A)]) == 0
    for kind in ("crash", "stuck"):
        assert fault_dots([start, call, Step(kind, A)]) > 50
    for kind in ("lost", "request_lost", "error"):
        assert fault_dots([start, Step(kind, A, "charges", "PutItem")]) > 50


def crosses(picture):
    """The middles of the crosses, in points: two strokes in the fault's colour each."""
    lines = picture.figure.axes[0].get_lines()
    strokes = [line for line in lines if line.get_color() == FAULT]
    sloped = [s for s in strokes if np.ptp(s.get_xdata()) and np.ptp(s.get_ydata())]
    return {round(np.mean(stroke.get_xdata())) for stroke in sloped}


def test_what_is_lost_ends_in_a_cross_before_it_arrives():
    start, end = Step("start", A), Step("return", A)
    for kind in ("lost", "request_lost"):
        lost = Step(kind, A, "charges", "PutItem")
        (at,) = crosses(sequence([start, lost, end], title="t"))
        assert 100 < at < 420
    assert not crosses(sequence([start, Step("call", A, "charges"), end], title="t"))


def test_an_invocation_that_crashed_has_no_bar_until_it_starts_again():
    story = [Step("start", A), Step("crash", A), Step("wait", ""), Step("start", A)]
    axes = sequence(story, title="t").figure.axes[0]
    boxes = [p.get_bbox() for p in axes.patches if type(p) is Rectangle]
    bars = [box for box in boxes if round(box.width, 6) == BAR]
    first, second = sorted(bars, key=lambda bar: bar.y0)
    assert second.y0 - first.y1 > 30
    dashes = [line for line in axes.get_lines() if line.is_dashed()]
    gone = [
        line
        for line in dashes
        if np.ptp(line.get_xdata()) == 0 and np.ptp(line.get_ydata()) > 0
    ]
    assert gone and max(gone[0].get_ydata()) <= second.y0


def test_lanes_and_services_stand_in_the_order_asked_for():
    def at(picture, word):
        from measuring import words

        return next(box[0] for text, box in words(picture) if text.get_text() == word)

    first = sequence(RACE, title="t")
    assert at(first, "records") < at(first, "charges")
    other = sequence(RACE, title="t", services=["charges", "records"])
    assert at(other, "charges") < at(other, "records")


def test_time_runs_downwards():
    from measuring import words

    heights = [
        box[1]
        for text, box in words(sequence(RACE, title="t"))
        if text.get_text() in ("attempt 1", "30 s later: delivered again", "attempt 2")
    ]
    assert heights == sorted(heights, reverse=True) and len(heights) == 4


def test_the_same_steps_in_words():
    lines = sequence_text(RACE).splitlines()
    assert lines[0] == "1. delivery 1 starts: attempt 1."
    assert lines[1] == (
        "2. delivery 1 calls GetItem order-7 on records, which answers nothing."
    )
    assert "the effect happens, but the reply is lost" in lines[4]
    assert lines[5] == "6. delivery 1 crashes."
    assert "which fails: ConditionalCheckFailed" in lines[6]
    assert "the request never arrives" in lines[10]
    assert len(lines) == len(RACE)
    assert sequence(RACE, title="t").text == sequence_text(RACE)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "at least one step"),
        ([Step("explode", A)], "unknown kind 'explode'"),
        ([Step("start", A), Step("call", A)], "step 2 is a 'call' without a target"),
        ([Step("crash", "")], "without a lane: say which invocation"),
        ([("call", A)], r"step 1 is \('call', 'delivery 1'\): write Step"),
        (Step("start", A), r"a list of steps: write \[Step"),
    ],
)
def test_steps_that_cannot_be_drawn_are_refused(steps, message):
    for draw in (lambda: sequence(steps, title="t"), lambda: sequence_text(steps)):
        with pytest.raises(ValueError, match=message):
            draw()


def test_an_order_that_leaves_somebody_out_is_refused():
    with pytest.raises(ValueError, match=r"leaves out \['delivery 2'\]"):
        sequence(RACE, title="t", lanes=[A])
    with pytest.raises(ValueError, match="title"):
        sequence(RACE, title=" ")


def test_every_kind_has_words_and_a_drawing():
    for kind in STEP_KINDS:
        step = Step(kind, A, "charges", "label", "reply")
        assert sequence_text([step]).startswith("1. ")
        assert np.ptp(dots(sequence([step], title="t"))) > 0
