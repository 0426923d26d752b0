"""Exercise 2: a change by version, tried a few times and then given up honestly."""

import copy
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

from workbook.checks.consistency.costs import plainly, tried
from workbook.checks.consistency.exploring import explored, verdict_on
from workbook.checks.consistency.rivals import (
    Enough,
    another_clerk,
    counted,
    moved_the_gate,
)
from workbook.checks.consistency.tables import TOUR, item_of, open_tables, table
from workbook.checks.process import Program
from workbook.checks.world import fresh_cloud
from workbook.cloud import lag
from workbook.explore import Exploration, Run
from workbook.learn import Outcome, Verdict, failed, try_call
from workbook.learn.running import Stopped, verdict_on_error

__all__ = ["GaveUp", "check"]


class GaveUp(Exception):
    """Every attempt met somebody else's change: nothing was written."""


_UNCHANGED = "Nobody was in the way, and the page is as it was."
_UNLIKE = "The page is not what the edit made of it."
_VERSION = "The page was changed, and its version did not go up by one."
_ANSWER = "It does not return the page as it is stored now."
_LOST = "Two changes came at the same moment, and one of them is gone."
_DOUBLE = "Two changes came at the same moment, and one of them was made twice."
_UNDONE = "It came back as if all were well, and the change was not made."
_DONE = "It gave up, and the change was made."
_ERROR = "Two changes came at the same moment, and one failed, not by `GaveUp`."
_THROTTLED = "A throttled call was taken for somebody else's change: it gave up."
_TRUSTING = "An edit spoilt the version of the page it was given, and all went wrong."
_MISTAKE = "The edit itself raised an error, and that did not get out as it was."
_ELSEWHERE = "The day tour's page was to be changed, and it is as it was."
_OVERWROTE = "Another clerk's change is gone: a later write covered it."
_LAGGED = "Nobody else was at work, and it gave up: its read lagged behind."

_BY_VERSION = (
    "Write only if `version` is still the one that you have read: a condition of the "
    "write, so that nobody comes in between."
)
_ONLY_REFUSED = (
    "Only a refused condition tells of somebody else. Let every other error out."
)
_BEFORE_THE_EDIT = (
    "The version is your business: note it before you call `edit`, and set it after."
)
_AFRESH = "Each attempt reads the page afresh, and gives that to `edit`."
_ADVICE = {
    _LOST: _BY_VERSION + " " + _AFRESH,
    _DOUBLE: _AFRESH,
    _VERSION: "Write `version` + 1, whatever the edit did: it is how others see that "
    "you were there.",
    _UNDONE: "After the last attempt: `raise GaveUp(…)`.",
    _ERROR: "A refused condition is no failure yet: try again, and after the last "
    "attempt raise `GaveUp`.",
    _THROTTLED: _ONLY_REFUSED,
}
_TRIED = (
    "two and three changes at once, another clerk in the way of some or all attempts, "
    "a throttled call, a read that lags"
)
_TOUR = TOUR["tour"]


def check(change: Callable) -> Verdict:
    """Whether no change is lost, and an answer tries as often as it may."""
    with fresh_cloud():
        program = Program(change)
        verdict = _undisturbed(program)
        if verdict is not None:
            return verdict
        verdict = verdict_on(_explorations(program), _ADVICE, tried=_TRIED)
        if not verdict.passed:
            return verdict
        return _with_rivals(program) or _lagging(program) or verdict


def _adding(notice: str) -> Callable[[dict], dict]:
    """An edit that makes a new page."""
    return lambda page: {
        "tour": page["tour"],
        "notices": [*page["notices"], notice],
        "gate": "B",
    }


def _adding_in_place(notice: str) -> Callable[[dict], dict]:
    """An edit that changes the page which it is given."""

    def edit(page: dict) -> dict:
        page["notices"].append(notice)
        return page

    return edit


def _anew(page: dict) -> dict:
    """An edit that drops an attribute and adds another one."""
    return {"tour": page["tour"], "notices": page["notices"], "meeting": "lobby"}


