"""The whole shop on the mock, wired from its template."""

import json
from pathlib import Path

import boto3
import pytest
from cfnlint.api import lint_all

from workbook.cloud import clock, local_cloud
from workbook.cloud.template import deploy, read
from workbook.shop import TEMPLATE, log, stock, till


class Shop:
    """A deployed shop and what a test wants to know of it."""

    def __init__(self, seats=2, template=TEMPLATE):
        self.stack = deploy(template)
        stock.open_sale(self.table("Stock"), seats=seats)

    def table(self, name):
        return boto3.resource("dynamodb").Table(self.stack.name_of(name))

    def order(self, order_id, card="4242"):
        body = {"order_id": order_id, "buyer": "Aya", "card": card}
        return self.stack["PlaceOrder"].invoke({"body": json.dumps(body)})

    def kinds(self, order_id):
        return [event.kind for event in log.read(self.table("Events"), order_id)]

    @property
    def seats_free(self):
        return stock.free(self.table("Stock"))

    @property
    def taken_yen(self):
        return till.taken_yen(self.table("Till"))


@pytest.fixture
def shop():
    with local_cloud():
        yield Shop()


TICKET = ["OrderPlaced", "SeatReserved", "PaymentCaptured", "TicketIssued"]
DECLINED = ["OrderPlaced", "SeatReserved", "PaymentFailed", "SeatReleased"]
REJECTED = ["OrderPlaced", "OrderRejected"]


def test_the_template_is_clean():
    faults = lint_all(TEMPLATE.read_text())
    assert [str(f) for f in faults if f.rule.id[0] in "EW"] == []


def test_a_queue_waits_six_times_as_long_as_its_function():
    """docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
    template = read(TEMPLATE)
    queues = template.of_type("AWS::SQS::Queue")
    seen = 0
    for function in template.functions.values():
        for event in function.properties["Events"].values():
            if event["Type"] != "SQS":
                continue
            (name, _) = event["Properties"]["Queue"]["Fn::GetAtt"]
            timeout_s = function.properties["Timeout"]
            assert queues[name].properties["VisibilityTimeout"] >= 6 * timeout_s
            seen += 1
    assert seen == 5


def test_no_function_may_do_everything():
    for function in read(TEMPLATE).functions.values():
        assert "*" not in json.dumps(function.properties["Policies"])


def test_every_message_that_is_given_up_ends_where_somebody_looks():
    template = read(TEMPLATE)
    for name, queue in template.of_type("AWS::SQS::Queue").items():
        if name != "Dead":
            policy = queue.properties["RedrivePolicy"]
            assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": ["Dead", "Arn"]}
    alarms = template.of_type("AWS::CloudWatch::Alarm").values()
    assert any("Dead" in json.dumps(alarm.properties) for alarm in alarms)


def test_an_order_becomes_a_ticket(shop):
    assert shop.order("o-1").payload["statusCode"] == 202
    assert shop.stack.settle().done
    assert shop.kinds("o-1") == [*TICKET, "BuyerNotified"]
    assert shop.taken_yen == {"o-1": 3800}
    assert shop.seats_free == 1


def test_a_declined_card_gives_the_seat_back(shop):
    shop.order("o-1", card=till.DECLINED_CARD)
    shop.stack.settle()
    assert shop.kinds("o-1") == [*DECLINED, "BuyerNotified"]
    assert shop.taken_yen == {}
    assert shop.seats_free == 2


def test_more_buyers_than_seats(shop):
    for number in range(5):
        shop.order(f"o-{number}")
    shop.stack.settle()
    lives = [shop.kinds(f"o-{number}")[:-1] for number in range(5)]
    assert lives.count(TICKET) == 2
    assert lives.count(REJECTED) == 3
    assert len(shop.taken_yen) == 2
    assert shop.seats_free == 0


def test_the_buyer_who_presses_twice_buys_once(shop):
    shop.order("o-1")
    shop.stack.settle()
    shop.order("o-1")
    shop.stack.settle()
    assert shop.kinds("o-1") == [*TICKET, "BuyerNotified"]


def test_a_provider_that_is_away_for_an_hour_loses_nobody(shop, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError("the provider does not answer")

    real = till.charge
    monkeypatch.setattr(till, "charge", away)
    shop.order("o-1")
    shop.stack.settle(within_s=3600)
    assert shop.kinds("o-1") == ["OrderPlaced", "SeatReserved"]
    monkeypatch.setattr(till, "charge", real)
    assert shop.stack.settle().done
    assert shop.kinds("o-1") == [*TICKET, "BuyerNotified"]
    assert shop.taken_yen == {"o-1": 3800}


def test_a_payment_that_never_works_ends_before_a_person(shop, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError("the provider does not answer")

    monkeypatch.setattr(till, "charge", away)
    monkeypatch.setattr("workbook.shop.handlers.try_payment_later.MOST_TRIES", 3)
    shop.order("o-1")
    start_s = clock.seconds()
    shop.stack.settle(within_s=86_400)
    assert clock.seconds() - start_s > 1800
    dead = boto3.resource("sqs").Queue(shop.stack.name_of("Dead"))
    (message,) = dead.receive_messages()
    assert json.loads(message.body)["requestPayload"]["detail"]["order_id"] == "o-1"


def test_each_function_has_a_file_and_each_file_a_function():
    wired = {
        function.properties["Handler"].split(".")[-2]
        for function in read(TEMPLATE).functions.values()
    }
    folder = Path(TEMPLATE).parent / "handlers"
    assert wired == {path.stem for path in folder.glob("[!_]*.py")}
