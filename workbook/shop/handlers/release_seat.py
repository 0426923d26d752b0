"""Give back the seat of an order that was not paid. Side effect: one transaction."""

import time
from functools import partial

from workbook.shop import log, stock
from workbook.shop.core import Command
from workbook.shop.wire import each_record, from_bus, table

__all__ = ["handler", "on_queue"]


def handler(envelope, context):
    """PaymentFailed -> SeatReleased."""
    order = log.react(
        table("EVENTS"),
        Command("ReleaseSeat", from_bus(envelope).order_id, time.time()),
        with_it=partial(stock.change, table("STOCK")),
    )
    return {"status": order.status}


on_queue = each_record(handler)
