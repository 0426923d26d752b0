"""`explore`: run a handler under every crash, duplicate and interleaving."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from typing import Any

from workbook.cloud import clock, lag, local_cloud
from workbook.explore.faults import fates_of, is_crash
from workbook.explore.interception import Interception
from workbook.explore.judge import InvariantError, Judge, Records
from workbook.explore.machine import Choice, Machine, Plan, Step, StuckHandler
from workbook.explore.progress import Progress
from workbook.explore.result import Exploration, Findings
from workbook.explore.run import Run, decode, encode
from workbook.explore.search import NOT_THE_SAME, Bounds, NotDeterministic, Search
from workbook.explore.shorten import fewest_switches
from workbook.explore.world import ids_kept

__all__ = ["explore", "replay"]

_MOST_DELIVERIES = 5


def explore(
    handler: Callable[[Any, Any], Any],
    event: Any,
    *,
    invariant: Callable[..., Any],
    setup: Callable[[], Any] | None = None,
    deliveries: int = 2,
    crashes: int = 1,
    losses: int | None = None,
    faults: Sequence[str] = ("crash", "response_lost"),
    preemptions: int | None = None,
    records: Records | None = None,
    outside: Sequence[Any] = (),
    budget: int = 3_000,
    prune: bool = True,
    progress: bool = True,
    **limits: float,
) -> Exploration:
    """Whether `invariant` holds after every schedule of `handler` within the bounds.

    Every delivery of `event` (a list of events: of each of them) is in flight at once.
    At each call to AWS the explorer chooses who goes on and what goes wrong. An
    invocation that crashes or raises is delivered again after `redeliver_after_s`
    seconds of virtual time, when nothing else is in flight (a visibility timeout is
    longer than a function may run), until it has been received `max_receives` times.

    `invariant()` is called after each schedule; it returns False or a sentence, or
    raises AssertionError, where something is wrong. One that takes an argument is given
    the `Run`, with what each invocation returned. `setup()` builds the world, in an
    empty cloud, the same one each time; without it each schedule starts from the world
    as it is. That comes back afterwards. `records`
    says where the handler remembers past deliveries, and for how long it may.

    `outside` lists services outside AWS that the handler calls over HTTP, as
    `workbook.explore.outside` describes them: the calls to them are steps too.

    `faults` may name "crash" (before and after each call), "response_lost",
    "request_lost", "resent" (the SDK repeats a call whose answer it missed) and
    "throttle". At most `crashes` crashes happen in one schedule. Other faults spend
    from the same allowance, unless `losses` gives them one of their own. `preemptions`
    bounds how often a delivery may be interrupted (None: any number). `prune` leaves
    out schedules that differ only in calls that commute; it takes for granted that
    invocations share nothing but AWS.

    The search stops after `budget` schedules, and says so. An invocation that neither
    calls nor ends within `patience_s` seconds of real time, or that makes more than
    `max_calls` calls, ends it too: the verdict is then "unknown", with the reason.
    What the handler prints is shown by `.replay(id)` alone.

    The `limits`, with their defaults: `redeliver_after_s` 30, `max_receives` 5,
    `timeout_s` 25 (the function's, as its context tells it), `max_calls` 50,
    `patience_s` 5.
    """
    explorer = _explorer(
        handler, event, setup, deliveries, invariant, records, outside, limits
    )
    _at_least(0, crashes=crashes, losses=losses or 0, preemptions=preemptions or 0)
    _at_least(1, budget=budget)
    bounds = Bounds(
        fates=tuple(fates_of(tuple(faults))),
        crashes=crashes,
        losses=crashes if losses is None else losses,
        faults=crashes + (losses or 0),
        preemptions=preemptions,
        prune=prune and preemptions is None,
    )
    return explorer.explore(bounds, budget, Progress(shown=progress))


def replay(
    schedule_id: str,
    handler: Callable[[Any, Any], Any],
    event: Any,
    *,
    invariant: Callable[..., Any],
    setup: Callable[[], Any] | None = None,
    deliveries: int = 2,
    records: Records | None = None,
    outside: Sequence[Any] = (),
    **limits: float,
) -> Run:
    """Run the one schedule with this id, for a test of what must never happen again.

    The arguments mean what they mean in `explore`, and must be the same as there.
    """
    explorer = _explorer(
        handler, event, setup, deliveries, invariant, records, outside, limits
    )
    return explorer.replay(schedule_id)


_LIMITS = {
    "redeliver_after_s": 30.0,
    "max_receives": 5,
    "timeout_s": 25.0,
    "max_calls": 50,
    "patience_s": 5.0,
}


def _explorer(handler, event, setup, deliveries, invariant, records, outside, limits):
    if lag.is_on():
        raise ValueError(
            "the explorer answers calls from memory, and cannot let them lag: "
            "end lag.stale() first"
        )
    for name, function in (("handler", handler), ("invariant", invariant)):
        if not callable(function):
            raise TypeError(f"{name} must be a function, not {function!r}")
    for name in limits:
        if name not in _LIMITS:
            known = ", ".join(_LIMITS)
            raise TypeError(f"there is no limit {name!r}; the limits are: {known}")
    limits = {**_LIMITS, **limits}
    _at_least(0, patience_s=limits["patience_s"], timeout_s=limits["timeout_s"])
    _at_least(1, deliveries=deliveries, max_receives=limits["max_receives"])
    events = event if isinstance(event, list) else [event]
    in_flight = tuple(one for one in events for _ in range(deliveries))
    if not 1 <= len(in_flight) <= _MOST_DELIVERIES:
        raise ValueError(
            f"{len(in_flight)} deliveries at once: the explorer takes 1 to "
            f"{_MOST_DELIVERIES}; pass fewer events or a smaller deliveries="
        )
    plan = Plan(
        handler=handler,
        events=in_flight,
        setup=setup,
        outside=_services(outside),
        **limits,
    )
    return _Explorer(plan, Judge(invariant, records))


def _services(outside: Sequence[Any]) -> tuple[Any, ...]:
    for service in outside:
        if not (hasattr(service, "name") and hasattr(service, "state")):
            raise TypeError(
                f"outside={outside!r}: a service outside AWS has a name and a state, "
                "as workbook.providers.Aurora() has"
            )
    return tuple(outside)


def _at_least(least: float, **numbers: float) -> None:
    for name, number in numbers.items():
        if not number >= least:
            raise ValueError(f"{name}={number!r}: it must be {least} or more")


class OtherSchedule(ValueError):
    """The schedule does not fit what the handler does."""


class _Explorer:
    """One handler and the judge of what it does: runs one schedule, or all."""

    def __init__(self, plan: Plan, judge: Judge) -> None:
        self.plan = plan
        self.judge = judge

    @contextmanager
    def _machine(self) -> Iterator[Machine]:
        """A machine in the mock cloud, which is as before when it is done."""
        with (
            _some_cloud(),
            ids_kept(),
            clock.set_aside(),
            Interception(self.plan.outside).installed() as interception,
        ):
            machine = Machine(self.plan, interception)
            try:
                yield machine
            finally:
                machine.abandon()
                machine.world.back_to_origin()

    # --- one schedule ---------------------------------------------------------------

    def replay(self, schedule_id: str) -> Run:
        """Run one schedule, every call of it made afresh."""
        choices = decode(schedule_id, len(self.plan.events))
        with self._machine() as machine:
            return self._follow(machine, choices)

    def _follow(self, machine: Machine, choices: Sequence[Choice]) -> Run:
        steps: list[Step] = []
        try:
            machine.begin()
            for choice in choices:
                steps.append(self._take(machine, choice))
        except StuckHandler as reason:
            return self._stuck(machine, steps, reason)
        if machine.active:
            waiting = ", ".join(str(number + 1) for number in sorted(machine.active))
            raise OtherSchedule(
                f"the schedule ends while delivery {waiting} still runs: the id "
                "belongs to another handler, event or setup"
            )
        return self._judged(machine, steps)

    def _take(self, machine: Machine, choice: Choice) -> Step:
        if choice.delivery not in machine.active:
            raise OtherSchedule(
                f"delivery {choice.delivery + 1} makes no call at this point: the id "
                "belongs to another handler, event or setup"
            )
        return machine.take(choice)

    def _judged(self, machine: Machine, steps: Sequence[Step]) -> Run:
        run = self._run(machine, steps)
        return replace(run, broken=self.judge.fault_found(machine, run))

    def _stuck(
        self, machine: Machine, steps: Sequence[Step], reason: StuckHandler
    ) -> Run:
        last = [] if reason.step is None else [reason.step]
        return self._run(machine, [*steps, *last], str(reason))

    def _run(self, machine: Machine, steps: Sequence[Step], stuck: str = "") -> Run:
        return Run(
            encode([step.choice for step in steps], len(self.plan.events)),
            tuple(steps),
            tuple(machine.ended),
            tuple(machine.dead_letters),
            self.plan.redeliver_after_s,
            stuck=stuck,
        )

    # --- all schedules --------------------------------------------------------------

    def explore(self, bounds: Bounds, budget: int, progress: Progress) -> Exploration:
        """Every schedule within the bounds, up to `budget` of them."""
        found = Findings(self.judge.claim, _in_words(bounds, self.plan))
        with self._machine() as machine, _silence():
            search = Search(machine, bounds)
            try:
                self._search(search, budget, progress, found)
                if found.shortest is not None:
                    found.shortest = self._shortened(machine, found.shortest)
            except KeyboardInterrupt:
                found.cut_off = f"Interrupted after {len(found.summaries):,} schedules"
            except OtherSchedule:
                found.give_up(NOT_THE_SAME)
                found.shortest = None
        return found.result(search.skipped, self.replay)

    def _search(
        self, search: Search, budget: int, progress: Progress, found: Findings
    ) -> None:
        try:
            for steps in search:
                found.add(self._judged(search.machine, steps))
                progress.advance()
                if len(found.summaries) >= budget and search.more():
                    found.cut_off = f"Stopped after {budget:,} schedules"
                    break
            if search.machine.interception.foreign_calls:
                found.give_up(_OWN_THREADS)
                found.shortest = None  # it is ours as much as the handler's
            if search.machine.interception.unknown_hosts:
                found.give_up(_unknown(search.machine.interception.unknown_hosts))
                found.shortest = None
        except NotDeterministic as reason:
            found.give_up(str(reason))
            found.shortest = None  # what cannot be repeated proves nothing
        except StuckHandler as reason:
            found.give_up(str(reason))
            found.stuck = self._stuck(search.machine, search.taken, reason)
        except InvariantError as reason:
            found.give_up(str(reason))
        finally:
            progress.close()

    def _shortened(self, machine: Machine, run: Run) -> Run:
        """The run with the fewest switches that comes to the same, tried to be sure."""
        machine.abandon()
        try:
            again = self._follow(machine, fewest_switches(run.steps))
        except InvariantError:
            return run
        better = again.broken == run.broken and again.switches <= run.switches
        return again if better else run


_OWN_THREADS = (
    "the handler calls AWS from threads of its own, which the explorer cannot order: "
    "let the handler make the calls itself"
)


def _unknown(hosts: set[str]) -> str:
    return (
        f"the handler calls {', '.join(sorted(hosts))} over HTTP, which the explorer "
        "does not know: name the services in outside=, and call them at http://NAME"
    )


@contextmanager
def _some_cloud() -> Iterator[None]:
    """The mock cloud that is running, or one for the length of the block."""
    if clock.running():
        yield
    else:
        with local_cloud():
            yield


@contextmanager
def _silence() -> Iterator[None]:
    """Let a handler's prints, thousands of times the same, go nowhere."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield


def _in_words(bounds: Bounds, plan: Plan) -> str:
    """The bounds, readable in one breath."""
    parts = [_number(len(plan.events), "delivery", "deliveries")]
    if len(plan.events) > 1:
        interleaved = "every interleaving of their calls"
        if bounds.preemptions is not None:
            times = _number(bounds.preemptions, "interruption", "interruptions")
            interleaved = f"interleavings with at most {times}"
        parts.append(interleaved)
    fates = [
        f for f in bounds.fates if (bounds.crashes if is_crash(f) else bounds.losses)
    ]
    if bounds.faults and fates:
        kinds = ", ".join(fates)
        parts.append(f"at most {_number(bounds.faults, 'fault', 'faults')} ({kinds})")
    parts.append(f"up to {plan.max_receives} receives each")
    return ", ".join(parts)


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
