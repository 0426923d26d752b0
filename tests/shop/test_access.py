"""Three designs, eight questions: the same answers, found in different ways."""

from functools import partial

import pytest

from workbook.cloud import local_cloud
from workbook.cloud.bulk import load_items
from workbook.cloud.recorder import recorder
from workbook.shop.access import PATTERNS, Indexes, OneTable, Scans, build, sales

NUMBER = 5_000  # the questions ask for order-04200
LOAD = partial(load_items, region="ap-northeast-1")


@pytest.fixture(scope="module")
def made():
    return sales(NUMBER)


@pytest.fixture(scope="module")
def shops(made):
    with local_cloud() as cloud:
        cloud.reset()
        yield [build(design(), made, LOAD) for design in (Scans, Indexes, OneTable)]


def asked(shop, question):
    with recorder() as seen:
        return PATTERNS[question](shop), seen


@pytest.mark.parametrize("question", PATTERNS)
def test_the_answers_are_the_same(shops, question):
    first, *others = [asked(shop, question)[0] for shop in shops]
    assert first and all(answer == first for answer in others)


@pytest.mark.parametrize("question", PATTERNS)
def test_indexes_and_one_table_read_what_they_return(shops, question):
    for shop in shops[1:]:
        answer, seen = asked(shop, question)
        assert seen.read == seen.returned == len(answer)


@pytest.mark.parametrize("question", PATTERNS)
def test_one_table_needs_one_call(shops, question):
    _, seen = asked(shops[2], question)
    assert len(seen) == 1


def test_scans_read_everything_for_a_few(shops, made):
    answer, seen = asked(shops[0], "a buyer's orders")
    assert seen.read == NUMBER and seen.returned == len(answer) < 10
    assert len(asked(shops[1], "an order, all of it")[1]) == 3


def test_the_answers_are_right(shops, made):
    one = next(sale for sale in made if sale.order_id == "order-04200")
    assert asked(shops[2], "one order")[0] == [one.order]
    assert asked(shops[2], "an order, all of it")[0] == [
        one.order, one.payment, one.ticket
    ]  # fmt: skip
    still_open = [sale.order for sale in made if not sale.ended]
    assert asked(shops[2], "open orders")[0] == still_open
    seats = [row["seat"] for row in asked(shops[2], "door list")[0]]
    assert seats == sorted(seats) and len(set(seats)) == len(seats) > 100


def test_sales_are_made_by_the_seed(made):
    assert sales(300) == sales(300) != sales(300, seed=7)
    assert len({sale.order_id for sale in made}) == NUMBER
    assert {sale.status for sale in made} == {"ticketed", "placed", "paid", "rejected"}
    assert all(bool(sale.seat) == (sale.status == "ticketed") for sale in made)
