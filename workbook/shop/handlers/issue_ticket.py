"""Issue the ticket of an order that was paid. Side effect: the event."""

import time

from workbook.shop import log
from workbook.shop.core import Command
from workbook.shop.wire import each_record, from_bus, table

__all__ = ["handler", "on_queue"]


def handler(envelope, context):
    """PaymentCaptured -> TicketIssued."""
    order_id = from_bus(envelope).order_id
    order = log.react(table("EVENTS"), Command("IssueTicket", order_id, time.time()))
    return {"status": order.status}


on_queue = each_record(handler)
