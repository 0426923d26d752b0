"""The grader: how long 100 submissions of one lab take, on two workers.

The submissions are of lab 09, whose checks take the longest: a third is our solution, a
third gives the commonest wrong answer to every exercise, a third passes two exercises
and leaves the others alone. Each is a text of its own, so that none is graded for
another. With a number as its argument it takes so many submissions instead of 100.
"""

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from workbook.grade import Plan, Store, grade
from workbook.grade.sheet import Sheet, sheets

ROOT = Path(__file__).resolve().parent.parent
LAB = "09"
MANY, WORKERS = 100, 2
GOAL_S = 600


def kinds(sheet: Sheet) -> list[dict[str, str]]:
    """Answers by exercise: all right, all wrong, and a beginner's."""
    right = {t.id: w for t, w in zip(sheet.tasks, sheet.worked, strict=True)}
    names = {task.id: task.name for task in sheet.tasks}
    shown = {c.task: c for c in sheet.controls if c.name != names[c.task]}
    wrong = {t: f"{c.source}\n\n{names[t]} = {c.name}" for t, c in shown.items()}
    return [right, right | wrong, dict(list(right.items())[:2])]


def notebook(answers: dict[str, str], number: int) -> str:
    """A submission: the lab with these answers in it, and a remark of its own."""
    lab = json.loads(next((ROOT / "labs").glob(f"{LAB}-*.ipynb")).read_text("utf-8"))
    for cell in lab["cells"]:
        exercise = cell["metadata"].get("exercise", "")
        if exercise in answers:
            cell["source"] = f"{answers[exercise]}\n# Submission {number}."
    return json.dumps(lab)


def timed(many: int) -> tuple[float, float, int]:
    """Seconds on the clock and of CPU for `many` submissions; how many were passed."""
    known = sheets(ROOT)
    made = kinds(known[LAB])
    with tempfile.TemporaryDirectory() as folder:
        for number in range(many):
            path = Path(folder, "in", f"student-{number}", "lab.ipynb")
            path.parent.mkdir(parents=True)
            path.write_text(notebook(made[number % len(made)], number), "utf-8")
        plan = Plan(ROOT, workers=WORKERS)
        began, cpu = time.perf_counter(), _children_s()
        store = Store(Path(folder, "report"))
        graded = grade(Path(folder, "in"), store, plan, heard=lambda *_: None)
        took, used = time.perf_counter() - began, _children_s() - cpu
    return took, used, sum(one.points for one in graded)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    took, used, points = timed(many)
    said = "met" if took * MANY / many < GOAL_S else "missed"
    alone = used * MANY / many / WORKERS
    lines = [
        "## Grading",
        "",
        f"{many} submissions of lab {LAB}, {WORKERS} workers, each submission in a "
        "process of its own, with our own wrong answers as controls.",
        "",
        f"- On the clock: {took:.0f} s, {took / many:.1f} s a submission; "
        f"{MANY} are to take less than {GOAL_S} s ({said}).",
        f"- CPU: {used:.0f} s, {used / many:.1f} s a submission, the start of the "
        f"workers shared among them; so {MANY} take {alone:.0f} s on {WORKERS} cores "
        "of their own.",
        f"- Exercises passed: {points}.",
        f"- Load average at the end: {os.getloadavg()[0]:.1f}, {WORKERS} of it ours.",
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
