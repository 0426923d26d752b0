"""Crash maps: every outcome has its sign and hatch, every name can be read."""

import itertools

import numpy as np
import pytest
from measuring import dots, drawn_words, problems, words
from seeing import in_grey, with_deuteranopia

from workbook.figures import crashmap, crashmaps
from workbook.figures.cells import looks_of
from workbook.figures.picture import DOTS_PER_INCH

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
    "long labels": one(row_label=LONG, column_label=f"{LONG}, {LONG}"),
    "many columns": one(
        ROWS, [f"after call {n}" for n in range(14)], {(ROWS[0], "after call 3"): "x"}
    ),
}


@pytest.mark.parametrize("name", MAPS)
def test_no_words_lie_on_others_or_leave_the_page(name):
    assert problems(MAPS[name]) == []


@pytest.mark.parametrize("name", [name for name in MAPS if name != "long labels"])
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


def drawn_cells(picture, signs):
    """The image of the cell with each sign, all of the same size."""
    image, scale = dots(picture), DOTS_PER_INCH / 72
    found = {text.get_text(): box for text, box in reversed(words(picture))}
    for sign in signs:
        left, bottom, right, top = np.array(found[sign]) * scale
        x, y = round((left + right) / 2), len(image) - round((bottom + top) / 2)
        yield image[y - 14 : y + 14, x - 16 : x + 16]


@pytest.mark.parametrize("seen", [in_grey, with_deuteranopia])
def test_outcomes_are_told_apart_without_their_colours(seen):
    columns = ["fine", *(f"way {n} to charge a wrong sum" for n in range(8))]
    cells = {("no fault", column): column for column in columns}
    picture = one(["no fault"], columns, cells, healthy={"fine"})
    looks = [seen(cell) for cell in drawn_cells(picture, "✓ABCDEFGH")]
    for one_look, other in itertools.combinations(looks, 2):
        assert np.abs(one_look - other).mean() > 0.015


def test_numbers_may_be_names_and_outcomes():
    picture = one([1, 2], [3], {(1, 3): 0, (2, 3): 2}, healthy={0})
    assert "2 — 3: 2." in picture.text and "1 of 2 cells" in picture.text


def test_a_map_is_no_wider_than_a_page_unless_it_must_be():
    for name in ("one", "two", "long rows", "many columns"):
        assert MAPS[name].figure.get_figwidth() == pytest.approx(6.4)
    assert MAPS["five"].figure.get_figwidth() < 7


def test_thirty_outcomes_still_have_a_sign_that_fits_its_cell():
    cells = {(f"row {n % 6}", f"step {n // 6}"): f"outcome {n}" for n in range(30)}
    of = ([f"row {n}" for n in range(6)], [f"step {n}" for n in range(5)], cells)
    picture = crashmaps({f"map {n}": of for n in range(2)}, **LOOKS)
    assert problems(picture) == [] and "B2" in drawn_words(picture)


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


def test_a_name_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match=r"rows have \['a'\] twice"):
        one(["a", "a"], ["b"], {("a", "b"): "holds"})
    with pytest.raises(ValueError, match=r"columns of 'm' have \['b'\] twice"):
        several("m", "n", rows=["a"], columns=["b"] * 2, cells={("a", "b"): "holds"})


def test_bad_arguments_are_refused_with_a_way_on():
    with pytest.raises(ValueError, match=r"write \{'holds'\}"):
        one(healthy="holds")
    for maps in ({"a": (ROWS, COLUMNS, CELLS)}, {}):
        with pytest.raises(ValueError, match="two maps or more"):
            crashmaps(maps, **LOOKS)


def test_the_first_of_a_list_of_good_outcomes_gets_the_tick():
    columns = [str(number) for number in range(20)]  # too many for words in the cells
    cells = {("a", column): "refused" for column in columns} | {("a", "19"): "ended"}

    def ticks(healthy):
        return drawn_words(one(["a"], columns, cells, healthy=healthy)).count("✓")

    # A tick for each such cell, one in the key, one in the count of all that is well.
    assert ticks(["refused", "ended"]) - ticks(["ended", "refused"]) == 19 - 1
