"""Reserve a seat for an order, or reject it. Side effect: one transaction.

The event and the stock of seats change together, so a delivery that comes again finds
the event and leaves the stock alone.
"""

import time
from functools import partial

from workbook.shop import log, stock
from workbook.shop.core import Command
from workbook.shop.wire import each_record, from_bus, table

__all__ = ["handler", "on_queue"]


def handler(envelope, context):
    """OrderPlaced -> SeatReserved, or OrderRejected when the tour is sold out."""
    seats, order_id = table("STOCK"), from_bus(envelope).order_id
    order = log.react(
        table("EVENTS"),
        Command("ReserveSeat", order_id, time.time()),
        seats_free=partial(stock.free, seats, stock.tour_of(order_id)),
        with_it=partial(stock.change, seats),
    )
    return {"status": order.status}


on_queue = each_record(handler)
