"""Notebooks of the tiny lab, lab90, and a home with its worked solution."""

import json
import os
from pathlib import Path

from workbook.grade import Limits, Plan

ROOT = Path(__file__).resolve().parents[2]
DOUBLE, TOTAL = "90.1-double", "90.2-total"

SETUP = "from tests.grade.labs.lab90 import lab\n\nlab"
RIGHT = {
    DOUBLE: "def double(x):\n    return 2 * x",
    TOTAL: "def total(items):\n    return sum(items)",
}
STUB = {
    DOUBLE: 'def double(x):\n    raise NotImplementedError("your turn")',
    TOTAL: 'def total(items):\n    raise NotImplementedError("your turn")',
}
WRONG = {
    DOUBLE: "def double(x):\n    return x",
    TOTAL: "def total(items):\n    return items[0]",
}
NAMES = {DOUBLE: "double", TOTAL: "total"}
LIMITS = Limits(seconds=2.5, load_s=2.0, memory_mb=300)


def cell(source, exercise="", tags=()):
    metadata = {"exercise": exercise} if exercise else {}
    metadata |= {"tags": list(tags)} if tags else {}
    return {"cell_type": "code", "metadata": metadata, "source": source}


def heading(text):
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def submitted(answers=None, *, first=(), check=None, setup=SETUP):
    """A submission: answers by exercise, cells to run before them, another check."""
    cells = [cell(setup), *map(cell, first)]
    for number, (exercise, stub) in enumerate(STUB.items(), 1):
        cells.append(cell((answers or {}).get(exercise, stub), exercise))
        cells.append(cell(check or f"lab.check({number}, {NAMES[exercise]})"))
    return {"cells": [*cells, cell("lab.finish()")], "nbformat": 4}


def make_home(folder, right=None):
    """A folder with solutions/90-tiny.ipynb in it."""
    cells = [heading("# Lab 90 · A tiny lab"), cell(SETUP)]
    for number, (exercise, source) in enumerate((right or RIGHT).items(), 1):
        name, (head, body) = NAMES[exercise], source.split("\n", 1)
        worked = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        wrong = WRONG[exercise].replace(f"def {name}", "def wrong")
        cells += [heading(f"## {number} · {name.capitalize()}"), cell(worked, exercise)]
        cells.append(cell(f"lab.check({number}, {name})"))
        shown = f"{wrong}\n\n\nlab.exercise({number}).check(wrong)"
        cells.append(cell(shown, exercise, ["solution-only"]))
    (folder / "solutions").mkdir(parents=True)
    put(folder / "solutions" / "90-tiny.ipynb", {"cells": cells})
    return folder


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = data if isinstance(data, str) else json.dumps(data)
    path.write_text(text, encoding="utf-8")
    return path


def plan(home, **changes):
    """How to grade the tiny lab; the workers must find its checks."""
    os.environ["PYTHONPATH"] = str(ROOT)
    usual = {"checks": "tests.grade.labs.lab{}", "limits": LIMITS, "workers": 2}
    return Plan(home, **usual | changes)


def silent(what, done, of):
    """Hears how far grading has come, and says nothing."""
