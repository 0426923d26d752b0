"""Grade a folder of submitted labs.

    python -m workbook.grade submissions/ --out report/

instructor/grading.md says how to collect, what the report holds, and what this
withstands.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from workbook.grade.books import missing, read_roster, write_books
from workbook.grade.grading import Plan, grade
from workbook.grade.jail.limits import Limits
from workbook.grade.outcome import NotReady, Unsafe
from workbook.grade.pages import write_pages
from workbook.grade.sheet import sheets
from workbook.grade.store import Store
from workbook.grade.summary import not_recognised, summaries
from workbook.grade.table import shown
from workbook.learn.places import repository

__all__ = ["main"]

_INTERRUPTED = 130
_AS_ROOT = (
    "As root, and without namespaces, submissions would run with the rights of root "
    "({}). Run it as an ordinary user."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command: 0 if the report is written, 2 if there is nothing to grade."""
    options = _options(arguments)
    home = options.home or repository()
    if os.name == "nt":
        return _refuse("Grading forks, which Windows cannot: use WSL or a container.")
    if options.out.resolve().is_relative_to(options.submissions.resolve()):
        return _refuse("The report cannot be inside the submissions: see --out.")
    if home is None:
        return _refuse("Run it in a clone of the repository: solutions/ is not here.")
    try:
        return _graded(options, home)
    except KeyboardInterrupt:
        print("\nInterrupted. What is finished is kept: run it again to go on.")
        return _INTERRUPTED
    except Unsafe as fence:
        return _refuse(_AS_ROOT.format(fence))
    except FileNotFoundError as missing:
        found = f"There is no {missing.filename}." if missing.filename else missing
        return _refuse(f"{found}")
    except (NotReady, OSError, ValueError) as why:
        return _refuse(str(why))


def _graded(options: argparse.Namespace, home: Path) -> int:
    limits = Limits(seconds=options.limit, memory_mb=options.memory)
    jobs = options.jobs or os.cpu_count() or 1
    plan = Plan(home, options.checks, limits, jobs, options.again)
    roster = read_roster(options.roster) if options.roster else {}
    with _Progress() as progress:
        graded = grade(
            options.submissions,
            Store(options.out / "results"),
            plan,
            heard=progress.heard,
        )
    known = sheets(home)
    labs = summaries(graded, known)
    options.out.mkdir(parents=True, exist_ok=True)
    for lab in labs:
        print(shown(lab))
    if lost := not_recognised(graded):
        print("Look at these:")
    for file, why in lost:
        print(f"  Not recognised: {file!r}: {why}")
    for student in missing(roster, graded):
        print(f"Nothing handed in: {student!r}")
    write_books(options.out, labs, roster)
    write_pages(options.out, labs, graded, known)
    print(f"The report is in {options.out}/: index.html, grades.csv, moodle.csv,")
    print("canvas.csv, a heat map for each lab, and students/ with the feedback.")
    return 0


class _Progress:
    """A bar of submissions, and once, how they are fenced in."""

    def __init__(self) -> None:
        tqdm.monitor_interval = 0  # no thread of its own
        self._bar: tqdm | None = None
        self._said: set[str] = set()

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def heard(self, what: str, done: int, of: int) -> None:
        """Show how far it has come; `what` is said once."""
        if self._bar is None:  # there is something to grade
            self._bar = _bar(of)
        if what.startswith("lab "):
            self._bar.set_description(what)
        elif what:
            self._bar.set_description("grading")
            self._say_once(f"Fence: {what}.")
        self._bar.update(done - self._bar.n)

    def _say_once(self, what: str) -> None:
        if what not in self._said:
            self._said.add(what)
            self._bar.write(what, file=sys.stdout)


def _bar(of: int) -> tqdm:
    off = os.environ.get("WORKBOOK_PROGRESS") == "off"
    return tqdm(total=of, unit="submission", disable=off, leave=False, file=sys.stderr)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m workbook.grade", description=__doc__.split("\n", maxsplit=1)[0]
    )
    add = parser.add_argument
    add("submissions", type=Path, help="the folder that holds them")
    add("--out", type=Path, default=Path("report"), help="where the report goes")
    add("--roster", type=Path, help="a CSV of the class, with a column student")
    add("--jobs", type=int, default=0, help="processes at a time (all cores)")
    add("--limit", type=float, default=60.0, help="seconds for an exercise (60)")
    add("--memory", type=int, default=1024, help="MB for a submission (1024)")
    add("--again", action="store_true", help="grade what is finished once more")
    add("--home", type=Path, help="the clone, if this is not run inside it")
    add("--checks", default="workbook.checks.lab{}", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 2


if __name__ == "__main__":
    # Whoever ends it in another way than by Ctrl-C wants the workers to end, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    raise SystemExit(main())
