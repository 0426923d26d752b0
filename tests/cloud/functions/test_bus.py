"""EventBridge, read at docs.aws.amazon.com/eventbridge/latest/userguide:

eb-rule-retry-policy.html and eb-rule-dlq.html.
"""

import json

import pytest

from workbook.cloud import clock
from workbook.cloud.functions import Function, RuleSource


def echo(event, context):
    return event


def put(events, order_id="o-1", source="shop", **more):
    entry = {
        "Source": source,
        "DetailType": "OrderPlaced",
        "Detail": json.dumps({"order_id": order_id}),
    }
    return events.put_events(Entries=[entry | more])["Entries"][0]["EventId"]


def test_the_envelope_is_the_documented_one(events):
    function = Function(echo)
    source = RuleSource(function, "placed")
    event_id = put(events, Resources=["seat/A1"])
    source.drain()
    (row,) = function.log
    assert row.event == {
        "version": "0",
        "id": event_id,
        "detail-type": "OrderPlaced",
        "source": "shop",
        "account": "123456789012",
        "time": "2018-03-11T01:00:00Z",
        "region": "ap-northeast-1",
        "resources": ["seat/A1"],
        "detail": {"order_id": "o-1"},
    }
    assert row.source == "asynchronous"


def test_only_what_the_pattern_matches_arrives(events):
    function = Function(echo)
    source = RuleSource(function, "placed")
    put(events, source="elsewhere")
    put(events, order_id="o-2")
    source.drain()
    assert [row.event["detail"]["order_id"] for row in function.log] == ["o-2"]


def test_two_functions_on_one_rule_both_get_the_event(events):
    functions = [Function(echo, name=name) for name in ("pay", "mail")]
    sources = [RuleSource(function, "placed") for function in functions]
    put(events)
    for source in sources:
        source.drain()
    assert [len(function.log) for function in functions] == [1, 1]


def test_a_rule_on_a_bus_of_its_own(events):
    events.create_event_bus(Name="shop")
    pattern = json.dumps({"detail-type": ["OrderPlaced"]})
    events.put_rule(Name="placed", EventBusName="shop", EventPattern=pattern)
    function = Function(echo)
    source = RuleSource(function, "placed", event_bus_name="shop")
    put(events, EventBusName="shop")
    put(events)  # on the default bus: not ours
    source.drain()
    assert len(function.log) == 1


def test_a_rule_that_is_switched_off_delivers_nothing(events):
    function = Function(echo)
    source = RuleSource(function, "placed")
    events.disable_rule(Name="placed")
    put(events)
    assert source.drain().done
    assert function.log == []


def test_errors_of_the_function_are_the_functions_affair(
    events, make_queue, arn_of, read
):
    def boom(event, context):
        raise ValueError

    url = make_queue("dead")
    function = Function(boom)
    source = RuleSource(function, "placed", dead_letter_queue=arn_of(url))
    put(events)
    source.drain()
    assert len(function.log) == 3  # Lambda's two retries
    assert read(url) == []  # the rule had delivered


def test_an_unavailable_target_gets_the_event_when_it_is_back(events):
    function = Function(echo)
    source = RuleSource(function, "placed")
    source.target = "unavailable"
    put(events)
    clock.call_later(3600, lambda: setattr(source, "target", "available"))
    summary = source.drain()
    assert len(function.log) == 1
    assert 3600 <= summary.elapsed_s <= 3600 + 600


def test_the_waits_between_attempts_are_jittered_by_the_seed(events):
    def first_wait_s(seed):
        source = RuleSource(
            Function(echo), "placed", seed=seed, maximum_retry_attempts=1
        )
        source.target = "unavailable"
        put(events)
        return source.drain().elapsed_s

    waits = [first_wait_s(seed) for seed in (1, 1, 2)]
    assert waits[0] == waits[1] != waits[2]
    assert all(0.5 <= wait_s <= 1 for wait_s in waits)


