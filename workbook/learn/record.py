"""What the passport notes of a learner's work."""

import inspect
import platform
import re
import textwrap
from importlib import metadata
from typing import Any

from workbook import __version__
from workbook.learn import store
from workbook.learn.merge import count
from workbook.learn.verdict import better

__all__ = [
    "attempt",
    "hint_shown",
    "of",
    "prediction",
    "predictions",
    "source_of",
    "why",
]

_LONGEST_CODE = 20_000
_LONGEST_TEXT = 2_000
# A learner's code or sentence may hold what must not travel with a passport.
_ACCESS_KEY = re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b")
_HOME = re.compile(r"(/home/|/Users/|[A-Za-z]:\\Users\\)[^/\\\s'\"]+")


def of(exercise_id: str) -> dict[str, Any]:
    """What is known of one exercise; empty if it was never tried."""
    return store.read()["exercises"].get(exercise_id, {})


def attempt(exercise_id: str, status: str, code: str) -> None:
    """Note an attempt: the best verdict stays, with the code that earned it."""

    def change(passport: dict[str, Any]) -> None:
        record = _record(passport, exercise_id)
        best = better(str(record.get("verdict", "")), status)
        if best == status:
            record.update(verdict=status, code=_clean(code, _LONGEST_CODE))
        record.update(last=status, attempts=count(record, "attempts") + 1)

    store.update(change)


def hint_shown(exercise_id: str, hints: int) -> None:
    """Note that the first `hints` hints are known."""
    store.update(lambda passport: _record(passport, exercise_id).update(hints=hints))


def why(exercise_id: str, sentence: str) -> None:
    """Keep the learner's answer to the why question."""
    kept = _clean(sentence, _LONGEST_TEXT)
    store.update(lambda passport: _record(passport, exercise_id).update(why=kept))


def prediction(prediction_id: str, question: str, answer: str) -> None:
    """Keep a prediction, with its question."""
    kept = {"question": question, "answer": _clean(answer, _LONGEST_TEXT)}

    def change(passport: dict[str, Any]) -> None:
        passport["predictions"].setdefault(prediction_id, {}).update(kept)
        passport["versions"] = _versions()

    store.update(change)


def predictions() -> dict[str, dict[str, Any]]:
    """All predictions: id → question and answer."""
    return store.read()["predictions"]


def source_of(answer: Any) -> str:
    """The answer's source, as far as Python still knows it; else empty."""
    try:
        return textwrap.dedent(inspect.getsource(inspect.unwrap(answer)))
    except Exception:  # built in, or made by exec, or no longer there
        return ""


def _record(passport: dict[str, Any], exercise_id: str) -> dict[str, Any]:
    """The exercise's record, made if there is none; the versions are noted, too."""
    passport["versions"] = _versions()
    return passport["exercises"].setdefault(exercise_id, {})


def _versions() -> dict[str, str]:
    """What the work was done with; a newer workbook may read it later."""
    installed = {name: metadata.version(name) for name in ("boto3", "moto")}
    return {"python": platform.python_version(), "workbook": __version__, **installed}


def _clean(text: str, longest: int) -> str:
    """Without access keys and home folders, and not longer than `longest`."""
    text = _ACCESS_KEY.sub("<access key>", str(text))
    return _HOME.sub("<home>", text)[:longest]
