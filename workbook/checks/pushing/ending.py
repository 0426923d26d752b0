"""Exercise 3: progress that never goes back, and that comes to an end."""

import inspect
from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

from workbook.checks.pushing.screen import LIVES, NEWER, STEP, Endless, Screen
from workbook.learn import Verdict, failed, passed, try_call
from workbook.learn.running import Stopped

__all__ = ["check"]

_WITHIN_S = 30.0


def check(watch: Callable[..., Any]) -> Verdict:
    """Whether what it shows only ever grows, and ends when the order does."""
    found = (
        _calm(watch)
        or _silent(watch)
        or _in_any_order(watch)
        or _with_a_second_card(watch)
        or _with_a_newer_shop(watch)
        or _with_a_failing_read(watch)
    )
    return found or passed(
        f"tried: three lives of an order, {sum(1 for _ in _mixed()):,} ways in which "
        "their pushes get lost, repeated and mixed up, and reads that fail"
    )


def _calm(watch: Callable) -> Verdict | None:
    for life in LIVES:
        screen = Screen(list(life), [life[-1]])
        came = _watched(watch, screen)
        if not screen.shown:
            return _nothing_shown(came, life)
        if screen.asked > screen.silences:
            return failed(
                "Pushes arrive, and it asks the table all the same.",
                look="Read only after a silence: `None`.",
            )
        if screen.shown != list(life):
            return failed(
                f"The pushes {_listed(life)} arrive in order, and it shows "
                f"{_listed(screen.shown)}.",
                look="Show each status that is further than the last one shown.",
            )
        found = _ended(screen, came, life)
        if found:
            return found
    return None


def _nothing_shown(came: Any, life: tuple[str, ...]) -> Verdict:
    if inspect.isgenerator(came):
        return failed(
            "It gives a generator, since there is a `yield` in it, and does nothing.",
            look="Call `show(status)`, and `return` the end.",
        )
    if life != LIVES[0]:
        return failed(
            "A second order is watched, and nothing is shown.",
            look="Each call begins afresh: keep the furthest step in the function.",
        )
    look = "Take one message, act on it, and only then take the next: they never end."
    return failed(
        "Pushes arrive, and nothing is shown.", look=look if came is Endless else ""
    )


def _silent(watch: Callable) -> Verdict | None:
    """The last pushes are lost, and the table knows."""
    for life in LIVES:
        for heard in range(len(life)):
            screen = Screen(list(life[:heard]), [*life[max(heard - 1, 0) :]])
            came = _watched(watch, screen)
            if came is Endless:
                start = f"After {_listed(life[:heard])}" if heard else "From the start"
                if 0 < screen.asked < screen.silences:
                    return _missed_silence()
                return failed(
                    f"{start} all is silent, the table says {life[-1]}, and it watches "
                    "for ever.",
                    look="After a silence, `read_status()`; then go on as if that had "
                    "been pushed.",
                )
            if screen.asked > screen.silences:
                return failed(
                    "It asks the table more often than there are silences.",
                    look="One read a silence.",
                )
            found = _grows(screen, life) or _ended(screen, came, life)
            if found:
                return found
            if screen.asked < screen.silences:
                return _missed_silence()
    return None


def _missed_silence() -> Verdict:
    return failed(
        "It lets a silence go by, and does not ask the table.",
        look="One read a silence, each time.",
    )


def _in_any_order(watch: Callable) -> Verdict | None:
    for life, pushes in _mixed():
        screen = Screen(list(pushes), [life[-1]])
        came = _watched(watch, screen)
        found = _grows(screen, life) or _ended(screen, came, life)
        if found:
            return found
        if life[-1] in pushes and screen.taken > pushes.index(life[-1]) + 1:
            return failed(
                f"The order has ended as {life[-1]}, and it takes another message.",
                look="Return as soon as the end is shown.",
            )
    return None


def _mixed() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Some of a life's pushes in any order, one of them perhaps once more."""
    for life in LIVES:
        for many in range(len(life) + 1):
            for pushes in permutations(life, many):
                yield life, pushes
                for again in pushes:
                    yield life, (*pushes, again)


def _with_a_second_card(watch: Callable) -> Verdict | None:
    """The first card was refused, and the push that says so comes late."""
    life = LIVES[0]
    screen = Screen(["placed", "reserved", "paid", "unpaid", "ticketed"], [life[-1]])
    came = _watched(watch, screen)
    if "unpaid" in screen.shown:
        return failed(
            "A first card is refused, a second one is taken, and the push 'unpaid' "
            "comes late: it is shown after 'paid', and both are step 3.",
            look="Compare `STEP[status]`, not the status or its place in `STEP`.",
        )
    return _grows(screen, life) or _ended(screen, came, life)


