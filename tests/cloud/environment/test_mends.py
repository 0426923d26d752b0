"""What the environment adds to the emulator, each shown at work."""

import asyncio
import base64
import datetime as dt
import json

import httpx
import pytest
import websockets
from websockets.exceptions import ConnectionClosedError

from workbook.cloud.environment import environment

MENDED = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Handler: index.handler}}
Resources:
  Progress:
    Type: AWS::AppSync::Api
    Properties:
      Name: !Sub "${AWS::StackName}"
      EventConfig:
        AuthProviders: [{AuthType: API_KEY}]
        ConnectionAuthModes: [{AuthType: API_KEY}]
        DefaultPublishAuthModes: [{AuthType: API_KEY}]
        DefaultSubscribeAuthModes: [{AuthType: API_KEY}]
  Orders:
    Type: AWS::AppSync::ChannelNamespace
    Properties: {ApiId: !GetAtt Progress.ApiId, Name: orders}
  Key: {Type: AWS::AppSync::ApiKey, Properties: {ApiId: !GetAtt Progress.ApiId}}

  Alerts: {Type: AWS::SNS::Topic}
  Inbox: {Type: AWS::SQS::Queue}
  ToInbox:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Alerts, Protocol: sqs, Endpoint: !GetAtt Inbox.Arn}
  Dead: {Type: AWS::SQS::Queue}
  SomethingDied:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{Name: QueueName, Value: !GetAtt Dead.QueueName}]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 0
      ComparisonOperator: GreaterThanThreshold
      TreatMissingData: notBreaching
      AlarmActions: [!Ref Alerts]
  TwoOfThree:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: Shop
      MetricName: failed
      Dimensions: [{Name: canary, Value: orders}]
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 3
      DatapointsToAlarm: 2
      Threshold: 0
      ComparisonOperator: GreaterThanThreshold

  Canary:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        import json, time
        def handler(event, context):
            metrics = [{"Name": "latency_ms", "Unit": "Milliseconds"}]
            said = {"Namespace": "Shop", "Dimensions": [["hop"]], "Metrics": metrics}
            at_ms = int(time.time() * 1000)
            emf = {"Timestamp": at_ms, "CloudWatchMetrics": [said]}
            print(json.dumps({"_aws": emf, "hop": "pay", "latency_ms": [12.5, 7.5]}))
            print(json.dumps({"_aws": "broken"}))
            print(event.get("detail-type"), event.get("from"))
      Events:
        Rule: {Type: Schedule, Properties: {Schedule: rate(1 minute)}}
        V2:
          Type: ScheduleV2
          Properties: {ScheduleExpression: rate(1 hour), Input: '{"from": "v2"}'}
        Page: {Type: HttpApi, Properties: {Path: "/pages/{id}", Method: any}}

  Failing:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: "def handler(event, context): raise ValueError(event)"
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Unheard.Arn}
      EventInvokeConfig: {MaximumRetryAttempts: 0}
      Events:
        Alert: {Type: SNS, Properties: {Topic: !Ref Alerts}}
  Unheard: {Type: AWS::SQS::Queue}
Outputs:
  Http: {Value: !GetAtt Progress.Dns.Http}
  Realtime: {Value: !GetAtt Progress.Dns.Realtime}
"""


@pytest.fixture(scope="module")
def mended(emulator):
    with environment(MENDED, name="mended", emulator=emulator) as env:
        yield env


def received(env, queue):
    """A message's body as JSON, or None."""
    found = env.client("sqs").receive_message(QueueUrl=env.ids[queue])
    bodies = [json.loads(message["Body"]) for message in found.get("Messages", [])]
    return bodies[0] if bodies else None


def total(env, namespace, name, **dimensions):
    """The sum of a metric over the last hour, or None."""
    now = dt.datetime.now(dt.UTC)
    found = env.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - dt.timedelta(hours=1),
        EndTime=now + dt.timedelta(minutes=1),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in found) if found else None


def state(env, alarm):
    """The state of an alarm."""
    names = [env.ids[alarm]]
    found = env.client("cloudwatch").describe_alarms(AlarmNames=names)
    return found["MetricAlarms"][0]["StateValue"]


