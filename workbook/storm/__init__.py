"""The flash sale: a storm of buyers and faults, designs that stand it or do not.

    result = run(OURS, TWENTIETH)
    audit(result)              # the invariants, each broken one with an order
    story(result, "order-7")   # what happened to it, call by call
    scores([result])           # correctness, then delay, then cost

Introduced in chapter 14.
"""

from workbook.storm.audit import INVARIANTS, Audit, Breach, audit
from workbook.storm.dashboard import Dashboard, at_the_end
from workbook.storm.design import (
    DECLINED,
    PRICE_YEN,
    SOLD_OUT,
    TICKET,
    Design,
    Shop,
    Stage,
    open_tables,
)
from workbook.storm.designs import NAIVE, OURS
from workbook.storm.machine import run
from workbook.storm.result import Result
from workbook.storm.scores import rank, scores, sold
from workbook.storm.smallest import explore_smallest
from workbook.storm.story import story
from workbook.storm.weather import CALM, FULL, TWENTIETH, Weather

__all__ = [
    "CALM",
    "DECLINED",
    "FULL",
    "INVARIANTS",
    "NAIVE",
    "OURS",
    "PRICE_YEN",
    "SOLD_OUT",
    "TWENTIETH",
    "TICKET",
    "Audit",
    "Breach",
    "Dashboard",
    "Design",
    "Result",
    "Shop",
    "Stage",
    "Weather",
    "at_the_end",
    "audit",
    "explore_smallest",
    "open_tables",
    "rank",
    "run",
    "scores",
    "sold",
    "story",
]
