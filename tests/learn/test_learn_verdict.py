"""Verdicts and cards: the same words as text and as HTML, never colour alone."""

import re
from dataclasses import dataclass

import pytest
from matplotlib.figure import Figure

from workbook.figures import Picture
from workbook.learn import failed, from_exploration, inconclusive, passed
from workbook.learn.card import Card
from workbook.learn.cards import progress_html, progress_text
from workbook.learn.verdict import STATUSES, Verdict, better, not_attempted, raised


def each_verdict():
    return [
        passed("All held."),
        failed("Two charges.", look="Look at the write."),
        raised("KeyError: 'id' (your line 3)"),
        not_attempted("Begin."),
        inconclusive("Nothing was called."),
    ]


def html_of(thing) -> str:
    return thing._repr_mimebundle_()["text/html"]


def test_there_are_five_statuses_and_each_has_its_constructor():
    assert [verdict.status for verdict in each_verdict()] == list(STATUSES)


def test_only_a_pass_is_a_pass():
    assert [verdict.passed for verdict in each_verdict()] == [True] + 4 * [False]


@pytest.mark.parametrize("verdict", each_verdict(), ids=lambda v: v.status)
def test_a_card_says_its_status_and_reason_in_words(verdict):
    card = Card(verdict, "Exercise 1 · One winner", "Go on.")
    for shown in (repr(card), html_of(card)):
        assert verdict.status in shown
        assert "Exercise 1 · One winner" in shown
        assert "Go on." in shown
        assert verdict.reason.replace("'", "&#x27;") in shown.replace("'", "&#x27;")


def test_no_two_statuses_look_alike_without_colour():
    signs = {repr(verdict)[0] for verdict in each_verdict()}
    borders = [
        re.search(r"6px (\w+) (#\w+)", html_of(v)).groups() for v in each_verdict()
    ]
    assert len(signs) == len(STATUSES)
    assert len(set(borders)) == len(STATUSES)


def test_what_to_look_at_follows_the_reason():
    text = repr(failed("Two charges.", look="Look at the write."))
    assert text == "✗ failed\n  Two charges.\n  Look at the write."


def test_learners_text_cannot_inject_html():
    card = Card(failed("<script>alert(1)</script>"), "<b>", "<i>")
    assert "<script>" not in html_of(card)
    assert "<i>" not in html_of(card)


def test_what_was_printed_is_escaped_too():
    verdict = Verdict("failed", "No.", printed="<img src=x>\nsecond")
    assert "<img" not in html_of(verdict)
    assert repr(verdict).endswith("Your code printed:\n  <img src=x>\n  second")


def test_a_picture_is_shown_with_its_alternative_text():
    picture = Picture(Figure(), "Both deliveries charge")
    verdict = failed("Two charges.", picture)
    assert "[Both deliveries charge]" in repr(verdict)
    assert 'alt="Both deliveries charge' in html_of(verdict)


def test_a_picture_that_breaks_does_not_hide_the_verdict():
    class Broken:
        def __repr__(self):
            raise RuntimeError("no figure")

    verdict = failed("Two charges.", Broken())
    assert "the picture could not be drawn" in repr(verdict)
    assert "Two charges." in html_of(verdict)


@pytest.mark.parametrize("status", [s for s in STATUSES if s != "passed"])
def test_every_verdict_but_a_pass_must_say_why(status):
    with pytest.raises(ValueError, match="say why"):
        Verdict(status, " ")


def test_a_sixth_status_is_refused():
    with pytest.raises(ValueError, match="not 'great'"):
        Verdict("great", "so")


@dataclass
class Found:
    verdict: str
    why: str = ""
    schedules: int = 0
    counterexample: object = None


class Run:
    picture = Picture(Figure(), "Both deliveries charge")


def test_an_exploration_that_broke_fails_with_its_picture():
    verdict = from_exploration(Found("broken", "two charges", 9, Run()), look="There.")
    assert (verdict.status, verdict.reason) == ("failed", "two charges")
    assert verdict.picture is Run.picture
    assert verdict.look == "There."


def test_a_reason_of_the_check_replaces_the_explorers():
    found = Found("broken", "two charges", 9, Run())
    assert from_exploration(found, reason="It looks first.").reason == "It looks first."


def test_an_exploration_that_held_passes_and_says_how_much_was_tried():
    verdict = from_exploration(Found("holds", schedules=412))
    assert verdict.passed
    assert "all 412 schedules" in verdict.reason


@pytest.mark.parametrize("found", [Found("unknown", "cut off"), Found("holds")])
def test_an_exploration_that_saw_nothing_or_not_all_is_inconclusive(found):
    assert from_exploration(found).status == "inconclusive"


def test_the_better_of_two_verdicts():
    assert better("failed", "passed") == "passed"
    assert better("passed", "failed") == "passed"
    assert better("failed", "your code raised") == "failed"
    assert better("", "inconclusive") == "inconclusive"
    assert better("passed", "of a later version") == "passed"


def test_the_progress_bar_speaks_too():
    assert progress_text(2, 5) == "[########------------] 2 of 5 passed"
    assert 'max="5" value="2" aria-label="2 of 5 passed"' in progress_html(2, 5)
