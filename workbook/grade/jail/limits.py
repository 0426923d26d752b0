"""Limits that the system itself enforces on a process and on what it starts."""

import os
import resource
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Limits", "impose", "running"]

_MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    `seconds` for an exercise and `load_s` for running the notebook's cells, both by
    the clock on the wall; `memory_mb` beyond what Python and the workbook take;
    `processes` (and threads) at a time; `file_mb` for a file, `scratch_mb` for all.
    """

    seconds: float = 60.0
    load_s: float = 20.0
    memory_mb: int = 1024
    processes: int = 64
    file_mb: int = 16
    scratch_mb: int = 64


def impose(limits: Limits, *, cpu_s: float, already: int = 0) -> None:
    """Bind this process and its children to `limits` for good.

    The number of processes is counted a user, or a user namespace, so what the user
    runs `already` comes on top. For root it is not counted at all:
    https://man7.org/linux/man-pages/man2/getrlimit.2.html
    """
    _set("RLIMIT_CORE", 0)
    _set("RLIMIT_AS", _address_space() + limits.memory_mb * _MB)
    _set("RLIMIT_FSIZE", limits.file_mb * _MB)
    _set("RLIMIT_NOFILE", 256)
    _set("RLIMIT_CPU", int(cpu_s) + 1)
    _set("RLIMIT_NPROC", limits.processes + already)


def running(user: int) -> int:
    """Threads that a user runs at the moment; 0 where they cannot be seen."""
    count = 0
    for tasks in Path("/proc").glob("[0-9]*/task"):
        with suppress(OSError):
            count += len(list(tasks.iterdir())) if tasks.stat().st_uid == user else 0
    return count


def _set(name: str, value: int) -> None:
    kind = getattr(resource, name, None)
    if kind is None:  # not on this system
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with suppress(ValueError, OSError):  # macOS refuses some values
        resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    """Bytes of address space in use; a generous guess where /proc is missing."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 2048 * _MB
    return pages * os.sysconf("SC_PAGE_SIZE")
