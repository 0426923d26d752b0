"""Ask for a payment again when its retries are used up. Side effect: the event again.

Lambda tries an asynchronous call three times, within a few minutes; a provider can be
away for longer. The queue in front of this function waits, then the same event goes to
the bus once more: `tries` says how often. Who has waited for a day goes to the
dead-letter queue, and so to a person.
"""

import json
import os

from workbook.shop.wire import SOURCE, client, each_record

__all__ = ["MOST_TRIES", "TooOften", "handler", "on_queue"]

MOST_TRIES = 100


class TooOften(Exception):
    """The provider never answered: a person has to look."""


def handler(sent_on, context):
    """A failed call's record, as its OnFailure destination got it -> the bus."""
    envelope = sent_on["requestPayload"]
    tries = envelope["detail"].get("tries", 1) + 1
    if tries > MOST_TRIES:
        raise TooOften(f"{envelope['detail']['order_id']} after {MOST_TRIES} tries")
    again = {
        "EventBusName": os.environ["BUS"],
        "Source": SOURCE,
        "DetailType": envelope["detail-type"],
        "Detail": json.dumps({**envelope["detail"], "tries": tries}),
    }
    answer = client("events").put_events(Entries=[again])
    if answer["FailedEntryCount"]:
        raise RuntimeError(answer["Entries"][0]["ErrorMessage"])


on_queue = each_record(handler)
