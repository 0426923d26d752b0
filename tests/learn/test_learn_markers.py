"""From worked cell to stub, and what is wrong with a cell's markers."""

import pytest

from tests.learn.sample import DOUBLE_WORKED, SHOUT_WORKED
from workbook.learn.markers import (
    marker_problem,
    solution_lines,
    stub_of,
    without_markers,
)

TWO = """class Lease:
    def acquire(self):
        ### BEGIN SOLUTION
        self.held = True
        ### END SOLUTION

    def release(self):
        ### BEGIN SOLUTION
        self.held = False
        ### END SOLUTION
        return self"""


def test_a_solution_becomes_a_line_that_raises_at_its_indentation():
    assert stub_of(DOUBLE_WORKED) == (
        "def double(number: int) -> int:\n"
        '    """Twice `number`."""\n'
        '    raise NotImplementedError("your turn")'
    )


def test_each_pair_becomes_its_own_line_and_the_rest_stays():
    stub = stub_of(TWO)
    assert stub.count('        raise NotImplementedError("your turn")') == 2
    assert stub.endswith("\n        return self")
    assert "held" not in stub


def test_the_stub_raises_what_the_checks_look_for():
    scope = {}
    exec(stub_of(DOUBLE_WORKED), scope)
    with pytest.raises(NotImplementedError, match="^your turn$"):
        scope["double"](2)


def test_a_reader_sees_the_solution_without_markers():
    shown = without_markers(DOUBLE_WORKED)
    assert "SOLUTION" not in shown
    assert "    return number + number" in shown


def test_lines_count_code_only():
    assert solution_lines(DOUBLE_WORKED) == 1
    assert solution_lines(SHOUT_WORKED) == 2
    assert solution_lines(TWO) == 2


@pytest.mark.parametrize("source", [DOUBLE_WORKED, SHOUT_WORKED, TWO, "x = 1", ""])
def test_sound_cells_have_no_problem(source):
    assert marker_problem(source) == ""


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def f():\n    ### BEGIN SOLUTION\n    pass", "line 2: solution not ended"),
        ("def f():\n    pass\n    ### END SOLUTION", "line 3: solution ended"),
        (
            "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n"
            "    pass\n    ### END SOLUTION",
            "line 3: solution begun inside the one of line 2",
        ),
        (
            "def f():\n    ## begin solution\n    pass\n    ### END SOLUTION",
            "line 2: not quite a marker",
        ),
        ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "outside a function"),
        (
            "if x:\n    pass\n    ### BEGIN SOLUTION\n    ### END SOLUTION\n  y = 1",
            "not valid Python",
        ),
        (
            "if True:\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION",
            "outside a function",
        ),
    ],
)
def test_unsound_markers_are_named_with_their_line(source, problem):
    assert problem in marker_problem(source)