def attributes_of(message):
    found = message["MessageAttributes"].items()
    return {name: value["StringValue"] for name, value in found}


def test_by_default_24_hours_and_185_retries(events, make_queue, arn_of, read):
    url = make_queue("dead")
    function = Function(echo)
    source = RuleSource(function, "placed", dead_letter_queue=arn_of(url))
    source.target = "unavailable"
    event_id = put(events)
    summary = source.drain(within_s=30 * 3600)
    assert summary.done
    assert summary.elapsed_s <= 24 * 3600
    (message,) = read(url)
    assert json.loads(message["Body"])["id"] == event_id
    found = attributes_of(message)
    assert found["RULE_ARN"].endswith(":rule/placed")
    assert found["TARGET_ARN"] == function.arn
    assert int(found["RETRY_ATTEMPTS"]) <= 185
    assert found["EXHAUSTED_RETRY_CONDITION"] in (
        "MaximumRetryAttempts",
        "MaximumEventAgeInSeconds",
    )
    assert function.log == []


def test_maximum_retry_attempts(events, make_queue, arn_of, read):
    url = make_queue("dead")
    source = RuleSource(
        Function(echo),
        "placed",
        maximum_retry_attempts=3,
        dead_letter_queue=arn_of(url),
    )
    source.target = "unavailable"
    put(events)
    source.drain()
    (message,) = read(url)
    found = attributes_of(message)
    assert found["RETRY_ATTEMPTS"] == "3"
    assert found["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"


def test_maximum_event_age(events, make_queue, arn_of, read):
    url = make_queue("dead")
    source = RuleSource(
        Function(echo),
        "placed",
        maximum_event_age_in_seconds=60,
        dead_letter_queue=arn_of(url),
    )
    source.target = "unavailable"
    put(events)
    assert source.drain().elapsed_s == 60
    found = attributes_of(read(url)[0])
    assert found["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"


def test_a_target_that_is_gone_is_not_tried_again(events, make_queue, arn_of, read):
    url = make_queue("dead")
    source = RuleSource(Function(echo), "placed", dead_letter_queue=arn_of(url))
    source.target = "gone"
    put(events)
    assert source.drain().elapsed_s == 0
    found = attributes_of(read(url)[0])
    assert found["RETRY_ATTEMPTS"] == "0"
    assert "EXHAUSTED_RETRY_CONDITION" not in found


def test_without_a_dead_letter_queue_the_event_is_dropped(events):
    source = RuleSource(Function(echo), "placed", maximum_retry_attempts=0)
    source.target = "unavailable"
    event_id = put(events)
    source.drain()
    assert [event["id"] for event in source.dropped] == [event_id]


def test_an_event_may_arrive_twice(events):
    function = Function(echo)
    source = RuleSource(function, "placed", duplicates=1.0)
    event_id = put(events)
    source.drain()
    assert [row.event["id"] for row in function.log] == [event_id] * 2
    assert len({row.request_id for row in function.log}) == 2


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"maximum_retry_attempts": 186}, "MaximumRetryAttempts"),
        ({"maximum_event_age_in_seconds": 59}, "MaximumEventAgeInSeconds"),
        ({"maximum_event_age_in_seconds": 86_401}, "MaximumEventAgeInSeconds"),
        ({"dead_letter_queue": "arn:aws:sns:r:1:topic"}, "DeadLetterConfig"),
        ({"dead_letter_queue": "arn:aws:sqs:r:1:dead.fifo"}, "FIFO"),
    ],
)
def test_settings_are_refused_by_their_name_on_aws(events, setting, name):
    with pytest.raises(ValueError, match=name):
        RuleSource(Function(echo), "placed", **setting)


def test_the_bounds_are_those_of_the_service_model(members_of):
    members = members_of("events", "RetryPolicy")
    retries, age = (
        members[name].metadata
        for name in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")
    )
    assert (retries["min"], retries["max"]) == (0, 185)
    assert (age["min"], age["max"]) == (60, 86_400)
