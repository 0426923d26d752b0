"""Answers to 12.2-hidden-bug."""

import contextlib
import os

import boto3
from boto3.dynamodb.conditions import Attr

from tests.zoo import right, wrong

ONE = {":one": 1}
last = 0
given = {}


def table():
    return boto3.resource("dynamodb").Table(os.environ["TICKETS"])


def counted(key="counter"):
    answer = table().update_item(
        Key={"id": key},
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues=ONE,
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["n"])


def kept(order_id):
    return table().get_item(Key={"id": order_id}, ConsistentRead=True).get("Item")


@wrong("In processes apart four orders get the numbers [1, 1, 1, 1]")
def in_a_dictionary(event, context):
    number = given.setdefault(event["order_id"], len(given) + 1)
    return {"order_id": event["order_id"], "number": number}


@wrong("its number 1 becomes 3")
def counts_every_delivery(event, context):
    return {"order_id": event["order_id"], "number": counted()}


@wrong("Another order comes before call")
def reads_then_writes(event, context):
    if item := kept(event["order_id"]):
        return {"order_id": event["order_id"], "number": int(item["n"])}
    number = int((kept("counter") or {"n": 0})["n"]) + 1
    table().put_item(Item={"id": "counter", "n": number})
    table().put_item(Item={"id": event["order_id"], "n": number})
    return {"order_id": event["order_id"], "number": number}


@wrong("The same order comes twice at once")
def looks_before_it_counts(event, context):
    item = kept(event["order_id"])
    number = int(item["n"]) if item else counted()
    if not item:
        table().put_item(Item={"id": event["order_id"], "n": number})
    return {"order_id": event["order_id"], "number": number}


@wrong("no whole number in JSON")
def answers_a_decimal(event, context):
    answer = table().update_item(
        Key={"id": "counter"},
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues=ONE,
        ReturnValues="UPDATED_NEW",
    )
    return {"order_id": event["order_id"], "number": answer["Attributes"]["n"]}


@wrong("not such as")
def answers_the_number_alone(event, context):
    return counted()


@wrong("In one process four orders get the numbers [1, 1, 1, 1]")
def a_counter_for_each_order(event, context):
    number = counted(event["order_id"])
    return {"order_id": event["order_id"], "number": number}


@wrong("ResourceNotFoundException", status="your code raised")
def another_table(event, context):
    boto3.resource("dynamodb").Table("tickets").put_item(Item={"id": "x"})
    return {"order_id": event["order_id"], "number": 1}


@wrong("answers for another order")
def mixes_up_the_orders(event, context):
    return {"order_id": "order", "number": counted()}


@wrong("ValueError", status="your code raised")
def knows_the_four_names(event, context):
    names = ["aya", "bo", "chi", "dai"]
    return {
        "order_id": event["order_id"],
        "number": names.index(event["order_id"]) + 1,
    }


@wrong("no whole number in JSON", same_as="answers_a_decimal")
def answers_a_decimal_the_second_time(event, context):
    order_id = event["order_id"]
    item = kept(order_id)
    if item:
        return {"order_id": order_id, "number": item["n"]}
    number = counted()
    table().put_item(Item={"id": order_id, "n": number})
    return {"order_id": order_id, "number": number}


@wrong("KeyError", status="your code raised")
def claims_before_it_has_a_number(event, context):
    order_id, dynamodb = event["order_id"], table()
    taken = dynamodb.meta.client.exceptions.ConditionalCheckFailedException
    try:
        fresh = Attr("id").not_exists()
        dynamodb.put_item(Item={"id": order_id}, ConditionExpression=fresh)
    except taken:
        return {"order_id": order_id, "number": int(kept(order_id)["n"])}
    number = counted()
    dynamodb.put_item(Item={"id": order_id, "n": number})
    return {"order_id": order_id, "number": number}


@right
def claims_then_counts(event, context):
    """The order's own item first, its number set once."""
    order_id, dynamodb = event["order_id"], table()
    item = kept(order_id)
    if not item:
        number, fresh = counted(), Attr("id").not_exists()
        taken = dynamodb.meta.client.exceptions.ConditionalCheckFailedException
        item = {"id": order_id, "n": number}
        with contextlib.suppress(taken):
            dynamodb.put_item(Item=item, ConditionExpression=fresh)
        item = kept(order_id)
    return {"order_id": order_id, "number": int(item["n"])}


@right
def if_not_exists(event, context):
    dynamodb = table()
    answer = dynamodb.update_item(
        Key={"id": event["order_id"]},
        UpdateExpression="SET n = if_not_exists(n, :n)",
        ExpressionAttributeValues={":n": counted()},
        ReturnValues="ALL_NEW",
    )
    return {"order_id": event["order_id"], "number": int(answer["Attributes"]["n"])}
