"""Ways in which a request might reach real AWS: `python escapes.py FOLDER NAME...`.

Each runs in a process of its own under a recorder that ends it with status 99 as soon
as anything but this machine is connected to or looked up.
"""

import http.server
import ipaddress
import os
import socket
import sys
import threading
import time
import traceback

LEAK = 99
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
ESCAPES = {}


def escape(function):
    """Register a way out."""
    ESCAPES[function.__name__] = function
    return function


def record():
    """Let no packet leave: tell where it was bound for, and end the process."""
    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        setattr(socket.socket, name, _watched(name))
    real_lookup = socket.getaddrinfo

    def lookup(host, *rest, **more):
        _check(host, "looked up")
        return real_lookup(host, *rest, **more)

    socket.getaddrinfo = lookup
    for name in ("gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, lambda host: _check(host, "looked up"))


def _watched(name):
    real = getattr(socket.socket, name)

    def watched(self, *arguments):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            target = next((a for a in arguments if isinstance(a, tuple)), ("unknown",))
            _check(target[0], name)
        return real(self, *arguments)

    return watched


def _check(host, how):
    try:
        local = host is None or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
    if not local:
        print(f"LEAK: {how} {host}", file=sys.stderr, flush=True)
        os._exit(LEAK)


def refused(call, *words):
    """The call is refused once, at once, in these words."""
    from workbook.cloud import RealCloudRefused

    started = time.monotonic()
    try:
        call()
    except RealCloudRefused as refusal:
        for word in words:
            assert word in str(refusal), (word, str(refusal))
        assert time.monotonic() - started < 5, "it was tried again and again"
        return refusal
    raise AssertionError("it was not refused")


class Server:
    """An HTTP server on this machine that notes what it is asked."""

    def __enter__(self):
        seen = self.seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                seen.append((self.path, dict(self.headers)))
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(200)
                self.send_header("Content-Length", "16")
                self.end_headers()
                self.wfile.write(b'{"QueueUrls":[]}')

            def log_message(self, *_):
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *error):
        self.server.shutdown()


@escape
def no_guard():
    """The control: without the guard, the recorder must see the leak."""
    import boto3

    os.environ.update(KEYS)
    boto3.client("sqs").list_queues()


@escape
def keys_in_the_environment():
    """Real-looking keys, no mock."""
    os.environ.update(KEYS)
    import boto3

    import workbook.cloud  # noqa: F401

    host = "sqs.eu-west-1.amazonaws.com"
    refused(boto3.client("sqs").list_queues, "sqs ListQueues", host, "local_cloud()")
    refused(boto3.client("s3").list_buckets, "s3 ListBuckets", "local_cloud()")
    refused(boto3.resource("dynamodb").Table("t").scan, "dynamodb Scan")
    refused(lambda: boto3.client("sts").get_caller_identity(), "sts GetCallerIdentity")


@escape
def keys_in_a_file(folder):
    """Keys in the credentials file, the region in the config file."""
    _write(folder, "credentials", "[default]", *_as_file(KEYS))
    _write(folder, "config", "[default]", "region = eu-west-1")
    import boto3

    import workbook.cloud  # noqa: F401

    assert boto3.Session().get_credentials().access_key == KEYS["AWS_ACCESS_KEY_ID"]
    refused(boto3.client("sqs").list_queues, "sqs ListQueues", "local_cloud()")


@escape
def keys_from_a_program(folder):
    """`credential_process`: the program is never started."""
    proof = os.path.join(folder, "started")
    _write(folder, "config", "[default]", f"credential_process = touch {proof}")
    import boto3

    import workbook.cloud  # noqa: F401

    refused(boto3.client("sqs", "eu-west-1").list_queues, "sqs ListQueues")
    assert not os.path.exists(proof), "the program was run"


@escape
def keys_from_an_assumed_role(folder):
    """A role to be assumed: STS is not asked."""
    _write(folder, "credentials", "[base]", *_as_file(KEYS))
    role = "role_arn = arn:aws:iam::111122223333:role/developer"
    _write(folder, "config", "[default]", role, "source_profile = base")
    import boto3

    import workbook.cloud

    client = boto3.client("sqs", "eu-west-1")
    refused(client.list_queues, "sqs ListQueues", "sqs.eu-west-1.amazonaws.com")
    refused(boto3.Session().get_credentials().get_frozen_credentials, "sts AssumeRole")
    with workbook.cloud.local_cloud():
        client.list_queues()


