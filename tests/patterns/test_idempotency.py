"""The packaged decorator: one effect, one answer, no matter what."""

import boto3
import pytest

from workbook.cloud import clock, create_table, local_cloud
from workbook.cloud.context import LambdaContext
from workbook.explore import Records, explore
from workbook.patterns.idempotency import (
    InProgress,
    PayloadChanged,
    Store,
    fingerprint,
    idempotent,
)

ORDER = {"order_id": "order-7", "yen": 3600}


@pytest.fixture(autouse=True)
def tables():
    with local_cloud():
        yield fresh_tables()


def fresh_tables():
    create_table("charges", "id")
    create_table("records", "id", ttl="expires_at")


def table(name):
    return boto3.resource("dynamodb").Table(name)


def shop(**settings):
    """A handler that charges under the order's own key, decorated."""

    @idempotent(Store(table("records"), **settings), key=lambda e: e["order_id"])
    def sell(event, context):
        table("charges").put_item(Item={"id": event["order_id"], "yen": event["yen"]})
        return {"paid": event["yen"], "by": context.aws_request_id}

    return sell


def context(request_id="first"):
    return LambdaContext(aws_request_id=request_id)


def one_charge():
    """One charge."""
    return table("charges").scan(Select="COUNT")["Count"] == 1


@pytest.mark.parametrize("fault", ["crash", "response_lost", "resent", "throttle"])
def test_the_effect_is_applied_once_in_every_schedule(fault):
    result = explore(
        shop(), ORDER, setup=fresh_tables, invariant=one_charge, faults=(fault,)
    )
    assert result.holds, repr(result)


def test_every_delivery_gets_the_first_answer():
    def one_answer(run):
        return len({str(value) for value in run.returned}) == 1 and not run.dead_letters

    result = explore(shop(), ORDER, setup=fresh_tables, invariant=one_answer, faults=())
    assert result.holds, repr(result)


def test_the_record_is_forgotten():
    result = explore(
        shop(keep_s=3600),
        ORDER,
        setup=fresh_tables,
        invariant=one_charge,
        records=Records("records", 7200),
    )
    assert result.holds, repr(result)


def test_a_lease_that_is_held_sends_the_delivery_away_until_it_ends():
    store = Store(table("records"), lease_s=30)

    @idempotent(store, key=lambda e: e["order_id"])
    def dies(event, context):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        dies(ORDER, context())
    with pytest.raises(InProgress, match="order-7 is leased until"):
        shop()(ORDER, context("second"))
    clock.advance(31)
    assert shop()(ORDER, context("third"))["by"] == "third"


def test_its_own_lease_keeps_nobody_out():
    """The SDK sends a claim again whose answer it missed."""
    store = Store(table("records"))

    @idempotent(store, key=lambda e: e["order_id"])
    def dies(event, context):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        dies(ORDER, context())
    assert shop()(ORDER, context())["paid"] == 3600


def test_an_expired_record_counts_as_absent_even_if_it_is_still_there():
    sell = shop(keep_s=60)
    assert sell(ORDER, context())["by"] == "first"
    assert sell(ORDER, context("second"))["by"] == "first"
    clock.advance(61)
    assert sell(ORDER, context("third"))["by"] == "third"


def test_a_changed_payload_is_refused_and_charges_nothing():
    sell = shop()
    sell(ORDER, context())
    with pytest.raises(PayloadChanged):
        sell({**ORDER, "yen": 1}, context("second"))
    assert table("charges").scan()["Items"][0]["yen"] == 3600


def test_the_order_of_keys_is_no_change():
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": "1"})


def test_another_holder_s_record_is_not_finished():
    """A delivery whose lease was taken over must not overwrite the answer."""
    store = Store(table("records"), lease_s=30)

    @idempotent(store, key=lambda e: e["order_id"])
    def slow(event, context):
        clock.advance(31)
        shop()(ORDER, LambdaContext(aws_request_id="second"))
        return "late"

    refused = boto3.client("dynamodb").exceptions.ConditionalCheckFailedException
    with pytest.raises(Exception) as raised:
        slow(ORDER, context())
    assert type(raised.value).__name__ == refused.__name__
    assert shop()(ORDER, context("third"))["by"] == "second"


@pytest.mark.parametrize(("lease_s", "holds"), [(119, True), (120, False)])
def test_a_lease_must_end_before_the_last_receive(lease_s, holds):
    """Five receives, 30 s apart: the last one comes 120 s after the first."""
    result = explore(
        shop(lease_s=lease_s),
        ORDER,
        setup=fresh_tables,
        invariant=one_charge,
        deliveries=1,
        faults=("crash",),
        redeliver_after_s=30,
        max_receives=5,
    )
    assert result.holds is holds, repr(result)
