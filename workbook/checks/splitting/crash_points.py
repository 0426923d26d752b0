"""Exercise 1: name every crash that takes money and leaves no ticket."""

import re
from collections.abc import Callable
from typing import Any

from workbook.checks.splitting.office import ORDER, counts, open_office, sell
from workbook.checks.world import fresh_cloud
from workbook.explore import explore
from workbook.explore.result import Exploration, Summary
from workbook.learn import Verdict, call, failed, inconclusive, passed

__all__ = ["check"]

_FORM = re.compile(r"(before|after) [1-4]")


def check(crash_points: Callable[[], Any]) -> Verdict:
    """Whether the named crash points are those, and all of those, without a ticket."""
    answer = call(crash_points)
    wrong = _misread(answer)
    if wrong:
        return wrong
    with fresh_cloud():
        found = explore(
            sell, ORDER, setup=open_office, invariant=paid_has_ticket,
            deliveries=1, max_receives=1, faults=("crash",), prune=False,
            progress=False,
        )  # fmt: skip
        return _compared(set(answer), found)


def paid_has_ticket() -> bool | str:
    """Who has paid has a ticket"""
    books = counts()
    return not (books["charges"] > books["tickets"]) or "paid, and no ticket"


def _misread(answer: Any) -> Verdict | None:
    if isinstance(answer, str) or not isinstance(
        answer, list | tuple | set | frozenset
    ):
        return failed(
            "It returned no list of crash points.",
            look='Return a list or a set of texts, such as ["before 1", "after 4"].',
        )
    if not answer:
        return failed(
            "The list is empty, and there are such crashes.",
            look="Go through `sell` line by line: it dies here; is money taken?",
        )
    odd = [one for one in answer if not _FORM.fullmatch(str(one))]
    if odd:
        return failed(
            f"{odd[0]!r:.40} is not a crash point.",
            look='A crash point is "before 2" or "after 2", with a call from 1 to 4.',
        )
    return None


def _compared(named: set[str], found: Exploration) -> Verdict:
    struck = {_point(one): one for one in found.summaries if one.faults}
    if len(struck) < 8:
        return inconclusive("The explorer did not reach all eight crash points.")
    guilty = {point for point, one in struck.items() if one.outcome}
    for point in sorted(named - guilty):
        return failed(
            f"“{point}” is on your list, and does no such harm.",
            found.replay(struck[point].id).picture,
            look=_innocent(point, guilty),
        )
    missing = sorted(guilty - named)
    if missing:
        word = "point is" if len(missing) == 1 else "points are"
        return failed(
            f"{len(missing)} more crash {word} missing from your list.",
            found.replay(struck[missing[0]].id).picture,
            look="A crash before a call leaves the same behind as one after the call "
            "in front of it.",
        )
    return passed("The explorer found the same four, of eight.")


def _point(one: Summary) -> str:
    """ "crash before call 2" as "before 2"."""
    _, when, _, number = one.fault_at.split()
    return f"{when} {number}"


def _innocent(point: str, guilty: set[str]) -> str:
    when, number = point.split()
    if (int(number), when == "after") < (2, True):
        return "No money has been taken yet at that point."
    return "The ticket is written by then."
