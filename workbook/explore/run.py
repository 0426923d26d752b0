"""One schedule that was run: its id, what happened in it, and its picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook.explore.describe import describe_place
from workbook.explore.diagram import diagram_steps
from workbook.explore.faults import FATES
from workbook.explore.machine import Choice, Ended, Step
from workbook.figures import Picture, sequence, sequence_text

__all__ = ["Run", "decode", "encode", "switches"]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Run:
    """A schedule and what came of it.

    `broken` says how the invariant was violated, `stuck` how an invocation got stuck;
    both are empty for a run in which all is well. Shown in a notebook, a run is its
    sequence diagram.
    """

    id: str
    steps: tuple[Step, ...]
    ended: tuple[Ended, ...]
    dead_letters: tuple[int, ...]
    redeliver_after_s: float
    broken: str = ""
    stuck: str = ""

    @property
    def calls(self) -> int:
        """Calls that were sent, whatever became of their answers."""
        return sum(step.choice.fate != "crash before" for step in self.steps)

    @property
    def switches(self) -> int:
        """How often the next step was another delivery's."""
        return switches([step.choice for step in self.steps])

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults of this schedule, such as "crash after PutItem charges"."""
        return tuple(fault_label(step) for step in self.steps if is_fault(step))

    @property
    def returned(self) -> tuple:
        """What each invocation that returned gave back: delivery by delivery.

        Not in the order they ended, which says nothing: calls that commute may be run
        in either order.
        """
        ends = sorted(self.ended, key=lambda end: (end.delivery, end.attempt))
        return tuple(end.value for end in ends if end.outcome == "returned")

    @property
    def message(self) -> str:
        """What happened, as the claim of the picture."""
        return self.broken or self.stuck or "The invariant holds in this schedule"

    @cached_property
    def picture(self) -> Picture:
        """The sequence diagram."""
        caption = f"Schedule {self.id}: {_and(self.faults) or 'no fault'}, "
        caption += f"{_count(self.calls, 'call')}, {_count(self.switches, 'switch')}."
        return sequence(diagram_steps(self), title=self.message, caption=caption)

    @property
    def text(self) -> str:
        """The sequence diagram in words, a line a step."""
        return sequence_text(diagram_steps(self))

    def __repr__(self) -> str:
        return f"Schedule {self.id}: {self.message}"

    def live_html(self) -> str:
        """The diagram for a screen that changes."""
        return self.picture.live_html()

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return self.picture._repr_mimebundle_(include, exclude)


def is_fault(step: Step) -> bool:
    """Whether something went wrong at this step by the explorer's choice."""
    return step.choice.fate != "ok"


def fault_label(step: Step) -> str:
    """Words for a fault, such as "crash before PutItem charges"."""
    fate, call = step.choice.fate, describe_place(step.request)
    return f"{fate} {call}" if fate.startswith("crash") else f"{fate}: {call}"


def switches(choices: Sequence[Choice]) -> int:
    """How often two neighbouring steps belong to different deliveries."""
    pairs = zip(choices, choices[1:], strict=False)
    return sum(before.delivery != after.delivery for before, after in pairs)


def encode(choices: Sequence[Choice], deliveries: int) -> str:
    """The id of a schedule: a digit a step, in groups of four."""
    numbers = [FATES.index(c.fate) * deliveries + c.delivery for c in choices]
    digits = "".join(_DIGITS[number] for number in numbers)
    groups = [digits[at : at + 4] for at in range(0, len(digits), 4)]
    return "-".join(groups) or "-"


def decode(schedule_id: str, deliveries: int) -> list[Choice]:
    """The choices that an id stands for; refuses what is not an id."""
    digits = str(schedule_id).replace("-", "").strip().lower()
    highest = len(FATES) * deliveries
    numbers = [_DIGITS.find(digit) for digit in digits]
    if any(not 0 <= number < highest for number in numbers):
        raise ValueError(
            f"{schedule_id!r} is not the id of a schedule with {deliveries} "
            "deliveries: copy one from the counterexample's caption or from .table()"
        )
    return [Choice(n % deliveries, FATES[n // deliveries]) for n in numbers]


def _count(number: int, noun: str) -> str:
    plural = "es" if noun.endswith("ch") else "s"
    return f"{number} {noun}{'' if number == 1 else plural}"


def _and(parts: Sequence[str]) -> str:
    return " and ".join(parts)
