"""Each invariant of the audit: broken by one hand-made result, and by it alone."""

from decimal import Decimal

import pytest

from workbook.storm import INVARIANTS, Result, Weather, audit
from workbook.storm.result import Told
from workbook.storm.weather import BAD_CARD, GOOD_CARD, Buyer

WEATHER = Weather(buyers=3, seats=1, poison=1)
BUYERS = {
    "order-1": Buyer("order-1", 0.0, GOOD_CARD),
    "order-2": Buyer("order-2", 1.0, GOOD_CARD),
    "order-3": Buyer("order-3", 2.0, BAD_CARD),
}
NEWS = {"order-1": ["ticket"], "order-2": ["sold out"], "order-3": ["declined"]}


def result(*, news=NEWS, charges=None, dead=("poison-1",), stuck=""):
    told = [Told(9.0, order, one) for order, heard in news.items() for one in heard]
    return Result(
        design="d",
        weather=WEATHER,
        buyers=BUYERS,
        told=tuple(told),
        charges_yen={"order-1": [4800]} if charges is None else charges,
        dead=dead,
        samples=(),
        usd={"sqs": Decimal("0.1")},
        calls=0,
        invocations=0,
        errors=0,
        ended_s=9.0,
        stuck=stuck,
    )


def test_a_good_result_holds():
    found = audit(result())
    assert found.holds
    assert repr(found).startswith("d: 0 of 8 invariants broken")


BROKEN = {
    "No seat is sold twice": result(
        news={**NEWS, "order-2": ["ticket"]},
        charges={"order-1": [4800], "order-2": [4800]},
    ),
    "Nobody is charged twice": result(charges={"order-1": [4800, 4800]}),
    "No charge without a ticket or a refund": result(
        charges={"order-1": [4800], "order-2": [4800]}
    ),
    "No ticket without a charge": result(charges={}),
    "Every order ends": result(news={**NEWS, "order-2": []}),
    "Nobody is told two things": result(news={**NEWS, "order-1": ["ticket", "lost"]}),
    "Nobody is turned away for nothing": result(news={**NEWS, "order-2": ["declined"]}),
    "Poison ends in a dead-letter queue": result(dead=()),
}


@pytest.mark.parametrize("claim", INVARIANTS)
def test_an_invariant_is_broken_by_its_own_result_alone(claim):
    found = audit(BROKEN[claim])
    assert [breach.claim for breach in found.breaches] == [claim]
    assert found.of(claim).says in repr(found)
    assert found.of(claim).says in found._repr_html_()


def test_every_breach_names_an_order():
    for claim in INVARIANTS:
        breach = audit(BROKEN[claim]).of(claim)
        assert breach.order_id in breach.says


def test_sold_out_while_a_seat_is_free_turns_somebody_away():
    news = {**NEWS, "order-1": ["sold out"], "order-3": ["sold out"]}
    breach = audit(result(news=news, charges={})).of(
        "Nobody is turned away for nothing"
    )
    assert breach.cases == 1
    assert breach.says == "order-1 was told “sold out”, and 1 seat was free"


def test_a_seat_that_came_back_from_a_bad_card_need_not_be_sold():
    news = {"order-1": ["sold out"], "order-2": ["sold out"], "order-3": ["declined"]}
    assert audit(result(news=news, charges={})).holds


def test_an_order_in_a_dead_letter_queue_has_not_ended():
    news = {**NEWS, "order-2": []}
    found = audit(result(news=news, dead=("order-2", "poison-1")))
    assert "lies in a dead-letter queue" in found.of("Every order ends").says


def test_a_function_that_hangs_is_an_order_without_an_end():
    assert audit(result(stuck="it hangs")).of("Every order ends").says == "it hangs"


def test_the_delay_is_from_the_first_click_to_the_first_end():
    assert sorted(result().delays_s) == [7.0, 8.0, 9.0]
    assert result().total_usd == pytest.approx(0.1)
