"""A lab for the grader's own tests: quick checks, and a weakness to be found out."""

from workbook.learn import Exercise, Lab, Question, call, failed, passed

__all__ = ["TWICE", "lab"]

TWICE = ({"of": 1, "is": 2}, {"of": 21, "is": 42})  # a dict in a tuple can be changed


def check_double(double):
    """Whether an answer doubles."""
    for case in TWICE:
        if call(double, case["of"], timeout_s=1.0) != case["is"]:
            return failed(f"Not twice of {case['of']}.", look="Multiply by 2.")
    return passed("tried: 2 numbers")


def check_total(total):
    """Whether an answer adds up."""
    if call(total, [1, 2, 3], timeout_s=1.0) != 6:
        return failed("Not the sum.")
    return passed("tried: a list")


def _exercise(number, slug, check):
    return Exercise(
        id=f"90.{number}-{slug}",
        title=slug.capitalize(),
        minutes=1,
        lines=1,
        hints=("one", "two", "three"),
        why=Question("Why?", answer="Because."),
        check=check,
    )


lab = Lab(
    "90-tiny",
    [_exercise(1, "double", check_double), _exercise(2, "total", check_total)],
)