def _unversioned(page: dict) -> dict:
    """An edit that takes the version out of the page which it is given."""
    page.pop("version", None)
    page["gate"] = "D"
    return page


def _renumbered(page: dict) -> dict:
    """An edit with an idea of its own of what the version should be."""
    page["version"] = 40
    return page


def _broken(page: dict) -> dict:
    """An edit that cannot be made."""
    raise _Mistake("the page has no such gate")


class _Mistake(Exception):
    """What is wrong with an edit is nobody else's change."""


# --- nobody in the way ----------------------------------------------------------------


def _undisturbed(program: Program) -> Verdict | None:
    open_tables("pages")
    edits = (_adding("new gate"), _adding_in_place("cold"), _anew)
    for version, edit in enumerate(edits, start=2):
        before = item_of("pages", _TOUR)
        wanted = {**edit(copy.deepcopy(before)), "version": version}
        answer = plainly(program.start(), _TOUR, edit, 3)
        stored = item_of("pages", _TOUR)
        if stored == before:
            return failed(_UNCHANGED, look="Write what `edit` returns.")
        if stored.get("version") != version:
            return failed(_VERSION, look=_ADVICE[_VERSION])
        if stored != wanted:
            return failed(
                _UNLIKE, look="Store all of the item that `edit` returns, and no more."
            )
        if not isinstance(answer, Mapping) or dict(answer) != stored:
            return failed(_ANSWER, look="Return the item that you have put.")
    return _odd_edits(program) or _another_page(program)


def _odd_edits(program: Program) -> Verdict | None:
    for edit in (_unversioned, _renumbered):
        open_tables("pages")
        outcome = tried(program.start(), _TOUR, edit, 2)
        if not outcome.returned or item_of("pages", _TOUR).get("version") != 2:
            return failed(_TRUSTING, look=_BEFORE_THE_EDIT)
    open_tables("pages")
    outcome = tried(program.start(), _TOUR, _broken, 2)
    if not isinstance(outcome.error, _Mistake):
        return failed(_MISTAKE, look=_ONLY_REFUSED)
    return None


def _another_page(program: Program) -> Verdict | None:
    open_tables("pages")
    page = {"tour": "day-tour", "version": 7, "notices": [], "gate": "E"}
    table("pages").put_item(Item=page)
    plainly(program.start(), "day-tour", _adding("late"), 2)
    if item_of("pages", "day-tour").get("notices") != ["late"]:
        return failed(_ELSEWHERE, look="Which page it is, the argument `tour` tells.")
    return None


# --- every interleaving ---------------------------------------------------------------


def _explorations(program: Program) -> Iterator[Exploration]:
    yield _changes(program, 2)
    yield _changes(program, 3, preemptions=1)
    throttle = {"faults": ("throttle",), "crashes": 0, "losses": 1}
    yield _changes(program, 1, attempts=1, **throttle)


def _changes(program: Program, number: int, *, attempts: int = 3, **bounds: Any):
    notices = [f"notice {n + 1}" for n in range(number)]

    def handler(event: dict, context: Any) -> Any:
        page = program.start()(_TOUR, _adding(event["notice"]), attempts)
        return "the page" if page else page  # short enough for a picture

    events = [{"notice": notice} for notice in notices]
    kept = _kept(notices)
    bounds = {"max_receives": 1, "setup": _page, **bounds}
    return explored(handler, events, kept, **bounds)


def _page() -> None:
    open_tables("pages")


def _kept(notices: list[str]) -> Callable[[Run], str]:
    def no_update_is_lost(run: Run) -> str:
        """Each change that was reported as made is there once, and no other"""
        page = item_of("pages", _TOUR)
        made = [notices[e.delivery] for e in run.ended if e.outcome == "returned"]
        errors = [end.error for end in run.ended if end.outcome == "raised"]
        if run.faults and any(isinstance(error, GaveUp) for error in errors):
            return _THROTTLED
        if not run.faults and not all(isinstance(e, GaveUp) for e in errors):
            return _ERROR
        stored = page.get("notices", [])
        times = [stored.count(notice) for notice in made]
        if 0 in times:
            return _LOST if len(notices) > 1 else _UNDONE
        if any(count > 1 for count in times):
            return _DOUBLE
        return "" if page.get("version") == 1 + len(stored) else _VERSION

    return no_update_is_lost


