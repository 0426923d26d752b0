"""Crash maps: every outcome has its sign and hatch, every name can be read."""

import pytest
from measuring import drawn_words, problems, words

from workbook.figures import crashmap, crashmaps
from workbook.figures.cells import looks_of

ROWS = ["no fault", "crash before PutItem charges", "crash after PutItem charges"]
COLUMNS = ["after call 1", "after call 2", "after its end"]
CELLS = {(r, c): "holds" for r in ROWS for c in COLUMNS}
CELLS[ROWS[1], COLUMNS[0]] = "charged 2 times"
CELLS[ROWS[2], COLUMNS[2]] = "charged 0 times"
del CELLS[ROWS[2], COLUMNS[0]]
LABELS = {"row_label": "what goes wrong", "column_label": "second delivery begins"}
LOOKS = {"title": "Only the last one charges once", "healthy": {"holds"}, **LABELS}
LONG = "a reason that goes on and on until nobody remembers how it began"


def one(rows=ROWS, columns=COLUMNS, cells=CELLS, **more):
    return crashmap(rows, columns, cells, **{**LOOKS, **more})


def several(*names, rows=ROWS, columns=COLUMNS, cells=CELLS):
    return crashmaps({name: (rows, columns, cells) for name in names}, **LOOKS)


FIVE = ("always", "look first", "claim first", "in one transaction", "lease and key")
MAPS = {
    "one": one(),
    "one cell": one(ROWS[:1], COLUMNS[:1], {(ROWS[0], COLUMNS[0]): "holds"}),
    "two": several("look first", "transaction"),
    "five": several(*FIVE),
    "five of one column": several(
        *FIVE, columns=COLUMNS[:1], cells={(ROWS[0], COLUMNS[0]): "holds"}
    ),
    "long outcomes": one(cells={**CELLS, (ROWS[0], COLUMNS[0]): LONG}),
    "long rows": one(
        [f"crash after TransactWriteItems on table number {n}" for n in range(12)],
        COLUMNS,
        {("crash after TransactWriteItems on table number 3", COLUMNS[0]): "holds"},
    ),
    "many columns": one(
        ROWS, [f"after call {n}" for n in range(14)], {(ROWS[0], "after call 3"): "x"}
    ),
}


@pytest.mark.parametrize("name", MAPS)
def test_no_words_lie_on_others_or_leave_the_page(name):
    assert problems(MAPS[name]) == []


@pytest.mark.parametrize("name", ["one", "two", "five", "five of one column"])
def test_no_name_is_cut(name):
    assert "…" not in drawn_words(MAPS[name])


def test_several_maps_are_named_and_counted():
    found = drawn_words(several("look first", "transaction"))
    assert "transaction" in found and found.count("✗ 2 of 8") == 2
    healthy = {at: "holds" for at in CELLS}
    assert "✓ all 8" in drawn_words(several("a", "b", cells=healthy))


def test_each_outcome_has_a_sign_and_a_hatch_of_its_own():
    outcomes = ["holds", *(f"charged {n} times" for n in range(30))]
    looks = looks_of(outcomes, {"holds"}).of
    assert len({look.sign for look in looks.values()}) == len(outcomes)
    first = [looks[outcome] for outcome in outcomes[:9]]
    assert len({(look.good, look.hatch) for look in first}) == 9
    assert looks["holds"].good and looks["holds"].fill != looks[outcomes[1]].fill


def test_a_letter_in_a_cell_is_explained_in_the_key():
    picture = several("look first", "transaction")
    signs = [text.get_text() for text, _ in words(picture)]
    assert signs.count("A") == signs.count("B") == 3  # two cells and the key
    assert "charged 2 times" in signs and "charged 0 times" in signs


def test_the_map_in_words_has_each_row():
    text = one().text
    assert "2 of 8 cells are faulty." in text
    assert "crash before PutItem charges — after call 1: charged 2 times" in text
    empty = one(cells={(ROWS[0], COLUMNS[0]): "holds"}).text
    assert f"{ROWS[1]} — does not occur." in empty


def test_what_is_healthy_is_the_caller_s_to_say():
    picture = one(healthy={"holds", "charged 2 times", "charged 0 times"})
    assert "0 of 8 cells are faulty" in picture.text and "✗" not in drawn_words(picture)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({}, "has no cells"),
        ({("no fault", "never"): "holds"}, r"\('no fault', 'never'\) is outside"),
    ],
)
def test_cells_that_cannot_be_drawn_are_refused(cells, message):
    with pytest.raises(ValueError, match=message):
        one(cells=cells)


def test_bad_arguments_are_refused_with_a_way_on():
    with pytest.raises(ValueError, match=r"write \{'holds'\}"):
        one(healthy="holds")
    for maps in ({"a": (ROWS, COLUMNS, CELLS)}, {}):
        with pytest.raises(ValueError, match="two maps or more"):
            crashmaps(maps, **LOOKS)
