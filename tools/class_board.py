"""The board of a class: who has passed what, and what the room has predicted.

    python tools/class_board.py passports/           everybody, everything
    python tools/class_board.py passports/ --lab 09  one lab and its chapter

A passport is `aya-passport.json` or `aya/passport.json`, as for the grader, or a `.txt`
with the line that `passport.export()` gives. The board believes what it reads; for
marks, run the answers again: `python -m workbook.grade`.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbook.learn.cards import symbol  # noqa: E402
from workbook.learn.merge import is_passport  # noqa: E402
from workbook.learn.passport import unpacked  # noqa: E402

__all__ = ["board", "main", "passports"]

Passport = Mapping[str, Any]
_LARGEST_BYTES = 5_000_000
_NOTHING_YET = "Nobody has tried an exercise or predicted anything yet."
_NO_SUCH = "There is no lab {lab}. There are: {all}."
_NOT_TRIED = (
    "Nobody has tried an exercise of lab {lab} or predicted anything in its chapter "
    "yet. Somebody has in: {tried}."
)
_LEGEND = "✓ passed  ✗ failed  ! raised  ○ not attempted  ? inconclusive"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the board of a folder: 0, or 2 if there is no passport or no such lab."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lab", default="", help="a number, such as 9")
    asked = parser.parse_args(arguments)
    if not asked.folder.is_dir():
        print(f"There is no folder {asked.folder}.", file=sys.stderr)
        return 2
    lab = asked.lab.zfill(2) if asked.lab else ""
    if lab and lab not in (numbers := _numbers()):
        print(_NO_SUCH.format(lab=lab, all=", ".join(numbers)), file=sys.stderr)
        return 2
    known, unread = passports(asked.folder)
    for name, why in unread.items():
        print(f"Not read: {name}: {why}")
    if not known:
        print(f"No passport in {asked.folder}: *.json or *.txt.", file=sys.stderr)
        return 2
    print(board(known, lab) or _nothing(known, lab))
    return 0


def _numbers() -> list[str]:
    """The chapters that there are; all but 00 have a lab."""
    return sorted(path.name[:2] for path in (ROOT / "notebooks").glob("[0-9][0-9]-*"))


def _nothing(known: Mapping[str, Passport], lab: str) -> str:
    """Why there is no board of a lab: what has been tried instead, if anything."""
    ids = {id_ for one in known.values() for id_ in _ids(one)}
    tried = ", ".join(sorted({id_[:2] for id_ in ids}))
    return _NOT_TRIED.format(lab=lab, tried=tried) if tried else _NOTHING_YET


def _ids(one: Passport) -> list[str]:
    return [*one["exercises"], *one["predictions"]]


def passports(folder: Path) -> tuple[dict[str, Passport], dict[str, str]]:
    """The passports of a folder by owner, and the files that are none, with reasons."""
    known: dict[str, Passport] = {}
    unread: dict[str, str] = {}
    for path in sorted([*folder.glob("*.*"), *folder.glob("*/passport.*")]):
        if path.suffix not in (".json", ".txt") or path.name[0] == ".":
            continue
        try:
            known[_owner(path)] = _read(path)
        except (OSError, ValueError, RecursionError) as why:
            unread[str(path.relative_to(folder))] = str(why)
    return known, unread


def _owner(path: Path) -> str:
    """Whose passport it is: what its name says beside "passport", or its folder's."""
    name = path.stem.replace("passport", "").strip(" -_.")
    return name or path.parent.name


def _read(path: Path) -> Passport:
    if path.stat().st_size > _LARGEST_BYTES:
        raise ValueError("it is too large for a passport")
    text = path.read_text(encoding="utf-8-sig")
    data = unpacked(text) if path.suffix == ".txt" else json.loads(text)
    if not is_passport(data):
        raise ValueError("it is no passport")
    return data


def board(known: Mapping[str, Passport], lab: str = "") -> str:
    """The board as text: a line a person, a column an exercise, then the votes."""
    parts = ["\n".join(_verdicts(known, lab)), "\n".join(_votes(known, lab))]
    return "\n\n".join(part for part in parts if part)


def _verdicts(known: Mapping[str, Passport], lab: str) -> Iterator[str]:
    ids = {id_ for one in known.values() for id_ in one["exercises"]}
    columns = sorted(id_ for id_ in ids if id_.startswith(lab))
    if not columns:
        return
    wide = max(map(len, (*known, "passed")))
    short = [column[:4] for column in columns]
    yield "  ".join([" " * wide, *short])
    for name, one in known.items():
        signs = [_sign(one["exercises"].get(column)) for column in columns]
        yield "  ".join([name.ljust(wide), *(sign.ljust(4) for sign in signs)]).rstrip()
    passed = [_passed(known, column) for column in columns]
    yield "  ".join(["passed".ljust(wide), *(str(n).ljust(4) for n in passed)]).rstrip()
    yield _LEGEND


def _sign(record: Passport | None) -> str:
    return symbol(str(record.get("verdict"))) if record else " "


def _passed(known: Mapping[str, Passport], column: str) -> int:
    records = (one["exercises"].get(column, {}) for one in known.values())
    return sum(record.get("verdict") == "passed" for record in records)


def _votes(known: Mapping[str, Passport], lab: str) -> Iterator[str]:
    questions: dict[str, str] = {}
    votes: dict[str, Counter[str]] = {}
    for one in known.values():
        for id_, said in one["predictions"].items():
            if id_.startswith(lab):
                questions[id_] = str(said.get("question", ""))
                votes.setdefault(id_, Counter())[str(said.get("answer", ""))] += 1
    for id_ in sorted(votes):
        yield f"{id_}  {questions[id_]}"
        for answer, count in votes[id_].most_common():
            yield f"  {count:3}  {'█' * count}  {answer}"


if __name__ == "__main__":
    sys.exit(main())