def _with_a_newer_shop(watch: Callable) -> Verdict | None:
    life = LIVES[0]
    for place in range(len(life)):
        pushes = [*life[:place], NEWER, *life[place:]]
        found = _newer(watch, Screen(pushes, [life[-1]]), "pushes")
        if found:
            return found
    return _newer(watch, Screen(["placed"], [NEWER, life[-1]]), "writes")


def _newer(watch: Callable, screen: Screen, does: str) -> Verdict | None:
    outcome = _tried(watch, screen)
    if isinstance(outcome.error, KeyError) or NEWER in screen.shown:
        return failed(
            f"A newer shop {does} {NEWER!r}, which `STEP` does not know, and the page "
            + ("shows it." if NEWER in screen.shown else "ends with a KeyError."),
            look="Leave out what is not in `STEP`: `STEP.get(status, 0)`.",
        )
    if outcome.error is not None and not isinstance(outcome.error, Endless):
        raise outcome.error
    if screen.asked > screen.silences:
        return failed(
            f"A newer shop pushes {NEWER!r}, and the page asks the table.",
            look="What `STEP` does not know is left out, and that is all.",
        )
    life = LIVES[0]
    return _grows(screen, life) or _ended(screen, _value(outcome), life)


def _with_a_failing_read(watch: Callable) -> Verdict | None:
    life = LIVES[0]
    lost = ConnectionError("the table could not be read")
    screen = Screen(["placed"], [lost, lost, "ticketed"])
    outcome = _tried(watch, screen)
    if isinstance(outcome.error, ConnectionError):
        return failed(
            "A read fails, and the page ends with its ConnectionError.",
            look="Catch `ConnectionError`: a read that failed is no news, and the next "
            "silence comes.",
        )
    if screen.asked > screen.silences:
        return failed(
            "A read fails, and it is repeated at once.",
            look="The next silence is soon enough.",
        )
    if outcome.error is not None and not isinstance(outcome.error, Endless):
        raise outcome.error
    if screen.shown[-1:] != [life[-1]]:
        return failed(
            "A read fails, and the page "
            + ("stops watching." if outcome.returned else "never asks again."),
            look="A read that failed is no news: go on with the next message, and ask "
            "in the next silence.",
        )
    return _ended(screen, _value(outcome), life)


def _grows(screen: Screen, life: tuple[str, ...]) -> Verdict | None:
    steps = [STEP.get(status, 0) for status in screen.shown]
    for before, after in zip(screen.shown, screen.shown[1:], strict=False):
        if before == after:
            return failed(
                f"It shows {before} twice in a row.",
                look="Show a status only if it is further than the last one shown.",
            )
    if steps != sorted(set(steps)):
        return failed(
            f"It shows {_listed(screen.shown)}: the order goes back.",
            look="Compare `STEP[status]` with the furthest step shown so far.",
        )
    strange = [status for status in screen.shown if status not in life]
    if strange:
        return failed(f"It shows {strange[0]}, which this order never was.")
    return None


def _ended(screen: Screen, came: Any, life: tuple[str, ...]) -> Verdict | None:
    if came is Endless:
        return failed(
            (f"The pushes {_listed(screen.pushes)}" if screen.pushes else "No pushes")
            + f" arrive, the table says {life[-1]}, and it does not come to an end.",
            look="Return once a status with step 4 is shown, however it came.",
        )
    if screen.shown[-1:] != [life[-1]]:
        return failed(
            f"The order has ended as {life[-1]}, and the last thing shown is "
            f"{_listed(screen.shown[-1:]) or 'nothing'}.",
            look="What the table says is news as well: show it, if it is further.",
        )
    if came != life[-1]:
        return failed(
            f"The order has ended as {life[-1]}, and it returns {came!r}.",
            look="Return the status with which it ended.",
        )
    return None


def _watched(watch: Callable, screen: Screen) -> Any:
    outcome = _tried(watch, screen)
    if outcome.error is not None and not isinstance(outcome.error, Endless):
        raise outcome.error
    return _value(outcome)


def _value(outcome: Any) -> Any:
    return Endless if isinstance(outcome.error, Endless) else outcome.value


def _tried(watch: Callable, screen: Screen) -> Any:
    outcome = try_call(
        watch, screen.messages(), screen.read_status, screen.shown.append,
        timeout_s=_WITHIN_S,
    )  # fmt: skip
    if outcome.hung:
        raise Stopped(
            failed(
                "It does not come back, and takes no message meanwhile.",
                look="Wait by taking the next message; it may be None.",
            )
        )
    return outcome


def _listed(statuses: Any) -> str:
    return ", ".join(str(status) for status in statuses)
