"""Handlers for the explorer's tests: some right, some wrong, some nasty."""

import functools
import uuid

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from workbook.cloud import create_table

EVENT = {"order_id": "order-7"}


def fresh_tables():
    create_table("charges", "id")
    create_table("seen", "id", ttl="expires_at")


@functools.cache
def charges():
    return boto3.resource("dynamodb").Table("charges")


@functools.cache
def seen():
    return boto3.resource("dynamodb").Table("seen")


def times_charged():
    return charges().scan(Select="COUNT")["Count"]


def one_charge():
    """Each order is charged once."""
    times = times_charged()
    return f"charged {times} times" if times != 1 else True


def charge(order_id):
    charges().put_item(Item={"id": str(uuid.uuid4()), "order_id": order_id})


def no_memory(event, context):
    charge(event["order_id"])


def look_then_charge(event, context):
    if "Item" in seen().get_item(Key={"id": event["order_id"]}):
        return "again"
    charge(event["order_id"])
    seen().put_item(Item={"id": event["order_id"]})
    return "charged"


def claim_then_charge(event, context):
    try:
        seen().put_item(
            Item={"id": event["order_id"]}, ConditionExpression=Attr("id").not_exists()
        )
    except ClientError:
        return "again"
    charge(event["order_id"])
    return "charged"


def in_one_transaction(event, context):
    """Right: the record and the effect stand or fall together."""
    client = boto3.client("dynamodb")
    record = {
        "TableName": "seen",
        "Item": {"id": {"S": event["order_id"]}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    effect = {"TableName": "charges", "Item": {"id": {"S": str(uuid.uuid4())}}}
    try:
        client.transact_write_items(TransactItems=[{"Put": record}, {"Put": effect}])
    except client.exceptions.TransactionCanceledException:
        return "again"
    return "charged"


def with_a_key(event, context):
    """Right: the effect itself carries the order's id."""
    charges().put_item(Item={"id": event["order_id"]})
