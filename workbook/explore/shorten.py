"""The same failure told with as few switches as possible.

A schedule stands for every order of its steps that differs only in calls that commute.
Among those, the one that jumps least between deliveries is the easiest to read.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import prod

from workbook.explore.footprint import conflict
from workbook.explore.machine import Choice, Step

# Beyond this many partial orders the search for the best one is not worth its time.
_MOST_STATES = 20_000

__all__ = ["fewest_switches"]


def fewest_switches(steps: Sequence[Step]) -> list[Choice]:
    """The equivalent order with the fewest switches, round by round."""
    choices: list[Choice] = []
    for round_ in sorted({step.round for step in steps}):
        here = [step for step in steps if step.round == round_]
        last = choices[-1].delivery if choices else -1
        choices += [step.choice for step in _reorder(here, last)]
    return choices


def _reorder(steps: list[Step], last: int) -> list[Step]:
    """The best order of one round's steps, by dynamic programming."""
    if _states(steps) > _MOST_STATES:
        return steps
    earlier = [_must_precede(steps, index) for index in range(len(steps))]

    @cache
    def best(taken: int, last: int) -> tuple[int, tuple[int, ...]]:
        if taken == (1 << len(steps)) - 1:
            return 0, ()
        options = []
        for index, step in enumerate(steps):
            free = not taken >> index & 1 and taken & earlier[index] == earlier[index]
            if free:
                delivery = step.choice.delivery
                cost, rest = best(taken | 1 << index, delivery)
                options.append((cost + (delivery != last), (index, *rest)))
        return min(options)

    return [steps[index] for index in best(0, last)[1]]


def _states(steps: list[Step]) -> int:
    """How many sets of taken steps there can be."""
    counts = Counter(step.choice.delivery for step in steps)
    return prod(count + 1 for count in counts.values())


def _must_precede(steps: list[Step], index: int) -> int:
    """The steps, as bits, that may not come after the step at `index`."""
    bits = 0
    for other in range(index):
        if _ordered(steps[other], steps[index]):
            bits |= 1 << other
    return bits


def _ordered(before: Step, after: Step) -> bool:
    same = before.choice.delivery == after.choice.delivery
    return same or conflict(before.touched, after.touched)