@escape
def keys_from_single_sign_on(folder):
    """A session of single sign-on: neither SSO nor OIDC is asked."""
    _write(
        folder,
        "config",
        *("[default]", "sso_session = office", "sso_account_id = 111122223333"),
        *(
            "sso_role_name = developer",
            "[sso-session office]",
            "sso_region = eu-west-1",
        ),
        "sso_start_url = https://example.awsapps.com/start",
    )
    import boto3

    import workbook.cloud

    client = boto3.client("s3", "eu-west-1")
    refused(client.list_buckets, "s3 ListBuckets")
    with workbook.cloud.local_cloud():
        assert client.list_buckets()["Buckets"] == []


@escape
def keys_from_the_metadata_service():
    """No keys at all: boto3 would ask 169.254.169.254."""
    import boto3

    import workbook.cloud  # noqa: F401

    refused(boto3.client("sqs", "eu-west-1").list_queues, "sqs", "local_cloud()")
    refused(boto3.client("s3", "eu-west-1").list_buckets, "s3", "local_cloud()")


@escape
def keys_from_a_container():
    """A container's credentials endpoint, as SageMaker or CloudShell have one."""
    os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.2/keys"
    import boto3

    import workbook.cloud  # noqa: F401

    refused(boto3.client("sqs", "eu-west-1").list_queues, "sqs ListQueues")


@escape
def metadata_asked_directly():
    """The fetchers themselves, should anybody call one."""
    import botocore.utils

    import workbook.cloud  # noqa: F401

    fetcher = botocore.utils.InstanceMetadataFetcher(num_attempts=5)
    refused(fetcher.retrieve_iam_role_credentials, "169.254.169.254", "local_cloud()")
    container = botocore.utils.ContainerMetadataFetcher()
    refused(lambda: container.retrieve_full_uri("http://169.254.170.2/"), "169.254.170")


@escape
def an_endpoint_elsewhere():
    """`endpoint_url` names a host that is not this machine, dressed up in many ways."""
    import boto3

    from workbook.cloud import local_cloud

    with local_cloud():
        for url in (
            "https://sqs.example.com",
            "http://127.0.0.1@sqs.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com:4566",
            "http://10.0.0.7:4566",
            "http://0.0.0.0:4566",
            "http://[2001:db8::1]:4566",
            "http://169.254.169.254",
        ):
            client = boto3.client("sqs", endpoint_url=url)
            refused(client.list_queues, "sqs ListQueues", "endpoint_url")


@escape
def an_endpoint_in_the_environment():
    """AWS_ENDPOINT_URL and its kin."""
    os.environ.update(KEYS)
    os.environ["AWS_ENDPOINT_URL"] = "https://aws.example.com"
    os.environ["AWS_ENDPOINT_URL_SQS"] = "https://sqs.example.com"
    import boto3

    from workbook.cloud import local_cloud

    before = boto3.client("sqs")
    refused(before.list_queues, "sqs.example.com", "local_cloud()")
    with local_cloud():
        refused(before.list_queues, "sqs.example.com", "make it again")
        assert boto3.client("sqs").list_queues()["ResponseMetadata"]
        assert boto3.client("sns").list_topics()["Topics"] == []


@escape
def an_endpoint_in_the_config_file(folder):
    """A services section of the config file."""
    url = "endpoint_url = https://sqs.example.com"
    services = ("[default]", "services = mine", "[services mine]", "sqs =", f"  {url}")
    _write(folder, "config", *services)
    os.environ.update(KEYS)
    import boto3

    from workbook.cloud import local_cloud

    refused(boto3.client("sqs").list_queues, "sqs.example.com", "local_cloud()")
    with local_cloud():
        assert boto3.client("sqs").list_queues()["ResponseMetadata"]


