"""What a zoo must hold, and what each of its answers must get. Empty lists are good."""

from collections.abc import Iterator
from pathlib import Path

from tests.zoo import Animal
from workbook.learn.exercise import Exercise
from workbook.learn.judge import judge
from workbook.learn.verdict import Verdict

__all__ = ["WRONG", "complaints", "file_of", "housing", "stray_files"]

WRONG, RIGHT = 6, 2  # at least so many answers an exercise


def file_of(zoo: Path, exercise: Exercise) -> Path:
    """Where an exercise's answers live: zoo/09/one_winner.py for 09.1-one-winner."""
    return zoo / exercise.id[:2] / f"{exercise.slug.replace('-', '_')}.py"


def stray_files(zoo: Path, exercises: list[Exercise]) -> list[str]:
    """Files of the zoo that belong to no exercise, and exercises without a file."""
    wanted = {file_of(zoo, exercise) for exercise in exercises}
    there = {path for path in zoo.glob("[0-9][0-9]*/*.py") if path.stem != "__init__"}
    names = {path: path.relative_to(zoo).as_posix() for path in wanted | there}
    missing = [f"{names[path]} is missing" for path in sorted(wanted - there)]
    return missing + [
        f"{names[path]} has no exercise" for path in sorted(there - wanted)
    ]


def housing(cast: list[Animal]) -> list[str]:
    """Whether a zoo file has enough answers, each with a name and reason of its own."""
    wrong = [a for a in cast if a.status != "passed"]
    own = [a for a in wrong if not a.same_as]
    found = list(_too_few(len(own), len(cast) - len(wrong)))
    names = [a.name for a in cast]
    found += [
        f"{name} is there twice" for name in sorted(set(names)) if _many(name, names)
    ]
    by_name = {a.name: a for a in own}
    for animal in wrong:
        found += _reason_problems(animal, by_name)
    return found


def complaints(exercise: Exercise, animal: Animal, cast: list[Animal]) -> list[str]:
    """What is wrong with the verdict that `animal` gets from the exercise's check."""
    verdict = judge(exercise.check, animal.answer, limit_s=exercise.limit_s)
    found = []
    if verdict.status != animal.status:
        found.append(f"{animal.name} should be {animal.status!r}: {verdict!r}")
    if animal.reason not in verdict.reason:
        found.append(f"{animal.name}: no {animal.reason!r} in: {verdict.reason}")
    return found + list(_others_reasons(animal, verdict, cast))


def _others_reasons(
    animal: Animal, verdict: Verdict, cast: list[Animal]
) -> Iterator[str]:
    """The other misconceptions that the verdict speaks of, too."""
    for other in cast:
        shared = other.reason == animal.reason or not other.reason
        if not shared and other.reason in verdict.reason:
            yield f"{animal.name} is rejected like {other.name}: {verdict.reason}"


def _too_few(wrong: int, right: int) -> Iterator[str]:
    if wrong < WRONG:
        yield f"{wrong} wrong answers with a reason of their own: {WRONG} are wanted"
    if right < RIGHT:
        yield f"{right} right answers: {RIGHT} are wanted"


def _reason_problems(animal: Animal, own: dict[str, Animal]) -> Iterator[str]:
    """Whether the reason is the animal's own, or that of the one it names."""
    if animal.same_as:
        if animal.same_as not in own or own[animal.same_as].reason != animal.reason:
            yield f"{animal.name} does not share the reason of {animal.same_as}"
        return
    for other in own.values():
        if other.name != animal.name and animal.reason in other.reason:
            yield f"{animal.name} and {other.name} have no reasons of their own"


def _many(name: str, names: list[str]) -> bool:
    return names.count(name) > 1
