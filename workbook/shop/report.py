"""What sales asks for: tickets and money, by day. Synthetic orders are not in it.

The log of events is the source; a copy in SQL (chapter 11) would leave them out in the
same place, where a row is made. Introduced in chapter 13.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from workbook.patterns.canary import is_synthetic
from workbook.shop.core import Event

__all__ = ["sales"]


def sales(events: Iterable[Event]) -> dict[str, dict[str, int]]:
    """Tickets issued and yen captured, by the day (UTC) on which it happened."""
    real = [event for event in events if not is_synthetic(event.order_id)]
    prices = {e.order_id: e.details.get("price_yen", 0) for e in real if e.number == 1}
    tickets, yen = Counter(), Counter()
    for event in real:
        day = dt.datetime.fromtimestamp(event.at, dt.UTC).date().isoformat()
        tickets[day] += event.kind == "TicketIssued"
        if event.kind == "PaymentCaptured":
            yen[day] += prices.get(event.order_id, 0)
    days = sorted(day for day in tickets if tickets[day] or yen[day])
    return {day: {"tickets": tickets[day], "yen": yen[day]} for day in days}
