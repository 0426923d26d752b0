"""Faults: each does what it says, where it says, and nothing else."""

import contextlib
import random
import threading

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from workbook.cloud import RealCloudRefused, clock, create_table, faults, local_cloud
from workbook.cloud.functions.aws import USER_AGENT
from workbook.cloud.injection import _SPARED

START_S = clock.START.timestamp()
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(autouse=True)
def table():
    with local_cloud():
        yield create_table("orders", "id")


def put(key="o-1", client=None, **more):
    client = client or boto3.client("dynamodb")
    return client.put_item(TableName="orders", Item={"id": {"S": key}}, **more)


def keys(table):
    return sorted(item["id"] for item in table.scan()["Items"])


def retries(answer):
    return answer["ResponseMetadata"]["RetryAttempts"]


NEW = {"ConditionExpression": "attribute_not_exists(id)"}


# Lost


def test_a_lost_response_had_its_effect(table):
    with faults.response_lost() as fault, pytest.raises(ReadTimeoutError):
        put(client=boto3.client("dynamodb", config=ONCE))
    assert keys(table) == ["o-1"]
    assert repr(fault.log) == "[response lost: dynamodb PutItem, attempt 1]"


def test_a_lost_request_had_none(table):
    with faults.request_lost() as fault, pytest.raises(ConnectTimeoutError):
        put(client=boto3.client("dynamodb", config=ONCE))
    assert keys(table) == []
    assert repr(fault.log) == "[request lost: dynamodb PutItem, attempt 1]"


def test_the_sdk_sends_a_lost_response_again():
    with faults.response_lost(nth=1) as fault:
        assert retries(put()) == 1
    assert len(fault.log) == 1


def test_the_resend_of_a_conditional_put_fails_its_own_condition(table):
    with (
        faults.response_lost("dynamodb", "PutItem", nth=1),
        pytest.raises(ClientError) as failed,
    ):
        put(**NEW)
    error = failed.value.response
    assert error["Error"]["Code"] == "ConditionalCheckFailedException"
    assert retries(error) == 1
    assert keys(table) == ["o-1"]


def test_the_resend_of_a_lost_request_succeeds(table):
    with faults.request_lost(nth=1):
        assert retries(put(**NEW)) == 1
    assert keys(table) == ["o-1"]


@pytest.mark.parametrize("service, attempts", [("dynamodb", 10), ("sqs", 5)])
def test_the_sdk_gives_up_after_its_attempts(service, attempts):
    call = {"dynamodb": "list_tables", "sqs": "list_queues"}[service]
    with faults.response_lost(service) as fault, pytest.raises(ReadTimeoutError):
        getattr(boto3.client(service), call)()
    assert [entry.attempt for entry in fault.log] == list(range(1, attempts + 1))


def test_the_standard_mode_makes_three_attempts():
    client = boto3.client("sqs", config=Config(retries={"mode": "standard"}))
    with faults.throttle("sqs") as fault, pytest.raises(ClientError):
        client.list_queues()
    assert len(fault.log) == 3


@pytest.mark.parametrize("fault", [faults.response_lost, faults.request_lost])
def test_a_timeout_takes_its_time(fault):
    config = ONCE.merge(Config(connect_timeout=7, read_timeout=7))
    client = boto3.client("dynamodb", config=config)
    with fault(), pytest.raises((ConnectTimeoutError, ReadTimeoutError)):
        put(client=client)
    assert clock.seconds() == START_S + 7
    with fault(after_s=2), pytest.raises((ConnectTimeoutError, ReadTimeoutError)):
        put(client=client)
    assert clock.seconds() == START_S + 9


def test_an_error_is_lost_like_any_answer(table):
    put()
    with faults.response_lost(), pytest.raises(ReadTimeoutError):
        put(client=boto3.client("dynamodb", config=ONCE), **NEW)


def test_a_refused_call_has_no_answer_to_lose():
    client = boto3.client("sqs", endpoint_url="https://sqs.example.com")
    with faults.response_lost(), pytest.raises(RealCloudRefused):
        client.list_queues()
    with faults.crash_after(1), pytest.raises(RealCloudRefused):
        client.list_queues()


# Throttled


