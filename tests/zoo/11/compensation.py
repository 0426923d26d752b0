"""Answers to 11.5-compensation."""

import functools
import time

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tests.zoo import right, wrong
from workbook.checks.consistency.tables import TOUR, put, update

REFUSED = "ConditionalCheckFailed"


@functools.cache
def dynamodb():
    return boto3.resource("dynamodb")


def table(name):
    return dynamodb().Table(name)


def client():
    return dynamodb().meta.client


def status_for(event):
    return "paid" if event["outcome"] == "taken" else "released"


def key_of(event):
    return {"order_id": event["order_id"]}


def read(event):
    found = table("orders").get_item(Key=key_of(event), ConsistentRead=True)
    return found.get("Item", {})


def give_back():
    table("seats").update_item(
        Key=TOUR,
        UpdateExpression="ADD seats_left :one",
        ExpressionAttributeValues={":one": 1},
    )


def mark(event, status, **condition):
    table("orders").update_item(
        Key=key_of(event),
        UpdateExpression="SET #status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": status},
        **condition,
    )


RESERVED = {"ConditionExpression": Attr("status").eq("reserved")}
SEAT_BACK = update("seats", TOUR, "ADD seats_left :one", one=1)


def parts(event, condition="#status = :before"):
    values = {"before": "reserved"} if ":before" in condition else {}
    change = "SET #status = :after"
    after = status_for(event)
    order = update("orders", key_of(event), change, condition, after=after, **values)
    return [order, SEAT_BACK] if after == "released" else [order]


def codes_of(error):
    return [one["Code"] for one in error.response.get("CancellationReasons", [])]


def transact(changes):
    """Make the changes; where the order refuses, all is done."""
    try:
        client().transact_write_items(TransactItems=changes)
    except client().exceptions.TransactionCanceledException as error:
        if codes_of(error)[0] != REFUSED:
            raise


# --- wrong, one after the other -------------------------------------------------------


@wrong("taken, and the order is not paid")
def looks_at_declined_payments_alone(event):
    if event["outcome"] == "declined":
        transact(parts(event))


@wrong("taken, and the seat came back all the same")
def gives_back_whatever_the_outcome(event):
    transact([parts(event)[0], SEAT_BACK])


@wrong("declined, and the order is not released")
def gives_back_and_leaves_the_order(event):
    if event["outcome"] == "taken":
        transact(parts(event))
    else:
        give_back()


@wrong("declined, and the seat did not come back")
def marks_the_order_alone(event):
    transact(parts(event)[:1])


@wrong("lost attributes")
def puts_a_new_order(event):
    new = {**key_of(event), "status": status_for(event)}
    order = put("orders", new, "#status = :before", before="reserved")
    order["Put"]["ExpressionAttributeNames"] = {"#status": "status"}
    transact([order, *parts(event)[1:]])


@wrong("after its end, and the seat came back once more")
def does_it_each_time(event):
    mark(event, status_for(event))
    if event["outcome"] == "declined":
        give_back()


@wrong("it failed each time that it came")
def lets_the_refusal_out(event):
    client().transact_write_items(TransactItems=parts(event))


@wrong("never had a seat")
def asks_only_whether_it_is_released(event):
    transact(parts(event, "attribute_not_exists(#status) OR #status = :before"))


# --- wrong at the same moment, or after a fault ---------------------------------------


@wrong("came twice at the same moment, and the seat came back twice")
def looks_and_then_writes(event):
    if read(event).get("status") == "reserved":
        does_it_each_time(event)


@wrong("a paid order's seat is for sale")
def lets_the_last_outcome_win(event):
    after = status_for(event)
    values = {"after": after, "before": "reserved"}
    condition = "#status = :before"
    if after == "paid":
        values["too"] = "released"
        condition += " OR #status = :too"
    change = "SET #status = :after"
    order = update("orders", key_of(event), change, condition, **values)
    transact([order, *parts(event)[1:]])


@wrong("the order is released, and the seat never came back")
def marks_the_order_and_then_gives_back(event):
    try:
        mark(event, status_for(event), **RESERVED)
    except client().exceptions.ConditionalCheckFailedException:
        return
    if event["outcome"] == "declined":
        give_back()


