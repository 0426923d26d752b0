"""Predictions are asked, kept, and set beside outcomes."""

import sys

import pytest

from workbook.learn import outcomes, predict, record

ASK = ("42.p1", "How many charges?", ("0", "1", "2"))


def test_choosing_keeps_the_answer():
    question = predict(*ASK)
    question.control.value = "2"
    kept = record.predictions()["42.p1"]
    assert kept == {"question": "How many charges?", "answer": "2"}
    assert "Noted: 2" in question.noted.value


def test_every_choice_can_be_chosen():
    question = predict(*ASK)
    for choice in ("0", "1", "2"):
        question.control.value = choice
        assert record.predictions()["42.p1"]["answer"] == choice


def test_a_question_without_choices_takes_any_text():
    question = predict("42.p2", "Why?")
    question.control.value = "a race"
    assert record.predictions()["42.p2"]["answer"] == "a race"
    question.control.value = ""
    assert record.predictions()["42.p2"]["answer"] == "a race"


def test_nothing_is_kept_or_chosen_until_it_is_answered(passport_file):
    question = predict(*ASK)
    assert question.control.value is None
    assert not passport_file.exists()


def test_the_stored_output_is_the_same_whatever_was_answered():
    untouched = repr(predict(*ASK))
    predict(*ASK, answer="2")
    assert repr(predict(*ASK)) == untouched
    assert untouched == "Predict: How many charges? (0 / 1 / 2)"


def test_an_earlier_answer_is_shown_again():
    predict(*ASK, answer="1")
    assert predict(*ASK).control.value == "1"


def test_an_earlier_answer_that_is_no_choice_any_more_is_left_alone():
    record.prediction("42.p1", "?", "17")
    assert predict(*ASK).control.value is None
    assert record.predictions()["42.p1"]["answer"] == "17"


def test_the_control_has_a_label_and_the_question_as_its_tooltip():
    control = predict(*ASK).control
    assert control.description == "Your prediction:"
    assert control.tooltip == "How many charges?"


def test_plain_python_answers_too():
    assert repr(predict(*ASK, answer="2")) == "Predicted: 2. (How many charges?)"
    assert record.predictions()["42.p1"]["answer"] == "2"


def test_an_answer_that_was_not_offered_is_refused():
    with pytest.raises(ValueError, match="one of 0, 1, 2"):
        predict(*ASK, answer="3")


def test_without_widgets_the_question_says_how_to_answer(monkeypatch):
    monkeypatch.setitem(sys.modules, "workbook.learn.widget", None)
    assert 'predict("42.p1", …, answer="…")' in repr(predict(*ASK))


def test_outcomes_stand_beside_predictions():
    predict(*ASK, answer="2")
    predict("42.p2", "Which one?", answer=" First ")
    predict("42.p3", "And then?")
    table = outcomes({"42.p1": 1, "42.p2": "first", "42.p3": "nothing"})
    assert table.rows == [
        ("How many charges?", "2", "1", "≠ a surprise"),
        ("Which one?", " First ", "first", "✓ as predicted"),
        ("And then?", "no prediction made", "nothing", ""),
    ]


def test_outcomes_name_the_question_from_the_passport_or_else_the_id():
    record.prediction("42.asked-before", "Seen earlier?", "yes")
    rows = outcomes({"42.asked-before": "no", "42.never": "1"}).rows
    assert [row[0] for row in rows] == ["Seen earlier?", "42.never"]


def test_the_table_escapes_what_was_typed():
    predict("42.p4", "What?", answer="<script>")
    html = outcomes({"42.p4": "<b>"})._repr_mimebundle_()["text/html"]
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert ">you predicted</th>" in html
