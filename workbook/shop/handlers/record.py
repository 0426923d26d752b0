"""Write down what another function did elsewhere. Side effect: the event."""

import time

from workbook.shop import log
from workbook.shop.core import Command
from workbook.shop.wire import each_record, table

__all__ = ["handler", "on_queue"]


def handler(sent_on, context):
    """The command that a function returned -> its event."""
    asked = sent_on["responsePayload"]
    command = Command(asked["kind"], asked["order_id"], time.time(), asked["details"])
    order = log.react(table("EVENTS"), command)
    return {"status": order.status}


on_queue = each_record(handler)
