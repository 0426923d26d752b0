"""The functions of `template.yaml`, as small as what they show allows."""


def fail(event, context):
    """Always raise, as a bug would."""
    raise ValueError("there is no seat")


def work(event, context):
    """Return what came in."""
    return {"worked": event}


def pick(event, context):
    """Name the records that say "bad" as failed, and only those."""
    bad = [r["messageId"] for r in event["Records"] if r["body"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in bad]}


def lie(event, context):
    """Name a record as failed that is not in the batch."""
    return {"batchItemFailures": [{"itemIdentifier": "nobody"}]}
