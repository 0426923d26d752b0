"""Asynchronous invocation:
docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html and
docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html.
"""

import json
import time

import boto3
import pytest
from botocore.exceptions import ClientError

from workbook.cloud import clock
from workbook.cloud.faults import Crash
from workbook.cloud.functions import Function


def echo(event, context):
    return event


def boom(event, context):
    raise ValueError("no seat")


def starts(function):
    first_s = function.log[0].start_s
    return [round(row.start_s - first_s, 3) for row in function.log]


def test_the_call_returns_before_the_handler_runs():
    function = Function(echo)
    function.invoke_async({})
    assert function.log == []
    clock.advance(0)
    assert len(function.log) == 1


def test_two_retries_after_one_minute_and_then_two():
    function = Function(boom)
    function.invoke_async({})
    summary = function.drain()
    assert starts(function) == [0, 60, 180]
    assert [row.attempt for row in function.log] == [1, 2, 3]
    assert (summary.invocations, summary.errors, summary.elapsed_s) == (3, 3, 180)
    assert summary.done


def test_retries_share_the_request_id_and_the_handler_sees_it():
    ids = []

    def handler(event, context):
        ids.append(context.aws_request_id)
        raise ValueError

    function = Function(handler)
    request_id = function.invoke_async({})
    function.drain()
    assert ids == [request_id] * 3


def test_a_success_ends_it():
    outcomes = iter([ValueError, None])

    def handler(event, context):
        error = next(outcomes)
        if error:
            raise error

    function = Function(handler)
    function.invoke_async({})
    function.drain()
    assert [row.ok for row in function.log] == [False, True]


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_maximum_retry_attempts(retries):
    function = Function(boom)
    function.configure_async(maximum_retry_attempts=retries)
    function.invoke_async({})
    function.drain()
    assert len(function.log) == 1 + retries


@pytest.mark.parametrize("error", [Crash("killed"), SystemExit(1)])
def test_a_killed_process_is_retried_too(error):
    def handler(event, context):
        raise error

    function = Function(handler)
    function.invoke_async({})
    function.drain()
    assert len(function.log) == 3


def test_a_timeout_is_retried_too():
    function = Function(echo, duration_s=5, timeout_s=3)
    function.invoke_async({})
    function.drain()
    assert [row.outcome for row in function.log] == ["timeout"] * 3
    assert starts(function) == [0, 63, 186]  # the wait begins when a run ends


def test_each_attempt_gets_the_event_as_it_was_sent():
    def handler(event, context):
        event["touched"] = True
        raise ValueError

    function = Function(handler)
    function.invoke_async({"order_id": "o-1"})
    function.drain()
    assert all(row.event == {"order_id": "o-1"} for row in function.log)


