"""Exercise 2: a page that shows every event once, on every schedule of a channel."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from workbook.explore.pushes import Pushed, PushRun, push_schedules, run_pushes
from workbook.learn import Verdict, call, failed, passed, try_call
from workbook.learn.running import Stopped

__all__ = ["check"]

# events, drops, losses, repeats, the read that fails
WORLDS = (
    ((1, 0, 0, 0), 0),
    ((2, 0, 0, 0), 0),
    ((2, 1, 0, 0), 0),
    ((2, 1, 1, 1), 0),
    ((2, 1, 0, 0), 1),
    ((2, 1, 0, 0), 2),
    ((3, 1, 0, 0), 0),
)
# Silence comes again and again, and a push is lost after it.
SILENCES = ("cCqwx", "cCwp1qqwx", "cwpCqqqqwx", "cCwp1qDwpcCqwx")
_METHODS = {"connected": (), "pushed": ("event",), "quiet": ()}
_WITHIN_S = 60.0


def check(page: Callable[..., Any]) -> Verdict:
    """Whether it shows every event once, in order, at once, and reads when it must."""
    _has_its_methods(page)
    return (
        _by_itself(page)
        or _on_every_schedule(page)
        or passed(
            f"tried: {sum(1 for _ in _tries()):,} schedules, with drops, losses, "
            "repeats, any order of arrival, reads that fail, and many a silence"
        )
    )


def _tries() -> Iterator[tuple[str, int]]:
    for (events, drops, losses, repeats), failing in WORLDS:
        for schedule in push_schedules(
            events, drops=drops, losses=losses, repeats=repeats
        ):
            yield schedule, failing
    for schedule in SILENCES:
        yield schedule, 0


def _has_its_methods(page: Callable) -> None:
    made = call(page, lambda number: [], lambda event: None)
    for name in _METHODS:
        if not callable(getattr(made, name, None)):
            raise Stopped(failed(f"The page has no method `{name}()`."))
    for name, takes in _METHODS.items():
        try:
            inspect.signature(getattr(made, name)).bind(*takes)
        except (TypeError, ValueError):
            raise Stopped(
                failed(
                    f"`page.{name}({', '.join(takes)})` cannot be called.",
                    look="Keep the stub's `def` lines, with `self`.",
                )
            ) from None


def _by_itself(page: Callable) -> Verdict | None:
    """A second page of the same program, whose order has events of its own."""
    shown: list[list[int]] = [[], []]

    def two() -> None:
        for number, log in enumerate(([1, 2, 3], [1, 2])):
            one = page(
                lambda seen, log=log: [Pushed(n, "news") for n in log if n > seen],
                lambda event, mine=shown[number]: mine.append(event.number),
            )
            one.connected()

    _run(two)
    if shown[0] == [1, 2, 3] and shown[1] != [1, 2]:
        return failed(
            "A second page, with another order, goes on from where the first one was.",
            look="Keep the number in `self`, not in the class or a global.",
        )
    return None


def _on_every_schedule(page: Callable) -> Verdict | None:
    def all_of_them() -> Verdict | None:
        for schedule, failing in _tries():
            run = run_pushes(page, schedule, failing_read=failing)
            found = _judged(run, failing)
            if found:
                return found
        return None

    return _run(all_of_them)


def _judged(run: PushRun, failing: int) -> Verdict | None:
    if run.broken:
        reason, look = _in_words(run, failing)
        return failed(reason, run.picture, look=look)
    if run.swallowed:
        return failed(
            "A read fails, and the page keeps the `ConnectionError` to itself.",
            run.pictured("nobody learns that the read failed"),
            look="Let it out, and do not read again at once: the page will be called "
            "again.",
        )
    late = run.prompt + 1
    if late <= run.due and not failing:
        return failed(
            f"Event {late} is shown only when all has been quiet for a while: half a "
            "minute late.",
            run.pictured(f"event {late} is shown half a minute late"),
            look="Read when the connection stands, and when a push shows a gap.",
        )
    if run.needless:
        return failed(
            "It reads the table for a push that it knows already, or that is simply "
            "the next one.",
            run.pictured("a push that needs no read, and a read"),
            look="The number says it: smaller or equal is known, one more is the next "
            "and can be shown as it is.",
        )
    return None


def _in_words(run: PushRun, failing: int) -> tuple[str, str]:
    """What a broken run shows, in a sentence, and where to look."""
    said = run.broken[0].upper() + run.broken[1:]
    if failing:
        return (
            f"{said}, where a read has failed.",
            "Move the number on only when an event is shown, not when you begin to "
            "read; and let the error out.",
        )
    if said.endswith("twice"):
        return said + ".", "A push whose number you have shown is old news."
    if " before " in said:
        return said + ".", "A number that is not the next one means: read the table."
    if "q" in run.schedule:
        return (
            f"{said}, for all had been quiet before.",
            "Silence comes more than once: read in each.",
        )
    if "x" in run.schedule:
        return (
            f"{said}: its push was never sent, and no later one shows the gap.",
            "When all has been quiet for a while, read the table.",
        )
    if "D" in run.schedule:
        return (
            f"{said}: the connection was down when it was pushed.",
            "Each time the connection stands, read what the table holds after the last "
            "number.",
        )
    return said + ".", "`read_after(number)` gives what the table holds after it."


def _run(work: Callable[[], Any]) -> Any:
    """What comes of running the learner's code; an error ends the check."""
    outcome = try_call(work, timeout_s=_WITHIN_S)
    if outcome.hung:
        raise Stopped(
            failed(
                f"The schedules did not end within {_WITHIN_S:g} s.",
                look="Look for a loop that never ends: a page returns, and is called "
                "again.",
            )
        )
    if outcome.error is not None:
        raise outcome.error
    return outcome.value
