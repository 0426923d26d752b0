"""Explore a client of a push channel: every drop, loss, repeat and order of arrival.

    found = explore_pushes(make, events=3, drops=1)
    found.holds, found.schedules, found.counterexample

Introduced in chapter 06.
"""

from workbook.explore.pushes.found import PushesExplored, explore_pushes
from workbook.explore.pushes.schedules import push_schedules
from workbook.explore.pushes.world import Pushed, PushRun, run_pushes

__all__ = [
    "PushRun",
    "Pushed",
    "PushesExplored",
    "explore_pushes",
    "push_schedules",
    "run_pushes",
]
