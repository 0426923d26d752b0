"""A lab's commands, as a learner meets them."""

import time
from contextlib import contextmanager

import pytest

from tests.learn.sample import DOUBLE, EXERCISES, STEM, sample_lab, write_solution
from workbook.learn import Exercise, Lab, Question, passed, record
from workbook.learn.places import repository


def twice(number):
    return 2 * number


def squares(number):
    return number * number


def silent(number):
    pass


def stub(number):
    raise NotImplementedError("your turn")


@pytest.fixture
def lab(tmp_path):
    write_solution(tmp_path)
    return sample_lab(tmp_path)


def test_a_right_answer_passes_and_leads_on(lab):
    assert repr(lab.check(1, twice)) == (
        "✓ passed · Exercise 1 · Twice as much\n"
        "  It doubles 0, 3 and -2.\n"
        "  `lab.reveal(1)` shows our solution. Why does it work for 0?"
    )


def test_a_wrong_answer_says_why_and_offers_a_hint(lab):
    assert repr(lab.check(1, squares)) == (
        "✗ failed · Exercise 1 · Twice as much\n"
        "  It squares the number.\n"
        "  Twice, not times itself.\n"
        "  `lab.hint(1)` gives a hint."
    )


def test_a_stub_leaves_no_trace(lab, passport_file):
    assert lab.check(1, stub).verdict.status == "not attempted"
    assert not passport_file.exists()


def test_an_answer_that_shows_nothing_is_no_pass(lab):
    assert lab.check(1, silent).verdict.status == "inconclusive"
    assert record.of(DOUBLE)["verdict"] == "inconclusive"


def test_the_passport_keeps_the_answers_source(lab):
    lab.check(1, twice)
    assert record.of(DOUBLE)["code"] == "def twice(number):\n    return 2 * number\n"


def test_checking_is_the_same_by_number_name_or_id(lab):
    cards = [repr(lab.check(key, twice)) for key in (1, "1", "double", DOUBLE)]
    assert len(set(cards)) == 1


def test_an_exercise_that_is_not_there_is_refused_with_those_that_are(lab):
    with pytest.raises(KeyError, match=r"1 \(double\), 2 \(shout\)"):
        lab.check(3, twice)


def test_the_same_check_twice_gives_the_same_card(lab):
    assert repr(lab.check(1, squares)) == repr(lab.check(1, squares))


def test_hints_come_one_at_a_time(lab):
    first, second, third, again = (repr(lab.hint(1)) for _ in range(4))
    assert "Think of addition." in first and "Add it" not in first
    assert "2 more to come" in first
    assert "Add it to itself." in second and "number + number" not in second
    assert "It is number + number." in third and "`lab.reveal(1)`" in third
    assert again == third


def test_hints_of_one_exercise_are_not_those_of_another(lab):
    lab.hint(1)
    lab.hint(1)
    assert "2 more to come" in repr(lab.hint(2))


def test_our_solution_waits_for_a_pass(lab):
    assert "Not yet" in repr(lab.reveal(1))
    lab.check(1, squares)
    assert "Not yet" in repr(lab.reveal(1))
    lab.check(1, twice)
    assert "return number + number" in repr(lab.reveal(1))


def test_our_solution_is_shown_after_the_last_hint(lab):
    lab.hint(1)
    assert "the 2 hints that are left" in repr(lab.reveal(1))
    lab.hint(1)
    assert "the last hint" in repr(lab.reveal(1))
    lab.hint(1)
    assert "return number + number" in repr(lab.reveal(1))


def test_a_later_failure_does_not_hide_our_solution_again(lab):
    lab.check(1, twice)
    lab.check(1, squares)
    assert "return number + number" in repr(lab.reveal(1))


def test_our_solution_comes_with_its_commentary_and_without_markers(lab):
    lab.check(1, twice)
    shown = lab.reveal(1)._repr_mimebundle_()["text/markdown"]
    assert "Adding is enough." in shown
    assert "SOLUTION" not in shown
    assert shown.count("```") == 2
    assert "text.upper" not in shown


def test_without_the_solutions_it_says_what_is_missing(tmp_path):
    lab = sample_lab(tmp_path)
    lab.check(1, twice)
    told = repr(lab.reveal(1))
    assert f"solutions/{STEM}.ipynb is not to be found" in told
    assert str(tmp_path) not in told
    assert "not to be found" in repr(lab.reset(1))


def test_a_broken_solutions_file_is_said(tmp_path):
    path = write_solution(tmp_path)
    path.write_text("{")
    lab = sample_lab(tmp_path)
    lab.check(1, twice)
    assert "cannot be read" in repr(lab.reveal(1))


def test_reset_gives_the_stub_back(lab):
    shown = repr(lab.reset(1))
    assert "def double(number: int) -> int:" in shown
    assert 'raise NotImplementedError("your turn")' in shown
    assert "number + number" not in shown


