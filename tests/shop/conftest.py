"""The shop's tables in the mock, and the environment that names them."""

import boto3
import pytest

from workbook.cloud import local_cloud
from workbook.shop import stock

TABLES = {
    "EVENTS": (("order_id", "S"), ("number", "N")),
    "STOCK": (("tour", "S"),),
    "TILL": (("id", "S"),),
}


def build(seats=2):
    """Make the tables and open the sale."""
    client = boto3.client("dynamodb")
    for variable, key in TABLES.items():
        client.create_table(
            TableName=variable.lower(),
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind} for name, kind in key
            ],
            KeySchema=[
                {"AttributeName": name, "KeyType": role}
                for (name, _), role in zip(key, ("HASH", "RANGE"), strict=False)
            ],
        )
    stock.open_sale(boto3.resource("dynamodb").Table("stock"), seats=seats)


@pytest.fixture
def shop(monkeypatch):
    """An empty cloud with the shop's tables, two seats on sale."""
    with local_cloud():
        for variable in TABLES:
            monkeypatch.setenv(variable, variable.lower())
        monkeypatch.setenv("PRICE_YEN", "3800")
        monkeypatch.setenv("BUS", "bus")
        build()
        yield build
