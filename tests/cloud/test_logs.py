"""What a function prints, in CloudWatch Logs on the mock."""

import boto3
import pytest

from workbook.cloud import clock, faults, local_cloud
from workbook.cloud.functions import Function
from workbook.cloud.logs import keep_logs, lines


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud():
        yield


def speak(event, context):
    print("first")
    clock.advance(1.5)
    print("second", end="")
    if event.get("fail"):
        raise ValueError("no")
    return "done"


def test_lines_stand_between_start_and_end_with_their_moments(capsys):
    function = Function(speak)
    keep_logs(function)
    assert function.invoke({}).payload == "done"
    begin, *said, end = lines("speak")
    assert begin.startswith("START RequestId: ") and end.startswith("END RequestId: ")
    assert said == ["first", "second"]
    assert capsys.readouterr().out == ""
    found = boto3.client("logs").filter_log_events(logGroupName="/aws/lambda/speak")
    times = [event["timestamp"] for event in found["events"]]
    assert [time - times[0] for time in times] == [0, 0, 1500, 1500]


@pytest.mark.parametrize("how", ["error", "crash"])
def test_what_was_printed_before_the_end_is_kept_however_it_ended(how):
    def crashing(event, context):
        print("before")
        if how == "error":
            raise ValueError("no")
        boto3.client("sqs").list_queues()

    function = Function(crashing, name="ends")
    keep_logs(function)
    with faults.crash_before(1, "sqs"):
        assert function.invoke({}).outcome == how
    assert lines("ends")[1] == "before"


def test_attempts_of_one_request_share_a_stream():
    function = Function(speak)
    keep_logs(function)
    function.invoke_async({"fail": True})
    function.drain()
    assert lines("speak").count("first") == 3
    logs = boto3.client("logs")
    streams = logs.describe_log_streams(logGroupName="/aws/lambda/speak")["logStreams"]
    assert len({stream["logStreamName"] for stream in streams}) == 1


def test_functions_that_call_one_another_keep_their_lines_apart():
    def outer(event, context):
        print("outer before")
        inner_one.invoke({})
        print("outer after")

    inner_one = Function(speak, name="inner")
    outer_one = Function(outer, timeout_s=30)
    keep_logs(outer_one, inner_one)
    keep_logs(outer_one)  # once more changes nothing
    outer_one.invoke({})
    assert [line for line in lines("outer") if "Request" not in line] == [
        "outer before",
        "outer after",
    ]
    assert lines("inner").count("first") == 1
    assert len(lines("outer", "inner")) == 8


def test_a_function_that_never_ran_has_no_lines():
    assert lines("nobody") == []
