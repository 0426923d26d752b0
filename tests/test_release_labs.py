"""From solutions to labs: what is taken out, and what `--check` finds."""

import nbformat
import pytest
from nbformat.v4 import new_output

from tests.learn.sample import (
    DOUBLE,
    DOUBLE_WORKED,
    SHOUT,
    STEM,
    solution,
    write_solution,
)
from tools import release_labs
from tools.release_labs import declared_ids, lab_text, main, problems, release, write


def ids(stem: str) -> list[str]:
    return [DOUBLE, SHOUT]


@pytest.fixture
def root(tmp_path):
    write_solution(tmp_path)
    write(tmp_path)
    return tmp_path


def changed(root, change) -> list[str]:
    """The problems once `change` was made to the solutions notebook."""
    notebook = solution()
    change(notebook)
    write_solution(root, notebook)
    return problems(root, ids=ids)


def test_a_fresh_lab_has_no_problem(root):
    assert problems(root, ids=ids) == []


def test_a_lab_holds_stubs_and_no_solution(root):
    text = (root / "labs" / f"{STEM}.ipynb").read_text()
    assert text.count("your turn") == 2
    for secret in ("number + number", "upper", "variant", "Adding", "SOLUTION"):
        assert secret not in text


def test_every_other_cell_stays_as_it_is():
    kept = [c for c in solution().cells if "solution-only" not in str(c.metadata)]
    lab = release(solution())
    assert [cell.id for cell in lab.cells] == [cell.id for cell in kept]
    same = [a.source == b.source for a, b in zip(lab.cells, kept, strict=True)]
    assert same.count(False) == 2


def test_outputs_counts_and_passing_metadata_are_dropped():
    worked = solution()
    worked.cells[1].execution_count = 7
    worked.cells[1].outputs = [new_output("stream", text="secret")]
    worked.cells[2].metadata["scrolled"] = True
    lab = release(worked)
    assert lab.cells[1].outputs == [] and lab.cells[1].execution_count is None
    assert lab.cells[2].metadata == {"exercise": DOUBLE}
    assert set(lab.metadata) == {"kernelspec", "language_info"}
    assert worked.cells[1].outputs, "the solution itself is left alone"


def test_the_same_solution_gives_the_same_bytes(tmp_path):
    path = write_solution(tmp_path)
    assert lab_text(path) == lab_text(path)
    assert lab_text(path).endswith("}\n")
    nbformat.validate(nbformat.reads(lab_text(path), as_version=4))


def test_writing_again_changes_nothing(root):
    assert write(root) == []


def test_a_stale_lab_is_found(root):
    lab = root / "labs" / f"{STEM}.ipynb"
    lab.write_text(lab.read_text().replace("Sample", "Simple"))
    assert problems(root, ids=ids) == [
        f"labs/{STEM}.ipynb: not what its solution gives; run make labs"
    ]
    assert write(root) == [lab]
    assert problems(root, ids=ids) == []


def test_a_missing_lab_is_found(root):
    (root / "labs" / f"{STEM}.ipynb").unlink()
    assert problems(root, ids=ids) == [f"labs/{STEM}.ipynb: missing; run make labs"]


def test_an_orphaned_lab_is_found(root):
    (root / "solutions" / f"{STEM}.ipynb").unlink()
    assert problems(root, ids=ids) == [f"labs/{STEM}.ipynb: has no solution"]


def test_unbalanced_markers_are_found_and_nothing_is_written(root, capsys):
    def unbalance(notebook):
        notebook.cells[2].source = DOUBLE_WORKED.replace("    ### END SOLUTION", "")

    line = f"solutions/{STEM}.ipynb: cell 3, line 3: solution not ended"
    assert changed(root, unbalance) == [line]
    before = (root / "labs" / f"{STEM}.ipynb").read_bytes()
    assert main([], root=root) == 1
    assert capsys.readouterr().out == line + "\n"
    assert (root / "labs" / f"{STEM}.ipynb").read_bytes() == before


def test_an_exercise_without_markers_is_found(root):
    def unmark(notebook):
        notebook.cells[2].source = "def double(number): ..."

    assert f"solutions/{STEM}.ipynb: cell 3, exercise {DOUBLE}, has no markers" in (
        changed(root, unmark)
    )


def test_a_solution_that_names_no_exercise_is_found(root):
    found = changed(root, lambda notebook: notebook.cells[2].metadata.clear())
    assert any("cell 3 has a solution but names no exercise" in line for line in found)
    assert any(f"exercise {DOUBLE} is missing" in line for line in found)


def test_an_exercise_that_no_check_knows_is_found(root):
    def rename(notebook):
        notebook.cells[2].metadata["exercise"] = "42.1-triple"

    found = changed(root, rename)
    assert f"solutions/{STEM}.ipynb: exercise 42.1-triple has no check" in found
    assert f"solutions/{STEM}.ipynb: exercise {DOUBLE} is missing" in found


def test_an_exercise_that_is_there_twice_is_found(root):
    def repeat(notebook):
        notebook.cells[8].metadata["exercise"] = DOUBLE

    assert any(f"{DOUBLE} is there 2 times" in line for line in changed(root, repeat))


def test_exercises_in_another_order_are_found(root):
    def swap(notebook):
        notebook.cells[2], notebook.cells[8] = notebook.cells[8], notebook.cells[2]

    found = changed(root, swap)
    assert any("not in the order of the checks module" in line for line in found)


def test_a_solution_outside_a_function_is_found(root):
    def bare(notebook):
        notebook.cells[1].source = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"

    assert any("outside a function" in line for line in changed(root, bare))


def test_cells_without_ids_are_found(root):
    path = root / "solutions" / f"{STEM}.ipynb"
    text = path.read_text().replace('"nbformat_minor": 5', '"nbformat_minor": 4')
    path.write_text("\n".join(li for li in text.split("\n") if '"id":' not in li))
    assert any("cells have no ids" in line for line in problems(root, ids=ids))


def test_a_file_that_is_no_notebook_is_found(root):
    (root / "solutions" / f"{STEM}.ipynb").write_text("{")
    found = problems(root, ids=ids)
    assert len(found) == 1 and "not a notebook" in found[0]


def test_a_lab_without_a_checks_module_is_found(root):
    assert any("has no checks module" in line for line in problems(root))


def test_declared_ids_come_from_the_checks_module(monkeypatch):
    import sys
    from types import SimpleNamespace

    from tests.learn.sample import sample_lab

    module = SimpleNamespace(lab=sample_lab())
    monkeypatch.setitem(sys.modules, "workbook.checks.lab42", module)
    monkeypatch.setitem(sys.modules, "workbook.checks", SimpleNamespace())
    assert declared_ids(STEM) == [DOUBLE, SHOUT]


def test_the_command_answers_with_its_exit_code(root, capsys, monkeypatch):
    monkeypatch.setattr(release_labs.problems, "__kwdefaults__", {"ids": ids})
    assert main(["--check"], root=root) == 0
    (root / "labs" / f"{STEM}.ipynb").unlink()
    assert main(["--check"], root=root) == 1
    assert capsys.readouterr().out.count("\n") == 1
    assert main([], root=root) == 0
    assert capsys.readouterr().out == f"wrote labs/{STEM}.ipynb\n"
    assert main(["--check"], root=root) == 0
