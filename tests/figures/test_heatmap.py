"""Heat maps: every count can be read, and the shade follows the share."""

import pytest
from measuring import drawn_words, problems, words
from seeing import pale_words

from workbook.figures import heatmap

LABELS = {"row_label": "exercise", "column_label": "verdict", "title": "Few pass"}
MANY = {
    name: kind
    for name, kind in zip(
        ["passed", "failed", "your code raised", "not attempted", "inconclusive"]
        + ["tampered", "timed out", "out of memory", "unreadable"],
        ["healthy", "fault", "fault", "context", "context"] + ["fault"] * 4,
        strict=True,
    )
}


@pytest.mark.parametrize("columns", [{"passed": "healthy"}, MANY])
@pytest.mark.parametrize("count", [0, 1, 999])
def test_every_count_stands_in_its_cell_and_can_be_read(columns, count):
    rows = ["One winner", "A lease that survives a crash and whatever else comes"]
    counts = {(row, column): count for row in rows for column in columns}
    picture = heatmap(rows, columns, counts, **LABELS)
    assert problems(picture) == [] and pale_words(picture) == []
    drawn = [text.get_text() for text, _ in words(picture)]
    assert drawn.count(f"{count:,}") == len(counts)


def test_a_name_too_long_for_its_column_stands_upright():
    picture = heatmap(["One winner"], MANY, {}, **LABELS)
    assert "not attempted" in drawn_words(picture)
    upright = [t.get_text() for t, _ in words(picture) if t.get_rotation() == 90]
    assert upright == list(MANY)


def test_the_words_tell_what_is_not_nought():
    counts = {("one", "passed"): 3, ("two", "passed"): 0}
    picture = heatmap(["one", "two"], {"passed": "healthy"}, counts, **LABELS)
    assert picture.text == "one — passed: 3.\ntwo — nothing."


@pytest.mark.parametrize(
    ("rows", "counts", "said"),
    [
        ([], {}, "a row and a column at least"),
        (["one", "one"], {}, "stands twice"),
        (["one"], {("two", "passed"): 1}, "outside the heat map"),
        (["one"], {("one", "passed"): -1}, "negative"),
    ],
)
def test_what_makes_no_sense_is_refused(rows, counts, said):
    with pytest.raises(ValueError, match=said):
        heatmap(rows, {"passed": "healthy"}, counts, **LABELS)
