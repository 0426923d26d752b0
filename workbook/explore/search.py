"""The search through every schedule, depth first, leaving out what cannot differ.

Each run is made of the choices on the path from the root to a leaf. After a run the
search goes back to the deepest choice that has an untried alternative, runs again up to
there, and goes on another way.

Left out are orders of calls that commute, by *sleep sets* (Godefroid, "Partial-Order
Methods for the Verification of Concurrent Systems", LNCS 1032, 1996): once every
schedule that begins with step `t` has been run, `t` sleeps in the sibling branches
until a step is taken that it does not commute with. Every distinct outcome keeps at
least one schedule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbook.explore.faults import felt, is_crash
from workbook.explore.footprint import conflict
from workbook.explore.invocation import Request
from workbook.explore.machine import Choice, Machine, Step

__all__ = ["NOT_THE_SAME", "Bounds", "NotDeterministic", "Search"]


class NotDeterministic(Exception):
    """The same schedule made other calls the second time; the message says which."""


_CHANCE = (
    "run again under the same schedule, {}, or with other values. Does the handler "
    "keep something in a global variable between invocations, or draw chance from "
    "numpy, uuid1 or a Random() of its own, which the explorer cannot control"
)


NOT_THE_SAME = _CHANCE.format("the handler made other calls")


@dataclass(frozen=True)
class Bounds:
    """How far the search goes. `fates` are the faults' names at the level of a call."""

    fates: tuple[str, ...]
    crashes: int
    losses: int
    faults: int
    preemptions: int | None
    prune: bool


@dataclass
class _Node:
    """A point of the tree: what is parked, was tried, and is still to try."""

    parked: dict[int, Request]
    to_try: list[Choice]
    sleeping: dict[Choice, Request]
    step: Step | None = None
    # What has been spent on the way here:
    crashes: int = 0
    losses: int = 0
    preemptions: int = 0
    last: int | None = None


@dataclass
class Search:
    """Iterate over it: each item is the list of steps of one complete schedule."""

    machine: Machine
    bounds: Bounds
    skipped: int = 0  # branches that pruning left out
    path: list[_Node] = field(default_factory=list)

    def __iter__(self) -> Iterator[list[Step]]:
        confirmed = False
        while True:
            if self._run():
                confirmed = confirmed or self._confirm()
                yield self.taken
            else:
                self.machine.abandon()
            if not self._back_up():
                return

    @property
    def taken(self) -> list[Step]:
        """The steps taken so far in the schedule that is being run."""
        return [node.step for node in self.path if node.step is not None]

    def more(self) -> bool:
        """Whether any schedule is left to run."""
        return any(node.to_try for node in self.path)

    # --- one run ---------------------------------------------------------------------

    def _run(self) -> bool:
        """Follow the path and go on from its end; False if every way on is asleep."""
        self.machine.begin()
        for node in self.path[:-1]:
            self._check_same(node)
            self.machine.take(node.step.choice)
        if self.path:
            self._check_same(self.path[-1])
            self._try_next(self.path[-1])
        while self.machine.active:
            node = self._arrive()
            self.path.append(node)
            if not node.to_try:
                return False
            self._try_next(node)
        return True

    def _confirm(self) -> bool:
        """Run the first schedule a second time: it must go the same way."""
        self.machine.begin()
        for node in self.path:
            self._check_same(node)
            self.machine.take(node.step.choice)
        if self.machine.active:
            raise NotDeterministic(_CHANCE.format("the handler went on after its end"))
        return True

    def _check_same(self, node: _Node) -> None:
        parked = self.machine.parked
        for number, before in node.parked.items():
            now = parked.get(number)
            if now is None or not now.same_call(before):
                made = f"called {now.operation}" if now else "made no call"
                made += f" where it had called {before.operation} before"
                raise NotDeterministic(_CHANCE.format(f"delivery {number + 1} {made}"))

    def _try_next(self, node: _Node) -> None:
        node.step = None
        node.step = self.machine.take(node.to_try.pop(0))

    # --- the tree --------------------------------------------------------------------

    def _arrive(self) -> _Node:
        """The node for where the machine stands now."""
        node = _Node(self.machine.parked, [], {})
        if self.path:
            self._inherit(self.path[-1], node)
        allowed = self._allowed(node)
        node.to_try = [choice for choice in allowed if choice not in node.sleeping]
        self.skipped += len(allowed) - len(node.to_try)
        return node

    def _inherit(self, parent: _Node, node: _Node) -> None:
        choice = parent.step.choice
        node.crashes = parent.crashes + is_crash(choice.fate)
        node.losses = parent.losses + (
            choice.fate != "ok" and not is_crash(choice.fate)
        )
        switched = parent.last is not None and choice.delivery != parent.last
        same_round = parent.step.round == self.machine.round
        preempted = switched and same_round and parent.last in parent.parked
        node.preemptions = parent.preemptions + preempted
        node.last = choice.delivery
        node.sleeping = {
            other: request
            for other, request in parent.sleeping.items()
            if _commute(parent.step, other, request)
        }

    def _allowed(self, node: _Node) -> list[Choice]:
        """Every choice here within the bounds, the same delivery's first."""
        order = sorted(node.parked, key=lambda number: (number != node.last, number))
        if self._no_more_preemptions(node) and node.last in node.parked:
            order = [node.last]
        fates = ["ok", *self._fates_left(node)]
        return [
            Choice(number, fate)
            for fate in fates
            for number in order
            if fate == "ok" or node.parked[number].service != "time"
        ]

    def _no_more_preemptions(self, node: _Node) -> bool:
        limit = self.bounds.preemptions
        return limit is not None and node.preemptions >= limit

    def _fates_left(self, node: _Node) -> list[str]:
        if node.crashes + node.losses >= self.bounds.faults:
            return []
        crash_left = node.crashes < self.bounds.crashes
        loss_left = node.losses < self.bounds.losses
        return [
            fate
            for fate in self.bounds.fates
            if (crash_left if is_crash(fate) else loss_left)
        ]

    def _back_up(self) -> bool:
        """Go back to the deepest node with something left to try; False if none has."""
        while self.path:
            node = self.path[-1]
            if node.step is not None and self.bounds.prune:
                node.sleeping[node.step.choice] = node.step.request
            if node.to_try:
                return True
            self.path.pop()
        return False


def _commute(step: Step, other: Choice, request: Request) -> bool:
    """Whether taking `step` before or after the sleeping `other` comes to the same."""
    if step.choice.delivery == other.delivery:
        return False
    if step.choice.fate != "ok" and other.fate != "ok":
        return False  # both spend from the same allowance
    return not conflict(step.touched, felt(request, other.fate))
