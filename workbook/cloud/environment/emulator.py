"""The emulator as a child process on 127.0.0.1, and its certain end.

Its environment variables are put together from a short list: no AWS_ setting, no
credentials and no proxy of ours can leak into it, nor into the functions it runs. It
leads a process group of its own, so that Ctrl-C in a terminal interrupts the notebook
and not the emulator, and one signal ends it with all of its workers.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import Any

from . import process
from .errors import EnvironmentUnavailable

__all__ = ["INSTALL", "Emulator"]

INSTALL = "pip install ministack==1.5.33 aws-sam-translator==1.115.0"

_INSIDE = Path(__file__).with_name("inside")
_READY_WITHIN_S = 30.0
_LOOK_EVERY_S = 0.02
_PORTS_TRIED = 3  # one that was free may be taken before the emulator has it
_TAKEN = "already in use"
_TAIL_LINES = 12


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
        return f"http://{process.HOST}:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._end is not None and not process.has_ended(self.process)

    def demand_alive(self) -> None:
        """Raise `EnvironmentUnavailable` if the emulator is not there any more."""
        if self._end is None:
            raise EnvironmentUnavailable(
                "this environment is closed: call environment() for a new one"
            )
        if not self.alive:
            process.end_group(self.process)
            raise EnvironmentUnavailable(
                f"the emulator has died ({process.how(self.process)}), and with it all "
                "that was in the environment: call environment() for a new one",
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
                process.end_group(self.process)
            remains = self.folder / "tmp" if self._kept else self.folder
            shutil.rmtree(remains, ignore_errors=True)

    def __repr__(self) -> str:
        return f"emulator: {'running' if self.alive else 'stopped'}"

    def _start(self, port: int | None) -> None:
        for left in reversed(range(1 if port else _PORTS_TRIED)):
            self.port = port or process.free_port()
            if port and process.answers(port):
                raise EnvironmentUnavailable(
                    f"port {port} is taken by another program: leave the port out, and "
                    "a free one is found"
                )
            self._spawn()
            if self._became_ready():
                return
            self._end.detach()
            self._end = None
            process.end_group(self.process)
            if not left or _TAKEN not in self.log_tail():
                raise EnvironmentUnavailable(
                    f"the emulator did not start ({process.how(self.process)})",
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
                env=process.surroundings(self.port, self.folder),
                cwd=self.folder,
                start_new_session=True,
            )
        self._end = weakref.finalize(
            self, process.end_at_exit, self.process, self.folder, os.getpid()
        )

    def _became_ready(self) -> bool:
        """Wait until it serves; False if it ended instead."""
        ends_s = time.monotonic() + _READY_WITHIN_S
        while not process.has_ended(self.process):
            if process.is_healthy(self.port):
                return not process.has_ended(self.process)
            if time.monotonic() > ends_s:
                process.end_group(self.process)
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
