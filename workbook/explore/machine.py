"""The machine that runs a handler under one schedule, step by step.

A run is a sequence of rounds. In the first, every delivery is in flight at once. When
all have ended, those that failed come back together after the visibility timeout, on a
clock moved on by it, until they succeed or have been received `max_receives` times.
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.moto_api._internal import mock_random

from workbook.cloud import clock
from workbook.cloud.context import LambdaContext
from workbook.cloud.snapshot import Snapshot
from workbook.explore.faults import carry_out, felt
from workbook.explore.footprint import Touch
from workbook.explore.interception import Interception, request_id
from workbook.explore.invocation import Invocation, Request, Stuck
from workbook.explore.world import Reply, World

__all__ = ["Choice", "Ended", "Machine", "Plan", "Step", "StuckHandler"]

_RESENT = 1_000_000_000  # added to the seed of a call for each time it was sent
_OBSERVER = 999_999_999  # the seed of calls made by nobody in the schedule


@dataclass(frozen=True, order=True)
class Choice:
    """One step of a schedule: delivery `delivery` makes its next call under `fate`."""

    delivery: int
    fate: str = "ok"


@dataclass(frozen=True)
class Step:
    """A step that was taken: the choice, the call it made, and what came back."""

    choice: Choice
    request: Request
    reply: Reply
    round: int
    attempt: int

    @property
    def touched(self) -> tuple[Touch, ...]:
        """What the step touched: nothing, where the call never arrived."""
        return felt(self.request, self.choice.fate)


@dataclass(frozen=True)
class Plan:
    """What is to be explored: everything about a run except its schedule."""

    handler: Callable[[Any, Any], Any]
    events: tuple[Any, ...]
    setup: Callable[[], Any] | None
    redeliver_after_s: float
    max_receives: int
    timeout_s: float
    max_calls: int
    patience_s: float
    outside: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Ended:
    """How one invocation ended; `value` is what it returned, `error` what it raised."""

    delivery: int
    attempt: int
    outcome: str  # "returned" | "raised" | "crashed"
    value: Any = None
    error: BaseException | None = None


class StuckHandler(Exception):
    """The handler went on without calling AWS or ending; the message says how.

    `step` is the step after which it did, if it had come to one.
    """

    step: "Step | None" = None


@dataclass
class Machine:
    """Runs one schedule at a time; `begin` again for the next."""

    plan: Plan
    interception: Interception
    active: dict[int, Invocation] = field(default_factory=dict)
    ended: list[Ended] = field(default_factory=list)
    dead_letters: list[int] = field(default_factory=list)
    round: int = 0

    def __post_init__(self) -> None:
        self.world = World(self.plan.outside)
        self._start_s = clock.seconds()
        self._fresh: Snapshot | None = None  # the state that setup() leaves
        self._setup_replies: list[tuple[Request, Reply]] | None = None

    # --- the world -------------------------------------------------------------------

    def begin(self) -> None:
        """Set the world up afresh and start every delivery."""
        self.ended, self.dead_letters, self.round = [], [], 0
        clock.jump_to(self._start_s)
        self._set_up()
        clock.jump_to(self._start_s)
        self._start_round([(number, 1) for number in range(len(self.plan.events))])

    def _set_up(self) -> None:
        """Run setup(), really the first time; later its calls are answered as then."""
        if self._setup_replies is not None and self.world.copyable:
            left = iter(self._setup_replies)
            self._run_setup(lambda request: _as_before(request, next(left, None)))
            self.world.go_to(self._fresh)
            return
        if self.plan.setup is None:
            self.world.back_to_origin()
        else:
            self.world.empty()
        self._setup_replies = []
        self.world.change(lambda: self._run_setup(self._recorded))
        self._fresh = self.world.now

    def _run_setup(self, call: Callable[[Request], Any]) -> None:
        if self.plan.setup is None:
            return
        mock_random.seed(0)
        with self.interception.answering(call):
            self.plan.setup()

    def _recorded(self, request: Request) -> Any:
        reply = Reply(request.perform())
        self._setup_replies.append((request, reply))
        return reply.deliver()

    def look(self, question: Callable[[], Any]) -> Any:
        """Ask `question()`, whose calls see the world as it is now."""
        seed = _OBSERVER
        with self.interception.answering(
            lambda r: self.world.perform(r, seed).deliver()
        ):
            return question()

    # --- the run ---------------------------------------------------------------------

    @property
    def parked(self) -> dict[int, Request]:
        """The next call of every delivery that is in flight."""
        return {number: call.request for number, call in self.active.items()}

    def take(self, choice: Choice) -> Step:
        """Let a delivery make its parked call under the choice's fate, and go on."""
        invocation = self.active[choice.delivery]
        request, round_ = invocation.request, self.round
        if invocation.calls >= self.plan.max_calls:
            raise StuckHandler(
                f"delivery {choice.delivery + 1} made more than {self.plan.max_calls} "
                "calls in one invocation: is it in a loop that never ends?"
            )
        replies: list[Reply] = []

        def order(request: Request) -> Reply:
            replies.append(self._answer(request, choice.fate, invocation.seed()))
            return replies[0]

        try:
            self._patiently(invocation, lambda: invocation.resume(order))
        except StuckHandler as stuck:
            if replies:  # it got its answer, and went astray after that
                stuck.step = Step(
                    choice, request, replies[0], round_, invocation.attempt
                )
            raise
        self._settle(invocation)
        return Step(choice, request, replies[0], round_, invocation.attempt)

    def _answer(self, request: Request, fate: str, seed: int) -> Reply:
        if request.service == "time":  # a sleep moves the clock, which no state holds
            return Reply(request.perform())
        # A second sending draws other ids than the first, as it does on AWS.
        return carry_out(
            request, fate, lambda n: self.world.perform(request, seed + n * _RESENT)
        )

    def _patiently(self, invocation: Invocation, go: Callable[[], Any]) -> Any:
        try:
            return go()
        except Stuck:
            del self.active[invocation.delivery]
            raise StuckHandler(
                f"delivery {invocation.delivery + 1} ran for "
                f"{self.plan.patience_s:g} s without calling AWS or ending: it waits "
                "for something (a lock, input, a thread, real time) or never stops"
            ) from None

    def _settle(self, invocation: Invocation) -> None:
        if not invocation.ended:
            return
        del self.active[invocation.delivery]
        self.ended.append(_how_it_ended(invocation))
        if not self.active:
            self._end_round()

    def _end_round(self) -> None:
        last = {end.delivery: end for end in self.ended}
        failed = [end for end in last.values() if end.outcome != "returned"]
        again = [end for end in failed if end.attempt < self.plan.max_receives]
        self.dead_letters = sorted(
            end.delivery for end in failed if end.attempt >= self.plan.max_receives
        )
        if again:
            clock.advance(self.plan.redeliver_after_s)
            self.round += 1
            self._start_round(sorted((end.delivery, end.attempt + 1) for end in again))

    def _start_round(self, attempts: list[tuple[int, int]]) -> None:
        patience_s = self.plan.patience_s
        started = [Invocation(*attempt, patience_s=patience_s) for attempt in attempts]
        self.active = {invocation.delivery: invocation for invocation in started}
        for invocation in started:
            self._patiently(invocation, lambda i=invocation: i.start(self._handle(i)))
        for invocation in started:
            self._settle(invocation)

    def _handle(self, invocation: Invocation) -> Callable[[], Any]:
        event = copy.deepcopy(self.plan.events[invocation.delivery])
        context = LambdaContext(
            function_name=getattr(self.plan.handler, "__name__", "handler"),
            aws_request_id=request_id(invocation.delivery + 1, invocation.attempt),
            timeout_s=self.plan.timeout_s,
        )
        return lambda: _plain_answer(self.plan.handler(event, context))

    def abandon(self) -> None:
        """End the invocations that are still parked."""
        for invocation in self.active.values():
            invocation.abandon()
        self.active = {}


def _as_before(request: Request, known: tuple[Request, Reply] | None) -> Any:
    """The answer that this call of setup() got the first time."""
    if known is None or not known[0].same_call(request):
        raise RuntimeError(
            "setup() made other calls than the first time it ran: let it always build "
            "the same world"
        )
    return known[1].deliver()


def _plain_answer(answer: Any) -> Any:
    """The handler's answer; Lambda's Python runtime cannot send a coroutine."""
    if inspect.isawaitable(answer) or inspect.isgenerator(answer):
        kind = type(answer).__name__
        answer.close()
        raise TypeError(f"the handler returned a {kind}, which Lambda cannot send")
    return answer


def _how_it_ended(invocation: Invocation) -> Ended:
    outcome = "returned"
    if invocation.crashed:
        outcome = "crashed"
    elif invocation.error is not None:
        outcome = "raised"
    return Ended(
        invocation.delivery,
        invocation.attempt,
        outcome,
        invocation.returned if outcome == "returned" else None,
        invocation.error,
    )