def test_in_a_notebook_reset_replaces_the_cell(lab, monkeypatch):
    class Shell:
        asked = ()

        def set_next_input(self, text, *, replace):
            self.asked = (text, replace)

    shell = Shell()
    monkeypatch.setattr("workbook.learn.lab.get_ipython", lambda: shell)
    assert lab.reset(1) is None
    text, replace = shell.asked
    assert text.endswith('raise NotImplementedError("your turn")') and replace


@pytest.mark.parametrize("nothing", ["", "…", "...", "  ", "\n"])
def test_the_why_question_is_asked_before_ours_is_shown(lab, nothing):
    shown = repr(lab.why(1, nothing))
    assert "Why does it work for 0?" in shown
    assert "0 + 0 is 0" not in shown
    assert "why" not in record.of(DOUBLE)


def test_a_why_answer_is_kept_and_compared(lab):
    shown = repr(lab.why(1, "Zero is neutral."))
    assert "**Yours:** Zero is neutral." in shown
    assert "**Ours:** Because 0 + 0 is 0." in shown
    assert record.of(DOUBLE)["why"] == "Zero is neutral."


def test_the_board_shows_how_all_stands(lab):
    lab.check(1, squares)
    lab.check(1, twice)
    assert repr(lab) == (
        "Lab: Sample · 5 min\n"
        "[##########----------] 1 of 2 passed\n"
        "   exercise       minutes  our lines  verdict          attempts\n"
        "1  Twice as much  3        1          ✓ passed         2\n"
        "2  Shout          2        2          ○ not attempted  0"
    )


def test_the_board_is_a_table_with_a_bar_in_a_notebook(lab):
    html = lab._repr_mimebundle_()["text/html"]
    assert '<progress max="2" value="0" aria-label="0 of 2 passed">' in html
    assert html.count("<tr>") == 3
    assert ">minutes</th>" in html


class Ledger:
    """Counts how often it was entered; stands in for the cost ledger."""

    entered = 0

    def __len__(self):
        return 0  # a ledger without entries is still one

    def __enter__(self):
        self.entered += 1
        return self

    def __exit__(self, *error):
        return None

    def __repr__(self):
        return f"{self.entered} calls"

    def _repr_html_(self):
        return f"<table><caption>{self.entered} calls</caption></table>"


def test_the_ledger_sees_each_check_and_ends_the_lab():
    lab = sample_lab(ledger=Ledger())
    lab.check(1, twice)
    lab.check(1, squares)
    board = lab.finish()
    assert repr(board).endswith("\n\n2 calls")
    assert "<caption>2 calls</caption>" in board._repr_mimebundle_()["text/html"]
    assert "calls" not in repr(lab)


def test_the_ledger_of_a_check_that_breaks_is_left_again():
    left = []

    @contextmanager
    def ledger():
        yield
        left.append(True)

    def broken(answer):
        raise RuntimeError("ours")

    fine = EXERCISES[0]
    exercise = Exercise(DOUBLE, "T", 1, 1, fine.hints, fine.why, broken)
    lab = Lab(STEM, [exercise], ledger=ledger())
    assert lab.check(1, twice).verdict.status == "inconclusive"
    assert left == [True]


def test_a_check_has_its_own_limit():
    fine = EXERCISES[0]
    exercise = Exercise(
        DOUBLE, "T", 1, 1, fine.hints, fine.why, lambda answer: time.sleep(9), 0.2
    )
    assert "cut off after 0.2 s" in repr(Lab(STEM, [exercise]).check(1, twice))


WHY = Question("Why?", "Because.")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"id": "9.1-double"}, "looks like"),
        ({"id": "42.1-Double"}, "looks like"),
        ({"hints": ("one", "two")}, "needs 3 hints"),
        ({"hints": ("one", "two", " ")}, "needs 3 hints"),
        ({"minutes": 0}, "minutes and lines"),
        ({"title": ""}, "needs its title"),
    ],
)
def test_an_exercise_that_lacks_something_is_refused(changes, problem):
    whole = {
        "id": DOUBLE,
        "title": "T",
        "minutes": 1,
        "lines": 1,
        "hints": ("one", "two", "three"),
        "why": WHY,
        "check": lambda answer: passed(),
    }
    assert Exercise(**whole).number == 1
    with pytest.raises(ValueError, match=problem):
        Exercise(**whole | changes)


def test_a_why_question_needs_our_answer():
    with pytest.raises(ValueError, match="our answer"):
        Question("Why?", "")


@pytest.mark.parametrize("exercises", [[], EXERCISES[1:], EXERCISES[::-1]])
def test_exercises_are_numbered_in_order(exercises):
    with pytest.raises(ValueError, match="wants exercises"):
        Lab(STEM, exercises)


def test_a_lab_belongs_to_its_chapter():
    with pytest.raises(ValueError, match="wants exercises"):
        Lab("41-other", EXERCISES)


def test_the_repository_is_found_from_a_folder_below_it(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "labs" / "deep").mkdir(parents=True)
    assert repository(tmp_path / "labs" / "deep") == tmp_path
    assert repository(tmp_path) == tmp_path


def test_where_there_is_no_repository_none_is_found(tmp_path):
    assert repository(tmp_path) is None
