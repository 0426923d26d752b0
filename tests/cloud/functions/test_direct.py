"""Direct invocation: docs.aws.amazon.com/lambda/latest/api/API_Invoke.html."""

import sys
from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import clock
from workbook.cloud.faults import Crash
from workbook.cloud.functions import Function


def echo(event, context):
    return event


def boom(event, context):
    raise ValueError("no seat")


def test_the_event_travels_as_json():
    sent = {"seats": ("A1", "A2"), 7: True}
    assert Function(echo).invoke(sent).payload == {"seats": ["A1", "A2"], "7": True}


def test_the_handler_gets_its_own_copy_and_the_log_keeps_what_was_sent():
    def greedy(event, context):
        event["seats"].clear()

    sent = {"seats": ["A1"]}
    function = Function(greedy)
    function.invoke(sent)
    assert sent == {"seats": ["A1"]}
    assert function.log[0].event == {"seats": ["A1"]}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"price": Decimal("1.5")}, "Decimal"),
        ({"seats": {1, 2}}, "set"),
        ({"x": float("nan")}, "JSON"),
    ],
)
def test_what_json_cannot_say_is_refused_with_the_reason(event, reason):
    function = Function(echo)
    with pytest.raises(TypeError, match=reason):
        function.invoke(event)
    assert function.log == []


def test_the_runtime_writes_a_decimal_result_as_a_number():
    result = Function(lambda e, c: {"n": Decimal("2"), "x": Decimal("1.5")}).invoke({})
    assert result.payload == {"n": 2, "x": 1.5}


def test_a_result_that_is_not_json_is_an_error_of_the_function():
    result = Function(lambda e, c: {1, 2}).invoke({})
    assert result.payload["errorType"] == "Runtime.MarshalError"
    assert result.function_error == "Unhandled"


def test_an_error_is_status_200_with_the_error_document():
    result = Function(boom).invoke({})
    assert (result.status_code, result.function_error) == (200, "Unhandled")
    assert result.payload["errorMessage"] == "no seat"
    assert result.payload["errorType"] == "ValueError"
    assert result.payload["requestId"] == result.request_id
    (line,) = result.payload["stackTrace"]
    assert line.startswith('  File "test_direct.py", line ')
    assert "in boom" in line


def test_the_stack_trace_names_no_path_of_this_machine():
    trace = "".join(Function(boom).invoke({}).payload["stackTrace"])
    assert "/" not in trace


def test_a_broken_exception_text_is_reported_not_raised():
    class Broken(Exception):
        def __str__(self):
            raise RuntimeError

    def handler(event, context):
        raise Broken

    assert "RuntimeError" in Function(handler).invoke({}).payload["errorMessage"]


def test_nobody_retries_for_a_direct_caller():
    function = Function(boom)
    function.invoke({})
    clock.advance(3600)
    assert len(function.log) == 1


def test_a_crash_ends_the_process():
    def handler(event, context):
        raise Crash("killed")

    result = Function(handler).invoke({})
    assert result.outcome == "crash"
    assert result.payload["errorType"] == "Runtime.ExitError"


def test_sys_exit_ends_the_process():
    result = Function(lambda e, c: sys.exit(3)).invoke({})
    assert result.payload["errorMessage"].endswith("exit status 3")


def test_an_interrupt_reaches_the_person_at_the_keyboard():
    def handler(event, context):
        raise KeyboardInterrupt

    function = Function(handler)
    with pytest.raises(KeyboardInterrupt):
        function.invoke({})
    assert function.running == 0


def test_payload_limit_of_6_mb():
    function = Function(lambda e, c: None)
    room = 6 * 1024 * 1024 - 2  # the quotes
    assert function.invoke("x" * room).ok
    with pytest.raises(ClientError, match="RequestTooLargeException") as refused:
        function.invoke("x" * (room + 1))
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


def test_result_limit_of_6_mb():
    result = Function(lambda e, c: "x" * (6 * 1024 * 1024)).invoke({})
    assert result.payload["errorType"] == "Function.ResponseSizeTooLarge"


def test_reserved_concurrency_refuses_with_429():
    function = Function(echo, reserved_concurrency=0)
    with pytest.raises(ClientError, match="TooManyRequestsException") as refused:
        function.invoke({})
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_a_running_invocation_uses_up_concurrency_until_it_ends():
    function = Function(echo, reserved_concurrency=1, duration_s=2)
    function.invoke_async({})
    clock.advance(1)
    with pytest.raises(ClientError, match="TooManyRequests"):
        function.invoke({})
    clock.advance(1)
    assert function.invoke({}).ok


def test_a_direct_caller_waits_for_the_duration():
    before_s = clock.seconds()
    result = Function(echo, duration_s=lambda event: event["s"]).invoke({"s": 2})
    assert clock.seconds() - before_s == pytest.approx(2)
    assert result.duration_s == pytest.approx(2)


def test_a_run_past_the_timeout_is_an_error_at_the_timeout():
    result = Function(echo, duration_s=10, timeout_s=3).invoke({})
    assert result.outcome == "timeout"
    assert result.duration_s == pytest.approx(3)
    assert result.payload["errorType"] == "Sandbox.Timedout"
    assert result.payload["errorMessage"].endswith("timed out after 3.00 seconds")


def test_the_handler_sees_a_context():
    def handler(event, context):
        left_ms = context.get_remaining_time_in_millis()
        return [context.function_name, context.aws_request_id, left_ms]

    function = Function(handler, name="pay", timeout_s=7)
    result = function.invoke({})
    assert result.payload == ["pay", result.request_id, 7000]


def test_request_ids_differ_and_are_the_same_in_every_run():
    ids = [[Function(echo).invoke({}).request_id for _ in range(1)] for _ in range(2)]
    assert ids[0] == ids[1]
    function = Function(echo)
    assert function.invoke({}).request_id != function.invoke({}).request_id


def test_the_table_has_a_row_an_invocation():
    function = Function(boom)
    function.invoke({})
    function.invoke({})
    assert list(function.table()["outcome"]) == ["error", "error"]


def test_the_repr_carries_no_id():
    result = Function(boom).invoke({})
    assert repr(result) == (
        "<boom by direct, attempt 1: error (ValueError) after 0.000 s>"
    )


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"timeout_s": 0}, "Timeout"),
        ({"timeout_s": 901}, "Timeout"),
        ({"memory_mb": 127}, "MemorySize"),
        ({"memory_mb": 10_241}, "MemorySize"),
        ({"reserved_concurrency": -1}, "ReservedConcurrentExecutions"),
        ({"timeout_s": True}, "Timeout"),
    ],
)
def test_settings_are_refused_by_their_name_on_aws(setting, name):
    with pytest.raises(ValueError, match=name):
        Function(echo, **setting)


def test_a_handler_must_be_callable():
    with pytest.raises(TypeError, match="handler must be"):
        Function("handler")


def test_the_bounds_lie_within_the_service_model(members_of):
    members = members_of("lambda", "CreateFunctionRequest")
    timeout, memory = members["Timeout"], members["MemorySize"]
    assert timeout.metadata["min"] == 1
    assert timeout.metadata["max"] >= 900  # managed instances: up to 5,400
    assert memory.metadata["min"] == 128
    assert memory.metadata["max"] >= 10_240
