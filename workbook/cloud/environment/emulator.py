"""The emulator as a child process on 127.0.0.1, and its certain end.

It gets an environment of its own, put together from a short list: no AWS_ setting, no
credentials and no proxy of ours can leak into it, nor into the functions it runs. It
leads a process group of its own, so that Ctrl-C in a terminal interrupts the notebook
and not the emulator, and one signal ends it with all of its workers.
"""

import contextlib
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import Any

from ..local import REGION
from .errors import EnvironmentUnavailable

__all__ = ["ACCOUNT", "INSTALL", "Emulator"]

ACCOUNT = "123456789012"
INSTALL = "pip install ministack==1.5.33 aws-sam-translator==1.115.0"

_INSIDE = Path(__file__).with_name("inside")
_HOST = "127.0.0.1"
_READY_WITHIN_S = 30.0
_LOOK_EVERY_S = 0.02
_ENDS_WITHIN_S = 5.0
_PORTS_TRIED = 3  # one that was free may be taken before the emulator has it
_TAKEN = "already in use"
_TAIL_LINES = 12

# All that a program needs to run here; the rest is our own.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV",
         "LD_LIBRARY_PATH", "SYSTEMROOT", "PYTHONPATH", "PYTHONHOME")  # fmt: skip
_SETTINGS = {
    "BIND_HOST": _HOST,  # by default it serves the whole network
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
    "HTTP_PROXY": f"http://{_HOST}:9",
    "HTTPS_PROXY": f"http://{_HOST}:9",
    "NO_PROXY": f"localhost,.localhost,{_HOST}",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
}


class Emulator:
    """A running ministack. Raises `EnvironmentUnavailable` when it does not start.

    `port` is a free one unless told. `stop()` ends it, and so does whatever ends this
    process. The log stays on disk if the emulator died by itself.
    """

    def __init__(self, *, port: int | None = None) -> None:
        _demand_installed()
        self.folder = Path(tempfile.mkdtemp(prefix="workbook-environment-"))
        self.log_path = self.folder / "emulator.log"
        self._stopping = threading.Lock()
        self._end: Any = None
        self._kept = False
        try:
            self._start(port)
        except BaseException as error:
            keep = isinstance(error, EnvironmentUnavailable) and error.log_path
            self.stop(keep_log=bool(keep))
            raise

    @property
    def endpoint(self) -> str:
        """The URL that clients use."""
        return f"http://{_HOST}:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._end is not None and not _has_ended(self.process)

    def demand_alive(self) -> None:
        """Raise `EnvironmentUnavailable` if the emulator is not there any more."""
        if self._end is None:
            raise EnvironmentUnavailable(
                "this environment is closed: call environment() for a new one"
            )
        if not self.alive:
            _end_group(self.process)
            raise EnvironmentUnavailable(
                f"the emulator has died ({_how(self.process)}), and with it everything "
                "in the environment: call environment() for a new one",
                self.log_path,
                self.log_tail(),
            )

    def log_tail(self, lines: int = _TAIL_LINES) -> str:
        """The last lines of the emulator's log."""
        with contextlib.suppress(OSError):
            text = self.log_path.read_text(encoding="utf-8", errors="replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""

    def stop(self, *, keep_log: bool = False) -> None:
        """End the emulator and its workers, at once; again changes nothing.

        The log is kept if `keep_log`, or if the emulator died by itself.
        """
        with self._stopping:
            self._kept |= keep_log or (self._end is not None and not self.alive)
            end, self._end = self._end, None
            if end is not None:
                end.detach()
                _end_group(self.process)
            remains = self.folder / "tmp" if self._kept else self.folder
            shutil.rmtree(remains, ignore_errors=True)

    def __repr__(self) -> str:
        return f"emulator: {'running' if self.alive else 'stopped'}"

    def _start(self, port: int | None) -> None:
        for left in reversed(range(1 if port else _PORTS_TRIED)):
            self.port = port or _free_port()
            if port and _answers(port):
                raise EnvironmentUnavailable(
                    f"port {port} is taken by another program: leave the port out, and "
                    "a free one is found"
                )
            self._spawn()
            if self._became_ready():
                return
            self._end.detach()
            self._end = None
            _end_group(self.process)
            if not left or _TAKEN not in self.log_tail():
                raise EnvironmentUnavailable(
                    f"the emulator did not start ({_how(self.process)})",
                    self.log_path,
                    self.log_tail(),
                )

    def _spawn(self) -> None:
        (self.folder / "tmp").mkdir(exist_ok=True)
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(_INSIDE)],
                stdin=subprocess.PIPE,  # its end is our end: see inside/watch.py
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_environment(self.port, self.folder),
                cwd=self.folder,
                start_new_session=True,
            )
        self._end = weakref.finalize(
            self, _end_at_exit, self.process, self.folder, os.getpid()
        )

    def _became_ready(self) -> bool:
        """Wait until it serves; False if it ended instead."""
        ends_s = time.monotonic() + _READY_WITHIN_S
        while not _has_ended(self.process):
            if _is_healthy(self.port):
                return not _has_ended(self.process)
            if time.monotonic() > ends_s:
                _end_group(self.process)
                raise EnvironmentUnavailable(
                    f"the emulator was not ready within {_READY_WITHIN_S:.0f} s",
                    self.log_path,
                    self.log_tail(),
                )
            threading.Event().wait(_LOOK_EVERY_S)  # sleep may move the virtual clock
        return False


def _demand_installed() -> None:
    for module in ("ministack", "samtranslator"):
        if importlib.util.find_spec(module) is None:
            raise EnvironmentUnavailable(
                f"the emulator is not installed ({module} is missing). This installs "
                f"it: {INSTALL}. Everything else in the workbook works without."
            )


def _environment(port: int, folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = {
        "GATEWAY_PORT": str(port),
        "TMPDIR": str(folder / "tmp"),
        "TEMP": str(folder / "tmp"),
        "WORKBOOK_EMULATOR_FOLDER": str(folder),
    }
    return kept | _SETTINGS | own


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return probe.getsockname()[1]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((_HOST, port)) == 0


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=1.0)  # knows no proxy
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _has_ended(process: subprocess.Popen) -> bool:
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


def _end_group(process: subprocess.Popen) -> None:
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


def _end_at_exit(process: subprocess.Popen, folder: Path, owner: int) -> None:
    """What is left to do for an emulator that nobody stopped."""
    if os.getpid() == owner:  # a forked child has no say
        _end_group(process)
        shutil.rmtree(folder, ignore_errors=True)


def _how(process: subprocess.Popen) -> str:
    code = process.returncode
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit status {code}"
