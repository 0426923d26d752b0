"""A template's words become what they say: called, sent, retried, given up."""

import json
import os
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.cloud.template.handlers import CALLS
from workbook.cloud import clock, local_cloud, machines
from workbook.cloud.template import TemplateError, deploy, read

SAMPLE = Path(__file__).with_name("sample.yaml")


@pytest.fixture
def stack():
    CALLS.clear()
    with local_cloud():
        yield deploy(SAMPLE, name="one")


def put_event(stack, kind, **detail):
    entry = {"Source": "test", "DetailType": kind, "Detail": json.dumps(detail)}
    entry["EventBusName"] = stack.name_of("Bus")
    boto3.client("events").put_events(Entries=[entry])


def messages(stack, queue):
    found = boto3.resource("sqs").Queue(stack.name_of(queue)).receive_messages()
    return [json.loads(message.body) for message in found]


def built(tmp_path, text):
    path = tmp_path / "t.yaml"
    path.write_text(text)
    with local_cloud():
        return deploy(path)


def resource(type_, **properties):
    return json.dumps({"Resources": {"X": {"Type": type_, "Properties": properties}}})


def test_a_message_reaches_the_function_with_its_environment(stack):
    queue = boto3.resource("sqs").Queue(stack.name_of("Work"))
    queue.send_message(MessageBody="m-1")
    assert stack.settle().done
    assert CALLS == [("worker", ["m-1"], "a-c", "hello")]
    assert not {"OWN", "COMMON"} & set(os.environ)


def test_a_poison_message_is_given_up_after_two_receives(stack):
    queue = boto3.resource("sqs").Queue(stack.name_of("Work"))
    queue.send_message(MessageBody="poison")
    stack.settle()
    assert [call[1] for call in CALLS] == [["poison"]] * 2
    dead = boto3.resource("sqs").Queue(stack.name_of("Dead"))
    assert [message.body for message in dead.receive_messages()] == ["poison"]


def test_a_topic_and_a_rule_reach_the_queue(stack):
    boto3.client("sns").publish(TopicArn=stack.name_of("News"), Message="news")
    put_event(stack, "Queued", n=1)
    put_event(stack, "Other", n=2)
    stack.settle()
    bodies = [body for call in CALLS for body in call[1]]
    assert bodies[0] == "news"
    assert [json.loads(body)["detail"] for body in bodies[1:]] == [{"n": 1}]


def test_a_change_reaches_the_reader_of_the_stream(stack):
    boto3.resource("dynamodb").Table(stack.outputs["Table"]).put_item(Item={"id": "a"})
    stack.settle()
    assert CALLS == [("reader", [{"id": {"S": "a"}}])]


def test_an_asynchronous_call_is_retried_and_sent_on(stack):
    put_event(stack, "Called", fails=1)
    stack.settle()
    assert [call[0] for call in CALLS] == ["caught", "caught", "worker"]
    (sent_on,) = CALLS[-1][1]
    assert json.loads(sent_on)["responsePayload"] == {"done": "Called"}


def test_an_asynchronous_call_that_keeps_failing_is_sent_elsewhere(stack):
    put_event(stack, "Called", fails=9)
    stack.settle()
    assert [call[0] for call in CALLS] == ["caught", "caught"]
    (record,) = messages(stack, "Dead")
    assert record["requestPayload"]["detail"] == {"fails": 9}


def test_lambda_invoke_runs_the_function(stack):
    client = boto3.client("lambda")
    name = stack["Caught"].name
    ran = client.invoke(FunctionName=name, Payload=b"{}")
    assert json.load(ran["Payload"]) == {"done": "directly"}
    failed = client.invoke(FunctionName=name, Payload=b'{"fails": 9}')
    assert failed["FunctionError"] == "Unhandled"
    assert json.load(failed["Payload"])["errorType"] == "TooEarly"


def test_lambda_invoke_may_be_asynchronous(stack):
    answer = boto3.client("lambda").invoke(
        FunctionName=stack["Caught"].name, InvocationType="Event", Payload=b"{}"
    )
    assert answer["StatusCode"] == 202
    stack.settle()
    assert [call[0] for call in CALLS] == ["caught", "worker"]


def test_a_function_is_gone_with_its_world(stack):
    name = stack["Caught"].name
    with local_cloud(), pytest.raises(ClientError, match="ResourceNotFound"):
        boto3.client("lambda").invoke(FunctionName=name)


