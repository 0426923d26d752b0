"""The local cloud: one world, emptied at will, the surroundings left as they were."""

import json
import os
import random

import boto3
import botocore
import pytest
from botocore.config import Config
from botocore.exceptions import ParamValidationError

from workbook.cloud import RealCloudRefused, clock, create_table, local, local_cloud

START_S = clock.START.timestamp()


@pytest.fixture(autouse=True)
def stopped():
    """Every test starts and ends without a cloud."""
    local_cloud().stop()
    yield
    local_cloud().stop()


@pytest.fixture
def own_settings(monkeypatch):
    """The settings of somebody who works with AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    settings = {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL": "https://example.com",
        "AWS_ENDPOINT_URL_SQS": "https://sqs.example.com",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_RETRY_MODE": "standard",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_REGION": "eu-west-1",
        "BOTO_CONFIG": "/nowhere",
        "MOTO_ACCOUNT_ID": "999988887777",
    }
    for name, text in settings.items():
        monkeypatch.setenv(name, text)
    yield
    local_cloud().stop()  # before the settings go


def queues():
    return boto3.client("sqs").list_queues().get("QueueUrls", [])


def message_ids():
    sqs = boto3.client("sqs")
    queue_url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=queue_url, MessageBody="order")
    received = sqs.receive_message(QueueUrl=queue_url)["Messages"][0]
    request_id = sent["ResponseMetadata"]["RequestId"]
    return sent["MessageId"], received["ReceiptHandle"], request_id


def test_a_call_works():
    local_cloud()
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="orders")["QueueUrl"]
    assert url == "https://sqs.ap-northeast-1.amazonaws.com/123456789012/orders"
    assert client.meta.region_name == "ap-northeast-1"


def test_calling_it_again_empties_the_world_and_starts_over():
    first = local_cloud()
    ids = message_ids()
    clock.call_later(5, lambda: pytest.fail("dropped"))
    clock.advance(1)
    second = local_cloud()
    assert second is first
    assert queues() == []
    assert clock.now() == clock.START
    clock.advance(10)
    local_cloud()
    assert message_ids() == ids


def test_ids_differ_within_one_world():
    local_cloud()
    assert message_ids()[0] != message_ids()[0]


def test_ids_follow_from_a_seed_of_ones_own():
    local_cloud()
    default = message_ids()
    local_cloud()
    local.seed_ids(1)
    assert message_ids() != default


def test_the_sdk_waits_the_same_in_each_world():
    def drawn():
        local_cloud()
        return [random.random() for _ in range(3)]

    assert drawn() == drawn()


def test_stop_gives_the_readers_own_randomness_back():
    random.seed(5)
    expected = random.Random(5).random()
    local_cloud().stop()
    assert random.random() == expected


def test_repr_is_the_same_every_time():
    cloud = local_cloud()
    assert repr(cloud) == (
        "local cloud: moto 5.2.5, ap-northeast-1, clock 2018-03-11 10:00 JST"
    )
    clock.advance(6 * 3600 + 7)
    assert repr(cloud).endswith("clock 2018-03-11 16:00:07 JST")
    cloud.stop()
    assert repr(cloud) == "local cloud: stopped"


def test_with_stops_at_its_end():
    with local_cloud() as cloud:
        assert cloud.running and clock.running()
        assert queues() == []
    assert not cloud.running and not clock.running()


def test_an_inner_with_does_not_stop_an_outer_one():
    with local_cloud() as outer:
        with local_cloud() as inner:
            assert inner is outer
        with outer:
            pass
        assert outer.running
        assert queues() == []
    assert not outer.running


def test_a_with_does_not_stop_what_a_call_began():
    cloud = local_cloud()
    local_cloud()
    with local_cloud():
        pass
    assert cloud.running
    cloud.stop()
    assert not cloud.running


def test_with_stops_after_an_error():
    with pytest.raises(ZeroDivisionError), local_cloud() as cloud:
        raise ZeroDivisionError
    assert not cloud.running


def test_a_stopped_cloud_can_be_entered_again():
    cloud = local_cloud()
    cloud.stop()
    with cloud:
        assert queues() == []
    assert not cloud.running


def test_stopping_inside_a_with_is_no_harm():
    with local_cloud() as cloud:
        cloud.stop()
        cloud.stop()
    assert not cloud.running
    with local_cloud():
        assert cloud.running


def test_reset_empties_everything_and_lets_the_time_be():
    cloud = local_cloud()
    boto3.client("sqs").create_queue(QueueName="orders")
    create_table("orders", "id")
    clock.advance(60)
    clock.call_later(5, lambda: pytest.fail("its queue is gone"))
    cloud.reset()
    assert queues() == []
    assert boto3.client("dynamodb").list_tables()["TableNames"] == []
    clock.advance(10)
    assert clock.seconds() == START_S + 70


def test_reset_by_name():
    cloud = local_cloud()
    boto3.client("sqs").create_queue(QueueName="orders")
    boto3.client("sns").create_topic(Name="orders")
    create_table("orders", "id")
    cloud.reset("sqs", "sns")
    assert queues() == []
    assert boto3.client("sns").list_topics()["Topics"] == []
    assert boto3.client("dynamodb").list_tables()["TableNames"] == ["orders"]


def test_reset_of_a_service_that_holds_nothing():
    cloud = local_cloud()
    cloud.reset("dynamodb", "stepfunctions", "cognito-idp")


def test_reset_of_an_unknown_service_names_the_known_ones():
    cloud = local_cloud()
    boto3.client("sqs").create_queue(QueueName="orders")
    with pytest.raises(ValueError, match="no service 'sqss'.*sqs"):
        cloud.reset("sqss")
    assert len(queues()) == 1


def test_reset_of_a_stopped_cloud_says_what_to_do():
    cloud = local_cloud()
    cloud.stop()
    with pytest.raises(RuntimeError, match=r"call local_cloud\(\) first"):
        cloud.reset()


def test_the_readers_settings_do_not_count(own_settings):
    local_cloud()
    session = boto3.Session()
    assert session.get_credentials().access_key == "testing"
    assert session.region_name == "ap-northeast-1"
    client = boto3.client("sqs")
    assert client.meta.endpoint_url == "https://sqs.ap-northeast-1.amazonaws.com"
    assert client.meta.config.retries["mode"] == "legacy"
    assert queues() == []
    assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_stop_restores_the_environment_exactly(own_settings):
    before = dict(os.environ)
    cloud = local_cloud()
    os.environ["AWS_SESSION_TOKEN"] = "changed inside"
    os.environ["AWS_NEW"] = "made inside"
    os.environ["UNRELATED"] = "kept"
    cloud.stop()
    assert os.environ.pop("UNRELATED") == "kept"
    assert dict(os.environ) == before


def test_stop_restores_an_environment_without_settings(monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    before = dict(os.environ)
    local_cloud().stop()
    assert dict(os.environ) == before


def test_a_cached_session_does_not_keep_its_credentials(own_settings, monkeypatch):
    monkeypatch.delenv("AWS_PROFILE")
    boto3.setup_default_session()
    before = boto3.DEFAULT_SESSION
    cloud = local_cloud()
    assert boto3.client("sqs")._request_signer._credentials.access_key == "testing"
    cloud.stop()
    assert boto3.DEFAULT_SESSION is before
    boto3.DEFAULT_SESSION = None


def test_nor_does_it_within_a_mock_of_the_readers_own():
    import moto

    with moto.mock_aws():
        keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE"}
        boto3.setup_default_session(aws_secret_access_key="secret", **keys)
        before = boto3.DEFAULT_SESSION
        with local_cloud():
            assert boto3.client("sqs")._request_signer._credentials.access_key == (
                "testing"
            )
        assert boto3.DEFAULT_SESSION is before


def test_a_client_from_an_earlier_world_goes_on():
    cloud = local_cloud()
    client = boto3.client("sqs")
    cloud.stop()
    with pytest.raises(RealCloudRefused):
        client.list_queues()
    local_cloud()
    assert client.list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_mock_that_runs_already_is_emptied_too():
    import moto

    with moto.mock_aws():
        sqs = boto3.client("sqs", "ap-northeast-1")
        sqs.create_queue(QueueName="before")
        with local_cloud():
            assert queues() == []
        assert sqs.list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_parameters_are_still_checked():
    local_cloud()
    with pytest.raises(ParamValidationError, match="QueueName"):
        boto3.client("sqs").create_queue(Name="orders")


def test_a_lambda_function_needs_no_docker():
    local_cloud()
    role = boto3.client("iam").create_role(
        RoleName="role", AssumeRolePolicyDocument=json.dumps({})
    )["Role"]["Arn"]
    client = boto3.client("lambda")
    client.create_function(
        FunctionName="f",
        Role=role,
        Runtime="python3.12",
        Handler="f.handler",
        Code={"ZipFile": b"not looked at"},
    )
    assert client.invoke(FunctionName="f")["StatusCode"] == 200


def test_a_state_machine_really_runs():
    local_cloud()
    role = boto3.client("iam").create_role(
        RoleName="role", AssumeRolePolicyDocument=json.dumps({})
    )["Role"]["Arn"]
    states = {"Done": {"Type": "Pass", "Result": {"ticket": 7}, "End": True}}
    client = boto3.client("stepfunctions")
    machine = client.create_state_machine(
        name="m",
        definition=json.dumps({"StartAt": "Done", "States": states}),
        roleArn=role,
    )["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=machine)["executionArn"]
    ended = _ended(client, execution)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == {"ticket": 7}


def _ended(client, execution):
    from workbook.cloud import waiting

    for _ in range(500):
        described = client.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        waiting.really_sleep(0.02)
    raise AssertionError("the state machine never ended")


# Requests that stay here are not signed


@pytest.fixture
def sent():
    """The headers of every request that boto3 prepares from now on."""
    local_cloud()
    headers = []

    def watch(service, **more):
        client = boto3.client(service, **more)
        client.meta.events.register(
            "before-send.*.*",
            lambda request, **_: headers.append(dict(request.headers)),
        )
        return client

    watch.headers = headers
    return watch


def test_no_signature_is_computed_for_the_mock(sent):
    sent("sqs").list_queues()
    authorization = sent.headers[0]["Authorization"]
    assert "Credential=testing/" in str(authorization)
    assert "Signature=0" in str(authorization)
    assert "X-Amz-Date" not in sent.headers[0]


def test_a_client_that_asks_for_no_signature_gets_none(sent):
    sent("sqs", config=Config(signature_version=botocore.UNSIGNED)).list_queues()
    assert "Authorization" not in sent.headers[0]


def test_moto_reads_region_and_account_all_the_same():
    local_cloud()
    assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
    boto3.client("sqs", "eu-west-1").create_queue(QueueName="orders")
    assert queues() == []
    queue_urls = boto3.client("sqs", "eu-west-1").list_queues()["QueueUrls"]
    assert queue_urls == ["https://sqs.eu-west-1.amazonaws.com/123456789012/orders"]


def test_moto_knows_an_assumed_role_by_its_key():
    local_cloud()
    role = "arn:aws:iam::111122223333:role/other"
    keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="me")
    other = boto3.client(
        "sts",
        aws_access_key_id=keys["Credentials"]["AccessKeyId"],
        aws_secret_access_key=keys["Credentials"]["SecretAccessKey"],
        aws_session_token=keys["Credentials"]["SessionToken"],
    )
    assert other.get_caller_identity()["Account"] == "111122223333"


def test_s3_is_signed_as_ever(sent):
    s3 = sent("s3")
    place = {"LocationConstraint": "ap-northeast-1"}
    s3.create_bucket(Bucket="tickets", CreateBucketConfiguration=place)
    s3.put_object(Bucket="tickets", Key="k", Body=b"x" * 100)
    assert s3.get_object(Bucket="tickets", Key="k")["Body"].read() == b"x" * 100
    assert "X-Amz-Content-SHA256" in sent.headers[-1]


def test_a_table_may_have_a_stream_of_its_changes():
    with local_cloud():
        table = create_table("orders", "id", stream=True)
        assert table.stream_specification["StreamViewType"] == "NEW_AND_OLD_IMAGES"
        assert create_table("plain", "id").stream_specification is None
