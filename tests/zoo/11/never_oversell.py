"""Answers to 11.1-never-oversell."""

import contextlib
import functools

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tests.zoo import right, wrong

KEY = {"tour": "night-tour"}
_sold = set()


@functools.cache
def dynamodb():
    return boto3.resource("dynamodb")


def table(name):
    return dynamodb().Table(name)


def client():
    return dynamodb().meta.client


def left(**read):
    return table("seats").get_item(Key=KEY, **read)["Item"]["seats_left"]


def has_a_seat(order_id, **read):
    return "Item" in table("orders").get_item(Key={"order_id": order_id}, **read)


def take(by=-1, **condition):
    return table("seats").update_item(
        Key=KEY,
        UpdateExpression="ADD seats_left :by",
        ExpressionAttributeValues={":by": by},
        ReturnValues="UPDATED_NEW",
        **condition,
    )["Attributes"]["seats_left"]


def refused(error):
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


SOME_LEFT = {"ConditionExpression": Attr("seats_left").gte(1)}


def parts(order_id):
    put = {
        "TableName": "orders",
        "Item": {"order_id": order_id},
        "ConditionExpression": "attribute_not_exists(order_id)",
    }
    update = {
        "TableName": "seats",
        "Key": KEY,
        "UpdateExpression": "ADD seats_left :by",
        "ConditionExpression": "seats_left > :none",
        "ExpressionAttributeValues": {":by": -1, ":none": 0},
    }
    return [{"Put": put}, {"Update": update}]


def codes_of(error):
    return [reason["Code"] for reason in error.response["CancellationReasons"]]


# --- wrong, one after the other -------------------------------------------------------


