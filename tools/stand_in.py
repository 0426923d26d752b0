"""The environment that stands for Binder's: a copy of the repository, and a venv."""

import os
import secrets
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Place", "Refused", "Server", "jupyterlab"]


class Refused(Exception):
    """A check that failed; its text says which and why."""


@dataclass(frozen=True)
class Place:
    """The copy of the repository and the environment that stands for Binder's."""

    repository: Path
    environment: Path

    @property
    def python(self) -> str:
        """The environment's Python."""
        return str(self.environment / "bin" / "python")

    def run(self, what: str, *command: str) -> str:
        """Run a command in the copy as Binder would; its output.

        Raises Refused, with the end of the output, if it fails.
        """
        path = f"{self.environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
        prefix = {"NB_PYTHON_PREFIX": str(self.environment)}
        prefix["KERNEL_PYTHON_PREFIX"] = prefix["NB_PYTHON_PREFIX"]
        ran = subprocess.run(
            command,
            cwd=self.repository,
            env={**os.environ, **prefix, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise Refused(f"{what}\n{ran.stdout[-3000:]}")
        return ran.stdout


@dataclass(frozen=True)
class Server:
    """A JupyterLab that runs: its address, its token, and `get(page)`."""

    address: str
    token: str
    get: Callable[[str], str]


@contextmanager
def jupyterlab(place: Place) -> Iterator[Server]:
    """The environment's JupyterLab, in the copy of the repository."""
    port, token = _free_port(), secrets.token_hex()
    command = [place.python, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    command += ["--ServerApp.port_retries=0"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            command,
            cwd=place.repository,
            env={**os.environ, "JUPYTER_TOKEN": token},
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            yield Server(
                address, token, lambda page: _get(address + page, token, server)
            )
        finally:
            server.terminate()
            server.wait(timeout=30)


def _get(address: str, token: str, server: subprocess.Popen, wait_s: float = 60) -> str:
    """The page at `address`, once the server is up."""
    request = urllib.request.Request(
        address, headers={"Authorization": f"token {token}"}
    )
    until = time.monotonic() + wait_s
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise Refused(f"JupyterLab answers {error.code} to {address}") from error
        except OSError:
            time.sleep(0.2)
    raise Refused(f"JupyterLab does not answer at {address}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
