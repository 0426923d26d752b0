"""The picture of who needs whom: what it says, and what it refuses."""

import pytest

from workbook.figures import arcs

FUNCTIONS, SHARED = ("Sell", "Charge", "Tell"), ("Book",)


def draw(**more):
    options = {"calls": [("Sell", "Charge")], "uses": [("Charge", "Book")], **more}
    return arcs(FUNCTIONS, SHARED, title="Sell waits for Charge", **options)


def test_the_text_says_who_needs_whom():
    text = draw(sends=[("Charge", "Tell")]).text
    assert "Sell: calls Charge." in text
    assert "Charge: sends to Tell; uses Book." in text
    assert "Tell: needs nothing." in text


def test_it_says_who_fails_with_what_is_struck():
    text = draw(struck="Book", hit=["Sell", "Charge"]).text
    assert "When Book fails, so do: Sell, Charge." in text
    assert "so do: no others." in draw(struck="Sell").text


def test_the_key_speaks_only_of_what_is_there():
    words = [text.get_text() for text in draw().figure.axes[0].texts]
    assert any(line.startswith("dashed arc") for line in words)
    assert not any(line.startswith("plain arc") for line in words)


def test_an_arrow_for_each_pair():
    once = draw(calls=[("Sell", "Charge")] * 2, sends=[("Tell", "Sell")])
    assert len(once.figure.axes[0].patches) == 3


def test_the_same_picture_twice():
    assert draw().png() == draw().png()


@pytest.mark.parametrize(
    "wrong",
    [
        {"calls": [("Sell", "Nobody")]},
        {"uses": [("Nobody", "Book")]},
        {"struck": "Nobody"},
        {"hit": ["Nobody"]},
    ],
)
def test_a_name_in_neither_column_is_refused(wrong):
    with pytest.raises(ValueError, match="'Nobody' is in neither column"):
        draw(**wrong)


def test_a_name_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        arcs(("A", "A"), (), [], [], title="Two of a name")
    with pytest.raises(ValueError, match="nothing to draw"):
        arcs((), ("A",), [], [], title="No function")