@wrong("neither True nor False")
def says_nothing(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except client().exceptions.TransactionCanceledException:
        return False


@wrong("the first order got none")
def sells_only_the_last_seat_but_one(order_id):
    if left(ConsistentRead=True) > 1:
        return False
    take()
    return True


@wrong("the second order got none")
def one_note_for_all_orders(order_id):
    changes = parts(order_id)
    changes[0]["Put"]["Item"] = {"order_id": "sold"}
    try:
        client().transact_write_items(TransactItems=changes)
    except client().exceptions.TransactionCanceledException:
        return False
    return True


@wrong("One after the other, three orders")
def takes_without_a_condition(order_id):
    take()
    return True


@wrong("One after the other, three orders", same_as="takes_without_a_condition")
def swallows_the_refusal(order_id):
    with contextlib.suppress(ClientError):
        take(**SOME_LEFT)
    return True


@wrong("In a new process it sells on")
def counts_in_memory(order_id):
    if len(_sold) < 2:
        _sold.add(order_id)
    return order_id in _sold


@wrong("came again, and was told that it has none")
def takes_any_cancelled_transaction_for_sold_out(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except client().exceptions.TransactionCanceledException:
        return False
    return True


@wrong("one after the other, took two seats")
def notes_no_order(order_id):
    try:
        take(**SOME_LEFT)
    except client().exceptions.ConditionalCheckFailedException:
        return False
    return True


# --- wrong at the same moment ---------------------------------------------------------


@wrong("were promised the one seat")
def reads_and_then_writes(order_id):
    if has_a_seat(order_id, ConsistentRead=True):
        return True
    free = left(ConsistentRead=True)
    if free < 1:
        return False
    table("seats").put_item(Item={**KEY, "seats_left": free - 1})
    table("orders").put_item(Item={"order_id": order_id})
    return True


@wrong("were promised the one seat", same_as="reads_and_then_writes")
def counts_the_orders(order_id):
    if has_a_seat(order_id, ConsistentRead=True):
        return True
    if table("orders").scan(ConsistentRead=True)["Count"] >= 2:
        return False
    table("orders").put_item(Item={"order_id": order_id})
    return True


@wrong("came twice at the same moment took two seats")
def looks_for_the_order_first(order_id):
    if has_a_seat(order_id, ConsistentRead=True):
        return True
    try:
        take(**SOME_LEFT)
    except client().exceptions.ConditionalCheckFailedException:
        return False
    table("orders").put_item(Item={"order_id": order_id})
    return True


@wrong("Two deliveries of one order got different answers")
def looks_for_the_order_and_then_makes_the_transaction(order_id):
    if has_a_seat(order_id, ConsistentRead=True):
        return True
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except client().exceptions.TransactionCanceledException:
        return False
    return True


@wrong("An invocation did not come back")
def tries_for_ever_with_the_number_it_read_once(order_id):
    free = left(ConsistentRead=True)
    if has_a_seat(order_id, ConsistentRead=True) or not free:
        return has_a_seat(order_id, ConsistentRead=True)
    changes = parts(order_id)
    changes[1]["Update"]["ConditionExpression"] = "seats_left = :seen"
    changes[1]["Update"]["ExpressionAttributeValues"] = {":by": -1, ":seen": free}
    while True:
        try:
            client().transact_write_items(TransactItems=changes)
        except client().exceptions.TransactionCanceledException:
            continue
        return True


# --- wrong after a fault --------------------------------------------------------------


@wrong("After a fault a seat is gone")
def takes_a_seat_and_gives_it_back_for_a_duplicate(order_id):
    try:
        take(**SOME_LEFT)
    except client().exceptions.ConditionalCheckFailedException:
        return has_a_seat(order_id, ConsistentRead=True)
    try:
        table("orders").put_item(
            Item={"order_id": order_id},
            ConditionExpression=Attr("order_id").not_exists(),
        )
    except client().exceptions.ConditionalCheckFailedException:
        take(by=1)
    return True


@wrong("promised a seat that is still for sale")
def notes_the_order_and_then_takes_the_seat(order_id):
    try:
        table("orders").put_item(
            Item={"order_id": order_id},
            ConditionExpression=Attr("order_id").not_exists(),
        )
    except client().exceptions.ConditionalCheckFailedException:
        return True
    try:
        take(**SOME_LEFT)
    except client().exceptions.ConditionalCheckFailedException:
        table("orders").delete_item(Key={"order_id": order_id})
        return False
    return True


@wrong("A throttled call was taken for “no seat”")
def takes_any_error_for_sold_out(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except ClientError as error:
        return codes_of(error)[0] == "ConditionalCheckFailed" if has(error) else False
    return True


def has(error):
    return "CancellationReasons" in error.response


@wrong("A throttled call was taken for a sale")
def says_no_only_if_it_is_sure(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except ClientError as error:
        sold_out = ["None", "ConditionalCheckFailed"]
        return not (has(error) and codes_of(error) == sold_out)
    return True


@wrong("got in the way of was taken for “no seat”")
def knows_two_reasons_and_takes_the_rest_for_sold_out(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except client().exceptions.TransactionCanceledException as error:
        return codes_of(error)[0] == "ConditionalCheckFailed"
    return True


@wrong("got in the way of was taken for a sale")
def knows_two_reasons_and_takes_the_rest_for_sold(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except client().exceptions.TransactionCanceledException as error:
        return codes_of(error)[0] != "None"
    return True


@wrong("Where a read lagged behind")
def asks_a_lagging_copy_what_the_refusal_meant(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except client().exceptions.TransactionCanceledException as error:
        if "ConditionalCheckFailed" not in codes_of(error):
            raise
        return has_a_seat(order_id)
    return True


@wrong(
    "got in the way of was taken for “no seat”",
    same_as="knows_two_reasons_and_takes_the_rest_for_sold_out",
)
def tries_three_times_and_then_says_no(order_id):
    for _ in range(3):
        try:
            client().transact_write_items(TransactItems=parts(order_id))
        except client().exceptions.TransactionCanceledException as error:
            if codes_of(error)[0] == "ConditionalCheckFailed":
                return True
        else:
            return True
    return False


@wrong("had no time for was taken for “no seat”")
def lets_the_conflict_out_and_no_other_reason(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except client().exceptions.TransactionCanceledException as error:
        if "TransactionConflict" in codes_of(error):
            raise
        return codes_of(error)[0] == "ConditionalCheckFailed"
    return True


@wrong("had no time for was taken for a sale")
def lets_the_conflict_out_and_says_no_only_if_it_is_sure(order_id):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except client().exceptions.TransactionCanceledException as error:
        if "TransactionConflict" in codes_of(error):
            raise
        return codes_of(error)[0] != "None"
    return True


@wrong("the second order got none", same_as="one_note_for_all_orders")
def keeps_one_seat_back(order_id):
    changes = parts(order_id)
    changes[1]["Update"]["ConditionExpression"] = "seats_left > :one"
    values = {":by": -1, ":one": 1}
    changes[1]["Update"]["ExpressionAttributeValues"] = values
    try:
        client().transact_write_items(TransactItems=changes)
    except client().exceptions.TransactionCanceledException as error:
        return codes_of(error)[0] == "ConditionalCheckFailed"
    return True


# --- right ----------------------------------------------------------------------------


@right
def keeps_the_buyers_in_the_tours_item(order_id):
    try:
        table("seats").update_item(
            Key=KEY,
            UpdateExpression="ADD sold_to :order SET seats_left = seats_left - :one",
            ConditionExpression=Attr("seats_left").gte(1)
            & ~Attr("sold_to").contains(order_id),
            ExpressionAttributeValues={":order": {order_id}, ":one": 1},
        )
    except client().exceptions.ConditionalCheckFailedException:
        tour = table("seats").get_item(Key=KEY, ConsistentRead=True)["Item"]
        return order_id in tour.get("sold_to", ())
    return True


@right
def an_item_a_seat(order_id):
    """Two notes: the order has a number, and each number is given once."""
    tour = table("seats").get_item(Key=KEY, ConsistentRead=True)["Item"]
    for number in range(int(tour["seats_left"])):
        seat = {
            "TableName": "seats",
            "Item": {"tour": f"seat {number}", "order_id": order_id},
            "ConditionExpression": "attribute_not_exists(tour)",
        }
        try:
            client().transact_write_items(
                TransactItems=[parts(order_id)[0], {"Put": seat}]
            )
        except client().exceptions.TransactionCanceledException as error:
            if codes_of(error)[0] == "ConditionalCheckFailed":
                return True
            if codes_of(error) != ["None", "ConditionalCheckFailed"]:
                raise
        else:
            return True
    return has_a_seat(order_id, ConsistentRead=True)


@right
def asks_again_until_the_error_is_a_reason(order_id, tries=3):
    try:
        client().transact_write_items(TransactItems=parts(order_id))
    except ClientError as error:
        codes = codes_of(error) if has(error) else []
        if "ConditionalCheckFailed" in codes:
            return codes[0] == "ConditionalCheckFailed"
        if tries:
            return asks_again_until_the_error_is_a_reason(order_id, tries - 1)
        raise
    return True


@right
def looks_whether_any_seat_is_left_first(order_id):
    if left(ConsistentRead=True) < 1:
        return has_a_seat(order_id, ConsistentRead=True)
    return asks_again_until_the_error_is_a_reason(order_id)
