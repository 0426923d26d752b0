"""No request of boto3 leaves this machine, whichever way it tries."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from escapes import ESCAPES, LEAK

from workbook.cloud import guard

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

# These need a process in which nothing is imported yet.
COLD = ["no_guard", "a_client_from_before"]
WARM = [name for name in ESCAPES if name not in COLD]


def run(folder, *names):
    """Run escapes in a process without the AWS and proxy settings of this one."""
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("AWS_", "BOTO")) and "proxy" not in name.lower()
    }
    command = [sys.executable, str(HERE / "escapes.py"), str(folder), *names]
    return subprocess.run(
        command,
        env=kept | {"PYTHONPATH": str(ROOT), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def statuses(tmp_path_factory):
    """The exit status of each warm escape, and the folder of what each one said."""
    if not hasattr(os, "fork"):
        pytest.skip("needs os.fork")
    folder = tmp_path_factory.mktemp("escapes")
    result = run(folder, *WARM)
    pairs = [line.split() for line in result.stdout.splitlines()]
    return {name: int(status) for name, status in pairs}, folder


def test_the_recorder_sees_a_leak(tmp_path):
    result = run(tmp_path, "no_guard")
    assert result.returncode == LEAK
    assert "LEAK: looked up sqs.eu-west-1.amazonaws.com" in result.stderr


def test_no_way_out_for_a_client_from_before(tmp_path):
    result = run(tmp_path, "a_client_from_before")
    assert result.returncode == 0, result.stderr[-3000:]


@pytest.mark.parametrize("name", WARM)
def test_no_way_out(name, statuses):
    found, folder = statuses
    assert found[name] == 0, (folder / f"{name}.txt").read_text()[-3000:]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:80", "http://127.255.0.9", "https://[::1]:4566/", "//localhost"],
)
def test_loopback(url):
    assert guard.is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://[::]",
        "http://localhost.localstack.cloud:4566",
        "http://localhost@example.com",
        "http://example.com#@localhost",
        "http://example.com?@127.0.0.1",
        "http://",
        "",
    ],
)
def test_not_loopback(url):
    assert not guard.is_loopback(url)


@pytest.mark.parametrize("address, local", [("127.0.0.9", True), ("10.1.1.1", False)])
def test_a_local_name_counts_only_if_it_leads_here(monkeypatch, address, local):
    found = [(2, 1, 6, "", (address, 0))]
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *_: found)
    assert guard.is_loopback("http://queue.localhost:4566") is local


def test_a_local_name_that_leads_nowhere(monkeypatch):
    def fail(*_):
        raise OSError

    monkeypatch.setattr(guard.socket, "getaddrinfo", fail)
    assert not guard.is_loopback("http://queue.localhost:4566")


def test_arming_twice_changes_nothing():
    before = [
        guard.URLLib3Session.send,
        guard.Endpoint._send_request,
        guard.BotocoreStubber.process_request,
        guard.credentials.ProcessProvider.load,
    ]
    guard.arm()
    assert before == [
        guard.URLLib3Session.send,
        guard.Endpoint._send_request,
        guard.BotocoreStubber.process_request,
        guard.credentials.ProcessProvider.load,
    ]


def test_the_refusal_says_what_it_knows():
    bare = guard.RealCloudRefused("sqs.example.com", "do this")
    assert str(bare) == "a request of boto3 was not sent to sqs.example.com: do this"
    named = bare.naming("sqs", "SendMessage")
    assert str(named) == "sqs SendMessage was not sent to sqs.example.com: do this"
    assert named.naming("sts", "AssumeRole") is named
