"""Exercise 4: which workloads suit functions, and by which criterion."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.learn import Verdict, call, failed, passed

__all__ = ["CRITERIA", "WORKLOADS", "check"]

# From the CNCF serverless whitepaper v1.0 (github.com/cncf/wg-serverless), which names
# the third and the fourth together.
CRITERIA: Mapping[str, str] = {
    "parallel": "it falls into independent pieces that can run side by side",
    "sporadic": "its demand is rare, or swings widely and unforeseeably",
    "stateless": "nothing needs to be kept in memory between two events",
    "bears a cold start": "nobody minds if an answer takes a second longer at times",
    "changing": "the business changes so fast that speed of development counts",
}


@dataclass(frozen=True)
class _Workload:
    """What is known of a workload, and what is true of it by criterion."""

    story: str
    fits: bool
    decisive: frozenset[str]  # one of these has to be named
    defensible: frozenset[str]  # these may be named too
    against: Mapping[str, str]  # why another criterion does not decide


def _set(*names: str) -> frozenset[str]:
    return frozenset(names)


WORKLOADS: Mapping[str, _Workload] = {
    "thumbnails": _Workload(
        "Visitors upload photos, thousands in the week of the festival and hardly any "
        "in summer. Of each a small picture is made, which may take a minute.",
        True,
        _set("parallel", "sporadic"),
        _set("stateless", "bears a cold start"),
        {"changing": "how to shrink a photo has not changed for years"},
    ),
    "payment news": _Workload(
        "A payment provider calls an address of the shop whenever a payment changes, "
        "five times an hour, and calls again if nobody answers.",
        True,
        _set("sporadic"),
        _set("stateless", "parallel", "bears a cold start"),
        {"changing": "the provider fixes what the call looks like"},
    ),
    "snowball game": _Workload(
        "Visitors play against each other for ten minutes; where everybody stands is "
        "kept in memory and changes sixty times a second.",
        False,
        _set("stateless"),
        _set("bears a cold start", "parallel"),
        {
            "sporadic": "people play only during the festival, which speaks for it",
            "changing": "nothing is said of changes",
        },
    ),
    "search": _Workload(
        "A search over all hotels of Hokkaido, two thousand requests a second, day and "
        "night, for years. Half a second more or less is no matter.",
        False,
        _set("sporadic"),
        _set("changing"),
        {
            "parallel": "every search stands alone, which speaks for it",
            "stateless": "a search needs nothing of the one before",
            "bears a cold start": "half a second more is no matter",
        },
    ),
    "year's accounts": _Workload(
        "Once a year a program adds up all sales. It takes seven hours, and each step "
        "needs the result of the one before.",
        False,
        _set("parallel"),
        _set("stateless"),
        {
            "sporadic": "once a year is as rare as can be, which speaks for it",
            "bears a cold start": "a second is nothing to seven hours",
            "changing": "nothing is said of changes",
        },
    ),
    "gate": _Workload(
        "A gate reads a ticket and has to open within a tenth of a second. Now and "
        "then a visitor comes.",
        False,
        _set("bears a cold start"),
        _set(),
        {
            "sporadic": "a visitor now and then is sporadic, which speaks for it",
            "parallel": "every ticket stands alone, which speaks for it",
            "stateless": "a ticket can be looked up; nothing is kept in memory",
            "changing": "nothing is said of changes",
        },
    ),
}


def check(judge: Callable[..., Any]) -> Verdict:
    """Whether each workload is judged right, and for a reason that decides."""
    found = call(judge)
    if not isinstance(found, Mapping):
        kind = "nothing" if found is None else f"a {type(found).__name__}"
        return failed(f"It answers {kind}, not a dict of workloads.")
    for name, workload in WORKLOADS.items():
        verdict = _one(name, workload, found.get(name))
        if verdict is not None:
            return verdict
    return passed(f"judged: {len(WORKLOADS)} workloads, each by what decides")


def _one(name: str, workload: _Workload, found: Any) -> Verdict | None:
    if found is None:
        return failed(f"“{name}” is not judged.")
    parts = _parts(found)
    if parts is None:
        return failed(
            f"“{name}” is judged {found!r}; wanted is a pair such as "
            "(True, [“parallel”]).".replace("“parallel”", '"parallel"')
        )
    fits, reasons = parts
    return _reasoned(name, workload, fits, reasons)


def _parts(found: Any) -> tuple[bool, set[str]] | None:
    """The verdict and the reasons, or None if they are not there."""
    if not isinstance(found, tuple | list) or len(found) != 2:
        return None
    fits, reasons = found
    reasons = [reasons] if isinstance(reasons, str) else reasons
    if not isinstance(fits, bool) or not isinstance(
        reasons, list | tuple | set | frozenset
    ):
        return None
    return (fits, set(reasons)) if all(isinstance(r, str) for r in reasons) else None


def _reasoned(name: str, workload: _Workload, fits: bool, reasons: set[str]):
    unknown = sorted(reasons - set(CRITERIA))
    if unknown:
        known = ", ".join(CRITERIA)
        return failed(f"“{name}”: {unknown[0]!r} is no criterion. There are: {known}.")
    if fits != workload.fits:
        said = "suits functions" if fits else "does not suit functions"
        return failed(
            f"“{name}” {said}, you say; it is the other way round.",
            look=workload.story,
        )
    for reason in sorted(reasons - workload.decisive - workload.defensible):
        stands = "speaks for it" if fits else "is what fails"
        return failed(
            f"“{name}”: that “{reason}” {stands} is not so: {workload.against[reason]}."
        )
    if not reasons & workload.decisive:
        return failed(
            f"“{name}” is judged rightly, without the reason that decides.",
            look=workload.story,
        )
    return None
