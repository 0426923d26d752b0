"""Cold starts: who meets one, under which routing, and what theory says."""

from workbook.sim.coldstart.results import ColdStarts, Environments
from workbook.sim.coldstart.routing import POLICIES
from workbook.sim.coldstart.simulate import (
    environments,
    one_queued,
    one_shared,
    scale_per_request,
)
from workbook.sim.coldstart.theory import (
    Steady,
    most_recent_first,
    one_queued_cold_share,
    one_shared_cold_share,
)

__all__ = [
    "POLICIES",
    "ColdStarts",
    "Environments",
    "Steady",
    "environments",
    "most_recent_first",
    "one_queued",
    "one_queued_cold_share",
    "one_shared",
    "one_shared_cold_share",
    "scale_per_request",
]
