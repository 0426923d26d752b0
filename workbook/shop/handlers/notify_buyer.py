"""Tell the buyer how it ended. Side effect: a message to the topic.

A retry tells them twice. Each message carries an id, by which a screen or a mail
program can drop the second.
"""

import json
import os

from workbook.shop.wire import client, from_bus

__all__ = ["handler"]


def handler(envelope, context):
    """TicketIssued, OrderRejected or SeatReleased -> the command RecordNotice."""
    event = from_bus(envelope)
    notice = {
        "order_id": event.order_id,
        "news": event.kind,
        "id": f"{event.order_id}/{event.kind}",
    }
    client("sns").publish(TopicArn=os.environ["NOTICES"], Message=json.dumps(notice))
    details = {"news": event.kind}
    return {"kind": "RecordNotice", "order_id": event.order_id, "details": details}
