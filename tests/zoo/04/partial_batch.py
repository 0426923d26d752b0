"""Answers to 04.2-partial-batch."""

import contextlib
import json

import boto3

from tests.zoo import right, wrong
from workbook.checks.lab04 import SeatError, sell_one


def failures(records):
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in records]}


def refused(records):
    """Sell each order; the records whose sale was refused."""
    left = []
    for record in records:
        try:
            sell_one(record["body"])
        except SeatError:
            left.append(record)
    return left


def failures_of(event):
    return failures(refused(event["Records"]))


def failures_by_attribute(records):
    return {"batchItemFailures": [{"itemIdentifier": r.messageId} for r in records]}


remembered = set()


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


@wrong("is no message of this batch")
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


@wrong("could be sold, and ended")
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


@wrong("is no message of this batch", same_as="reports_the_body_instead_of_the_id")
def reports_the_receipt_handle(event, context):
    failed = []
    for record in event["Records"]:
        try:
            sell_one(record["body"])
        except SeatError:
            failed.append({"itemIdentifier": record["receiptHandle"]})
    return {"batchItemFailures": failed}


@wrong("the queue reads `batchItemFailures` alone")
def misspells_the_name(event, context):
    return {"batchItemFailure": failures_of(event)["batchItemFailures"]}


@wrong("The list of failures holds")
def misspells_the_identifier(event, context):
    named = failures_of(event)["batchItemFailures"]
    return {"batchItemFailures": [{"id": f["itemIdentifier"]} for f in named]}


@wrong("The list of failures holds", same_as="misspells_the_identifier")
def lists_bare_ids(event, context):
    named = failures_of(event)["batchItemFailures"]
    return {"batchItemFailures": [f["itemIdentifier"] for f in named]}


@wrong("It answers a list, which the queue cannot read")
def answers_the_list_alone(event, context):
    return failures_of(event)["batchItemFailures"]


@wrong("It answers a str, which the queue cannot read")
def answers_json(event, context):
    return json.dumps(failures_of(event))


@wrong("`batchItemFailures` is a set")
def collects_in_a_set(event, context):
    return {"batchItemFailures": {r["messageId"] for r in refused(event["Records"])}}


@wrong("tried until it was sold, 1,000 times")
def tries_until_it_is_sold(event, context):
    left = event["Records"]
    while left:
        left = refused(left)
    return failures([])


@wrong("went to the dead-letter queue all the same")
def remembers_what_is_sold_and_raises(event, context):
    error = None
    for record in event["Records"]:
        try:
            if record["messageId"] not in remembered:
                sell_one(record["body"])
                remembered.add(record["messageId"])
        except SeatError as refusal:
            error = refusal
    if error:
        raise error


@wrong("could be sold, and ended", same_as="gives_up_for_good_on_a_batch_with_poison")
def reports_all_that_come_after(event, context):
    records = event["Records"]
    for at, record in enumerate(records):
        try:
            sell_one(record["body"])
        except SeatError:
            return failures(records[at:])
    return failures([])


@wrong("neither sold nor kept", same_as="catches_and_goes_on")
def reports_the_first_time_only(event, context):
    first = [
        record
        for record in refused(event["Records"])
        if record["attributes"]["ApproximateReceiveCount"] == "1"
    ]
    return failures(first)


@wrong("has no attribute 'messageId'", status="your code raised")
def trips_over_the_failed_one(event, context):
    return failures_by_attribute(refused(event["Records"]))


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


@right
def tries_three_times_before_it_reports(event, context):
    left = event["Records"]
    for _ in range(3):
        left = refused(left)
    return failures(left)


@right
def says_nothing_when_all_went_well(event, context):
    left = refused(event["Records"])
    return failures(left) if left else None


@right
def deletes_what_is_sold_and_raises(event, context):
    sqs, error = boto3.client("sqs"), None
    url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
    for record in event["Records"]:
        try:
            sell_one(record["body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])
        except SeatError as refusal:
            error = refusal
    if error:
        raise error
