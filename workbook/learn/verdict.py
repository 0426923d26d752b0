"""What a check says of an answer: one of five verdicts, and why."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from workbook.learn.cards import verdict_html, verdict_text

if TYPE_CHECKING:
    from workbook.figures import Picture

__all__ = [
    "RANK",
    "STATUSES",
    "Verdict",
    "better",
    "failed",
    "from_exploration",
    "inconclusive",
    "not_attempted",
    "passed",
    "raised",
]

STATUSES = ("passed", "failed", "your code raised", "not attempted", "inconclusive")

# How good a verdict is: the passport keeps an exercise's best one.
RANK = {
    "not attempted": 0,
    "inconclusive": 1,
    "your code raised": 2,
    "failed": 2,
    "passed": 3,
}


@dataclass(frozen=True)
class Verdict:
    """A status of `STATUSES`, its reason in one sentence, and where to look next.

    `picture` shows the reason; `printed` is what the learner's code printed meanwhile.
    """

    status: str
    reason: str = ""
    look: str = ""
    picture: "Picture | None" = field(default=None, compare=False)
    printed: str = ""

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"a verdict is one of {STATUSES}, not {self.status!r}")
        if self.status != "passed" and not self.reason.strip():
            raise ValueError(f"a verdict of {self.status!r} must say why")

    @property
    def passed(self) -> bool:
        """Whether the answer was accepted."""
        return self.status == "passed"

    def __repr__(self) -> str:
        return verdict_text(self)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": verdict_html(self)}


class _Exploration(Protocol):
    """What `workbook.explore.explore` returns, as far as a verdict needs it."""

    verdict: str
    why: str
    schedules: int
    counterexample: object


def passed(reason: str = "", *, picture: "Picture | None" = None) -> Verdict:
    """Accept the answer; `reason` says what was tried and held."""
    return Verdict("passed", reason, picture=picture)


def failed(reason: str, picture: "Picture | None" = None, *, look: str = "") -> Verdict:
    """Reject the answer: `reason` in the learner's terms, `look` at what to change."""
    return Verdict("failed", reason, look, picture)


def inconclusive(reason: str, *, look: str = "") -> Verdict:
    """Say neither: nothing observable happened, or the exploration was cut off."""
    return Verdict("inconclusive", reason, look)


def raised(reason: str, *, look: str = "") -> Verdict:
    """Report the learner's own exception; the frame does this, checks need not."""
    return Verdict("your code raised", reason, look)


def not_attempted(reason: str) -> Verdict:
    """Report an untouched stub; the frame does this, checks need not."""
    return Verdict("not attempted", reason)


def from_exploration(
    result: _Exploration, *, reason: str = "", look: str = ""
) -> Verdict:
    """The verdict on an exploration: its counterexample is the picture of a failure.

    `reason` replaces the explorer's own sentence when it was broken. An exploration
    that was cut off, or that ran no schedule, is inconclusive.
    """
    if result.verdict == "broken":
        shown = getattr(result.counterexample, "picture", None)
        return failed(reason or result.why, shown, look=look)
    if result.verdict == "holds" and result.schedules > 0:
        return passed(f"It holds in all {result.schedules} schedules.")
    return inconclusive(result.why or "No schedule could be explored.")


def better(one: str, other: str) -> str:
    """The better of two statuses; the first where they are equally good."""
    return other if RANK.get(other, 0) > RANK.get(one, 0) else one