def test_a_state_machine_retries_in_virtual_time(stack):
    start_s = clock.seconds()
    ended = stack.run("Machine", {"fails": 1})
    assert json.loads(ended["output"]) == {"answer": {"done": "directly"}}
    assert clock.seconds() - start_s == pytest.approx(3600)


def test_a_state_machine_catches_what_stays_broken(stack):
    ended = stack.run("Machine", {"fails": 9})
    assert json.loads(ended["output"]) == {"answer": "sorry"}
    assert len(CALLS) == 3


def test_a_rule_starts_a_state_machine(stack):
    put_event(stack, "Started")
    assert stack.settle().done
    ((_, event),) = CALLS
    assert event["detail-type"] == "Started"


def test_an_execution_that_never_ends_is_said(monkeypatch):
    monkeypatch.setattr(machines, "_WITHIN_S", 0.2)
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}
    with local_cloud():
        made = boto3.client("stepfunctions").create_state_machine(
            name="loop",
            definition=json.dumps({"StartAt": "A", "States": states}),
            roleArn="arn:aws:iam::123456789012:role/r",
        )["stateMachineArn"]
        with pytest.raises(machines.ExecutionStuck, match="lead back for ever"):
            machines.run(made, {}, name="endless")
        boto3.client("stepfunctions").stop_execution(
            executionArn=made.replace("stateMachine", "execution") + ":endless"
        )


def test_two_stacks_stand_side_by_side(stack):
    other = deploy(SAMPLE, name="two")
    boto3.resource("sqs").Queue(other.name_of("Work")).send_message(MessageBody="m")
    stack.settle()
    assert CALLS == []
    other.settle()
    assert len(CALLS) == 1


def test_the_settings_are_the_templates(stack):
    assert (stack["Worker"].timeout_s, stack["Caught"].timeout_s) == (5, 7)
    ttl = boto3.client("dynamodb").describe_time_to_live(
        TableName=stack.name_of("Table")
    )
    assert ttl["TimeToLiveDescription"]["AttributeName"] == "expires_at"
    alarms = boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in alarms] == ["one-TooMany"]
    assert repr(stack) == "<stack one: 3 functions, 14 resources>"


def test_a_missing_function_is_told_what_there_is(stack):
    with pytest.raises(KeyError, match="Worker"):
        stack["Wroker"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "no YAML"),
        ("just words", "no Resources"),
        ("{Resources: {}, Conditions: {}}", "Conditions"),
        ("{Resources: {}, Globals: {Api: {}}}", "Globals for Api"),
        (resource("AWS::S3::Bucket"), "AWS::S3::Bucket cannot be built"),
        (resource("AWS::SQS::Queue", Visibility=3), "Visibility would be ignored"),
        (
            resource("AWS::SNS::Topic", TopicName={"Ref": "Nobody"}),
            "no resource 'Nobody'",
        ),
        (resource("AWS::SNS::Topic", TopicName={"Fn::If": []}), "Fn::If cannot"),
        (resource("AWS::SNS::Topic", TopicName={"Ref": "AWS::NoValue"}), "NoValue"),
        (resource("AWS::SNS::Topic", TopicName={"Ref": "X"}), "in a circle: X → X"),
        (
            resource("AWS::Serverless::Function", Handler="tests.nothing.handler"),
            "no handler 'tests.nothing.handler'",
        ),
        (
            resource(
                "AWS::Serverless::Function",
                Handler="tests.cloud.template.handlers.worker",
                Events={"E": {"Type": "S3", "Properties": {}}},
            ),
            "type S3 is not driven here",
        ),
    ],
)
def test_what_cannot_be_built_is_refused_with_the_reason(tmp_path, text, message):
    with pytest.raises(TemplateError, match=message):
        built(tmp_path, text)


def test_a_name_may_be_put_into_text_and_kept_out_of_it(tmp_path):
    text = '{Resources: {X: {Type: "AWS::SNS::Topic", Properties: {TopicName: '
    stack = built(tmp_path, text + '!Sub ["a-${b}-${AWS::Region}", {b: "c"}]}}}}')
    assert stack.name_of("X").endswith(":a-c-ap-northeast-1")
    assert read(SAMPLE).definition("Machine")["StartAt"] == "Try"
