"""The explorers' redraw: how long a callback takes, without a browser.

Each chapter with controls is run in a kernel; then its explorer is asked to redraw at
its default values, and at the last value of each control. Times are of the CPU.
"""

import json
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
GOAL_MS = 100
TIMING = """
import json, time
from statistics import median

# The first control goes to a neighbour and back in turns: nothing may be remembered.
_first = next(iter(explorer.controls.values()))

def _neighbour(home):
    if hasattr(_first, "options"):
        return next(value for value in _first.options if value != home)
    return home + (_first.step if home < _first.max else -_first.step)

def _milliseconds(control=None):
    times, home = [], _first.value
    for _ in range(8):
        _first.value = _neighbour(home) if _first.value == home else home
        began = time.process_time()
        explorer.redraw()
        times.append(1000 * (time.process_time() - began))
    return median(times)

def _at_its_end(control):
    before = control.value
    control.value = control.options[-1] if hasattr(control, "options") else control.max
    took = _milliseconds()
    control.value = before
    return took

explorer.redraw()
_ends = [_at_its_end(control) for control in explorer.controls.values()]
print(json.dumps([_milliseconds(), max(_ends)]))
"""


def redraw_ms(path: Path) -> tuple[float, float]:
    """Milliseconds at the default values, and at the slowest end of a control."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(TIMING))
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, resources=where).execute()
    default, slowest = json.loads(notebook.cells[-1].outputs[0].text)
    return default, slowest


def row(path: Path) -> str:
    default, slowest = redraw_ms(path)
    said = "met" if default < GOAL_MS else "missed"
    return f"| {path.stem} | {default:.0f} ms ({said}) | {slowest:.0f} ms |"


def main() -> None:
    found = [
        path
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        if "explorer = turn(" in path.read_text(encoding="utf-8")
    ]
    lines = [
        "## Redraws",
        "",
        f"CPU time of an explorer's callback, median of 8; under {GOAL_MS} ms to reach "
        "at the default values.",
        "",
        "| chapter | at the default values | at the slowest end of a control |",
        "|---|--:|--:|",
        *map(row, found),
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
