"""Two passports into one: nothing is lost, no verdict gets worse."""

from typing import Any

from workbook.learn.verdict import better

__all__ = ["count", "empty", "is_passport", "merged"]

FORMAT = 1


def empty() -> dict[str, Any]:
    """A passport with nothing in it yet."""
    return {"format": FORMAT, "exercises": {}, "predictions": {}, "versions": {}}


def is_passport(data: object) -> bool:
    """Whether `data` has a passport's shape; fields of newer versions may be in it."""
    if not isinstance(data, dict) or not isinstance(data.get("format"), int):
        return False
    return all(_is_table(data.get(part)) for part in ("exercises", "predictions"))


def merged(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Both in one. Where they differ and neither is better, `mine` stays."""
    exercises = {
        key: _record(mine["exercises"].get(key, {}), theirs["exercises"].get(key, {}))
        for key in {**mine["exercises"], **theirs["exercises"]}
    }
    predictions = {**theirs["predictions"], **mine["predictions"]}
    both = {**theirs, **mine, "exercises": exercises, "predictions": predictions}
    return both | {"format": max(mine["format"], theirs["format"])}


def count(record: dict[str, Any], key: str) -> int:
    """A number of a record; 0 if it is missing or not a number."""
    value = record.get(key)
    return value if isinstance(value, int) and value > 0 else 0


def _record(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """One exercise: the better side's answer, the higher counts, the rest of both."""
    winner, other = (theirs, mine) if _is_better(theirs, mine) else (mine, theirs)
    both = {**other, **winner}
    for key in ("attempts", "hints"):
        if most := max(count(mine, key), count(theirs, key)):
            both[key] = most
    return both


def _is_better(one: dict[str, Any], other: dict[str, Any]) -> bool:
    verdict, than = str(one.get("verdict", "")), str(other.get("verdict", ""))
    return verdict != than and better(than, verdict) == verdict


def _is_table(part: object) -> bool:
    return isinstance(part, dict) and all(isinstance(v, dict) for v in part.values())
