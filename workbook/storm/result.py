"""What a storm leaves: who was told what, what the bank took, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np

from workbook.storm.design import ENDS, TICKET
from workbook.storm.weather import Buyer, Weather

__all__ = ["Line", "Result", "Sample", "Told"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order's story, `at_s` seconds after the opening.

    `kind` is "sent", "delivered", "call", "done", "failed", "crashed", "timed out",
    "dead" or "redriven"; `run` numbers the invocation, and `fate` says what became of a
    call.
    """

    at_s: float
    kind: str
    queue: str = ""
    run: int = 0
    attempt: int = 0
    text: str = ""
    target: str = ""
    fate: str = "ok"


@dataclass(frozen=True, slots=True)
class Told:
    """A buyer was told something."""

    at_s: float
    order_id: str
    news: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The dashboard's numbers at a moment. `oldest_s` is the oldest order's wait."""

    at_s: float
    waiting: Mapping[str, int]
    tickets: int
    ended: int
    charges: int
    errors: int
    dead: int
    oldest_s: float


@dataclass(frozen=True, repr=False)
class Result:
    """A storm that is over.

    `charges_yen` has for each order what the bank took and kept, an amount a charge.
    `dead` are the names of the messages that lie in dead-letter queues. `usd` is what
    it would have cost, by service. `stuck` says how a handler hung, if one did.
    """

    design: str
    weather: Weather
    buyers: Mapping[str, Buyer]
    told: tuple[Told, ...]
    charges_yen: Mapping[str, list[int]]
    dead: tuple[str, ...]
    samples: tuple[Sample, ...]
    usd: Mapping[str, Decimal]
    calls: int
    invocations: int
    errors: int
    ended_s: float
    stuck: str = ""
    lines: Mapping[str, list[Line]] = field(default_factory=dict)

    @cached_property
    def news(self) -> dict[str, list[str]]:
        """What each order's buyer was told: different things, in order."""
        heard: dict[str, list[str]] = {}
        for one in self.told:
            if one.news not in heard.setdefault(one.order_id, []):
                heard[one.order_id].append(one.news)
        return heard

    @property
    def tickets(self) -> int:
        """How many orders were promised a seat."""
        return sum(TICKET in heard for heard in self.news.values())

    @property
    def captured(self) -> int:
        """How many charges the bank made and kept."""
        return sum(map(len, self.charges_yen.values()))

    @cached_property
    def delays_s(self) -> np.ndarray:
        """From the first click to the first end that the buyer heard of, an order."""
        first: dict[str, float] = {}
        for one in self.told:
            if one.order_id in self.buyers and one.news in ENDS:
                first.setdefault(one.order_id, one.at_s)
        return np.array([at - self.buyers[o].clicked_s for o, at in first.items()])

    @property
    def p99_s(self) -> float:
        """The delay that 99 % of the orders that ended stay below; NaN without any."""
        return float(np.percentile(self.delays_s, 99)) if self.delays_s.size else np.nan

    @property
    def median_s(self) -> float:
        """The delay that half of the orders that ended stay below; NaN without any."""
        return float(np.median(self.delays_s)) if self.delays_s.size else np.nan

    @property
    def total_usd(self) -> float:
        """The whole bill."""
        return float(sum(self.usd.values()))

    def __repr__(self) -> str:
        return (
            f"{self.design}: {self.tickets:,} tickets, {self.weather.seats:,} seats, "
            f"{self.captured:,} charges, p99 {self.p99_s:.1f} s, "
            f"${self.total_usd:.4f}"
        )
