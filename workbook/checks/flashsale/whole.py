"""Exercise 3: a whole design, in a storm and in every schedule of the smallest sale."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from workbook.checks.flashsale.scene import explored, fresh
from workbook.learn import Verdict, call, failed, passed
from workbook.storm import (
    FULL,
    NAIVE,
    OURS,
    Breach,
    Design,
    Result,
    audit,
    run,
    scores,
    sold,
    story,
)

__all__ = ["LIMIT_S", "STORM", "check", "compare"]

# A storm of a check: as the chapter's, and smaller.
STORM = replace(
    FULL, buyers=200, seats=40, patience_s=8.0, outage_s=(1.0, 61.0), poison=2
)
LIMIT_S = 100.0  # for p99: the outage, and a little
_COSTLY = 2.0  # times our bill
_SALES: dict[str, dict[str, Any]] = {
    "two buyers": {},
    "a duplicate": {"orders": ("order-1", "order-1")},
    "a duplicate, and a seat that comes back": {
        "orders": ("order-1", "order-2", "order-2"),
        "bad_cards": ("order-1",),
        "faults": (),
    },
}
_REASONS = {
    "No seat is sold twice": "more tickets than seats",
    "Nobody is charged twice": "somebody is charged twice",
    "No charge without a ticket or a refund": "somebody is charged for nothing",
    "No ticket without a charge": "somebody has a ticket for nothing",
    "Every order ends": "an order has no end",
    "Nobody is told two things": "somebody is told two things",
    "Nobody is turned away for nothing": "somebody is turned away for nothing",
    "Poison ends in a dead-letter queue": "poison has disappeared",
}
# The plainest cause first: a design that gives up breaks others as well.
_FIRST = ("Every order ends", *_REASONS)


def check(my_design: Callable[[], Design]) -> Verdict:
    """Whether the design holds, and how it compares."""
    design = call(my_design)
    if not isinstance(design, Design):
        return failed(
            f"`my_design()` gives {type(design).__name__}, not a Design.",
            look='`return Design("mine", {"orders": Stage(reserve), …})`.',
        )
    mine = run(replace(design, name="yours"), STORM)
    return (
        _broken(mine)
        or _slow(mine)
        or _dear(mine)
        or _other_weather(design)
        or _smallest(design)
        or passed(_in_words(mine), picture=_picture(mine))
    )


def compare(my_design: Callable[[], Design]) -> Any:
    """Your design beside ours and the naive one, in the storm of the check."""
    try:
        mine = my_design()
    except NotImplementedError:
        return "Your design is not there yet."
    if not isinstance(mine, Design):
        return "my_design() must return a Design."
    return scores([run(replace(mine, name="yours"), STORM), *_others()])


@cache
def _others() -> tuple[Result, Result]:
    return run(OURS, STORM), run(NAIVE, STORM)


def _broken(result: Result) -> Verdict | None:
    breaches = {breach.claim: breach for breach in audit(result).breaches}
    if not breaches:
        return None
    breach = next(breaches[claim] for claim in _FIRST if claim in breaches)
    number = len(breaches)
    return failed(
        f"In the storm {_REASONS[breach.claim]}: {breach}. "
        f"{number} of 8 invariants broken.",
        _story(result, breach),
        look=_advice(result, breach),
    )


def _story(result: Result, breach: Breach) -> Any:
    known = breach.order_id in result.lines
    return story(result, breach.order_id) if known else None


def _advice(result: Result, breach: Breach) -> str:
    if result.stuck:
        return "Let no loop be without an end, and wait for nobody."
    if breach.claim == "Every order ends" and breach.order_id in result.dead:
        return (
            "Its attempts were used up: the picture shows why each failed. If it is "
            "the outage, visibility timeout × (receives − 1) must be longer than it, "
            "or somebody redrives after it."
        )
    return "The picture is the order's story: where did it leave the right way?"


def _slow(result: Result) -> Verdict | None:
    if result.p99_s <= LIMIT_S:
        return None
    return failed(
        f"Every invariant holds, and it is slow: p99 is {result.p99_s:.0f} s, and the "
        f"limit is {LIMIT_S:.0f} s.",
        look="Who waits for whom? Look at the visibility timeout, at concurrency, and "
        "at when dead letters are redriven.",
    )


def _dear(result: Result) -> Verdict | None:
    ours, _ = _others()
    times = result.total_usd / ours.total_usd
    if times <= _COSTLY:
        return None
    return failed(
        f"Every invariant holds, and it costs {math.floor(times * 10) / 10:g} times as "
        "much as ours.",
        look="Which calls does an order make, and which are made again in vain?",
    )


def _other_weather(design: Design) -> Verdict | None:
    """The same storm from another seed, and with more crashes."""
    rougher = replace(STORM, seed=11, crashed=0.02, lost=0.02, duplicated=0.05)
    shorter = replace(rougher, buyers=120, outage_s=(1.0, 31.0))
    return _broken(run(replace(design, name="yours"), shorter))


def _smallest(design: Design) -> Verdict | None:
    stages = {
        name: replace(stage, handler=fresh(stage.handler))
        for name, stage in design.stages.items()
    }
    found = explored(replace(design, stages=stages), _SALES, {})
    if not isinstance(found, Verdict):
        return None
    return failed(
        f"The storm is over and all is well, but not in the smallest sale: "
        f"{found.reason}",
        found.picture,
        look="One seat, and two buyers: the picture shows the shortest way to it.",
    )


def _in_words(mine: Result) -> str:
    ours, naive = _others()
    return (
        "All eight invariants hold: in two storms, and in every schedule of the "
        f"smallest sale. p99 {mine.p99_s:.0f} s (ours {ours.p99_s:.0f}, naive "
        f"{naive.p99_s:.0f}), {_per_thousand(mine)} a 1,000 orders (ours "
        f"{_per_thousand(ours)}, naive {_per_thousand(naive)})."
    )


def _per_thousand(result: Result) -> str:
    return f"${1000 * result.total_usd / len(result.buyers):.4f}"


def _picture(mine: Result) -> Any:
    _, naive = _others()
    return sold(
        [naive, mine],
        title=f"Yours sells {mine.tickets} of {mine.weather.seats} seats, the naive "
        f"design {naive.tickets}",
    )
