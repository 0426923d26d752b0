"""Answers to 04.2-partial-batch."""

import contextlib

from tests.zoo import right, wrong
from workbook.checks.lab04 import SeatError, sell_one


def failures(records):
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in records]}


@wrong("neither sold nor kept")
def catches_and_goes_on(event, context):
    for record in event["Records"]:
        try:
            sell_one(record["body"])
        except SeatError:
            continue


@wrong("neither sold nor kept", same_as="catches_and_goes_on")
def says_that_all_is_well(event, context):
    for record in event["Records"]:
        with contextlib.suppress(SeatError):
            sell_one(record["body"])
    return {"batchItemFailures": []}


@wrong("it came back although it had been sold")
def lets_the_exception_out(event, context):
    for record in event["Records"]:
        sell_one(record["body"])
    return {"batchItemFailures": []}


@wrong("it came back although it had been sold", same_as="lets_the_exception_out")
def reports_the_body_instead_of_the_id(event, context):
    failed = []
    for record in event["Records"]:
        try:
            sell_one(record["body"])
        except SeatError:
            failed.append({"itemIdentifier": record["body"]})
    return {"batchItemFailures": failed}


@wrong("never tried and never reported")
def stops_at_the_first_failure(event, context):
    for record in event["Records"]:
        try:
            sell_one(record["body"])
        except SeatError:
            return failures([record])
    return failures([])


@wrong("Without any trouble, order-0 came back")
def reports_those_that_went_well(event, context):
    sold = []
    for record in event["Records"]:
        try:
            sell_one(record["body"])
            sold.append(record)
        except SeatError:
            pass
    return failures(sold)


@wrong("could be sold, and ended in the dead-letter queue")
def gives_up_for_good_on_a_batch_with_poison(event, context):
    if any(r["attributes"]["ApproximateReceiveCount"] != "1" for r in event["Records"]):
        return failures(event["Records"])
    failed = []
    for record in event["Records"]:
        try:
            sell_one(record["body"])
        except SeatError:
            failed.append(record)
    return failures(failed)


@wrong("Without any trouble, order-1 was not sold")
def sells_the_first_of_the_batch(event, context):
    for record in event["Records"][:1]:
        sell_one(record["body"])
    return failures([])


@wrong("was never called", status="inconclusive")
def sells_nothing(event, context):
    return {"batchItemFailures": []}


@wrong("KeyError", status="your code raised")
def takes_the_event_for_a_record(event, context):
    sell_one(event["body"])


@right
def reports_the_failed_ones(event, context):
    failed = []
    for record in event["Records"]:
        try:
            sell_one(record["body"])
        except SeatError:
            failed.append(record)
    return failures(failed)


@right
def keeps_what_is_left_to_do(event, context):
    left = {record["messageId"]: record["body"] for record in event["Records"]}
    for identifier, order_id in list(left.items()):
        try:
            sell_one(order_id)
        except Exception:
            continue
        del left[identifier]
    return {"batchItemFailures": [{"itemIdentifier": i} for i in left]}


@right
def sells_backwards(event, context):
    answer = {"batchItemFailures": []}
    for record in reversed(event["Records"]):
        try:
            sell_one(record["body"])
        except SeatError:
            answer["batchItemFailures"].append({"itemIdentifier": record["messageId"]})
    return answer
