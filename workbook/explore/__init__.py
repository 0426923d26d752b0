"""The failure explorer: every crash, every duplicate, every interleaving, or a picture.

    result = explore(handler, event, setup=fresh_tables, invariant=one_charge)
    result.holds, result.schedules, result.counterexample

Introduced in chapter 00; chapter 09 shows what its bounds mean.
"""

from workbook.explore.explorer import explore, replay
from workbook.explore.judge import Records
from workbook.explore.result import Exploration
from workbook.explore.run import Run

__all__ = ["Exploration", "Records", "Run", "explore", "replay"]
