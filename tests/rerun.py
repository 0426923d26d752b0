"""Run All, and Run All again, then turn what can be turned: on hostile ground.

    python -m tests.rerun NOTEBOOK FOLDER [--offline]

The kernel works in FOLDER, an empty one, and sees credentials that look real, in its
environment and in files. With --offline no packet can leave this machine: there is a
loopback interface and nothing else (Linux only).
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.explorers import DRIVE, MADE, complaints
from tools.run_notebooks import ROOT

__all__ = ["FIRST", "FIRST_PASSPORT"]
__all__ += ["bring_up_loopback", "cut_off", "hostile", "main", "rerun", "run_twice"]

PASSPORT = "passport.json"
#: What the first of the two runs left in the folder.
FIRST, FIRST_PASSPORT = "first.ipynb", "first-passport.json"

# AWS's own examples of what a key looks like.
_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
_ERRORS = (CellExecutionError, TimeoutError, RuntimeError)


def cut_off() -> list[str]:
    """The command that runs another one without a network; [] where none may."""
    tries = (["unshare", "-n"], ["unshare", "-rn"])
    found = (command for command in tries if shutil.which("unshare"))
    return next((c for c in found if _works([*c, "true"])), [])


def bring_up_loopback() -> None:
    """Switch on `lo`, which starts switched off in a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh", b"lo", _UP_AND_RUNNING)
        fcntl.ioctl(probe, _SET_FLAGS, request)


def hostile(folder: Path) -> dict[str, str]:
    """Settings, and files in `folder`, that would reach a real account."""
    keys = f"aws_access_key_id = {_KEY}\naws_secret_access_key = {_SECRET}\n"
    (folder / "credentials").write_text(f"[default]\n{keys}", encoding="utf-8")
    (folder / "config").write_text("[default]\nregion = us-east-1\n", encoding="utf-8")
    return {
        "AWS_ACCESS_KEY_ID": _KEY,
        "AWS_SECRET_ACCESS_KEY": _SECRET,
        "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEXAMPLE",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_CONFIG_FILE": str(folder / "config"),
        "WORKBOOK_PASSPORT": str(folder / PASSPORT),
    }


def run_twice(path: Path, folder: Path, *, timeout_s: float = 300.0) -> list[str]:
    """What went wrong when the notebook ran twice in one kernel, in `folder`.

    Then each control of an explorer that it has is driven to its ends. The notebook and
    the passport after the first run stay in `folder` as FIRST and FIRST_PASSPORT.
    """
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=timeout_s, resources=where)
    with client.setup_kernel(env={**os.environ, **hostile(folder)}):
        wrong = list(_turn(client, "first"))
        _keep(client, folder)
        wrong += _turn(client, "second")
        return wrong or list(_drive(client))


def main(arguments: list[str]) -> int:
    """Run the notebook named on the command line; print what went wrong."""
    path, folder, *flags = arguments
    if flags == ["--offline"]:
        bring_up_loopback()
    wrong = run_twice(Path(path).resolve(), Path(folder))
    print("\n".join(wrong))
    return 1 if wrong else 0


def command(path: Path, folder: Path) -> list[str]:
    """The command that runs a notebook twice, cut off from the network if possible."""
    prefix = cut_off()
    flags = ["--offline"] if prefix else []
    run = [sys.executable, "-m", "tests.rerun", str(path), str(folder)]
    return [*prefix, *run, *flags]


def rerun(path: Path, folder: Path) -> subprocess.CompletedProcess:
    """Run a notebook twice, in a process of its own."""
    return subprocess.run(
        command(path, folder), cwd=ROOT, capture_output=True, text=True, check=False
    )


def _turn(client: NotebookClient, turn: str) -> Iterator[str]:
    """What the first exception of one Run All says."""
    for at, cell in enumerate(client.nb.cells):
        try:
            client.execute_cell(cell, at)
        except _ERRORS as error:
            yield f"{turn} run, cell {at + 1}: {error}"
            return


def _keep(client: NotebookClient, folder: Path) -> None:
    """Write down how things stand after the first run."""
    (folder / FIRST).write_text(nbformat.writes(client.nb), encoding="utf-8")
    if (passport := folder / PASSPORT).exists():
        shutil.copy(passport, folder / FIRST_PASSPORT)


def _drive(client: NotebookClient) -> Iterator[str]:
    """What is wrong with the explorer's controls, if there is one."""
    if not any(MADE in cell.source for cell in client.nb.cells):
        return
    cell = nbformat.v4.new_code_cell(DRIVE)
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1)
    except _ERRORS as error:
        yield f"explorer: {error}"
        return
    yield from complaints("".join(o.text for o in cell.outputs if "text" in o))


def _works(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