def test_throttles_wait_from_1_s_doubling_to_5_min_for_6_hours():
    tries = []
    function = Function(echo, reserved_concurrency=1, duration_s=100, timeout_s=900)
    function.running = 1  # somebody else holds the only place, for ever
    begin = function.begin

    def watched(*args, **kwargs):
        tries.append(clock.seconds())
        return begin(*args, **kwargs)

    function.begin = watched
    function.invoke_async({})
    clock.advance(6 * 3600 + 1)
    waits = [round(b - a) for a, b in zip(tries, tries[1:], strict=False)]
    assert waits[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert set(waits[9:]) == {300}
    assert tries[-1] - tries[0] <= 6 * 3600
    assert [c for _, c in function.asynchronous.given_up] == ["EventAgeExceeded"]
    assert function.log == []


def test_throttles_use_up_no_retry():
    function = Function(boom, reserved_concurrency=1, duration_s=1)
    function.invoke_async({"n": 1})
    function.invoke_async({"n": 2})
    function.drain()
    assert sorted(row.event["n"] for row in function.log) == [1, 1, 1, 2, 2, 2]


def test_six_hours_of_retries_take_no_time():
    function = Function(echo, reserved_concurrency=1)
    function.running = 1
    function.invoke_async({})
    began = time.perf_counter()
    clock.advance(6 * 3600)
    assert time.perf_counter() - began < 1


def test_maximum_event_age_cuts_the_retries_short():
    sink = Function(echo, name="sink")
    function = Function(boom)
    function.configure_async(maximum_event_age_in_seconds=100, on_failure=sink)
    function.invoke_async({})
    summary = function.drain()
    assert starts(function) == [0, 60]  # the third would come at 180 s
    (record,) = (row.event for row in sink.log)
    assert record["requestContext"]["condition"] == "EventAgeExceeded"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert summary.elapsed_s == 100


def test_failure_record_as_documented(make_queue, arn_of, read):
    url = make_queue("failed")
    function = Function(boom, name="pay")
    function.configure_async(on_failure=arn_of(url))
    request_id = function.invoke_async({"order_id": "o-1"})
    function.drain()
    (message,) = read(url)
    record = json.loads(message["Body"])
    assert record["version"] == "1.0"
    assert record["timestamp"] == "2018-03-11T01:03:00.000Z"
    assert record["requestContext"] == {
        "requestId": request_id,
        "functionArn": f"{function.arn}:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    }
    assert record["requestPayload"] == {"order_id": "o-1"}
    assert record["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    assert record["responsePayload"]["errorType"] == "ValueError"


def test_success_record_goes_to_another_function_asynchronously():
    sink = Function(echo, name="sink")
    function = Function(lambda e, c: {"paid": True})
    function.configure_async(on_success=sink)
    function.invoke_async({})
    function.drain()
    (row,) = sink.log
    assert row.source == "asynchronous"
    assert row.event["requestContext"]["condition"] == "Success"
    assert row.event["responsePayload"] == {"paid": True}
    assert "functionError" not in row.event["responseContext"]


def test_a_failure_sends_nothing_to_the_success_destination():
    sink = Function(echo, name="sink")
    function = Function(boom)
    function.configure_async(on_success=sink)
    function.invoke_async({})
    function.drain()
    assert sink.log == []


def test_record_to_a_topic(make_queue, arn_of, read):
    sns, url = boto3.client("sns"), make_queue("inbox")
    topic = sns.create_topic(Name="failed")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(url))
    function = Function(boom)
    function.configure_async(on_failure=topic)
    function.invoke_async({})
    function.drain()
    (message,) = read(url)
    record = json.loads(json.loads(message["Body"])["Message"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"


def test_record_to_a_bus(events, make_queue, arn_of, read):
    url = make_queue("inbox")
    bus = events.create_event_bus(Name="results")["EventBusArn"]
    pattern = json.dumps({"source": ["lambda"]})
    events.put_rule(Name="all", EventBusName="results", EventPattern=pattern)
    events.put_targets(
        Rule="all", EventBusName="results", Targets=[{"Id": "q", "Arn": arn_of(url)}]
    )
    function = Function(boom)
    function.configure_async(on_failure=bus)
    function.invoke_async({})
    function.drain()
    (message,) = read(url)
    event = json.loads(message["Body"])
    assert event["detail-type"] == "Lambda Function Invocation Result - Failure"
    assert event["resources"] == [f"{function.arn}:$LATEST", bus]
    assert event["detail"]["requestContext"]["condition"] == "RetriesExhausted"


def test_dead_letter_is_the_event_as_it_was_with_three_attributes(
    make_queue, arn_of, read
):
    url = make_queue("dead")
    function = Function(boom)
    function.configure_async(dead_letter_queue=arn_of(url))
    request_id = function.invoke_async({"order_id": "o-1"})
    function.drain()
    (message,) = read(url)
    assert json.loads(message["Body"]) == {"order_id": "o-1"}
    found = message["MessageAttributes"]
    assert found["RequestID"]["StringValue"] == request_id
    assert found["ErrorCode"] == {"DataType": "Number", "StringValue": "200"}
    assert found["ErrorMessage"]["StringValue"] == "no seat"


def test_error_message_of_a_dead_letter_is_cut_at_1_kb(make_queue, arn_of, read):
    def handler(event, context):
        raise ValueError("x" * 5000)

    url = make_queue("dead")
    function = Function(handler)
    function.configure_async(dead_letter_queue=arn_of(url))
    function.invoke_async({})
    function.drain()
    (message,) = read(url)
    text = message["MessageAttributes"]["ErrorMessage"]["StringValue"]
    assert len(text) == 1024


def test_zero_reserved_concurrency_sends_events_away_without_a_retry(
    make_queue, arn_of, read
):
    url = make_queue("dead")
    function = Function(echo, reserved_concurrency=0)
    function.configure_async(dead_letter_queue=arn_of(url))
    function.invoke_async({"order_id": "o-1"})
    assert function.drain().elapsed_s == 0
    assert len(read(url)) == 1
    assert function.log == []


def test_a_lost_record_is_told(make_queue, arn_of, sqs):
    url = make_queue("failed")
    function = Function(boom)
    function.configure_async(on_failure=arn_of(url))
    sqs.delete_queue(QueueUrl=url)
    function.invoke_async({})
    with pytest.warns(UserWarning, match="DestinationDeliveryFailures"):
        function.drain()


def test_duplicates_come_though_nothing_failed():
    function = Function(echo)
    function.configure_async(duplicates=1.0)
    request_id = function.invoke_async({})
    function.drain()
    assert [row.request_id for row in function.log] == [request_id] * 2
    assert [row.ok for row in function.log] == [True, True]
    assert starts(function) == [0, 1]


def test_the_share_of_duplicates_is_seeded():
    def deliveries(seed):
        function = Function(echo)
        function.configure_async(duplicates=0.3, seed=seed)
        for number in range(200):
            function.invoke_async({"n": number})
        function.drain()
        return [row.event["n"] for row in function.log]

    assert deliveries(1) == deliveries(1)
    assert deliveries(1) != deliveries(2)
    # 200 draws of 0.3: mean 60, standard deviation 6.5; four of them either way
    assert 34 <= len(deliveries(1)) - 200 <= 86


def test_payload_limit_of_1_mb():
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        Function(echo).invoke_async("x" * (1024 * 1024))


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"maximum_retry_attempts": 3}, "MaximumRetryAttempts"),
        ({"maximum_retry_attempts": -1}, "MaximumRetryAttempts"),
        ({"maximum_event_age_in_seconds": 59}, "MaximumEventAgeInSeconds"),
        ({"maximum_event_age_in_seconds": 21_601}, "MaximumEventAgeInSeconds"),
        ({"on_failure": "failed"}, "OnFailure"),
        ({"on_failure": "arn:aws:sqs:ap-northeast-1:123456789012:a.fifo"}, "FIFO"),
        ({"on_success": "arn:aws:s3:::bucket"}, "OnSuccess"),
        ({"dead_letter_queue": "arn:aws:events:r:1:event-bus/b"}, "DeadLetterConfig"),
    ],
)
def test_settings_are_refused_by_their_name_on_aws(setting, name):
    with pytest.raises(ValueError, match=name):
        Function(echo).configure_async(**setting)


def test_the_bounds_are_those_of_the_service_model(members_of):
    members = members_of("lambda", "PutFunctionEventInvokeConfigRequest")
    retries, age = (
        members[name].metadata
        for name in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")
    )
    assert (retries["min"], retries["max"]) == (0, 2)
    assert (age["min"], age["max"]) == (60, 21_600)
    for value in (age["min"], age["max"]):
        Function(echo).configure_async(maximum_event_age_in_seconds=value)
