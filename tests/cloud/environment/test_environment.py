"""The shop in an environment, and all that an environment offers."""

import contextlib
import json
import os
import time
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from workbook.cloud import RealCloudRefused, clock, local_cloud
from workbook.cloud.environment import FunctionError, environment
from workbook.cloud.template.reading import TemplateError
from workbook.shop import ORCHESTRATED

ORDER = {"order_id": "o-1", "buyer": "Aya", "card": "4242"}
SMALL = "Resources:\n  Orders: {Type: AWS::SQS::Queue}\n"
GREETER = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Greeting: {Type: String, Default: Hello}
Resources:
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Environment: {Variables: {GREETING: !Ref Greeting}}
      InlineCode: |
        import os
        def handler(event, context):
            print(os.environ["GREETING"], event["name"])
            return event["name"].upper()
Outputs:
  Name: {Value: !Ref Greet}
"""
# Without SAM's transform, which takes a second or two when it is first used.
NOSY = """
Resources:
  Nosy:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/nosy
      Code:
        ZipFile: |
          import os, urllib.request
          def handler(event, context):
              if event:
                  return urllib.request.urlopen(event, timeout=5).status
              return dict(os.environ)
"""


@pytest.fixture(scope="module")
def greeter(emulator):
    with environment(GREETER, name="greeter", emulator=emulator) as env:
        yield env


def kinds(env, order_id):
    """The kinds of an order's events, in order."""
    table = env.resource("dynamodb").Table(env.ids["Events"])
    found = [e for e in table.scan()["Items"] if e["order_id"] == order_id]
    return [event["kind"] for event in sorted(found, key=lambda e: e["number"])]


def test_an_order_passes_through_the_whole_shop(shop):
    answer = shop.http().post("/orders", json=ORDER)
    assert (answer.status_code, answer.json()) == (202, {"order_id": "o-1"})
    shop.wait_for(
        lambda: "BuyerNotified" in kinds(shop, "o-1"), timeout_s=60, what="the notice"
    )
    assert kinds(shop, "o-1") == [
        "OrderPlaced",
        "SeatReserved",
        "PaymentCaptured",
        "TicketIssued",
        "BuyerNotified",
    ]
    till = shop.resource("dynamodb").Table(shop.ids["Till"]).scan()["Items"]
    assert len(till) == 1
    assert any("REPORT RequestId" in line for line in shop.logs("IssueTicket"))


def test_the_repr_is_the_same_every_time(shop):
    text = "environment with the shop's stack: 9 functions, 6 queues, 3 tables"
    assert repr(shop) == text


def test_a_second_stack_has_a_world_of_its_own(shop):
    with environment(emulator=shop.emulator) as other:
        assert other.stack != shop.stack
        assert other.ids["Events"] != shop.ids["Events"]
        assert kinds(other, "o-1") == []
        tables = other.client("dynamodb").list_tables()["TableNames"]
        assert {shop.ids["Stock"], other.ids["Stock"]} <= set(tables)
    assert other.ids["Stock"] not in shop.client("dynamodb").list_tables()["TableNames"]
    assert shop.ids["Stock"] in shop.client("dynamodb").list_tables()["TableNames"]
    assert repr(other) == "environment with the shop's stack: closed"
    other.close()


def test_a_stack_takes_the_processes_of_its_functions_with_it(emulator):
    with environment(NOSY, emulator=emulator) as env:
        name = env.ids["Nosy"]
        env.invoke("Nosy", {})
        assert len(processes_that_run(name)) == 1
    assert processes_that_run(name) == []


