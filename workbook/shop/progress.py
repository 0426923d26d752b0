"""Tell whoever looks how far an order is. Side effect: a push to the order's channel.

The push is a hint, and may be lost or come twice: the log of events is the truth, and
the screen catches up from there. So this function gives up early, rather than hold up
the pushes behind a bad one (`MaximumRetryAttempts` in progress.yaml).
"""

import os
from functools import cache
from pathlib import Path

from workbook.patterns.appsync_events import EventApi
from workbook.patterns.idempotency import plain_item

__all__ = ["TEMPLATE", "event_api", "handler"]

TEMPLATE = Path(__file__).with_name("progress.yaml")


def handler(event, context):
    """New items of the log of events, from its stream -> a push each."""
    for record in event["Records"]:
        item = plain_item(record["dynamodb"]["NewImage"])
        push = {"number": int(item["number"]), "news": item["kind"]}
        event_api().publish(f"orders/{item['order_id']}", push)


@cache
def event_api() -> EventApi:
    """The API that the environment names; AWS_ENDPOINT_URL is for an emulator."""
    return EventApi(
        http_host=os.environ["PUSH_HOST"],
        realtime_host="",  # it only publishes
        key=os.environ["PUSH_KEY"],
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL", ""),
    )
