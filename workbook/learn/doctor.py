"""Is everything in place? A row for each thing that the workbook needs.

A row that is not in order says what was found and what to do about it. One that is
looks the same on every machine.
"""

import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from jupyter_core.paths import jupyter_path
from packaging.requirements import Requirement

from workbook.cloud import RealCloudRefused
from workbook.learn import store
from workbook.learn.finding import Checkup, Finding
from workbook.learn.places import repository

__all__ = ["checkup"]

_EMULATOR = "ministack"
_OLDEST, _NEWEST = (3, 11), (3, 13)
_FREE_MB = 500  # room for a second environment's databases and logs
# An address that is kept for documentation (RFC 5737): nobody answers there.
_NOWHERE = "https://192.0.2.1"
_INSTALL = (
    "run `%pip install -r ../requirements.txt` in a cell of this chapter, "
    "then restart the kernel"
)
# pip leaves alone what it believes to be installed, and so does `make lab`.
_AFRESH = (
    "stop JupyterLab, `make clean`, `make lab` (without make: delete the folder .venv, "
    "and do as the README says)"
)
_AGAIN = (
    "restart the kernel and run this chapter again; if the row stays, "
    "show it to whoever gave you the workbook"
)
_ANOTHER_FILE = "set WORKBOOK_PASSPORT to a file that you may write"
_IN_THE_BROWSER = "@jupyter-widgets/jupyterlab-manager/package.json"


class _Problem(Exception):
    """Something is not in order: what was found, and what to do."""

    def __init__(self, found: str, advice: str) -> None:
        self.found, self.advice = found, advice
        super().__init__(found)


def checkup() -> Checkup:
    """Look at everything that the workbook needs; changes nothing, sends nothing."""
    return Checkup(tuple(_look(name, probe) for name, probe in _PROBES.items()))


def _look(name: str, probe: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, probe())
    except _Problem as problem:
        return Finding(name, False, problem.found, problem.advice)
    except Exception as error:  # a check-up that breaks is itself a finding
        text = f"could not be looked at ({type(error).__name__}: {error})"
        return Finding(name, False, text, _AGAIN)


def _python() -> str:
    if not _OLDEST <= sys.version_info[:2] <= _NEWEST:
        raise _Problem(
            f"this is Python {platform.python_version()}",
            "`make clean`, then `make lab PYTHON=…` with a Python from 3.11 to 3.13",
        )
    return "3.11 to 3.13"


def _packages() -> str:
    others = [pin for pin in _pins() if pin.name != _EMULATOR]
    wrong = [found for found in map(_other_version, others) if found]
    if wrong:
        raise _Problem("; ".join(wrong), _INSTALL)
    return "the versions that requirements.in asks for"


def _pins() -> list[Requirement]:
    """What requirements.in asks for on this machine."""
    folder = repository()
    if folder is None:
        raise _Problem(
            "requirements.in cannot be found from here",
            "open the notebook from the workbook's own folder",
        )
    lines = (folder / "requirements.in").read_text(encoding="utf-8").splitlines()
    stated = [Requirement(line) for line in lines if line and line[0] != "#"]
    return [pin for pin in stated if pin.marker is None or pin.marker.evaluate()]


def _other_version(pin: Requirement) -> str:
    """How the installed package differs from its pin; empty if it does not."""
    try:
        found = metadata.version(pin.name)
    except metadata.PackageNotFoundError:
        return f"{pin.name} is missing"
    wanted = str(pin.specifier).removeprefix("==")
    return (
        "" if pin.specifier.contains(found) else f"{pin.name} is {found}, not {wanted}"
    )


def _emulator() -> str:
    _import(_EMULATOR)
    wrong = [_other_version(pin) for pin in _pins() if pin.name == _EMULATOR]
    if any(wrong):
        raise _Problem("; ".join(wrong), _INSTALL)
    return f"{_EMULATOR} can be imported, in the version asked for"


def _import(package: str) -> None:
    try:
        import_module(package)
    except Exception as error:  # a broken package may raise anything
        found = f"{package} cannot be imported ({error})"
        raise _Problem(found, _AFRESH) from error


def _real_aws() -> str:
    """Try to get out, to an address that is no AWS and that nobody has."""
    client = _a_client_of_nobody()
    advice = "restart the kernel, and import workbook.cloud before anything else"
    try:
        client.list_tables()
    except RealCloudRefused:
        return "out of reach: a call that tried to leave was refused"
    except (BotoCoreError, ClientError) as error:
        found = f"a call was not refused ({type(error).__name__})"
        raise _Problem(found, advice) from error
    raise _Problem("a call left this machine and was answered", advice)


def _a_client_of_nobody() -> Any:
    """A client whose calls lead nowhere, and are given up after a second."""
    # Whatever AWS_PROFILE says: a profile that does not exist is no trouble here.
    core = botocore.session.Session({"profile": (None, None, None, None)})
    return boto3.session.Session(botocore_session=core).client(
        "dynamodb",
        endpoint_url=_NOWHERE,
        region_name="ap-northeast-1",
        aws_access_key_id="nobody",
        aws_secret_access_key="nobody",
        config=Config(connect_timeout=1, retries={"total_max_attempts": 1}),
    )


def _disk() -> str:
    free_mb = shutil.disk_usage(repository() or Path.cwd()).free // 1_000_000
    if free_mb < _FREE_MB:
        raise _Problem(f"{free_mb} MB free", f"make room for {_FREE_MB} MB")
    return f"more than {_FREE_MB} MB free"


def _widgets() -> str:
    _import("ipywidgets")
    folders = [Path(at) for at in jupyter_path("labextensions")]
    if not any((at / _IN_THE_BROWSER).is_file() for at in folders):
        raise _Problem("JupyterLab's part of ipywidgets is missing", _AFRESH)
    return "installed, for Python and for JupyterLab"


def _passport() -> str:
    place = store.place().absolute()
    if place.is_dir():
        raise _Problem(f"{place.name} is a folder, not a file", _ANOTHER_FILE)
    folder = next(parent for parent in place.parents if parent.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".passport.json."):
            return "can be written"
    except OSError as error:
        found = f"cannot be written ({error.strerror})"
        raise _Problem(found, _ANOTHER_FILE) from error


_PROBES: dict[str, Callable[[], str]] = {
    "Python": _python,
    "packages": _packages,
    "emulator": _emulator,
    "real AWS": _real_aws,
    "disk": _disk,
    "widgets": _widgets,
    "passport": _passport,
}