async def pushed(env, key, event):
    """Subscribe, publish one event, and return the frame that is pushed; or why not."""
    host = env.outputs["Http"]
    header = {"host": host, "x-api-key": key}
    text = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    async with websockets.connect(
        f"ws://{env.outputs['Realtime']}/event/realtime",
        host="127.0.0.1",
        port=env.port,
        proxy=None,
        subprotocols=["aws-appsync-event-ws", f"header-{text}"],
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        answer = json.loads(await socket.recv())
        if answer["type"] != "connection_ack":
            return answer
        asked = {"type": "subscribe", "id": "1", "channel": "/orders/o-1"}
        await socket.send(json.dumps(asked | {"authorization": header}))
        assert json.loads(await socket.recv())["type"] == "subscribe_success"
        async with httpx.AsyncClient(trust_env=False) as http:
            body = {"channel": "/orders/o-1", "events": [json.dumps(event)]}
            await http.post(env.endpoint + "/event", headers=header, json=body)
        return json.loads(await asyncio.wait_for(socket.recv(), 20))


def test_appsync_events_push_over_a_web_socket(mended):
    event = {"kind": "TicketIssued"}
    frame = asyncio.run(pushed(mended, mended.ids["Key"], event))
    assert frame["type"] == "data" and json.loads(frame["event"]) == event


def test_appsync_events_refuse_a_wrong_key(mended):
    try:
        frame = asyncio.run(pushed(mended, "da2-wrong", {}))
    except ConnectionClosedError as closed:  # the refusal itself came too late for us
        assert closed.rcvd.code == 4401
    else:
        assert frame["type"] == "connection_error"


def test_a_schedule_fires_when_told(mended):
    mended.fire("CanaryRule")
    mended.fire("CanaryV2")
    mended.wait_for(
        lambda: {"Scheduled Event None", "None v2"} <= set(mended.logs("Canary")),
        what="both runs",
    )


def test_embedded_metrics_and_lambdas_own_are_published(mended):
    mended.invoke("Canary", {})
    runs = sum(line.startswith("START") for line in mended.logs("Canary"))
    assert total(mended, "Shop", "latency_ms", hop="pay") == 20.0 * runs
    name = mended.ids["Canary"]
    assert total(mended, "AWS/Lambda", "Invocations", FunctionName=name) == runs
    assert total(mended, "AWS/Lambda", "Errors", FunctionName=name) == 0


def test_an_http_api_has_the_routes_of_the_template(mended):
    with mended.http() as http:
        assert http.get("/pages/7").status_code == 200
        assert http.delete("/pages/7").status_code == 200
        assert http.get("/nowhere").status_code == 404


def test_an_alarm_looks_at_its_own_metric_and_tells_once(mended):
    sqs = mended.client("sqs")
    sqs.send_message(QueueUrl=mended.ids["Unheard"], MessageBody='"another queue"')
    mended.wait_for(lambda: state(mended, "SomethingDied") == "OK", what="OK")
    sqs.send_message(QueueUrl=mended.ids["Dead"], MessageBody="poison")
    alert = mended.wait_for(lambda: received(mended, "Inbox"), what="the alert")
    told = json.loads(alert["Message"])
    assert told["AlarmName"] == mended.ids["SomethingDied"]
    assert (told["OldStateValue"], told["NewStateValue"]) == ("OK", "ALARM")
    assert received(mended, "Inbox") is None


def test_a_topic_invokes_asynchronously_and_a_dead_letter_is_the_event(mended):
    mended.client("sns").publish(TopicArn=mended.ids["Alerts"], Message="hello")

    def dead_letter():
        event = received(mended, "Unheard")
        return isinstance(event, dict) and event["Records"][0]["Sns"]["Message"]

    # The alerts of other tests went to the same function.
    mended.wait_for(lambda: dead_letter() == "hello", what="the dead letter")


def test_two_of_three_periods_must_breach(mended):
    cloudwatch, now = mended.client("cloudwatch"), dt.datetime.now(dt.UTC)

    def fail(minutes_ago):
        datum = {
            "MetricName": "failed",
            "Dimensions": [{"Name": "canary", "Value": "orders"}],
            "Timestamp": now - dt.timedelta(minutes=minutes_ago),
            "Value": 1,
        }
        cloudwatch.put_metric_data(Namespace="Shop", MetricData=[datum])

    assert state(mended, "TwoOfThree") == "INSUFFICIENT_DATA"
    fail(0)
    assert state(mended, "TwoOfThree") == "OK"
    fail(1)
    assert state(mended, "TwoOfThree") == "ALARM"