# --- rivals who are in the way a given number of times --------------------------------


def _with_rivals(program: Program) -> Verdict | None:
    for attempts, rivals in ((2, 99), (3, 1), (3, 2), (1, 1), (3, 3), (5, 4)):
        verdict = _against(program, attempts, rivals)
        if verdict is not None:
            return verdict
    return _against(program, 3, 1, moved_the_gate)


def _against(
    program: Program,
    attempts: int,
    rivals: int,
    rival: Callable[[int], None] = another_clerk,
) -> Verdict | None:
    """The verdict where another clerk is in the way of the first `rivals` attempts."""
    open_tables("pages")
    came = 0
    with counted(attempts + 10) as writes:

        def edit(page: dict) -> dict:
            nonlocal came
            if came < rivals:
                came += 1
                writes.rival = True
                rival(came)
                writes.rival = False
            return _adding_in_place("mine")(page)

        with mock.patch.object(time, "sleep", lambda seconds: None):
            outcome = try_call(program.start(), _TOUR, edit, attempts)
    if outcome.hung:
        return failed(
            "It did not come back within 5 s, while somebody was in the way.",
            look="No attempt need wait for the next one here.",
        )
    if isinstance(outcome.error, Enough):
        return failed(
            "It tries on and on: while somebody is in the way, there is no end.",
            look=f"`attempts` is {attempts}: after so many, raise `GaveUp`.",
        )
    if not outcome.returned and not isinstance(outcome.error, GaveUp):
        theirs = verdict_on_error(outcome.error)
        raise Stopped(theirs) if theirs else outcome.error
    verdict = _as_often_as_it_may(outcome, writes.made, attempts, rivals)
    if verdict is None and not _theirs(rival, came):
        return failed(_OVERWROTE, look=_BY_VERSION)
    return verdict


def _theirs(rival: Callable[[int], None], came: int) -> bool:
    """Whether what the other clerk has done is still on the page."""
    page = item_of("pages", _TOUR)
    if rival is moved_the_gate:
        return page.get("gate") == f"C{came}"
    notices = page.get("notices", [])
    return all(f"rival {number}" in notices for number in range(1, came + 1))


def _as_often_as_it_may(
    outcome: Outcome, made: int, attempts: int, rivals: int
) -> Verdict | None:
    mine = item_of("pages", _TOUR).get("notices", []).count("mine")
    often = "each time" if rivals >= attempts else _times(rivals)
    of = f"`attempts` is {attempts}, and another clerk was in the way {often}"
    if made > attempts:
        return failed(
            f"It made {made} attempts: {of}.", look="The first try is an attempt, too."
        )
    if outcome.returned:
        return None if mine == 1 else failed(_UNDONE, look=_ADVICE[_UNDONE])
    if mine:
        return failed(_DONE, look="Return as soon as a write has gone through.")
    if made < attempts:
        first = f"{made} attempt{'' if made == 1 else 's'} of {attempts}"
        return failed(
            f"It gave up after {first}: another clerk was in the way {often}.",
            look="Try again, until `attempts` are used up.",
        )
    if rivals < attempts:
        return failed(
            f"It gave up, and nobody was in the way any more: {of}.", look=_AFRESH
        )
    return None


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


# --- reads that lag -------------------------------------------------------------------


def _lagging(program: Program) -> Verdict | None:
    for seed in range(4):
        open_tables("pages")
        with lag.stale(replica_s=60, seed=seed):
            another_clerk()
            outcome = try_call(program.start(), _TOUR, _adding("mine"), 1)
        if not outcome.returned:
            return failed(_LAGGED, look="Read with `ConsistentRead=True`.")
    return None