@wrong("After a fault the seat came back twice")
def gives_back_under_a_lease(event):
    """A lease keeps two apart, and tells nothing of how far a dead one came."""
    now = int(time.time())
    free = Attr("lease").not_exists() | Attr("lease").lt(now)
    try:
        table("orders").update_item(
            Key=key_of(event),
            UpdateExpression="SET lease = :end",
            ConditionExpression=Attr("status").eq("reserved") & free,
            ExpressionAttributeValues={":end": now + 20},
        )
    except client().exceptions.ConditionalCheckFailedException:
        if read(event).get("status") == "reserved":
            raise
        return
    if event["outcome"] == "declined":
        give_back()
    mark(event, status_for(event))


@wrong("counts as done, and the order is as it was")
def swallows_every_error(event):
    try:
        client().transact_write_items(TransactItems=parts(event))
    except ClientError:
        return


@wrong("another one got in the way of counts as done")
def swallows_every_cancellation(event):
    try:
        client().transact_write_items(TransactItems=parts(event))
    except client().exceptions.TransactionCanceledException:
        return


@wrong("came “declined”, and the seat is for sale")
def asks_only_whether_the_seat_came_back(event):
    order, *seat = parts(event)
    if seat:
        either = "#status IN (:before, :paid)"
        values = {"before": "reserved", "paid": "paid", "after": "released"}
        change = "SET #status = :after"
        order = update("orders", key_of(event), change, either, **values)
    transact([order, *seat])


@wrong("one seat came back")
def writes_the_number_that_it_has_read(event):
    tour = table("seats").get_item(Key=TOUR, ConsistentRead=True)["Item"]
    back = update("seats", TOUR, "SET seats_left = :n", n=tour["seats_left"] + 1)
    order, *seat = parts(event)
    transact([order, *([back] if seat else [])])


@wrong("and one is as it was")
def takes_a_seat_that_refused_for_done(event):
    tour = table("seats").get_item(Key=TOUR, ConsistentRead=True)["Item"]
    before = tour["seats_left"]
    values = {"old": before, "new": before + 1}
    same = "seats_left = :old"
    back = update("seats", TOUR, "SET seats_left = :new", same, **values)
    order, *seat = parts(event)
    try:
        changes = [order, *([back] if seat else [])]
        client().transact_write_items(TransactItems=changes)
    except client().exceptions.TransactionCanceledException as error:
        if REFUSED not in codes_of(error):
            raise


@wrong(
    "another one got in the way of counts as done",
    same_as="swallows_every_cancellation",
)
def stops_quietly_after_three_tries(event):
    for _ in range(3):
        try:
            client().transact_write_items(TransactItems=parts(event))
        except client().exceptions.TransactionCanceledException:
            continue
        return


@wrong("had no time for counts as done")
def lets_the_conflict_out_and_no_other_reason(event):
    try:
        client().transact_write_items(TransactItems=parts(event))
    except client().exceptions.TransactionCanceledException as error:
        if "TransactionConflict" in codes_of(error):
            raise


@wrong("Where a read lagged behind, the event counts as done")
def believes_a_read_that_may_be_old(event):
    order = table("orders").get_item(Key=key_of(event)).get("Item", {})
    if order.get("status") == "reserved":
        transact(parts(event))


# --- right ----------------------------------------------------------------------------


@right
def reads_first_and_lets_the_condition_decide(event):
    order = read(event)
    if order.get("status") != "reserved":
        return
    item = {**order, "status": status_for(event)}
    new = put("orders", item, "#status = :before", before="reserved")
    new["Put"]["ExpressionAttributeNames"] = {"#status": "status"}
    client().transact_write_items(TransactItems=[new, *parts(event)[1:]])


@right
def tries_a_few_times_itself(event, tries=3):
    for _ in range(tries):
        try:
            client().transact_write_items(TransactItems=parts(event))
        except client().exceptions.TransactionCanceledException as error:
            if codes_of(error)[0] == REFUSED:
                return
            continue
        return
    raise RuntimeError("others were faster each time")


@right
def counts_seats_by_number_and_comes_again(event):
    tour = table("seats").get_item(Key=TOUR, ConsistentRead=True)["Item"]
    values = {"old": tour["seats_left"], "new": tour["seats_left"] + 1}
    same = "seats_left = :old"
    back = update("seats", TOUR, "SET seats_left = :new", same, **values)
    order, *seat = parts(event)
    transact([order, *([back] if seat else [])])
