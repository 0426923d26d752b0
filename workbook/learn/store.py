"""The passport's file: read, changed and written so that nothing is lost."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from workbook.learn.merge import empty, is_passport
from workbook.learn.places import repository

__all__ = ["place", "read", "update"]

# What could not be written, by file: kept at least while this kernel runs.
_unsaved: dict[Path, dict[str, Any]] = {}


def place() -> Path:
    """The passport's file: $WORKBOOK_PASSPORT, or passport.json in the repository."""
    named = os.environ.get("WORKBOOK_PASSPORT")
    return Path(named) if named else (repository() or Path.cwd()) / "passport.json"


def read() -> dict[str, Any]:
    """The passport as it is now; an empty one if there is none."""
    path = place()
    return _unsaved[path] if path in _unsaved else _load(path)


def update(change: Callable[[dict[str, Any]], Any]) -> None:
    """Let `change` alter the passport and write it, while no other kernel does.

    `change` may alter its argument or return the passport to write instead. A file that
    cannot be written is said once; results are then kept until the kernel stops.
    """
    path = place()
    with _locked(path):
        data = _changed(read(), change)
        try:
            _write(path, data)
        except OSError as error:
            _keep_unsaved(path, data, str(error.strerror))
        else:
            _unsaved.pop(path, None)


def _changed(data: dict[str, Any], change: Callable) -> dict[str, Any]:
    result = change(data)
    return data if result is None else result


def _keep_unsaved(path: Path, data: dict[str, Any], why: str) -> None:
    """Remember what could not be written; say so the first time."""
    if path not in _unsaved:
        print(f"{path.name} cannot be written ({why}): what you do is kept only")
        print("until this kernel stops.")
    _unsaved[path] = data


def _load(path: Path) -> dict[str, Any]:
    """Read the file; one that is broken is kept aside under another name."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return empty()  # a folder is not ours to move: saving says what is wrong
    except (OSError, ValueError, RecursionError):  # unreadable, not JSON, too deep
        data = None
    if is_passport(data):
        return data
    _set_aside(path)
    return empty()


def _set_aside(path: Path) -> None:
    """Move a broken file to the first free name, and say so."""
    taken = 1
    while (aside := path.with_name(f"{path.stem}.broken-{taken}.json")).exists():
        taken += 1
    with suppress(OSError):  # another kernel was quicker, or it cannot be moved
        os.replace(path, aside)
        print(f"{path.name} could not be understood. It is kept as {aside.name},")
        print("and a new passport is started.")


def _write(path: Path, data: dict[str, Any]) -> None:
    """Write the whole file or nothing of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock beside the file; the system frees it when a kernel dies.

    Where no lock can be had goes without: whole files still keep the passport sound.
    """
    with ExitStack() as held:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = held.enter_context(path.with_name(f".{path.name}.lock").open("a"))
            _lock(lock)
        yield


def _lock(lock: TextIO) -> None:
    """Wait for an exclusive lock that closing the file frees."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
