"""A lab of two exercises, small enough to read, with its notebook."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbook.learn import (
    Exercise,
    Lab,
    Question,
    Verdict,
    call,
    failed,
    inconclusive,
    passed,
)

STEM = "42-sample"
DOUBLE, SHOUT = "42.1-double", "42.2-shout"


def double(answer) -> Verdict:
    """Twice the number."""
    got = [call(answer, number, timeout_s=1) for number in (0, 3, -2)]
    if got == [None, None, None]:
        return inconclusive("It returned nothing for any number.")
    if got == [0, 9, 4]:
        return failed("It squares the number.", look="Twice, not times itself.")
    if got != [0, 6, -4]:
        return failed(f"For 0, 3 and -2 it gave {got}.")
    return passed("It doubles 0, 3 and -2.")


def shout(answer) -> Verdict:
    """The text in capitals."""
    got = call(answer, "snow", timeout_s=1)
    return passed() if got == "SNOW" else failed(f'For "snow" it gave {got!r}.')


EXERCISES = (
    Exercise(
        id=DOUBLE,
        title="Twice as much",
        minutes=3,
        lines=1,
        hints=("Think of addition.", "Add it to itself.", "It is number + number."),
        why=Question("Why does it work for 0?", "Because 0 + 0 is 0."),
        check=double,
    ),
    Exercise(
        id=SHOUT,
        title="Shout",
        minutes=2,
        lines=2,
        hints=("Strings have methods.", "One of them is upper.", "It is text.upper()."),
        why=Question("Why not a loop?", "The method knows every alphabet."),
        check=shout,
    ),
)

DOUBLE_WORKED = '''def double(number: int) -> int:
    """Twice `number`."""
    ### BEGIN SOLUTION
    return number + number
    ### END SOLUTION'''

SHOUT_WORKED = '''def shout(text: str) -> str:
    """`text` in capitals."""
    ### BEGIN SOLUTION
    loud = text.upper()

    # a comment is no line of code
    return loud
    ### END SOLUTION'''

SETUP = """from pathlib import Path

from tests.learn.sample import sample_lab

lab = sample_lab(Path("..").resolve())
lab"""


def sample_lab(home: Path | None = None, **options) -> Lab:
    """The sample lab, its solution below `home`."""
    return Lab(STEM, EXERCISES, home=home, **options)


def solution():
    """The sample's worked notebook, unexecuted."""
    only = {"tags": ["solution-only"]}
    cells = [
        new_markdown_cell("# Sample"),
        new_code_cell(SETUP),
        new_code_cell(DOUBLE_WORKED, metadata={"exercise": DOUBLE}),
        new_code_cell("lab.check(1, double)"),
        new_code_cell("# lab.hint(1)"),
        new_code_cell('lab.why(1, "…")'),
        new_markdown_cell("Adding is enough.", metadata={"exercise": DOUBLE, **only}),
        new_code_cell("def variant(n):\n    return 2 * n", metadata=only),
        new_code_cell(SHOUT_WORKED, metadata={"exercise": SHOUT}),
        new_code_cell('lab.check("shout", shout)'),
        new_code_cell("lab.finish()"),
    ]
    for place, cell in enumerate(cells):
        cell.id = f"cell-{place}"
    return new_notebook(cells=cells, metadata={"authors": [{"name": "somebody"}]})


def write_solution(home: Path, notebook=None) -> Path:
    """Write the worked notebook below `home`."""
    path = home / "solutions" / f"{STEM}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook or solution(), path)
    return path
