"""Every check against every answer of its zoo (tests/zoo/README.md)."""

import pytest

from tests.discover import ROOT, labs
from tests.zoo import animals
from tests.zoo.runner import complaints, file_of, housing, stray_files

ZOO = ROOT / "tests" / "zoo"
EXERCISES = [exercise for lab in labs() for exercise in lab.exercises]
CASTS = {
    exercise: animals(file_of(ZOO, exercise))
    for exercise in EXERCISES
    if file_of(ZOO, exercise).is_file()
}
ANSWERS = [
    pytest.param(exercise, animal, id=f"{exercise.id}-{animal.name}")
    for exercise, cast in CASTS.items()
    for animal in cast
]


def test_every_exercise_has_its_file_and_no_file_is_left_over():
    assert stray_files(ZOO, EXERCISES) == []


@pytest.mark.parametrize("exercise", CASTS, ids=lambda exercise: exercise.id)
def test_a_zoo_holds_enough_answers_each_with_its_own_reason(exercise):
    assert housing(CASTS[exercise]) == []


@pytest.mark.parametrize(("exercise", "animal"), ANSWERS)
def test_an_answer_gets_the_verdict_it_deserves(exercise, animal):
    assert complaints(exercise, animal, CASTS[exercise]) == []
