"""Handlers that the sample's functions name; they note what they were called with."""

import os

CALLS = []


class TooEarly(Exception):
    """Come back later."""


def worker(event, context):
    bodies = [record["body"] for record in event["Records"]]
    CALLS.append(("worker", bodies, os.environ["OWN"], os.environ["COMMON"]))
    failed = [r["messageId"] for r in event["Records"] if r["body"] == "poison"]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}


def reader(event, context):
    images = [record["dynamodb"]["NewImage"] for record in event["Records"]]
    CALLS.append(("reader", images))


def caught(event, context):
    CALLS.append(("caught", event))
    fails = event.get("fails", event.get("detail", {}).get("fails", 0))
    if sum(call[0] == "caught" for call in CALLS) <= fails:
        raise TooEarly("not yet")
    return {"done": event.get("detail-type", "directly")}
