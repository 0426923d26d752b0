"""Exercise 3: one notice an incident, whatever comes twice, late, or dies midway."""

import itertools
from collections.abc import Callable, Sequence

from workbook.checks.monitoring.pager import NEWS, OFF, ON, Change, Records, World
from workbook.checks.monitoring.tools import ask, to_its_end
from workbook.checks.process import Program
from workbook.learn import Verdict, failed, passed, try_call
from workbook.learn.running import Stopped, verdict_on_error

__all__ = ["Change", "check"]

MOST_STEPS = 100  # at which a process is killed

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
# Changes, the news that they make, what is said of any other, and a way on.
PLAIN = (
    (QUIET_NIGHT, (), "Two alarms say that all is well, and the pager shows {}.",
     "An incident begins when an alarm goes on while none was on."),
    (STORY[:1], NEWS[:1], "A first alarm goes off, and the pager shows {}.",
     '`tell(incident, "begun")`.'),
    (STORY[:2], NEWS[:1], "A second alarm goes off in the same incident, and the "
     "pager rings again: {}.",
     "Note which alarms are on; the incident is open while there is one."),
    (STORY[:3], NEWS[:1], "One of two alarms ends, the other is still on, and the "
     "pager shows {}.", "It is over when *no* alarm is on."),
    (STORY, NEWS, "Both alarms have ended, and the pager shows {}.",
     '`tell(incident, "over")`, when the last alarm ends.'),
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
    for changes, wanted, reason, look in PLAIN:
        verdict = _differs(program, changes, wanted, reason, look)
        if verdict is not None:
            return verdict
    if not _in_pairs(_told(program.start, STORY)):
        return _blamed(
            program,
            STORY,
            NEWS,
            "Begin and end of an incident have different ids.",
            "Keep the incident's id, or its number, in the record.",
        )
    return _twice(program)


def _twice(program: Program) -> Verdict | None:
    every = (*STORY, *SECOND)
    world = _told(program.start, every)
    if len(world.shown) == len(NEWS):
        return _blamed(
            program,
            every,
            (*NEWS, *NEWS),
            "A second incident comes ten minutes later, and the pager stays silent.",
            "Each incident has an id of its own: count them in the record.",
        )
    return _differs(
        program, every, (*NEWS, *NEWS), "Two incidents, and the pager shows {}."
    ) or _differs(
        program,
        ALIKE,
        (*NEWS, *NEWS),
        "Two incidents begin with the same alarm, and the pager shows {}.",
        "The alarm's name comes again with the next incident, and the pager knows it: "
        "give each incident an id of its own.",
    )


def _copies(program: Program) -> Verdict | None:
    every = (*STORY, *SECOND)
    for number, change in enumerate(every):
        verdict = _differs(
            program,
            (*every[: number + 1], change, *every[number + 1 :]),
            (*NEWS, *NEWS),
            f"“{_words(change)}” is delivered twice, and after two incidents the "
            "pager shows {}.",
            "A change that is known already changes nothing.",
        )
        if verdict is not None:
            return verdict
    return None


def _late(program: Program) -> Verdict | None:
    """A copy of an earlier change comes much later."""
    for old in (STORY[0], STORY[1]):
        verdict = _differs(
            program,
            (*STORY, old),
            NEWS,
            f"All is over, and a late copy of “{_words(old)}” comes in: the pager "
            "shows {}.",
            "Keep the minute of each alarm's last change; what is older, or the same, "
            "changes nothing.",
        )
        if verdict is not None:
            return verdict
    return _differs(
        program,
        (STORY[0], STORY[1], STORY[3], STORY[2], *SECOND),
        (*NEWS, *NEWS),
        "The ends of two alarms come in the wrong order, and the pager shows {}.",
        "Compare a change with the last one of the *same* alarm.",
    )


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


def _told(start: Callable[[], Callable], changes: Sequence[Change]) -> World:
    world = World()
    for change in changes:
        ask(world, start(), change, Records(world), world.tell)
    return world


def _differs(
    program: Program,
    changes: Sequence[Change],
    wanted: Sequence[str],
    reason: str,
    look: str = "",
) -> Verdict | None:
    """The verdict on other news; `{}` in `reason` is what the pager shows."""
    world = _told(program.start, changes)
    if _news(world) == list(wanted):
        return None
    return _blamed(program, changes, wanted, reason.format(_shown(world)), look)


def _blamed(
    program: Program,
    changes: Sequence[Change],
    wanted: Sequence[str],
    reason: str,
    look: str,
) -> Verdict:
    """The verdict; where only a memory is lost between the calls, it says that."""
    if not _right_in_one_process(program, changes, wanted):
        return failed(reason, look=look)
    shown = _shown(_told(program.start, changes))
    return failed(
        f"Each call is a new process, and the pager shows {shown}. In one process that "
        "lives on it would be right.",
        look="Your globals are as at the start in each process. What is to be "
        "remembered goes into the record.",
    )


def _right_in_one_process(
    program: Program, changes: Sequence[Change], wanted: Sequence[str]
) -> bool:
    process = program.start()
    try:
        world = _told(lambda: process, changes)
    except Stopped:
        return False
    return _news(world) == list(wanted) and _in_pairs(world)


def _in_pairs(world: World) -> bool:
    """Whether begin and end of each incident have the same id."""
    pairs = [world.shown[n : n + 2] for n in range(0, len(world.shown), 2)]
    return all(len({incident for incident, _ in pair}) == 1 for pair in pairs)


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
    return _told(program.start, (*STORY, *SECOND)).steps


def _news(world: World) -> list[str]:
    return [news for _, news in world.shown]


def _shown(world: World) -> str:
    return ", ".join(f"{i} {news}" for i, news in world.shown) or "nothing"


def _words(change: Change) -> str:
    return f"{change.alarm} is {change.state} since minute {change.at}"