def processes_that_run(function):
    """The emulator's processes for a function, which is in their folder's name."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            found += [path.parent.name] if function in path.read_text() else []
    return found


def test_the_orchestrated_shop_deploys_with_its_state_machine(emulator):
    with environment(ORCHESTRATED, emulator=emulator, name="led") as env:
        machine = env.client("stepfunctions").describe_state_machine(
            stateMachineArn=env.ids["OrderFlow"]
        )
        definition = machine["definition"]
    assert env.ids["ReserveSeat"] in definition and "${" not in definition


def test_a_template_may_be_a_text_with_code_in_it(greeter):
    assert greeter.invoke("Greet", {"name": "Aya"}) == "AYA"
    assert "Hello Aya" in greeter.logs("Greet")
    assert greeter.outputs["Name"] == greeter.ids["Greet"]


def test_parameters_reach_the_template(emulator):
    parameters = {"Greeting": "Servus"}
    with environment(GREETER, emulator=emulator, parameters=parameters) as env:
        config = env.client("lambda").get_function_configuration(
            FunctionName=env.ids["Greet"]
        )
    assert config["Environment"]["Variables"] == {"GREETING": "Servus"}


def test_an_asynchronous_invocation_returns_at_once(greeter):
    assert greeter.invoke("Greet", {"name": "Bo"}, asynchronous=True) is None
    greeter.wait_for(lambda: "Hello Bo" in greeter.logs("Greet"), what="the log")


def test_a_function_that_raises_says_so(greeter):
    with pytest.raises(FunctionError, match="Greet failed with .*name") as raised:
        greeter.invoke("Greet", {})
    assert raised.value.payload["errorMessage"] == "'name'"


def test_a_function_knows_nothing_of_our_credentials(emulator, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_PROFILE", "production")
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example.com:3128")
    # A new emulator: the environment of a process is that of its start.
    with environment(NOSY) as env:
        found = env.invoke("Nosy", {})
        assert env.client("sqs").list_queues() is not None
    assert found["AWS_ACCESS_KEY_ID"] == "123456789012"
    assert found["AWS_ENDPOINT_URL"] == env.endpoint
    assert (
        found["AWS_SHARED_CREDENTIALS_FILE"] == found["AWS_CONFIG_FILE"] == "/dev/null"
    )
    assert "AWS_PROFILE" not in found
    assert "AKIAIOSFODNN7EXAMPLE" not in found.values()
    assert not any("example.com" in value for value in found.values())
    assert os.environ["AWS_PROFILE"] == "production"


def test_a_function_reaches_this_machine_only(emulator):
    with environment(NOSY, emulator=emulator) as env:
        health = env.endpoint + "/_ministack/health"
        assert env.invoke("Nosy", health) == 200
        with pytest.raises(FunctionError, match="refused"):
            env.invoke("Nosy", "http://203.0.113.1/")


def test_progress_is_shown_unless_it_is_off(emulator, monkeypatch, capsys):
    with environment(SMALL, emulator=emulator):
        assert capsys.readouterr().err == ""
    monkeypatch.setenv("WORKBOOK_PROGRESS", "on")
    with environment(SMALL, emulator=emulator):
        shown = capsys.readouterr().err
        assert "starting the emulator" in shown and "deploying the stack" in shown
    with environment(SMALL, emulator=emulator, progress=False):
        assert capsys.readouterr().err == ""


def test_the_guard_stays_armed(small):
    with pytest.raises(RealCloudRefused):
        boto3.client(
            "sqs",
            region_name="ap-northeast-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        ).list_queues()
    assert small.client("sqs").meta.endpoint_url == small.endpoint


def test_an_environment_and_the_local_cloud_do_not_see_each_other(small):
    with local_cloud():
        mocked = boto3.client("sqs")
        mocked.create_queue(QueueName="mocked")
        mine = small.client("sqs")
        mine.send_message(QueueUrl=small.ids["Orders"], MessageBody="real")
        received = mine.receive_message(QueueUrl=small.ids["Orders"])["Messages"]
        assert [message["Body"] for message in received] == ["real"]
        urls = mocked.list_queues()["QueueUrls"]
        assert urls == ["https://sqs.ap-northeast-1.amazonaws.com/123456789012/mocked"]
        assert not any("mocked" in url for url in mine.list_queues()["QueueUrls"])
        assert clock.now() == clock.START


def test_an_environment_starts_and_waits_beside_a_virtual_clock(emulator):
    with local_cloud(), environment(GREETER, emulator=emulator) as env:
        env.invoke("Greet", {"name": "Chi"}, asynchronous=True)
        env.wait_for(lambda: "Hello Chi" in env.logs("Greet"), what="the log")
        assert clock.now() == clock.START


def test_waiting_ends_with_what_was_waited_for(small):
    began = time.monotonic()
    with pytest.raises(TimeoutError, match="0.1 s have passed without the ticket"):
        small.wait_for(lambda: None, timeout_s=0.1, what="the ticket")
    assert time.monotonic() - began < 5
    assert small.wait_for(lambda: "ticket") == "ticket"


def test_logs_of_what_never_ran_are_empty(emulator):
    with environment(GREETER, emulator=emulator) as env:
        assert env.logs("Greet") == []


def test_a_name_that_is_not_in_the_template_is_explained(small):
    with pytest.raises(KeyError, match="no resource 'Ordres'; there are: Orders"):
        small.ids["Ordres"]
    with pytest.raises(KeyError, match="no output 'Url'; there are: none"):
        small.outputs["Url"]


@pytest.mark.parametrize(
    "template, reason",
    [
        ("Resources:\n  Q: {Type: AWS::SQS::Queu}\n", "AWS::SQS::Queu"),
        ("Resources: [\n", "no YAML"),
        ("Description: nothing\n\n", "no Resources"),
    ],
)
def test_a_template_that_cannot_be_deployed_says_why(emulator, template, reason):
    with pytest.raises(TemplateError, match=reason):
        environment(template, emulator=emulator)


def test_code_that_is_not_there_is_named(emulator, tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Greet:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties: {CodeUri: src, Handler: greet.handler, Runtime: python3.12}\n"
    )
    with pytest.raises(FileNotFoundError, match="neither greet.py nor a folder greet"):
        environment(path, emulator=emulator)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "greet.py").write_text(
        "def handler(e, c): return [e, __file__]"
    )
    with environment(path, emulator=emulator) as env:
        event, file = env.invoke("Greet", 7)
    assert event == 7
    assert not file.startswith(str(tmp_path))  # it runs what was uploaded


def test_an_answer_is_awss_and_an_error_is_a_client_error(small):
    sqs = small.client("sqs")
    with pytest.raises(ClientError, match="NonExistentQueue"):
        sqs.receive_message(QueueUrl=small.ids["Orders"] + "x")
    sent = sqs.send_message(QueueUrl=small.ids["Orders"], MessageBody=json.dumps(ORDER))
    assert sent["ResponseMetadata"]["HTTPStatusCode"] == 200
