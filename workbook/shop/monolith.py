"""The shop as one function with five side effects: what chapter 03 takes apart.

It does what the functions of `template.yaml` do together, and it is right as long as
nothing goes wrong between its first effect and its last.
"""

import json
import os
import uuid
from typing import Any

import boto3

from workbook.shop import stock, till
from workbook.shop.core import DECLINED
from workbook.shop.wire import client, table

__all__ = ["TABLES", "build", "place_order"]

# The environment variable that names each table, and the table's partition key.
TABLES = {"ORDERS": "order_id", "STOCK": "tour", "TICKETS": "ticket", "TILL": "id"}


def place_order(event: dict, context: Any) -> dict:
    """Answer a request of API Gateway (payload 2.0): sell a ticket in one go."""
    order = json.loads(event["body"])
    order_id, price_yen = order["order_id"], int(os.environ["PRICE_YEN"])
    if not stock.take(table("STOCK")):
        return {"statusCode": 410, "body": "sold out"}
    # The provider has never heard of this charge: a new key makes it a new one.
    paid = till.charge(
        table("TILL"), key=str(uuid.uuid4()), card=order["card"], amount_yen=price_yen
    )
    if paid["outcome"] == DECLINED:
        stock.give_back(table("STOCK"))
        return {"statusCode": 402, "body": "the card was declined"}
    ticket = f"ticket-{order_id}"
    table("ORDERS").put_item(Item={"order_id": order_id, "status": "paid"})
    table("TICKETS").put_item(Item={"ticket": ticket, "order_id": order_id})
    client("sns").publish(TopicArn=os.environ["NOTICES"], Message=ticket)
    return {"statusCode": 201, "body": ticket}


def build(*, seats: int) -> None:
    """Make the tables and the topic in the mock, and open the sale.

    Sets the environment variables by which the function finds them.
    """
    dynamodb = boto3.client("dynamodb")
    for variable, key in TABLES.items():
        os.environ[variable] = f"monolith-{variable.lower()}"
        dynamodb.create_table(
            TableName=os.environ[variable],
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        )
    topic = boto3.client("sns").create_topic(Name="monolith-notices")
    os.environ["NOTICES"], os.environ["PRICE_YEN"] = topic["TopicArn"], "3800"
    stock.open_sale(table("STOCK"), seats=seats)