@escape
def a_client_from_before():
    """Made before the package was even imported: it works inside, nowhere else."""
    os.environ.update(KEYS)
    import boto3

    client, table = boto3.client("sqs"), boto3.resource("dynamodb").Table("t")
    s3 = boto3.client("s3")
    from workbook.cloud import local_cloud

    refused(client.list_queues, "sqs ListQueues", "local_cloud()")
    cloud = local_cloud()
    queue_url = client.create_queue(QueueName="orders")["QueueUrl"]
    assert client.list_queues()["QueueUrls"] == [queue_url]
    place = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="tickets", CreateBucketConfiguration=place)
    s3.put_object(Bucket="tickets", Key="k", Body=b"body")
    assert s3.get_object(Bucket="tickets", Key="k")["Body"].read() == b"body"
    try:
        table.scan()
    except table.meta.client.exceptions.ResourceNotFoundException:
        cloud.stop()
    refused(client.list_queues, "sqs ListQueues", "local_cloud()")
    refused(table.scan, "dynamodb Scan", "local_cloud()")


@escape
def after_stop():
    """A client made inside does not outlive the mock; the real keys are back."""
    os.environ.update(KEYS)
    import boto3

    from workbook.cloud import local_cloud

    cloud = local_cloud()
    client = boto3.client("sqs")
    client.list_queues()
    cloud.stop()
    assert os.environ["AWS_ACCESS_KEY_ID"] == KEYS["AWS_ACCESS_KEY_ID"]
    refused(client.list_queues, "sqs ListQueues", "local_cloud()")
    refused(boto3.client("sqs").list_queues, "sqs.eu-west-1.amazonaws.com")


@escape
def from_a_thread():
    """Another thread, and a pool of them."""
    os.environ.update(KEYS)
    from concurrent.futures import ThreadPoolExecutor

    import boto3

    import workbook.cloud  # noqa: F401

    client = boto3.client("sqs")
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(refused, client.list_queues, "sqs") for _ in range(8)]
    assert all(future.result() for future in found)


@escape
def through_every_retry_mode():
    """No mode tries a refused call again."""
    os.environ.update(KEYS)
    import boto3
    from botocore.config import Config

    import workbook.cloud  # noqa: F401

    for mode in ("legacy", "standard", "adaptive"):
        config = Config(retries={"mode": mode, "total_max_attempts": 10})
        client = boto3.client("dynamodb", config=config)
        sent = []
        client.meta.events.register(
            "before-send.*.*", lambda sent=sent, **_: sent.append(1)
        )
        refused(client.list_tables, "dynamodb ListTables")
        assert len(sent) == 1, sent


@escape
def past_the_mock():
    """A mock told to let a service pass, and what the mock does not know."""
    os.environ.update(KEYS)
    import boto3
    from moto import mock_aws

    from workbook.cloud import local_cloud

    with mock_aws(config={"core": {"passthrough": {"services": ["sqs"], "urls": []}}}):
        refused(boto3.client("sqs").list_queues, "sqs ListQueues")
    with local_cloud():
        refused(boto3.client("amplify").list_apps, "amplify ListApps", "does not know")
        queue = "arn:aws:sqs:ap-northeast-1:123456789012:q"
        tasks = boto3.client("sqs").list_message_move_tasks
        refused(lambda: tasks(SourceArn=queue), "sqs ListMessageMoveTasks", "not know")


@escape
def a_mock_of_the_readers_own():
    """`mock_aws` used by itself, inside and outside of the local cloud."""
    os.environ.update(KEYS)
    import boto3
    from moto import mock_aws

    from workbook.cloud import local_cloud

    with mock_aws():
        boto3.client("sqs").list_queues()
    refused(boto3.client("sqs").list_queues, "local_cloud()")
    with local_cloud():
        boto3.client("sqs").create_queue(QueueName="orders")
        with mock_aws():
            assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 1
        assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 1
    refused(boto3.client("sqs").list_queues, "local_cloud()")


@escape
def a_signed_link():
    """Signing a link sends nothing."""
    os.environ.update(KEYS)
    import boto3

    import workbook.cloud  # noqa: F401

    link = boto3.client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": "b", "Key": "k"}
    )
    assert KEYS["AWS_ACCESS_KEY_ID"] in link and "Signature=" in link, link


