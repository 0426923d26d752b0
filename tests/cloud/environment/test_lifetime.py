"""However it ends, nothing is left: no process, no port, no file but the log."""

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from workbook.cloud.environment import (
    Emulator,
    EnvironmentUnavailable,
    environment,
    process,
)
from workbook.cloud.environment.emulator import INSTALL

SMALL = "Resources:\n  Orders: {Type: AWS::SQS::Queue}\n"
ROOT = Path(__file__).resolve().parents[3]
CHILD = """
import sys
from workbook.cloud.environment import environment
T = '''
Resources:
  Slow:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/slow
      Timeout: 60
      Code:
        ZipFile: |
          import time
          def handler(event, context):
              time.sleep(50)
'''
env = environment(T)
env.invoke("Slow", {}, asynchronous=True)
process = env.emulator.process
print(process.pid, env.port, env.emulator.folder, flush=True)
"""


@pytest.fixture
def folders(monkeypatch, tmp_path):
    """Where the emulators of a test keep their files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def group(number):
    """The processes of a group: an emulator and its workers."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[2]) == number and fields[0] != "Z":
                found.append(int(path.name))
    return found


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def gone(emulator_pid, port, folder, within_s=20.0):
    """Whether all of an emulator is gone, soon."""
    ends_s = time.monotonic() + within_s
    while time.monotonic() < ends_s:
        if not group(emulator_pid) and is_free(port) and not Path(folder).exists():
            return True
        time.sleep(0.05)
    return False


def start_child(code=""):
    """Another Python with an environment of its own, in which a function runs."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD + code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    pid, port, folder = child.stdout.readline().split()
    ends_s = time.monotonic() + 20
    while len(group(int(pid))) < 2 and time.monotonic() < ends_s:
        time.sleep(0.05)
    assert len(group(int(pid))) == 2, "the emulator and the worker that sleeps"
    return child, (int(pid), int(port), folder)


def test_stopping_leaves_nothing():
    emulator = Emulator()
    pid, port, folder = emulator.process.pid, emulator.port, emulator.folder
    assert group(pid) == [pid] and not is_free(port) and folder.exists()
    emulator.stop()
    emulator.stop()
    assert not group(pid) and is_free(port) and not folder.exists()
    assert repr(emulator) == "emulator: stopped"


def test_an_exception_in_the_block_ends_it_and_keeps_the_log(folders):
    with pytest.raises(ZeroDivisionError), environment(SMALL) as env:
        pid, port = env.emulator.process.pid, env.port
        raise ZeroDivisionError
    assert not group(pid) and is_free(port)
    assert env.emulator.log_path.read_text()
    assert [p.name for p in env.emulator.folder.iterdir()] == ["emulator.log"]


def test_an_interrupt_while_it_starts_leaves_nothing(folders, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(process, "is_healthy", interrupted)
    started = []
    real = subprocess.Popen

    def remembered(*words, **more):
        started.append(real(*words, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", remembered)
    with pytest.raises(KeyboardInterrupt):
        environment(SMALL)
    assert len(started) == 1 and not group(started[0].pid)
    assert list(folders.iterdir()) == []


def test_a_template_that_fails_leaves_nothing(folders):
    with pytest.raises(ValueError, match="Unrecognized"):
        environment("Resources:\n  Q: {Type: AWS::No::Such}\n")
    assert list(folders.iterdir()) == []


def test_environments_share_an_emulator_until_the_last_is_closed():
    first = environment(SMALL)
    second = environment(SMALL)
    emulator = first.emulator
    assert second.emulator is emulator
    first.close()
    first.close()
    assert emulator.alive
    assert [q for q in second.client("sqs").list_queues()["QueueUrls"]] == [
        second.ids["Orders"]
    ]
    second.close()
    assert not emulator.alive


def test_an_environment_that_nobody_can_reach_is_no_user():
    emulator = environment(SMALL).emulator
    gc.collect()
    assert not emulator.alive


@pytest.mark.parametrize("way", ["kill", "exit"])
def test_it_ends_with_the_process_that_started_it(way):
    code = {
        "kill": "import time; time.sleep(60)",
        "exit": "sys.stdin.read()",
    }[way]
    child, emulator = start_child(code)
    if way == "kill":
        child.send_signal(signal.SIGKILL)
    child.communicate()
    assert gone(*emulator)


def test_it_ends_although_a_fork_holds_the_other_end(tmp_path):
    code = """
