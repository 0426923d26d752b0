"""Waterfalls and boards: what they draw and say, and what they refuse."""

import pytest
from matplotlib.colors import to_hex
from measuring import drawn_words, problems

from workbook.figures import HEALTHY, Bar, board, waterfall

WORK = [
    Bar("place-order", 0, 1, critical=True),
    Bar("charge", 3, 5, depth=1, sent=1, critical=True),
    Bar("mail", 4, 4.5, depth=1, sent=1),
]
STEPS = ("pay", "mail")
ORDERS = {
    "order-1": {"pay": "done", "mail": "done"},
    "order-2": {"pay": "failed"},
    "order-3": {"pay": "done", "mail": "begun"},
}


def drawn(picture):
    """Left, width and fill of each bar, without those of the key."""
    patches = picture.figure.axes[0].patches
    bars = [p for p in patches if round(p.get_height(), 6) == 11]
    return [(p.get_x(), p.get_width(), to_hex(p.get_facecolor())) for p in bars]


def test_bars_stand_to_scale():
    one, two, three = drawn(waterfall(WORK, title="t"))
    assert two[1] == pytest.approx(2 * one[1]) == pytest.approx(4 * three[1])
    assert two[0] - one[0] == pytest.approx(3 * one[1])


def test_only_what_is_critical_is_filled():
    fills = [fill for *_, fill in drawn(waterfall(WORK, title="t"))]
    assert [fill.upper() == HEALTHY for fill in fills] == [True, True, False]


def test_a_wait_reaches_from_the_sender_to_the_bar():
    picture = waterfall(WORK, title="t")
    (left, wide, _), (start, *_), _ = drawn(picture)
    rules = [tuple(rule.get_xdata()) for rule in picture.figure.axes[0].get_lines()]
    assert any(ends == pytest.approx((left + wide, start)) for ends in rules)


def test_deeper_names_stand_further_right():
    texts = waterfall(WORK, title="t").figure.axes[0].texts
    at = {text.get_text(): text.get_position()[0] for text in texts}
    assert at["charge"] == at["mail"] > at["place-order"]


def test_a_waterfall_says_all_in_words():
    text = waterfall([*WORK, Bar("ticket", 5, None)], title="t").text
    assert "charge: at 3 s, 2 s, after a wait of 2 s, on the critical path." in text
    assert "mail: at 4 s, 0.5 s, after a wait of 3 s." in text
    assert "ticket: at 5 s, never ended." in text


def test_many_rows_deep_rows_and_one_moment_have_room():
    deep = [Bar(f"step {n} " * 5, n, n + 0.5, depth=n) for n in range(30)]
    assert problems(waterfall(deep, title="t")) == []
    assert problems(waterfall([Bar("now", 5, 5)], title="t")) == []


@pytest.mark.parametrize(
    ("bars", "message"),
    [
        ([], "at least one bar"),
        ([("a", 0, 1)], r"write Bar\(name, start, end\)"),
        ([Bar("a", 2, 1)], "out of order"),
        ([Bar("a", 1, 2, sent=1.5)], "out of order"),
        ([Bar("a", 1, float("nan"))], "finite numbers"),
        ([Bar("a", "1", 2)], "finite numbers"),
        ([Bar("a", 1, 2, kind="good")], "unknown kind 'good'"),
    ],
)
def test_waterfalls_that_cannot_be_are_refused(bars, message):
    with pytest.raises(ValueError, match=message):
        waterfall(bars, title="t")


def test_a_board_counts_each_step():
    picture = board(STEPS, ORDERS, title="t", x_label="orders")
    assert "pay: 2 done, 1 failed." in picture.text
    assert "mail: 1 done, 1 begun, never ended, 1 never begun." in picture.text
    found = drawn_words(picture)
    assert "2 done" in found and "1 done" in found


def test_states_differ_in_height_as_well():
    patches = board(STEPS, ORDERS, title="t", x_label="orders").figure.axes[0].patches
    cells = [p for p in patches if p.get_width() > 7]  # those of the key are narrow
    heights = sorted(round(p.get_height()) for p in cells)
    assert heights == [9, 9, 16, 16, 16]


@pytest.mark.parametrize("number", [1, 7, 60, 400])
def test_boards_of_any_size_have_room(number):
    things = {str(n): {"pay": "done"} for n in range(number)}
    assert problems(board(STEPS, things, title="t", x_label="orders")) == []


@pytest.mark.parametrize(
    ("steps", "things", "message"),
    [
        ((), ORDERS, "at least one step"),
        (STEPS, {}, "one thing"),
        (STEPS, {"o": {"pay": "late"}}, "'o' is 'late': a state is one of 'done'"),
    ],
)
def test_boards_that_cannot_be_are_refused(steps, things, message):
    with pytest.raises(ValueError, match=message):
        board(steps, things, title="t", x_label="x")
