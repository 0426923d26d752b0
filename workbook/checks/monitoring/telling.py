"""Exercise 3: one notice an incident, whatever comes twice, late, or dies midway."""

import copy
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from workbook.checks.messages.words import kind
from workbook.checks.monitoring.tools import Tools, ask, to_its_end
from workbook.checks.process import Program
from workbook.learn import Verdict, failed, passed, try_call
from workbook.learn.running import Stopped, verdict_on_error

__all__ = ["Change", "check"]

ON, OFF = "ALARM", "OK"
NEWS = ("begun", "over")
MOST_STEPS = 100  # at which a process is killed


@dataclass(frozen=True)
class Change:
    """An alarm's change of state: `alarm` is its name, `at` the minute it came."""

    alarm: str
    state: str
    at: int


class _Killed(BaseException):
    """The process has died: no `except Exception` holds it up."""


class World(Tools):
    """What outlives a process: the record, and the pager; `kill_at` counts steps."""

    def __init__(self, kill_at: int = 0) -> None:
        self.record: Any = {}
        self.shown: list[tuple[Any, str]] = []
        self.steps, self.kill_at, self.dead = 0, kill_at, False

    def step(self) -> None:
        """A place where the process may die; once dead, it does nothing more."""
        self.steps += 1
        self.dead = self.dead or self.steps == self.kill_at
        if self.dead:
            raise _Killed

    def tell(self, incident: Any, news: str) -> None:
        """Show a notice on the pager, unless it has shown the very same before."""
        if news not in NEWS:
            what = f'The news is {news!r:.40}, not "begun" or "over".'
            raise self.misused(failed(what))
        if not isinstance(incident, str | int):
            what = f"The incident's id is {kind(incident)}, not a text or number."
            raise self.misused(failed(what))
        self.step()
        if (incident, news) not in self.shown:
            self.shown.append((incident, news))
        self.step()


class Records:
    """The shop's record, for one process."""

    def __init__(self, world: World) -> None:
        self._world = world

    def update(self, change: Callable[[dict], dict]) -> dict:
        """Write what `change(record)` returns, and return it; nobody comes between.

        At first the record is {}. It is kept as JSON: text, numbers, lists and dicts.
        """
        self._world.step()
        now = change(copy.deepcopy(self._world.record))
        if not isinstance(now, dict):
            what = f"The function for `update` returns {kind(now)}, not the new record."
            raise self._world.misused(failed(what))
        self._world.record = copy.deepcopy(now)
        self._world.step()
        return copy.deepcopy(now)


QUIET_NIGHT = (Change("errors", OFF, 1), Change("canary", OFF, 1))
STORY = (
    Change("errors", ON, 5), Change("canary", ON, 6), Change("errors", OFF, 9),
    Change("canary", OFF, 10),
)  # fmt: skip
SECOND = (Change("canary", ON, 20), Change("canary", OFF, 24))
ALIKE = (
    Change("errors", ON, 5), Change("errors", OFF, 9), Change("errors", ON, 20),
    Change("errors", OFF, 24),
)  # fmt: skip


@to_its_end
def check(on_alarm: Callable) -> Verdict:
    """Whether a person hears of each incident once, and of its end, come what may."""
    program = Program(on_alarm)
    return (
        _plainly(program)
        or _copies(program)
        or _late(program)
        or _killed(program)
        or passed(
            "tried: one incident of two alarms and a second one, two that begin with "
            "the same alarm, every copy, every latecomer, and a process killed at "
            f"{_most_steps(program)} places, each with the change delivered again at "
            "once or after the next"
        )
    )


def _plainly(program: Program) -> Verdict | None:
    world = _told(program, QUIET_NIGHT)
    if world.shown:
        return failed(
            f"Two alarms say that all is well, and the pager shows {_shown(world)}.",
            look="An incident begins when an alarm goes on while none was on.",
        )
    world = _told(program, STORY[:1])
    if _news(world) != ["begun"]:
        return failed(
            f"A first alarm goes off, and the pager shows {_shown(world)}.",
            look='`tell(incident, "begun")`.',
        )
    world = _told(program, STORY[:2])
    if _news(world) != ["begun"]:
        return failed(
            "A second alarm goes off in the same incident, and the pager rings again: "
            f"{_shown(world)}.",
            look="Note which alarms are on; the incident is open while there is one.",
        )
    world = _told(program, STORY[:3])
    if _news(world) != ["begun"]:
        return failed(
            "One of two alarms ends, the other is still on, and the pager shows "
            f"{_shown(world)}.",
            look="It is over when *no* alarm is on.",
        )
    world = _told(program, STORY)
    if _news(world) != ["begun", "over"]:
        return failed(
            f"Both alarms have ended, and the pager shows {_shown(world)}.",
            look='`tell(incident, "over")`, when the last alarm ends.',
        )
    if len({incident for incident, _ in world.shown}) > 1:
        return failed(
            "Begin and end of an incident have different ids.",
            look="Keep the incident's id, or its number, in the record.",
        )
    return _twice(program)


