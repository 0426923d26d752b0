"""The widget contract: every control of every chapter, driven to its ends.

A chapter's explorer is a variable `explorer` made by `turn`. Its notebook is run in a
kernel, then each control is set to its first, its last and its middle value, and the
model must answer with a picture every time, not always the same.
"""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
DRIVE = """
import json, re

def _drive(explorer):
    seen = {}
    for name, control in explorer.controls.items():
        if hasattr(control, "options"):
            options = list(control.options)
            ends = [options[0], options[-1], options[len(options) // 2]]
        else:
            ends = [control.min, control.max, (control.min + control.max) / 2]
        begun = control.value
        seen[name] = []
        for end in ends:
            control.value = end
            explorer.redraw()
            shown = explorer.view.value
            assert "No answer for these values" not in shown, (name, end, shown)
            said = re.sub(r"base64,[^\\"]*", "", shown)
            seen[name].append([str(end), said.count("<img"), hash(said)])
        control.value = begun
    return seen

print(json.dumps(_drive(explorer)))
"""


def with_explorers():
    return [
        path
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        if "explorer = turn(" in path.read_text(encoding="utf-8")
    ]


def test_chapters_with_controls_are_found():
    assert with_explorers()


@pytest.mark.parametrize("path", with_explorers(), ids=lambda path: path.stem)
def test_every_control_reaches_its_ends(path):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(DRIVE))
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    (printed,) = notebook.cells[-1].outputs
    answers = []
    for name, seen in json.loads(printed.text).items():
        assert all(images >= 1 for _, images, _ in seen), (name, seen)
        answers.append(len({said for _, _, said in seen}))
    assert all(different > 1 for different in answers), answers
