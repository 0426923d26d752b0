"""Take the money for a seat that is reserved. Side effect: the provider's charge.

What came of it is returned, and Lambda sends that on to whoever writes it down: a crash
after the charge is a retry, and the retry gets the first charge's answer, since both
carry the order's id as their idempotency key.
"""

from workbook.shop import log, till
from workbook.shop.wire import from_bus, table

__all__ = ["handler"]


def handler(envelope, context):
    """SeatReserved -> the command RecordPayment, with the provider's answer."""
    order_id = from_bus(envelope).order_id
    placed = log.read(table("EVENTS"), order_id)[0].details
    answer = till.charge(
        table("TILL"),
        key=order_id,
        card=placed["card"],
        amount_yen=placed["price_yen"],
    )
    return {"kind": "RecordPayment", "order_id": order_id, "details": answer}
