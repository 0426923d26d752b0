"""The verdict on one answer, as plain data that holds no object of a submission's."""

import base64
import time
from typing import Any

from workbook.grade.cells import NOTHING, Found
from workbook.grade.prepared import Ready
from workbook.learn.verdict import Verdict, inconclusive, not_attempted, raised

__all__ = ["broken", "judged", "tampered"]

_LARGEST_PICTURE = 400_000
_LONGEST = 2_000
_NONE_THERE = "The passport holds no answer to this exercise."
_ALONE = "A passport holds the answer's function alone."
_HAND_IN = "Hand in the notebook: what the function needs stands outside it."
_NOTHING_MORE = {"look": "", "printed": "", "picture": "", "alt": ""}


def judged(ready: Ready, found: Found, limit_s: float, *, bare: bool) -> dict[str, Any]:
    """Judge an answer; `bare` ones were taken out of what they need."""
    began = time.monotonic()
    verdict = _verdict(ready, found, limit_s, bare)
    took_s = time.monotonic() - began
    picture, alt = _drawn(verdict.picture)
    return {
        "status": _status(verdict, took_s, min(limit_s, ready.limit_s)),
        "reason": _text(verdict.reason),
        "look": _text(verdict.look),
        "printed": _text(verdict.printed),
        "picture": picture,
        "alt": _text(alt),
        "notes": [_text(note) for note in found.notes],
        "seconds": round(took_s, 2),
    }


def tampered(result: dict[str, Any], reason: str) -> dict[str, Any]:
    """The result of an exercise whose verdict cannot be relied on."""
    look = "The verdict cannot be relied on: read the code."
    return (
        result | _NOTHING_MORE | {"status": "tampered", "reason": reason, "look": look}
    )


def broken(grief: str) -> dict[str, Any]:
    """The result where the grader itself came to grief over what it was given."""
    reason = "The grader could not bring this exercise to an end."
    told = {"status": "inconclusive", "reason": reason, "notes": [_text(grief)]}
    return _NOTHING_MORE | told | {"seconds": 0.0}


def _verdict(ready: Ready, found: Found, limit_s: float, bare: bool) -> Verdict:
    if found.problem:
        verdict = raised(found.problem, look="The cell that holds the answer failed.")
    elif found.value is NOTHING:
        return not_attempted(
            _NONE_THERE if bare else f"No cell defines {ready.task.name}."
        )
    else:
        verdict = ready.judge(found.value, limit_s)
    if bare and "NameError" in verdict.reason:
        return inconclusive(f"{_ALONE} {verdict.reason}", look=_HAND_IN)
    return verdict


def _status(verdict: Verdict, took_s: float, limit_s: float) -> str:
    if verdict.status == "inconclusive" and took_s >= limit_s:
        return "timed out"
    if verdict.status == "your code raised" and "MemoryError" in verdict.reason:
        return "out of memory"
    return verdict.status


def _drawn(picture: Any) -> tuple[str, str]:
    """A picture as base64, with its alt text; empty if it cannot be drawn."""
    try:
        data = picture.png()
        if len(data) <= _LARGEST_PICTURE:
            return base64.b64encode(data).decode("ascii"), picture.alt
    except Exception:  # there is none, or something of the learner's breaks it
        pass
    return "", ""


def _text(thing: Any) -> str:
    """Plain text: no subclass with methods of its own, and not endless."""
    return "".join(str.__str__(thing))[:_LONGEST] if isinstance(thing, str) else ""
