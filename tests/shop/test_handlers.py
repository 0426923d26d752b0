"""Each function, alone: what it does, and that a second delivery adds nothing."""

import json

import pytest

from workbook.cloud.context import LambdaContext
from workbook.explore import explore
from workbook.shop import log, stock, till
from workbook.shop.core import Command, Event, replay
from workbook.shop.handlers import (
    capture_payment,
    issue_ticket,
    place_order,
    record,
    release_seat,
    reserve_seat,
)
from workbook.shop.wire import from_bus, table, to_bus

BUYER = {"buyer": "Aya", "card": "4242"}
CONTEXT = LambdaContext()
QUIET = {"progress": False}

# Each function with what has happened before, and what it adds.
LIVES = {
    "ticket": ("PlaceOrder", "ReserveSeat", "RecordPayment", "IssueTicket"),
    "declined": ("PlaceOrder", "ReserveSeat", "RecordPayment", "ReleaseSeat"),
}
CASES = [
    (reserve_seat.handler, "ticket", 1, "SeatReserved"),
    (issue_ticket.handler, "ticket", 3, "TicketIssued"),
    (release_seat.handler, "declined", 3, "SeatReleased"),
]


def so_far(life, length, order_id="o-1"):
    """Put the first events of a life into the log; the last as the bus tells it."""
    outcome = "declined" if life == "declined" else "captured"
    details = {**BUYER, "price_yen": 3800, "outcome": outcome, "reference": "r"}
    for kind in LIVES[life][:length]:
        log.react(
            table("EVENTS"),
            Command(kind, order_id, 0.0, details),
            seats_free=lambda: stock.free(table("STOCK")),
            with_it=lambda event: stock.change(table("STOCK"), event),
        )
    return envelope(log.read(table("EVENTS"), order_id)[-1])


def envelope(event):
    entry = to_bus(event)
    return {"detail-type": entry["DetailType"], "detail": json.loads(entry["Detail"])}


def kinds(order_id="o-1"):
    return [event.kind for event in log.read(table("EVENTS"), order_id)]


def order_request(**body):
    return {"body": json.dumps({"order_id": "o-1", **BUYER, **body})}


def test_an_event_comes_off_the_bus_as_it_went_on(shop):
    event = Event("SeatReserved", "o-1", 2, 1.5, {"a": [1]})
    assert from_bus(envelope(event)) == event


def test_an_event_comes_out_of_the_log_as_it_went_in(shop):
    event = Event("OrderPlaced", "o-1", 1, 1520730000.25, {"price_yen": 3800})
    log.append(table("EVENTS"), event)
    assert log.read(table("EVENTS"), "o-1") == [event]


def test_an_order_is_taken_once_however_often_the_button_is_pressed(shop):
    answers = [place_order.handler(order_request(), CONTEXT) for _ in range(2)]
    assert [answer["statusCode"] for answer in answers] == [202, 202]
    assert kinds() == ["OrderPlaced"]


def test_the_shop_sets_the_price_not_the_buyer(shop):
    place_order.handler(order_request(price_yen=1), CONTEXT)
    assert log.read(table("EVENTS"), "o-1")[0].details["price_yen"] == 3800


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"order_id": "o-1"}'])
def test_an_order_without_what_it_needs_is_refused(shop, body):
    answer = place_order.handler({"body": body}, CONTEXT)
    assert answer["statusCode"] == 400
    assert "order_id, buyer, card" in answer["body"]
    assert kinds() == []


@pytest.mark.parametrize(("handler", "life", "before", "added"), CASES)
def test_a_function_adds_its_event_once(shop, handler, life, before, added):
    told = so_far(life, before)
    handler(told, CONTEXT)
    handler(told, CONTEXT)
    assert kinds()[before:] == [added]


def test_a_sold_out_tour_rejects_and_keeps_its_stock(shop):
    for order_id in ("o-1", "o-2", "o-3"):
        reserve_seat.handler(so_far("ticket", 1, order_id), CONTEXT)
    assert [kinds(i)[-1] for i in ("o-2", "o-3")] == ["SeatReserved", "OrderRejected"]
    assert stock.free(table("STOCK")) == 0


def test_a_released_seat_is_free_again(shop):
    release_seat.handler(so_far("declined", 3), CONTEXT)
    assert stock.free(table("STOCK")) == 2


@pytest.mark.parametrize(("card", "taken"), [("4242", {"o-1": 3800}), ("0002", {})])
def test_a_payment_is_asked_for_once_and_handed_on(shop, card, taken):
    place_order.handler(order_request(card=card), CONTEXT)
    told = envelope(log.read(table("EVENTS"), "o-1")[0])
    answers = [capture_payment.handler(told, CONTEXT) for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["kind"] == "RecordPayment"
    assert till.taken_yen(table("TILL")) == taken


def test_what_was_done_elsewhere_is_written_down(shop):
    so_far("ticket", 2)
    done = {"kind": "RecordPayment", "order_id": "o-1", "details": {"outcome": "ok"}}
    record.handler({"responsePayload": done}, CONTEXT)
    assert kinds()[-1] == "PaymentCaptured"


def test_one_record_that_fails_comes_back_alone(shop):
    good = so_far("ticket", 3)
    bad = {"detail-type": "PaymentCaptured", "detail": {"order_id": "nobody"}}
    records = [
        {"messageId": name, "body": json.dumps(body)}
        for name, body in (("bad", bad), ("good", good))
    ]
    answer = issue_ticket.on_queue({"Records": records}, CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert kinds()[-1] == "TicketIssued"


def test_a_reader_that_is_overtaken_decides_again(shop, monkeypatch):
    told = so_far("ticket", 1)
    real, raced = stock.free, []

    def slowly(seats, tour=stock.TOUR):
        """Another delivery reserves while this one looks."""
        found = real(seats, tour)
        if not raced:
            raced.append(True)
            reserve_seat.handler(told, CONTEXT)
        return found

    monkeypatch.setattr(stock, "free", slowly)
    reserve_seat.handler(told, CONTEXT)
    assert kinds() == ["OrderPlaced", "SeatReserved"]
    assert stock.free(table("STOCK")) == 1


@pytest.mark.parametrize(("handler", "life", "before", "added"), CASES)
def test_no_crash_and_no_lost_answer_adds_an_event_twice(
    shop, handler, life, before, added
):
    told = so_far(life, before)

    def setup():
        shop()
        so_far(life, before)

    def once():
        assert kinds()[before:] == [added]
        taken = -replay(log.read(table("EVENTS"), "o-1")).seats_free
        assert stock.free(table("STOCK")) == 2 - taken, "a seat is lost or made"

    found = explore(handler, told, setup=setup, invariant=once, losses=1, **QUIET)
    assert found.holds, repr(found)
    assert found.schedules > 20


def test_no_crash_and_no_lost_answer_charges_twice(shop):
    told = so_far("ticket", 2)

    def setup():
        shop()
        so_far("ticket", 2)

    def once(run):
        assert till.taken_yen(table("TILL")) == {"o-1": 3800}
        answers = [end.value for end in run.ended if end.outcome == "returned"]
        assert answers and all(answer == answers[0] for answer in answers)

    found = explore(
        capture_payment.handler, told, setup=setup, invariant=once, losses=1, **QUIET
    )
    assert found.holds, repr(found)
    assert found.schedules > 20
