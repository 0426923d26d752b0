"""The storm's own books: what happened to whom, and the numbers for the dashboard."""

from collections import defaultdict
from typing import Any

from workbook.storm.design import ENDS, TICKET
from workbook.storm.result import Line, Sample, Told
from workbook.storm.weather import Weather

__all__ = ["Books"]


class Books:
    """Written by the machine while a storm passes; no design sees anything of it."""

    def __init__(self, weather: Weather) -> None:
        self.buyers = {buyer.order_id: buyer for buyer in weather.crowd()}
        self.told: list[Told] = []
        self.samples: list[Sample] = []
        self.lines: defaultdict[str, list[Line]] = defaultdict(list)
        self.errors = 0
        self._with_ticket: set[str] = set()
        self._ended: set[str] = set()
        self._open = iter(self.buyers.values())
        self._oldest = next(self._open, None)

    def write(
        self, order_id: str, at_s: float, kind: str, queue: str = "", **more: Any
    ) -> None:
        """A line of an order's story."""
        self.lines[order_id].append(Line(at_s, kind, queue, **more))

    def tell(self, at_s: float, message: Any) -> None:
        """A message reaches a buyer; one without an order or news reaches nobody."""
        try:
            order_id, news = str(message["order_id"]), str(message["news"])
        except (KeyError, TypeError):
            raise ValueError("buyers are told by an order_id and news") from None
        self.told.append(Told(at_s, order_id, news))
        if news in ENDS:
            self._ended.add(order_id)
        if news == TICKET:
            self._with_ticket.add(order_id)

    def sample(
        self, at_s: float, waiting: dict[str, int], charges: int, dead: int
    ) -> Sample:
        """The numbers of this moment, kept for the result."""
        sample = Sample(
            at_s,
            waiting,
            len(self._with_ticket),
            len(self._ended),
            charges,
            self.errors,
            dead,
            self._oldest_s(at_s),
        )
        self.samples.append(sample)
        return sample

    def _oldest_s(self, at_s: float) -> float:
        """How long the oldest order without an end has been waiting."""
        while self._oldest is not None and self._oldest.order_id in self._ended:
            self._oldest = next(self._open, None)
        if self._oldest is None:
            return 0.0
        return max(0.0, at_s - self._oldest.clicked_s)
