"""A watch measures what ran, reads log lines, and does what alarms do."""

import json

import boto3
import pytest

from workbook.cloud import clock, local_cloud
from workbook.cloud.template import deploy
from workbook.cloud.watch import Alarm, Datum, Moved, Store, Watch, read_emf
from workbook.patterns.metrics import emf

TEMPLATE = """\
Resources:
  Work: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Topic: {Type: AWS::SNS::Topic}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: tests.cloud.watch.test_watch.worker
      Events:
        Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}
        Often: {Type: Schedule, Properties: {Schedule: rate(1 minute)}}
  Fails:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions: [{Name: FunctionName, Value: !Ref Worker}]
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 3
      DatapointsToAlarm: 2
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
      AlarmActions: [!Ref Topic]
"""


def worker(event, context):
    print(emf("Test", {"Done": (1, "Count")}, dimensions={}, at_s=clock.seconds()))
    if event["Records"][0]["body"] == "poison":
        raise ValueError("poison")


@pytest.fixture
def stack(tmp_path):
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    with local_cloud():
        yield deploy(tmp_path / "t.yaml", name="one")


def send(stack, body):
    boto3.resource("sqs").Queue(stack.name_of("Work")).send_message(MessageBody=body)


def alarm(name, statistic="Sum", **where):
    namespace, metric = name.split(" ")
    return Alarm("a", namespace, metric, tuple(sorted(where.items())), statistic,
                 60, 1, 1, 0.0, "GreaterThanThreshold")  # fmt: skip


def test_a_minute_is_measured(stack):
    watch, begun_s = Watch(stack), clock.seconds()
    send(stack, "fine")
    watch.minute()
    assert clock.seconds() == begun_s + 60 and watch.minutes == 1
    where = {"FunctionName": "one-Worker"}
    store = watch.metrics
    assert store.statistic(alarm("AWS/Lambda Invocations", **where), begun_s) == 1
    assert store.statistic(alarm("AWS/Lambda Errors", **where), begun_s) == 0
    assert store.statistic(alarm("Test Done"), begun_s) == 1
    assert read_emf(watch.lines[0])[0].name == "Done"
    watch.minute()
    assert store.recent(alarm("Test Done"), clock.seconds(), 3) == [None, 1, None]


def test_a_queue_that_nobody_reads_grows_old(stack):
    stack.sources.clear()
    watch = Watch(stack)
    send(stack, "fine")
    watch.minute()
    watch.minute()
    ages_s = alarm("AWS/SQS ApproximateAgeOfOldestMessage", QueueName="one-Work")
    depth = alarm(
        "AWS/SQS ApproximateNumberOfMessagesVisible", "Maximum", QueueName="one-Work"
    )
    assert watch.metrics.recent(ages_s, clock.seconds(), 2) == pytest.approx([60, 120])
    assert watch.metrics.recent(depth, clock.seconds(), 2) == [1, 1]


def test_an_alarm_goes_off_tells_its_topic_once_and_ends(stack):
    inbox = boto3.resource("sqs").create_queue(QueueName="inbox")
    boto3.client("sns").subscribe(
        TopicArn=stack.name_of("Topic"),
        Protocol="sqs",
        Endpoint=inbox.attributes["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    watch = Watch(stack)
    watch.minute()
    send(stack, "poison")
    for _ in range(3):
        watch.minute()
    boto3.client("sqs").purge_queue(QueueUrl=stack.name_of("Work"))
    for _ in range(5):
        watch.minute()
    name = "one-Fails"
    assert watch.changes == [
        Moved(1, name, "OK"), Moved(3, name, "ALARM"), Moved(8, name, "OK"),
    ]  # fmt: skip
    # Errors of minutes 2 to 4, and nothing to measure later: of minutes 4 to 8, the
    # evaluation range, one breaches.
    (message,) = inbox.receive_messages(MaxNumberOfMessages=10)
    said = json.loads(message.body)
    assert (said["AlarmName"], said["NewStateValue"]) == (name, "ALARM")
    assert said["StateChangeTime"] == "2018-03-11T01:03:00.000+0000"
    (found,) = boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert found["StateValue"] == "OK"


def test_while_it_warms_up_no_alarm_is_looked_at(stack):
    watch = Watch(stack, warm_up=2)
    watch.minute()
    watch.minute()
    assert watch.changes == []
    watch.minute()
    assert watch.changes == [Moved(3, "one-Fails", "OK")]


def test_statistics_of_longer_periods():
    store = Store()
    for minute, value in enumerate([4.0, 1.0, 7.0]):
        store.put("N", "m", (), 60 * minute, value)
    wanted = {"Sum": 12, "Average": 4, "Minimum": 1, "Maximum": 7, "SampleCount": 3}
    for statistic, value in wanted.items():
        one = Alarm("a", "N", "m", (), statistic, 180, 1, 1, 0.0, "LessThanThreshold")
        assert store.statistic(one, 0) == value
        assert store.statistic(one, 180) is None
    assert store.names() == [("N", "m", ())]


def test_a_line_is_read_as_it_was_written():
    line = emf("N", {"m": (2, "Count")}, dimensions={"b": "1", "a": "2"}, at_s=7.5)
    assert read_emf(line) == [
        Datum("N", "m", (("a", "2"), ("b", "1")), 7.5, 2, "Count")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "START RequestId",
        "{}",
        "[1]",
        '{"_aws": {"Timestamp": 1}}',
        '{"_aws": {"Timestamp": 1, "CloudWatchMetrics": [{"Namespace": "N", '
        '"Dimensions": [["x"]], "Metrics": [{"Name": "m"}]}]}, "m": 1}',
        '{"_aws": {"Timestamp": 1, "CloudWatchMetrics": [{"Namespace": "N", '
        '"Metrics": [{"Name": "m"}]}]}, "m": "1"}',
    ],
)
def test_a_line_that_breaks_the_format_has_no_metric(line):
    assert read_emf(line) == []
