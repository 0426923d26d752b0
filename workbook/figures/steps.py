"""The steps of a sequence diagram, and the same steps in words."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["STEP_KINDS", "Step", "check_steps", "sequence_text"]

STEP_KINDS = (
    "start",
    "call",
    "error",
    "lost",
    "request_lost",
    "crash",
    "return",
    "wait",
    "note",
    "stuck",
)
CALLS = ("call", "error", "lost", "request_lost")


@dataclass(frozen=True)
class Step:
    """One row of a sequence diagram: what an invocation (`lane`) does next.

    kind
        "start", "return": the invocation begins, ends; `label` says with what.
        "call": it calls `target`, which answers `reply` (nothing if empty).
        "error": it calls `target`, which answers with the error `reply`.
        "lost": the call has its effect, but the answer never arrives.
        "request_lost": the call never arrives.
        "crash": it dies. "stuck": it never goes on.
        "wait": time passes for everybody. "note": words only. Both need no lane.
    """

    kind: str
    lane: str
    target: str = ""
    label: str = ""
    reply: str = ""


def check_steps(steps: Sequence[Step]) -> None:
    """Refuse steps that cannot be drawn, with a ValueError that says which and why."""
    if isinstance(steps, Step):
        raise ValueError("a sequence diagram wants a list of steps: write [Step(…)]")
    if not steps:
        raise ValueError("a sequence diagram needs at least one step")
    for number, step in enumerate(steps, 1):
        problem = _problem(step)
        if problem:
            raise ValueError(f"step {number} {problem}")


def _problem(step: Step) -> str:
    if not isinstance(step, Step):
        return f"is {step!r}: write Step(kind, lane, …)"
    if step.kind not in STEP_KINDS:
        return f"has the unknown kind {step.kind!r}: use one of {', '.join(STEP_KINDS)}"
    if step.kind in CALLS and not step.target:
        return f"is a {step.kind!r} without a target: say which service is called"
    if step.kind not in ("wait", "note") and not step.lane:
        return f"is a {step.kind!r} without a lane: say which invocation does it"
    return ""


def sequence_text(steps: Sequence[Step]) -> str:
    """The steps as numbered sentences, a line each, for a screen reader."""
    check_steps(steps)
    return "\n".join(f"{number}. {say(step)}" for number, step in enumerate(steps, 1))


def say(step: Step) -> str:
    """One step as a sentence."""
    words = _WORDS[step.kind](step)
    return words if words.endswith((".", "…", "?", "!")) else words + "."


def _call(step: Step) -> str:
    return f"{step.lane} calls {step.label or 'it'} on {step.target}"


def _answered(step: Step) -> str:
    return _call(step) + (f", which answers {step.reply}" if step.reply else "")


def _and(words: str, label: str) -> str:
    return f"{words}: {label}" if label else words


def _noted(step: Step) -> str:
    return _and(step.lane, step.label) if step.lane else step.label or "A note"


def _returned(step: Step) -> str:
    if step.label.startswith(("returns", "fails", "raises")):
        return f"{step.lane} {step.label}"
    return _and(f"{step.lane} returns", step.label)


_WORDS = {
    "start": lambda step: _and(f"{step.lane} starts", step.label),
    "call": _answered,
    "error": lambda step: _and(f"{_call(step)}, which fails", step.reply),
    "lost": lambda step: _and(
        f"{_call(step)}; the effect happens, but the reply is lost", step.reply
    ),
    "request_lost": lambda step: _and(
        f"{_call(step)}, but the request never arrives", step.reply
    ),
    "crash": lambda step: _and(f"{step.lane} crashes", step.label),
    "return": _returned,
    "wait": lambda step: _and("Time passes", step.label),
    "note": _noted,
    "stuck": lambda step: _and(f"{step.lane} is stuck", step.label),
}