@pytest.mark.parametrize(
    "service, call, code",
    [
        ("dynamodb", "list_tables", "ProvisionedThroughputExceededException"),
        ("sqs", "list_queues", "RequestThrottled"),
        ("sns", "list_topics", "ThrottlingException"),
        ("events", "list_rules", "ThrottlingException"),
        ("lambda", "list_functions", "TooManyRequestsException"),
        ("s3", "list_buckets", "SlowDown"),
        ("stepfunctions", "list_state_machines", "ThrottlingException"),
    ],
)
def test_a_throttled_call_looks_as_the_service_does_it(service, call, code):
    client = boto3.client(service)
    with faults.throttle(service, nth=1) as fault:
        assert retries(getattr(client, call)()) == 1  # the SDK knows it, and waits
    with faults.throttle(service), pytest.raises(ClientError, match=code) as failed:
        getattr(client, call)()
    assert failed.value.response["Error"]["Code"] == code
    if hasattr(client.exceptions, code):
        assert isinstance(failed.value, getattr(client.exceptions, code))
    assert len(fault.log) == 1


def test_a_throttled_call_has_no_effect(table):
    with faults.throttle(), pytest.raises(ClientError):
        put(client=boto3.client("dynamodb", config=ONCE))
    assert keys(table) == []


def test_waiting_after_throttling_takes_virtual_time():
    with faults.throttle(nth=[1, 2, 3]):
        assert retries(put()) == 3
    # DynamoDB's own: 0.05 s, doubled each time
    assert clock.seconds() == pytest.approx(START_S + 0.05 + 0.1 + 0.2)


# Late


def test_latency_moves_the_clock_before_the_effect(table):
    seen = []
    clock.call_later(1, lambda: seen.append(len(keys(table))))
    with faults.latency(3, "dynamodb", "PutItem") as fault:
        put()
    assert clock.seconds() == START_S + 3
    assert seen == [0]
    assert keys(table) == ["o-1"]
    assert repr(fault) == "late: dynamodb PutItem, 1 of 1 attempt"


def test_latency_can_vary_by_the_seed():
    def times(seed):
        began = clock.seconds()
        draw = lambda rng: rng.choice([1, 2, 4, 8])  # noqa: E731
        with faults.latency(draw, seed=seed):
            return [put() and clock.seconds() - began for _ in range(6)]

    assert times(1) == times(1) != times(2)


def test_a_call_that_takes_too_long_times_out_and_has_its_effect(table):
    client = boto3.client("dynamodb", config=ONCE.merge(Config(read_timeout=5)))
    with faults.latency(30, nth=1), pytest.raises(ReadTimeoutError):
        put(client=client)
    assert clock.seconds() == START_S + 5
    assert keys(table) == ["o-1"]


# Killed


def handler(table):
    """Three calls; an `except Exception` round each, as careless code has it."""
    for key in ("a", "b", "c"):
        try:
            table.put_item(Item={"id": key})
        except Exception:
            pytest.fail("a crash is no Exception")


@pytest.mark.parametrize(
    "crash, n, done",
    [
        (faults.crash_before, 1, []),
        (faults.crash_after, 1, ["a"]),
        (faults.crash_before, 3, ["a", "b"]),
        (faults.crash_after, 3, ["a", "b", "c"]),
    ],
)
def test_a_crash_ends_the_handler_at_its_place(table, crash, n, done):
    with crash(n) as fault, pytest.raises(faults.Crash):
        handler(table)
    assert keys(table) == done
    assert len(fault.log) == 1


def test_a_crash_that_never_comes(table):
    with faults.crash_before(4) as fault:
        handler(table)
    assert keys(table) == ["a", "b", "c"]
    assert repr(fault) == "crashed before: any call, 0 of 3 calls"


def test_a_killed_process_makes_no_further_call(table):
    with faults.crash_after(1) as fault:
        for key in ("a", "b"):
            with pytest.raises(faults.Crash):
                table.put_item(Item={"id": key})
    assert keys(table) == ["a"]
    assert len(fault.log) == 1


def test_the_next_invocation_lives(table):
    with faults.crash_before(2):
        with pytest.raises(faults.Crash), faults.invocation():
            try:
                handler(table)
            finally:
                with pytest.raises(faults.Crash):
                    table.put_item(Item={"id": "cleaning up"})
        with faults.invocation():
            handler(table)
    assert keys(table) == ["a", "b", "c"]


def test_a_crash_counts_calls_and_not_attempts(table):
    with faults.throttle(nth=[1, 2]) as throttled, faults.crash_before(2):
        table.put_item(Item={"id": "a"})
        with pytest.raises(faults.Crash):
            table.put_item(Item={"id": "b"})
    assert len(throttled.log) == 2
    assert keys(table) == ["a"]