import os, time
pid = os.fork()
if pid == 0:
    time.sleep(40)
    os._exit(0)
print(pid, flush=True)
time.sleep(60)
"""
    child, emulator = start_child(code)
    fork = int(child.stdout.readline())
    try:
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert gone(*emulator)
    finally:
        os.kill(fork, signal.SIGKILL)
        child.communicate()


def test_ctrl_c_reaches_the_notebook_and_not_the_emulator():
    emulator = Emulator()
    try:
        assert os.getpgid(emulator.process.pid) == emulator.process.pid
        assert os.getsid(emulator.process.pid) == emulator.process.pid
    finally:
        emulator.stop()


def test_when_it_dies_the_next_call_says_so_and_a_rerun_works(folders):
    env = environment(SMALL)
    sqs, first = env.client("sqs"), env.emulator
    sqs.list_queues()
    os.kill(env.emulator.process.pid, signal.SIGKILL)
    for call in (sqs.list_queues, lambda: env.wait_for(lambda: None)):
        with pytest.raises(EnvironmentUnavailable, match="killed by SIGKILL") as died:
            call()
    assert "call environment() for a new one" in str(died.value)
    assert "Running on http://127.0.0.1" in str(died.value)  # the end of the log
    assert died.value.log_path.exists()
    with environment(SMALL) as again:
        assert again.emulator is not first
        assert again.client("sqs").list_queues()["QueueUrls"] == [again.ids["Orders"]]
        env.close()
        assert again.emulator.alive
    assert first.log_path.exists() and not again.emulator.folder.exists()


def test_dying_during_a_call_is_no_connection_error(folders):
    env = environment(SMALL)
    try:
        events = env.client("sqs").meta.events
        pid = env.emulator.process.pid
        events.register("before-send", lambda **_: os.kill(pid, signal.SIGKILL))
        with pytest.raises(EnvironmentUnavailable, match="has died"):
            env.client("sqs").list_queues()
    finally:
        env.close()


def test_a_closed_environment_says_so():
    env = environment(SMALL)
    sqs = env.client("sqs")
    env.close()
    with pytest.raises(EnvironmentUnavailable, match="is closed"):
        sqs.list_queues()


@pytest.mark.parametrize("module", ["ministack", "samtranslator"])
def test_a_missing_emulator_names_the_command_that_installs_it(monkeypatch, module):
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == module else real(name)
    )
    with pytest.raises(EnvironmentUnavailable) as missing:
        environment(SMALL)
    assert INSTALL in str(missing.value) and module in str(missing.value)
    assert missing.value.log_path is None


def test_the_command_installs_the_pinned_versions():
    pins = (ROOT / "requirements.in").read_text().splitlines()
    assert set(INSTALL.split()[2:]) <= set(pins)


def test_a_taken_port_is_named(folders):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(EnvironmentUnavailable, match=f"port {port} is taken"):
            Emulator(port=port)
    assert list(folders.iterdir()) == []


def test_a_port_that_is_taken_meanwhile_is_exchanged_for_another(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        ports = iter([taken, process.free_port()])
        monkeypatch.setattr(process, "free_port", lambda: next(ports))
        emulator = Emulator()
    assert emulator.port != taken and emulator.alive
    emulator.stop()


def test_one_that_does_not_start_says_why_and_keeps_its_log(folders, monkeypatch):
    monkeypatch.setitem(process.SETTINGS, "BIND_HOST", "203.0.113.1")
    with pytest.raises(EnvironmentUnavailable, match="did not start") as failed:
        environment(SMALL)
    assert "exit status" in str(failed.value)
    assert failed.value.log_path.read_text() and "assign" in str(failed.value)


def test_another_version_of_the_emulator_is_refused(folders, monkeypatch, tmp_path):
    fake = tmp_path / "site" / "ministack-9.9.dist-info"
    fake.mkdir(parents=True)
    (fake / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: ministack\nVersion: 9.9\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(fake.parent))
    with pytest.raises(EnvironmentUnavailable, match="ministack 9.9 is installed"):
        Emulator()


def test_it_serves_this_machine_only(emulator):
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    listening = [row[1] for row in rows if row[3] == "0A"]
    port = f":{emulator.port:04X}"
    assert [place for place in listening if place.endswith(port)] == ["0100007F" + port]
