"""Four designs at the last seats: every schedule, and real threads."""

import pytest

from workbook.cloud import create_table, faults, local_cloud
from workbook.cloud.threads import in_threads
from workbook.explore import explore
from workbook.shop import selling
from workbook.shop.selling import (
    SOLD,
    SOLD_OUT,
    BoxOffice,
    Contended,
    move,
    seats_left,
    tickets,
)

SAFE = {k: v for k, v in selling.DESIGNS.items() if k != "read-modify-write"}


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud() as cloud:
        cloud.reset()
        yield cloud


def opened(seats):
    create_table("seats", "tour")
    create_table("orders", "order_id")
    office = selling.connect()
    selling.open_sale(office, seats=seats)
    return office


def tried(design, *, seats, orders, deliveries=1, faults=(), exact=False):
    """The exploration of a design; `exact`: no seat may be lost either."""
    office = selling.connect()

    def books():
        """Seats and tickets agree"""
        sold, free = tickets(office), seats_left(office)
        wrong = sold > seats or (exact and sold + free != seats)
        return not wrong or f"{sold} tickets, {free} of {seats} seats left"

    return explore(
        lambda event, context: design(office, event["order_id"]),
        [{"order_id": f"order-{n}"} for n in range(orders)],
        setup=lambda: opened(seats),
        invariant=books,
        deliveries=deliveries,
        faults=faults,
        progress=False,
    )


# --- every schedule -------------------------------------------------------------------


@pytest.mark.parametrize("design", SAFE.values(), ids=SAFE)
@pytest.mark.parametrize(("seats", "orders"), [(1, 2), (1, 3)])
def test_no_interleaving_oversells(design, seats, orders):
    assert tried(design, seats=seats, orders=orders).holds


def test_read_modify_write_oversells():
    found = tried(selling.read_modify_write, seats=1, orders=2)
    assert found.verdict == "broken" and "2 tickets" in found.why


def test_only_the_transaction_survives_a_crash_and_a_second_delivery():
    ways = {"seats": 2, "orders": 1, "deliveries": 2, "exact": True}
    for name, design in selling.DESIGNS.items():
        found = tried(design, **ways, faults=("crash", "response_lost"))
        assert found.holds == (name == "transaction"), name


# --- real threads ---------------------------------------------------------------------


def stormed(design, *, seats=2, buyers=6):
    """How many were sold a seat, if all come at once."""
    opened(seats)
    offices = [selling.connect() for _ in range(buyers)]

    def buy(number):
        try:
            return design(offices[number], f"order-{number}")
        except Contended:
            return ""

    return in_threads(buy, range(buyers)).count(SOLD)


@pytest.mark.parametrize("design", SAFE.values(), ids=SAFE)
def test_real_threads_do_not_oversell(design, cloud):
    for _ in range(3):
        cloud.reset("dynamodb")
        assert stormed(design) == 2


def test_real_threads_oversell_by_read_modify_write(cloud):
    numbers = []
    for _ in range(3):
        cloud.reset("dynamodb")
        numbers.append(stormed(selling.read_modify_write))
    assert max(numbers) > 2


# --- one at a time --------------------------------------------------------------------


@pytest.mark.parametrize("design", selling.DESIGNS.values(), ids=selling.DESIGNS)
def test_one_after_the_other_each_design_sells_what_there_is(design):
    office = opened(2)
    said = [design(office, f"order-{n}") for n in range(4)]
    assert said == [SOLD, SOLD, SOLD_OUT, SOLD_OUT]
    assert (seats_left(office), tickets(office)) == (0, 2)


def test_a_version_check_gives_up_and_takes_nothing():
    office = opened(5)
    real = office.seats.get_item

    class Busy:
        """Somebody else writes after each of our reads."""

        name, meta = office.seats.name, office.seats.meta
        put_item = staticmethod(office.seats.put_item)

        def get_item(self, **request):
            found = real(**request)
            item = found["Item"]
            office.seats.put_item(Item={**item, "version": item["version"] + 1})
            return found

    with pytest.raises(Contended, match="order-1"):
        selling.version_check(BoxOffice(Busy(), office.orders), "order-1", attempts=3)
    assert (seats_left(office), tickets(office)) == (5, 0)


def test_move_tells_the_status_that_there_was():
    office = opened(1)
    assert move(office, "a", "", "reserved", seats=-1) == "reserved"
    assert move(office, "a", "", "reserved", seats=-1) == "reserved"
    assert move(office, "b", "", "reserved", seats=-1) == SOLD_OUT
    assert move(office, "a", "reserved", "released", seats=+1) == "released"
    assert move(office, "a", "reserved", SOLD) == "released"
    assert move(office, "b", "reserved", SOLD) == ""
    assert (seats_left(office), tickets(office)) == (1, 0)


def test_move_takes_a_seat_once_if_its_answer_is_lost():
    office = opened(2)
    with faults.response_lost("dynamodb", "TransactWriteItems", nth=1):
        assert move(office, "a", "", SOLD, seats=-1) == SOLD
    assert (seats_left(office), tickets(office)) == (1, 1)


def test_a_transaction_that_meets_another_one_is_for_the_caller():
    office = opened(1)
    client = office.orders.meta.client
    said = {"Error": {"Code": "TransactionCanceledException", "Message": "conflict"}}
    said["CancellationReasons"] = [{"Code": "None"}, {"Code": "TransactionConflict"}]
    error = client.exceptions.TransactionCanceledException(said, "TransactWriteItems")

    class Meeting:
        exceptions = client.exceptions

        @staticmethod
        def transact_write_items(**request):
            raise error

    class Orders:
        name, meta = office.orders.name, type("Meta", (), {"client": Meeting})

    with pytest.raises(client.exceptions.TransactionCanceledException):
        move(BoxOffice(office.seats, Orders()), "a", "", SOLD, seats=-1)
