"""A process and all that came of it, as /proc shows them from outside."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Tree", "end", "look", "own_mb"]


@dataclass(frozen=True)
class Tree:
    """The descendants of a process, and the memory that all of them take together."""

    pids: tuple[int, ...] = ()
    threads: int = 0
    memory_mb: float = 0.0


def look(root: int) -> Tree:
    """The tree below `root`, itself left out; empty where there is no /proc."""
    below: dict[int, list[tuple[int, int, float]]] = {}
    for pid, parent, threads, memory in filter(None, map(_read, _pids())):
        below.setdefault(parent, []).append((pid, threads, memory))
    found, waiting = [], [root]
    while waiting:
        children = below.pop(waiting.pop(), [])
        found += children
        waiting += [pid for pid, _, _ in children]
    pids = tuple(pid for pid, _, _ in found)
    return Tree(pids, sum(t for _, t, _ in found), sum(m for _, _, m in found))


def end(root: int, *, patience_s: float = 5.0) -> bool:
    """Kill all that is below `root`, until nothing is left; whether that was reached.

    What forks faster than it is killed is stopped first: a stopped process cannot.
    """
    by = time.monotonic() + patience_s
    while pids := _alive(root):
        for kind in (signal.SIGSTOP, signal.SIGKILL):
            for pid in pids:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, kind)
        _reap()
        if time.monotonic() > by:
            return False
    return True


def own_mb() -> float:
    """The memory of this process."""
    found = _read(str(os.getpid()))
    return found[3] if found else 0.0


def _alive(root: int) -> tuple[int, ...]:
    return tuple(pid for pid in look(root).pids if not _is_zombie(pid))


def _reap() -> None:
    """Take note of dead children, orphans we inherited included."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    time.sleep(0.002)


def _pids() -> list[str]:
    try:
        return [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def _read(pid: str) -> tuple[int, int, int, float] | None:
    """Process id, parent, threads and memory in MB."""
    fields = _stat(pid)
    if not fields:
        return None
    memory = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    return int(pid), int(fields[1]), int(fields[17]), memory


def _is_zombie(pid: int) -> bool:
    return (_stat(str(pid)) or ["Z"])[0] == "Z"


def _stat(pid: str) -> list[str]:
    """The fields from the state on; the name before them may hold anything."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