@escape
def a_file_transfer(folder):
    """S3 transfers, which may use an HTTP client of the AWS CRT."""
    os.environ.update(KEYS)
    import boto3
    from boto3.s3.transfer import TransferConfig

    from workbook.cloud import local_cloud

    _write(folder, "file", "content")
    path = os.path.join(folder, "file")
    s3, crt = boto3.client("s3"), TransferConfig(preferred_transfer_client="crt")
    refused(lambda: s3.upload_file(path, "b", "k", Config=crt), "s3 PutObject")
    with local_cloud():
        s3 = boto3.client("s3", "us-east-1")
        s3.create_bucket(Bucket="tickets")
        s3.upload_file(path, "tickets", "k", Config=crt)
        assert s3.get_object(Bucket="tickets", Key="k")["Body"].read() == b"content\n"


@escape
def a_remote_proxy():
    """A proxy in the environment: neither AWS nor this machine is asked through it."""
    os.environ.update(KEYS)
    os.environ["HTTP_PROXY"] = os.environ["HTTPS_PROXY"] = "http://proxy.example.com:80"
    import boto3

    import workbook.cloud  # noqa: F401

    refused(boto3.client("sqs").list_queues, "sqs ListQueues")
    with Server() as server:
        boto3.client("sqs", endpoint_url=server.url).list_queues()
        assert len(server.seen) == 1


@escape
def a_local_proxy():
    """A proxy on this machine would carry the request on: it is not asked either."""
    os.environ.update(KEYS)
    import boto3

    import workbook.cloud  # noqa: F401

    with Server() as server:
        os.environ["HTTP_PROXY"] = os.environ["HTTPS_PROXY"] = server.url
        url = "http://sqs.eu-west-1.amazonaws.com"
        refused(boto3.client("sqs", endpoint_url=url).list_queues, "sqs ListQueues")
        assert server.seen == []


@escape
def this_machine():
    """What may pass: loopback, really signed, with and without the mock."""
    os.environ.update(KEYS)
    import boto3

    from workbook.cloud import local_cloud

    with Server() as server:
        port = server.url.rpartition(":")[2]
        for host in ("127.0.0.1", "localhost", "LOCALHOST", "127.1.2.3"):
            if host != "127.1.2.3":  # the server listens on 127.0.0.1 alone
                url = f"http://{host}:{port}"
                boto3.client("sqs", endpoint_url=url).list_queues()
        with local_cloud():
            boto3.client("sqs", endpoint_url=server.url).list_queues()
    assert len(server.seen) == 4
    signed = [headers["Authorization"] for _, headers in server.seen]
    assert all(KEYS["AWS_ACCESS_KEY_ID"] in header for header in signed[:3])
    assert "Credential=testing/" in signed[3]
    assert all(len(header.rpartition("Signature=")[2]) == 64 for header in signed)


def _write(folder, name, *lines):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _as_file(variables):
    return [f"{name.lower()} = {text}" for name, text in variables.items()]


def run(name, folder):
    """Try one way out, with AWS settings and files of its own."""
    os.makedirs(folder, exist_ok=True)
    os.environ["AWS_CONFIG_FILE"] = os.path.join(folder, "config")
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.path.join(folder, "credentials")
    record()
    ESCAPES[name](*[folder][: ESCAPES[name].__code__.co_argcount])


def run_each(names, folder):
    """Try several, each in a fork of this process: the imports are paid once."""
    import boto3  # noqa: F401
    import moto.core.models  # noqa: F401

    for name in names:
        child = os.fork()
        if not child:
            with open(os.path.join(folder, f"{name}.txt"), "w") as told:
                os.dup2(told.fileno(), 2)
                os._exit(_status(name, os.path.join(folder, name)))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(name, status, flush=True)


def _status(name, folder):
    try:
        run(name, folder)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    sys.modules["pytest"] = None  # time-machine would import it, which takes a second
    folder_of_all, *wanted = sys.argv[1:]
    if len(wanted) == 1:
        run(wanted[0], folder_of_all)
    else:
        run_each(wanted, folder_of_all)