def test_a_crash_after_a_call_that_failed(table):
    put()
    with faults.crash_after(1), pytest.raises(faults.Crash):
        put(**NEW)
    with (
        faults.request_lost(),
        faults.crash_after(1),
        pytest.raises(faults.Crash) as crash,
    ):
        put(client=boto3.client("dynamodb", config=ONCE))
    assert isinstance(crash.value.__cause__, ConnectTimeoutError)


# Which attempts


def test_only_the_service_and_operation_named(table):
    sqs = boto3.client("sqs")
    with faults.throttle("dynamodb", "put_item") as fault:
        sqs.list_queues()
        table.scan()
        with pytest.raises(ClientError):
            put(client=boto3.client("dynamodb", config=ONCE))
    assert repr(fault) == "throttled: dynamodb put_item, 1 of 1 attempt"
    table.put_item(Item={"id": "after the with"})


def test_nth_takes_one_number_or_several():
    client = boto3.client("dynamodb", config=ONCE)

    def struck(nth):
        outcomes = []
        with faults.throttle(nth=nth):
            for _ in range(5):
                try:
                    client.list_tables()
                    outcomes.append(".")
                except ClientError:
                    outcomes.append("x")
        return "".join(outcomes)

    assert struck(2) == ".x..."
    assert struck([1, 4]) == "x..x."
    assert struck(range(2, 4)) == ".xx.."
    assert struck(None) == "xxxxx"


def test_probability_follows_the_seed():
    client = boto3.client("dynamodb", config=ONCE)

    def struck(**when):
        with faults.throttle(probability=0.3, **when) as fault:
            for _ in range(200):
                with contextlib.suppress(ClientError):
                    client.list_tables()
        return repr(fault)

    assert struck(seed=7) == struck(seed=7) == struck(rng=random.Random(7))
    assert struck(seed=7) != struck(seed=8)
    hits, _, seen = struck(seed=7).split(", ")[1].split()[:3]
    assert seen == "200" and 35 <= int(hits) <= 85  # 60, give or take four deviations


def test_probability_zero_strikes_nothing():
    with faults.throttle(probability=0) as fault:
        put()
    assert fault.log == []


@pytest.mark.parametrize(
    "make, what",
    [
        (lambda: faults.throttle("dynamo"), "no service 'dynamo'"),
        (lambda: faults.throttle(nth=0), "counts from 1"),
        (lambda: faults.throttle(nth=[1, -1]), "counts from 1"),
        (lambda: faults.crash_before(0), "counts from 1"),
        (lambda: faults.throttle(probability=1.5), "between 0 and 1"),
    ],
)
def test_a_mistake_is_told_at_once(make, what):
    with pytest.raises(ValueError, match=what):
        make()


def test_every_client_and_resource_is_reached(table):
    session = boto3.session.Session(region_name="ap-northeast-1")
    before = session.client("dynamodb")
    with faults.throttle() as fault:
        inside = boto3.client("dynamodb", config=ONCE)
        for call in (
            before.list_tables,
            inside.list_tables,
            table.scan,
            lambda: list(inside.get_paginator("list_tables").paginate()),
        ):
            with pytest.raises(ClientError):
                call()
    assert len(fault.log) == 10 + 1 + 10 + 1


def test_the_event_sources_are_spared():
    assert _SPARED == USER_AGENT
    poller = boto3.client("sqs", config=Config(user_agent_extra=USER_AGENT))
    with faults.throttle() as throttled, faults.crash_before(1) as crash:
        poller.list_queues()
    assert throttled.log == crash.log == []


def test_faults_combine_the_outer_one_first(table):
    with faults.latency(2) as slow, faults.throttle(nth=1) as throttled:
        assert retries(put()) == 1
    assert len(slow.log) == 2 and len(throttled.log) == 1
    with faults.throttle(nth=1), faults.latency(2) as inner:
        put()
    assert len(inner.log) == 1  # what was refused outside never came this far


def test_a_fault_is_off_after_its_block(table):
    with pytest.raises(ZeroDivisionError), faults.throttle():
        raise ZeroDivisionError
    put()


def test_a_fault_cannot_be_on_twice():
    with (
        faults.throttle() as fault,
        pytest.raises(RuntimeError, match="another one"),
        fault,
    ):
        pass


def test_a_thread_is_struck_too(table):
    outcomes = []

    def work():
        try:
            table.put_item(Item={"id": "a"})
        except faults.Crash as crash:
            outcomes.append(str(crash))

    with faults.crash_before(1, "dynamodb"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert outcomes == ["killed before dynamodb PutItem"]
