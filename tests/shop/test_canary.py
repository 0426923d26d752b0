"""The canary of the shop: its template, its handlers, and what it leaves alone."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from cfnlint.api import lint_all

from workbook.cloud import local_cloud
from workbook.cloud.template import TemplateError, deploy, read
from workbook.cloud.watch import read_emf
from workbook.patterns.canary import Finding
from workbook.shop import CANARY, TEMPLATE, canary, log, stock, till
from workbook.shop.report import sales

FAKED = "canary-mine"


@pytest.fixture
def shop():
    with local_cloud():
        made = deploy(TEMPLATE)
        for tour in (stock.TOUR, stock.REHEARSAL):
            stock.open_sale(table(made, "Stock"), seats=2, tour=tour)
        yield made


def table(shop, name):
    return boto3.resource("dynamodb").Table(shop.name_of(name))


def order(shop, order_id):
    body = json.dumps({"order_id": order_id, "buyer": "Aya", "card": "4242"})
    return shop["PlaceOrder"].invoke({"body": body}).payload["statusCode"]


def test_the_template_is_clean():
    found = lint_all(CANARY.read_text())
    assert [str(f) for f in found if f.rule.id[0] in "EW"] == []


def test_it_may_read_the_log_and_write_nothing_of_the_shop():
    function = read(CANARY).functions["Canary"]
    (policy,) = function.properties["Policies"]
    assert [s["Action"] for s in policy["Statement"]] == ["dynamodb:Query"]


def test_it_wants_to_know_the_shop():
    with local_cloud(), pytest.raises(TemplateError, match="no value for Events"):
        deploy(CANARY, name="canary", parameters={"ShopUrl": "https://shop.example"})
    with local_cloud(), pytest.raises(TemplateError, match="no parameter Url"):
        deploy(CANARY, name="canary", parameters={"Url": "https://shop.example"})


def test_whoever_calls_an_order_synthetic_gets_the_rehearsal_and_nothing_else(shop):
    assert [order(shop, name) for name in ("order-1", FAKED)] == [202, 202]
    shop.settle()
    events = log.read(table(shop, "Events"), FAKED)
    assert [event.kind for event in events] == list(canary.STEPS)
    seats = table(shop, "Stock")
    assert (stock.free(seats), stock.free(seats, stock.REHEARSAL)) == (1, 1)
    assert till.taken_yen(table(shop, "Till")) == {"order-1": 3800, FAKED: 0}


def test_a_seat_of_the_rehearsal_that_is_given_back_is_the_rehearsal_s(shop):
    body = {"order_id": FAKED, "buyer": "canary", "card": till.DECLINED_CARD}
    shop["PlaceOrder"].invoke({"body": json.dumps(body)})
    shop.settle()
    seats = table(shop, "Stock")
    assert (stock.free(seats), stock.free(seats, stock.REHEARSAL)) == (2, 2)


def test_synthetic_orders_are_not_sales(shop):
    for name in ("order-1", FAKED):
        order(shop, name)
    shop.settle()
    items = table(shop, "Events").scan()["Items"]
    found = sales(log.from_item(item) for item in items)
    assert found == {"2018-03-11": {"tickets": 1, "yen": 3800}}
    assert sales([]) == {}


def test_a_finding_is_a_line_with_metrics_and_no_id_among_its_dimensions():
    good = canary.line_of(Finding("canary-1", latency_ms=812.4), 7.0)
    bad = canary.line_of(Finding("canary-2", "SeatReserved", "none"), 8.0)
    where = (("canary", "order"),)
    found = [(d.name, d.value, d.dimensions, d.at_s) for d in read_emf(good)]
    assert found == [("Succeeded", 1, where, 7.0), ("LatencyMs", 812, where, 7.0)]
    assert [(d.name, d.value) for d in read_emf(bad)] == [("Succeeded", 0)]
    assert json.loads(bad)["hop"] == "SeatReserved"


# --- through a real front door --------------------------------------------------------


class Door(BaseHTTPRequestHandler):
    """A front door that takes the order of Aya, and answers 403 to everybody else."""

    asked = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers["Host"], body))
        self.send_response(202 if body["buyer"] == "Aya" else 403)
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def door(monkeypatch):
    Door.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SHOP_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("SHOP_HOST", "shop.example")
    yield
    server.shutdown()
    server.server_close()


def test_an_order_goes_through_the_front_door(door):
    assert canary.over_http({"buyer": "Aya"}) == 202
    assert Door.asked == [("/orders", "shop.example", {"buyer": "Aya"})]


def test_a_refusal_is_the_first_step(door, monkeypatch, capsys):
    monkeypatch.setattr(canary, "front_door", canary.over_http)
    found = canary.handler({"time": "2018-03-11T01:00:00Z"}, None)
    assert found["hop"] == "OrderPlaced" and "403" in found["why"]
    assert read_emf(capsys.readouterr().out.strip())[0].value == 0
    assert Door.asked[0][2]["order_id"] == "canary-20180311T010000Z"
