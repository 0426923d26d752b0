"""Is everything in place? A row for each thing that the workbook needs.

A row that is not in order says what was found and what to do about it. One that is
looks the same on every machine.
"""

import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib import import_module, metadata
from pathlib import Path

import boto3
from botocore.config import Config
from packaging.requirements import Requirement

from workbook.cloud import RealCloudRefused
from workbook.learn import store
from workbook.learn.places import repository

__all__ = ["Checkup", "Finding", "checkup"]

_OLDEST, _NEWEST = (3, 11), (3, 13)
_FREE_MB = 500  # room for a second environment's databases and logs
# An address that is kept for documentation (RFC 5737): nobody answers there.
_NOWHERE = "https://192.0.2.1"
_INSTALL = "run `make lab` again: it installs what is missing"


class _Problem(Exception):
    """Something is not in order: what was found, and what to do."""

    def __init__(self, found: str, advice: str) -> None:
        self.found, self.advice = found, advice
        super().__init__(found)


@dataclass(frozen=True)
class Finding:
    """One row: what was looked at, whether it is in order, and what there is to say."""

    name: str
    ok: bool
    text: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f". To do: {self.advice}" if self.advice else ""
        return f"{'✓' if self.ok else '✗'} {self.name}: {self.text}{advice}"


@dataclass(frozen=True)
class Checkup:
    """All rows, shown as a table."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is in order."""
        return all(finding.ok for finding in self.findings)

    def __repr__(self) -> str:
        return "\n".join(map(str, self.findings))

    def _repr_html_(self) -> str:
        rows = "".join(_html_row(finding) for finding in self.findings)
        return f"<table><tbody>{rows}</tbody></table>"


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
        return Finding(name, False, text, _INSTALL)


def _python() -> str:
    if not _OLDEST <= sys.version_info[:2] <= _NEWEST:
        raise _Problem(
            f"this is Python {platform.python_version()}",
            "`make clean`, then `make lab PYTHON=…` with a Python from 3.11 to 3.13",
        )
    return "a version from 3.11 to 3.13"


def _packages() -> str:
    wrong = [found for found in map(_other_version, _pins()) if found]
    if wrong:
        raise _Problem("; ".join(wrong), _INSTALL)
    return "the versions that requirements.txt names"


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
    return "" if pin.specifier.contains(found) else f"{pin.name} is {found}"


def _emulator() -> str:
    try:
        import_module("ministack")
    except ImportError as error:
        found = f"ministack cannot be imported ({error})"
        raise _Problem(found, _INSTALL) from error
    return "ministack can be imported"


def _real_aws() -> str:
    """Try to get out, to an address that is no AWS and that nobody has."""
    client = boto3.client(
        "dynamodb",
        endpoint_url=_NOWHERE,
        region_name="ap-northeast-1",
        aws_access_key_id="nobody",
        aws_secret_access_key="nobody",
        config=Config(connect_timeout=1, retries={"total_max_attempts": 1}),
    )
    advice = "restart the kernel, and import workbook.cloud before anything else"
    try:
        client.list_tables()
    except RealCloudRefused:
        return "out of reach: a call that tried to leave was refused"
    except Exception as error:
        found = f"a call left this machine ({type(error).__name__})"
        raise _Problem(found, advice) from error
    raise _Problem("a call left this machine and was answered", advice)


def _disk() -> str:
    free_mb = shutil.disk_usage(repository() or Path.cwd()).free // 1_000_000
    if free_mb < _FREE_MB:
        raise _Problem(f"{free_mb} MB free", f"make room for {_FREE_MB} MB")
    return f"more than {_FREE_MB} MB free"


def _widgets() -> str:
    for package in ("ipywidgets", "jupyterlab_widgets"):
        try:
            import_module(package)
        except ImportError as error:
            raise _Problem(f"{package} cannot be imported", _INSTALL) from error
    return "installed"


def _passport() -> str:
    place = store.place().absolute()
    folder = next(parent for parent in place.parents if parent.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".passport.json."):
            return "can be written"
    except OSError as error:
        raise _Problem(
            f"cannot be written ({error.strerror})",
            "set WORKBOOK_PASSPORT to a file that you may write",
        ) from error


_PROBES: dict[str, Callable[[], str]] = {
    "Python": _python,
    "packages": _packages,
    "emulator": _emulator,
    "real AWS": _real_aws,
    "disk": _disk,
    "widgets": _widgets,
    "passport": _passport,
}


def _html_row(finding: Finding) -> str:
    advice = f"<br>To do: {escape(finding.advice)}" if finding.advice else ""
    mark = "✓" if finding.ok else "✗"
    return (
        f"<tr><td>{mark}</td><th>{escape(finding.name)}</th>"
        f"<td>{escape(finding.text)}{advice}</td></tr>"
    )
