"""The context object of a handler."""

import json
import time

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
)

from workbook.cloud import clock, create_table, local_cloud
from workbook.cloud.context import LambdaContext
from workbook.cloud.faults import Crash


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud() as world:
        yield world


def test_attributes_are_those_of_the_real_object():
    context = LambdaContext("charge", "11111111-2222-4333-8444-555555555555", 30, 256)
    assert context.function_name == "charge"
    assert context.function_version == "$LATEST"
    assert context.invoked_function_arn == (
        "arn:aws:lambda:ap-northeast-1:123456789012:function:charge"
    )
    assert context.memory_limit_in_mb == "256"
    assert context.aws_request_id == "11111111-2222-4333-8444-555555555555"
    assert context.log_group_name == "/aws/lambda/charge"
    assert context.log_stream_name == (
        "2018/03/11/[$LATEST]11111111222243338444555555555555"
    )
    assert context.identity is None and context.client_context is None


def test_the_remaining_time_runs_down_on_the_virtual_clock():
    context = LambdaContext(timeout_s=3)
    assert context.get_remaining_time_in_millis() == 3000
    time.sleep(1.25)
    assert context.get_remaining_time_in_millis() == 1750
    clock.advance(10)
    assert context.get_remaining_time_in_millis() == 0


def test_the_log_stream_stays_when_the_day_turns():
    context = LambdaContext()
    before = context.log_stream_name
    clock.advance(24 * 3600)
    assert context.log_stream_name == before


def test_two_contexts_made_alike_are_equal_and_show_the_same():
    assert LambdaContext("f") == LambdaContext("f")
    assert repr(LambdaContext("f")) == repr(LambdaContext("f"))
    assert "deadline" not in repr(LambdaContext("f"))


def test_it_works_without_the_local_cloud(cloud):
    cloud.stop()
    assert 29_000 < LambdaContext(timeout_s=30).get_remaining_time_in_millis() <= 30_000


def test_powertools_logger_takes_it(capsys):
    logger = Logger(service="tickets")

    @logger.inject_lambda_context
    def handler(event, context):
        logger.info("hello")

    handler({}, LambdaContext("charge", memory_mb=512))
    line = json.loads(capsys.readouterr().out)
    assert line["function_name"] == "charge"
    assert line["function_memory_size"] == "512"
    assert line["function_request_id"] == LambdaContext().aws_request_id


def test_powertools_idempotency_takes_its_lease_from_the_remaining_time():
    table = create_table("idempotency", "id")
    layer = DynamoDBPersistenceLayer("idempotency")
    config = IdempotencyConfig()
    charges = []

    @idempotent_function(
        data_keyword_argument="order", persistence_store=layer, config=config
    )
    def charge(*, order, crash=False):
        charges.append(order["id"])
        if crash:
            raise Crash("killed")
        return order["id"]

    def invoke(**more):
        config.register_lambda_context(LambdaContext(timeout_s=5))
        return charge(order={"id": "o-1"}, **more)

    with pytest.raises(Crash):
        invoke(crash=True)
    (record,) = table.scan()["Items"]
    assert record["status"] == "INPROGRESS"
    assert record["in_progress_expiration"] == (clock.seconds() + 5) * 1000
    with pytest.raises(IdempotencyAlreadyInProgressError):
        invoke()
    clock.advance(5.001)
    assert invoke() == "o-1"
    assert invoke() == "o-1"
    assert charges == ["o-1", "o-1"]  # the crashed run and the one that took over
