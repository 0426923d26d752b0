"""Events with an envelope: an id, what caused them, and to what they belong.

    placed = first("OrderPlaced", data, id="order-7", at=now)
    reserved = caused_by(placed, "SeatReserved", {"seat": "A7"}, at=now)

The envelope travels with the event, in whatever carries it: HTTP headers, attributes of
SQS and SNS, the detail of EventBridge, an item of DynamoDB and its stream. `envelopes`
opens what a Lambda function is called with, a batch or not. Introduced in chapter 08.
"""

from workbook.patterns.events.batch import each_envelope
from workbook.patterns.events.carriers import (
    to_attributes,
    to_bus,
    to_detail,
    to_headers,
    to_item,
)
from workbook.patterns.events.envelope import (
    Envelope,
    NoEnvelope,
    caused_by,
    first,
    iso,
)
from workbook.patterns.events.opening import envelopes, open_record

__all__ = [
    "Envelope",
    "NoEnvelope",
    "caused_by",
    "each_envelope",
    "envelopes",
    "first",
    "iso",
    "open_record",
    "to_attributes",
    "to_bus",
    "to_detail",
    "to_headers",
    "to_item",
]
