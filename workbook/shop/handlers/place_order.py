"""Take an order. Side effect: its first event.

The buyer's browser makes up the order's id, so that pressing the button again, or a
retry of the browser, is the same order. A synthetic order costs nothing, and gets a
ticket for a tour that never leaves.
"""

import json
import os
import time

from workbook.patterns.canary import is_synthetic
from workbook.shop import log
from workbook.shop.core import Command
from workbook.shop.wire import table

__all__ = ["handler"]

_WANTED = ("order_id", "buyer", "card")


def handler(event, context):
    """Answer a request of API Gateway (payload 2.0): 202 when the order is taken."""
    try:
        asked = json.loads(event["body"])
        details = {name: asked[name] for name in _WANTED}
    except (KeyError, TypeError, ValueError):
        return _answer(400, error=f"send JSON with {', '.join(_WANTED)}")
    order_id = details.pop("order_id")
    details["price_yen"] = 0 if is_synthetic(order_id) else int(os.environ["PRICE_YEN"])
    command = Command("PlaceOrder", order_id, time.time(), details)
    log.react(table("EVENTS"), command)
    return _answer(202, order_id=order_id)


def _answer(status, **body):
    return {"statusCode": status, "body": json.dumps(body)}