def _twice(program: Program) -> Verdict | None:
    world = _told(program, (*STORY, *SECOND))
    if len(world.shown) == len(NEWS):
        return failed(
            "A second incident comes ten minutes later, and the pager stays silent.",
            look="Each incident has an id of its own: count them in the record.",
        )
    if _news(world) != [*NEWS, *NEWS]:
        return failed(f"Two incidents, and the pager shows {_shown(world)}.")
    world = _told(program, ALIKE)
    if _news(world) != [*NEWS, *NEWS]:
        return failed(
            "Two incidents begin with the same alarm, and the pager shows "
            f"{_shown(world)}.",
            look="The alarm's name comes again with the next incident, and the pager "
            "knows it: give each incident an id of its own.",
        )
    return None


def _copies(program: Program) -> Verdict | None:
    every = (*STORY, *SECOND)
    for number, change in enumerate(every):
        changes = (*every[: number + 1], change, *every[number + 1 :])
        world = _told(program, changes)
        if _news(world) != [*NEWS, *NEWS]:
            return failed(
                f"“{_words(change)}” is delivered twice, and after two incidents the "
                f"pager shows {_shown(world)}.",
                look="A change that is known already changes nothing.",
            )
    return None


def _late(program: Program) -> Verdict | None:
    """A copy of an earlier change comes much later."""
    for old in (STORY[0], STORY[1]):
        world = _told(program, (*STORY, old))
        if _news(world) != list(NEWS):
            return failed(
                f"All is over, and a late copy of “{_words(old)}” comes in: the pager "
                f"shows {_shown(world)}.",
                look="Keep the minute of each alarm's last change; what is older, or "
                "the same, changes nothing.",
            )
    world = _told(program, (STORY[0], STORY[1], STORY[3], STORY[2], *SECOND))
    if _news(world) != [*NEWS, *NEWS]:
        return failed(
            "The ends of two alarms come in the wrong order, and the pager shows "
            f"{_shown(world)}.",
            look="Compare a change with the last one of the *same* alarm.",
        )
    return None


def _killed(program: Program) -> Verdict | None:
    every = (*STORY, *SECOND)
    for postponed, kill_at in itertools.product((0, 1), range(1, MOST_STEPS)):
        world = World(kill_at)
        killed = _deliver(program, world, every, postponed)
        if killed is None:  # it did not take so many steps
            continue
        if (wrong := _wrong(world, exactly=not postponed)) is not None:
            when = "at once" if not postponed else "after the next one"
            return failed(
                f"The process dies while “{_words(killed)}” is at work, and it is "
                f"delivered again {when}: {wrong}.",
                look=_how(world),
            )
    return None


def _wrong(world: World, *, exactly: bool) -> str | None:
    """What a person would complain of, after everything was delivered."""
    news, shown = _news(world), _shown(world)
    if news[-1:] != ["over"]:
        return f"all is well at the end, and the pager shows {shown}"
    pairs = [world.shown[n : n + 2] for n in range(0, len(world.shown), 2)]
    for pair in pairs:
        if [n for _, n in pair] != list(NEWS) or len({i for i, _ in pair}) > 1:
            return f"begin and end do not take turns, the pager shows {shown}"
    if exactly and len(pairs) != 2:  # noqa: PLR2004 - there were two incidents
        return f"there were two incidents, and the pager shows {shown}"
    return None


def _how(world: World) -> str:
    if len(world.shown) > 4:  # noqa: PLR2004 - of two incidents
        return (
            "What is told again must carry the same id: take it from the record, where "
            "it was written first."
        )
    return (
        "Write down what is still to be told, in the same update as the change; tell "
        "it; only then strike it off. Whoever comes next tells what is left."
    )


# --- running it -----------------------------------------------------------------------


def _told(program: Program, changes: Sequence[Change]) -> World:
    world = World()
    for change in changes:
        ask(world, program.start(), change, Records(world), world.tell)
    return world


def _deliver(
    program: Program, world: World, changes: Sequence[Change], postponed: int
) -> Change | None:
    """Deliver all; the change that was killed, or None if the process never died."""
    killed, queue = None, list(changes)
    while queue:
        change = queue.pop(0)
        outcome = try_call(program.start(), change, Records(world), world.tell)
        world.end_if_misused()
        if world.dead:  # whatever came of it, no more was done
            killed, world.dead = change, False
            world.kill_at = 0
            queue.insert(min(postponed, len(queue)), change)
        elif outcome.error is not None or outcome.hung:
            raise Stopped(_raised(outcome.error))
    return killed


def _raised(error: BaseException | None) -> Verdict:
    if error is not None:
        verdict = verdict_on_error(error)
        if verdict is not None:
            return verdict
    return failed("After a process has died, the next one does not come to an end.")


def _most_steps(program: Program) -> int:
    world = _told(program, (*STORY, *SECOND))
    return world.steps


def _news(world: World) -> list[str]:
    return [news for _, news in world.shown]


def _shown(world: World) -> str:
    return ", ".join(f"{i} {news}" for i, news in world.shown) or "nothing"


def _words(change: Change) -> str:
    return f"{change.alarm} is {change.state} since minute {change.at}"
