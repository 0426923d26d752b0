"""The emulator's process: what it is given, whether it serves, and how it is ended."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from ..local import REGION

__all__ = [
    "ACCOUNT",
    "HOST",
    "SETTINGS",
    "answers",
    "end_at_exit",
    "end_group",
    "free_port",
    "has_ended",
    "how",
    "is_healthy",
    "surroundings",
]

ACCOUNT = "123456789012"
HOST = "127.0.0.1"

_ENDS_WITHIN_S = 5.0
# All that a program needs to run here; the rest is our own.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV",
         "LD_LIBRARY_PATH", "SYSTEMROOT", "PYTHONPATH", "PYTHONHOME")  # fmt: skip
SETTINGS = {
    "BIND_HOST": HOST,  # by default it serves the whole network
    "MINISTACK_HOST": "localhost",
    "MINISTACK_REGION": REGION,
    "MINISTACK_ACCOUNT_ID": ACCOUNT,
    # AWS waits one minute before the first retry and two before the second.
    "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.25",
    "APPSYNC_EVENTS_ENFORCE_AUTH": "true",  # as AWS does
    "IOT_MTLS_ENABLED": "0",  # these two would open ports of their own
    "SFTP_ENABLED": "0",
    "DOCKER_HOST": f"unix://{os.devnull}/none",  # it would clear up containers
    # No request of the emulator, or of a function, gets further than this machine:
    # for any other host it goes to a proxy that is not there.
    "HTTP_PROXY": f"http://{HOST}:9",
    "HTTPS_PROXY": f"http://{HOST}:9",
    "NO_PROXY": f"localhost,.localhost,{HOST}",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
}


def surroundings(port: int, folder: Path) -> dict[str, str]:
    """The environment variables of the process; its files go to `folder`."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = {
        "GATEWAY_PORT": str(port),
        "TMPDIR": str(folder / "tmp"),
        "TEMP": str(folder / "tmp"),
        "WORKBOOK_EMULATOR_FOLDER": str(folder),
    }
    return kept | SETTINGS | own


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    """Whether a program listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0


def is_healthy(port: int) -> bool:
    """Whether the emulator serves on the port."""
    connection = http.client.HTTPConnection(HOST, port, timeout=1.0)  # knows no proxy
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def has_ended(process: subprocess.Popen) -> bool:
    """Whether it ended, without taking note of it where the system allows that.

    As long as nobody took note, no other process can get its number, which is also the
    number of the group that is to be killed.
    """
    if process.returncode is not None or not hasattr(os, "waitid"):
        return process.poll() is not None
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    try:
        return os.waitid(os.P_PID, process.pid, look) is not None
    except ChildProcessError:
        return True


def end_group(process: subprocess.Popen) -> None:
    """Kill the emulator with its workers, and wait until it is gone."""
    if process.returncode is not None:
        return
    with contextlib.suppress(OSError):  # nobody is left in the group
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_ENDS_WITHIN_S)
    if process.stdin:
        process.stdin.close()


def end_at_exit(process: subprocess.Popen, folder: Path, owner: int) -> None:
    """What is left to do for an emulator that nobody stopped."""
    if os.getpid() == owner:  # a forked child has no say
        end_group(process)
        shutil.rmtree(folder, ignore_errors=True)


def how(process: subprocess.Popen) -> str:
    """How the process ended, in words."""
    code = process.returncode
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit status {code}"
