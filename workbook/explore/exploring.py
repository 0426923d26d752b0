"""An explorer: a handler, the judge of what it does, and the schedules to run."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace

from workbook.cloud import clock, local_cloud
from workbook.explore.faults import is_crash
from workbook.explore.interception import Interception
from workbook.explore.judge import InvariantError, Judge
from workbook.explore.machine import Choice, Machine, Plan, Step, StuckHandler
from workbook.explore.progress import Progress
from workbook.explore.result import Exploration, Findings
from workbook.explore.run import Run, decode, encode
from workbook.explore.search import NOT_THE_SAME, Bounds, NotDeterministic, Search
from workbook.explore.shorten import fewest_switches
from workbook.explore.world import ids_kept

__all__ = ["Explorer", "OtherSchedule"]


class OtherSchedule(ValueError):
    """The schedule does not fit what the handler does."""


class Explorer:
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
