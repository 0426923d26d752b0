"""The monolith sells when all goes well; the explorer shows what else it does."""

import json

import boto3
import pytest

from workbook.cloud import local_cloud
from workbook.cloud.context import LambdaContext
from workbook.explore import explore
from workbook.shop import monolith, stock, till
from workbook.shop.wire import table

CONTEXT = LambdaContext()


def request(card="4242"):
    body = {"order_id": "o-1", "buyer": "Aya", "card": card}
    return {"body": json.dumps(body)}


def tickets():
    return table("TICKETS").scan()["Items"]


def charges():
    return till.taken_yen(table("TILL"))


@pytest.fixture
def shop(monkeypatch):
    for variable in (*monolith.TABLES, "NOTICES", "PRICE_YEN"):
        monkeypatch.setenv(variable, "")  # put back after the test
    with local_cloud():
        monolith.build(seats=1)
        yield


def test_a_ticket_for_a_payment(shop):
    assert monolith.place_order(request(), CONTEXT)["statusCode"] == 201
    assert list(charges().values()) == [3800]
    assert [item["order_id"] for item in tickets()] == ["o-1"]
    assert stock.free(table("STOCK")) == 0
    assert boto3.client("dynamodb").get_item(
        TableName="monolith-orders", Key={"order_id": {"S": "o-1"}}
    )["Item"]


def test_the_last_seat_is_sold_once(shop):
    answers = [monolith.place_order(request(), CONTEXT) for _ in range(2)]
    assert [answer["statusCode"] for answer in answers] == [201, 410]


def test_a_declined_card_takes_no_seat(shop):
    answer = monolith.place_order(request(till.DECLINED_CARD), CONTEXT)
    assert answer["statusCode"] == 402
    assert (charges(), tickets(), stock.free(table("STOCK"))) == ({}, [], 1)


def test_the_explorer_finds_the_crash_that_charges_without_a_ticket(shop):
    def no_charge_without_a_ticket():
        if charges() and not tickets():
            return "money was taken, and there is no ticket"
        return True

    found = explore(
        monolith.place_order,
        request(),
        setup=lambda: monolith.build(seats=1),
        invariant=no_charge_without_a_ticket,
        deliveries=1,
        max_receives=1,  # nobody asks a synchronous function again
        progress=False,
    )
    assert found.verdict == "broken"
    last = found.counterexample.steps[-1]
    assert last.choice.fate in ("crash after", "crash before")
    assert "money was taken" in repr(found)


def test_the_explorer_finds_the_second_charge_when_it_is_asked_again(shop):
    def one_charge():
        return len(charges()) <= 1

    found = explore(
        monolith.place_order,
        request(),
        setup=lambda: monolith.build(seats=2),
        invariant=one_charge,
        deliveries=1,
        progress=False,
    )
    assert found.verdict == "broken"
