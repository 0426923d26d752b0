"""Designs side by side: correctness first, then delay, then cost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbook.figures import Picture, curves
from workbook.storm.audit import audit
from workbook.storm.result import Result

if TYPE_CHECKING:
    import pandas

__all__ = ["rank", "scores", "sold"]


def rank(result: Result) -> tuple[int, float, float]:
    """What a design is ranked by: broken invariants, p99 in s, USD. Less is better.

    Nobody gains by an order that never ends: a delay without any end counts as endless.
    """
    p99_s = round(result.p99_s, 1) if result.delays_s.size else float("inf")
    return audit(result).broken, p99_s, round(result.total_usd, 6)


def scores(results: Sequence[Result]) -> "pandas.DataFrame":
    """A row a design, the best one first."""
    import pandas

    ordered = sorted(results, key=rank)
    return pandas.DataFrame(
        {
            "invariants broken": [audit(one).broken for one in ordered],
            "median, s": [round(one.median_s, 2) for one in ordered],
            "p99, s": [round(one.p99_s, 1) for one in ordered],
            "USD a 1,000 orders": [
                round(1000 * one.total_usd / len(one.buyers), 4) for one in ordered
            ],
            "tickets": [one.tickets for one in ordered],
            "charges": [one.captured for one in ordered],
            "failed attempts": [one.errors for one in ordered],
        },
        index=[one.design for one in ordered],
    )


def sold(results: Sequence[Result], *, until_s: float = 120.0, title: str) -> Picture:
    """Tickets over time for each design, beside the seats that there are."""
    seats = results[0].weather.seats
    length = max(len([s for s in one.samples if s.at_s <= until_s]) for one in results)
    times = [2.0 * number for number in range(length)]
    lines = {one.design: _tickets(one, length) for one in results}
    kinds = {
        one.design: "fault" if one.tickets > seats else "healthy" for one in results
    }
    return curves(
        times,
        {**lines, "seats": [seats] * length},
        kinds={**kinds, "seats": "context"},
        title=title,
        x_label="time since the opening, s",
        y_label="orders with a ticket",
    )


def _tickets(result: Result, length: int) -> list[int]:
    told = [sample.tickets for sample in result.samples][:length]
    return told + [result.tickets] * (length - len(told))
