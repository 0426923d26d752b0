"""The zoo's rules can fail: each is shown one zoo that breaks it."""

from dataclasses import replace

import pytest

from tests.learn.sample import EXERCISES
from tests.zoo import Animal, animals, wrong
from tests.zoo.runner import complaints, file_of, housing, stray_files
from workbook.learn import failed

DOUBLE, SHOUT = EXERCISES

ZOO = """
from tests.zoo import right, wrong

@wrong("squares the number")
def multiplies_by_itself(number):
    return number * number

@wrong("ZeroDivisionError", status="your code raised")
def divides(number):
    return number / 0

@wrong("did not come back")
def waits(number):
    while True:
        pass

@wrong("nothing for any number", status="inconclusive")
def prints_instead(number):
    print(2 * number)

@wrong("too many positional")
def asks_for_nothing():
    return 0

@wrong("gave [0, 3, -2]")
def returns_it_as_it_is(number):
    return number

@wrong("gave [0, 3, -2]", same_as="returns_it_as_it_is")
def forgets_the_sum(number):
    number + number
    return number

@right
def shifts(number):
    return number << 1

@right
class Twice(int):
    def __new__(cls, number):
        return super().__new__(cls, 2 * number)

def helper(number):
    return 5
"""


@pytest.fixture
def zoo(tmp_path):
    path = file_of(tmp_path, DOUBLE)
    path.parent.mkdir()
    path.write_text(ZOO)
    return tmp_path


def cast(zoo) -> list[Animal]:
    return animals(file_of(zoo, DOUBLE))


def test_a_sound_zoo_has_nothing_to_complain_of(zoo):
    assert stray_files(zoo, [DOUBLE]) == []
    assert housing(cast(zoo)) == []
    found = [complaints(DOUBLE, animal, cast(zoo)) for animal in cast(zoo)]
    assert found == [[]] * 9


def test_helpers_are_no_animals(zoo):
    assert "helper" not in [animal.name for animal in cast(zoo)]


def test_a_missing_file_and_one_too_many_are_found(zoo):
    (zoo / "42" / "triple.py").write_text("")
    assert stray_files(zoo, [DOUBLE, SHOUT]) == [
        "42/shout.py is missing",
        "42/triple.py has no exercise",
    ]


def test_too_few_answers_are_found(zoo):
    kept = [a for a in cast(zoo) if a.name not in ("shifts", "divides")]
    assert housing(kept) == [
        "5 wrong answers with a reason of their own: 6 are wanted",
        "1 right answers: 2 are wanted",
    ]


def test_a_shared_reason_does_not_count_as_ones_own(zoo):
    shared = [replace(a, same_as="waits") for a in cast(zoo) if a.name == "divides"]
    kept = [a for a in cast(zoo) if a.name != "divides"] + shared
    assert housing(kept) == [
        "5 wrong answers with a reason of their own: 6 are wanted",
        "divides does not share the reason of waits",
    ]


def test_two_answers_with_one_reason_are_found(zoo):
    twin = replace(cast(zoo)[0], name="raises_to_the_power")
    assert "have no reasons of their own" in " ".join(housing([*cast(zoo), twin]))


def test_two_answers_of_one_name_are_found(zoo):
    assert "shifts is there twice" in housing([*cast(zoo), cast(zoo)[-2]])


def test_a_wrong_answer_that_passes_is_found(zoo):
    lenient = replace(
        DOUBLE, check=lambda answer: failed("x") if not answer else _pass()
    )
    found = complaints(lenient, cast(zoo)[0], cast(zoo))
    assert "multiplies_by_itself should be 'failed'" in found[0]


def _pass():
    from workbook.learn import passed

    return passed()


def test_a_right_answer_that_is_rejected_is_found(zoo):
    strict = replace(DOUBLE, check=lambda answer: failed("It is not ours."))
    found = complaints(strict, cast(zoo)[-1], cast(zoo))
    assert "Twice should be 'passed'" in found[0]


def test_a_rejection_for_another_reason_is_found(zoo):
    vague = replace(DOUBLE, check=lambda answer: failed("It is wrong."))
    found = complaints(vague, cast(zoo)[0], cast(zoo))
    assert found == ["multiplies_by_itself: no 'squares the number' in: It is wrong."]


def test_a_rejection_for_anothers_reason_is_found(zoo):
    both = "It squares the number. It did not come back."
    muddled = replace(DOUBLE, check=lambda answer: failed(both))
    found = complaints(muddled, cast(zoo)[0], cast(zoo))
    assert found == [f"multiplies_by_itself is rejected like waits: {both}"]


def test_a_check_that_breaks_is_found(zoo):
    broken = replace(DOUBLE, check=lambda answer: 1 / 0)
    found = [complaints(broken, animal, cast(zoo)) for animal in cast(zoo)]
    assert all(found)


@pytest.mark.parametrize(
    "arguments", [{"reason": " "}, {"reason": "x", "status": "passed"}]
)
def test_a_wrong_answer_needs_a_reason_and_cannot_pass(arguments):
    with pytest.raises(ValueError, match="needs a fragment"):
        wrong(**arguments)
