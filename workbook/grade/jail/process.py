"""Runs work in a fenced-in process, and watches it from outside.

    worker ── keeper ── first process of its world ── the work, and what it starts

The keeper goes when the worker goes, and with the first process goes all that is in its
world, whatever it did to hide. Without namespaces the keeper starts the work itself and
inherits its orphans.
"""

import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn

from workbook.grade.jail import namespaces, system, tree
from workbook.grade.jail.channel import Forged, Receiver
from workbook.grade.jail.fence import Fence, become
from workbook.grade.jail.limits import Limits, impose, running

__all__ = ["Ended", "Room", "Work", "room", "run"]

_LOOK_EVERY_S = 0.25
_PATIENCE_S = 10.0  # for a keeper to tidy up after the work is done
_CPU_S = 1800.0  # only a backstop: the clock on the wall comes first
_BROKEN = 70
_SIGNALLED = 128  # as shells do: the exit code of one who was killed

Work = Callable[[int, str], None]  # it gets a file descriptor to write to, its scratch
Heard = Callable[[dict], float]  # takes a message: seconds until the next is due


@dataclass(frozen=True)
class Room:
    """Where fenced-in processes are run: one after the other, in one empty folder."""

    fence: Fence
    folder: str
    paths: tuple[str, ...]
    limits: Limits


@dataclass(frozen=True)
class Ended:
    """How a process ended: `why` is "", "time", "memory", "processes" or "forged".

    `code` is its exit code, or 128 and the signal that killed it.
    """

    why: str
    code: int = 0

    @property
    def signal(self) -> str:
        """The name of the signal that ended it, if one did."""
        with suppress(ValueError):
            return signal.Signals(self.code - _SIGNALLED).name
        return ""


@contextmanager
def room(fence: Fence, limits: Limits) -> Iterator[Room]:
    """A room for as long as a `with` block; it is empty again after each run."""
    paths = tuple(namespaces.readable()) if fence.namespaces else ()
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        os.chmod(folder, 0o711)
        yield Room(fence, folder, paths, limits)


def run(room: Room, work: Work, key: bytes, heard: Heard, *, first_s: float) -> Ended:
    """Run `work(fd, scratch)` in a fenced-in fork; `heard` gets each message.

    It has `first_s` seconds until its first message; `heard` says how many it has for
    the next. Whatever happens, nothing is left of it when this returns.
    """
    _on_linux(system.keep_orphans)
    get, put = os.pipe()
    already = running(room.fence.owner)
    keeper = os.fork()
    if keeper == 0:
        _keep(room, work, put, already)
    os.close(put)
    try:
        why = _watch(keeper, get, Receiver(key), heard, first_s, room.limits)
        return Ended(why, _ended(keeper, at_once=bool(why)))
    finally:
        os.close(get)
        _ended(keeper, at_once=True)
        tree.end(os.getpid())
        shutil.rmtree(room.folder + namespaces.SCRATCH, ignore_errors=True)


# --- outside, in the worker -----------------------------------------------------------


def _watch(keeper, get, receiver: Receiver, heard, allowed_s: float, limits) -> str:
    """Hear it out; why it had to be stopped, if it had to be."""
    heard_at = look_at = time.monotonic()
    own_mb = tree.own_mb()
    while (now := time.monotonic()) < heard_at + allowed_s:
        wait_s = min(_LOOK_EVERY_S, heard_at + allowed_s - now)
        if select.select([get], [], [], wait_s)[0]:
            chunk = os.read(get, 1 << 16)
            if not chunk:
                return "forged" if receiver.left else ""
            try:
                for message in receiver.take(chunk):
                    allowed_s, heard_at = heard(message), time.monotonic()
            except (Forged, KeyError, TypeError, ValueError):
                return "forged"  # sealed or not, we would not say that
        if now >= look_at:
            look_at = now + _LOOK_EVERY_S
            if why := _too_much(keeper, limits, own_mb):
                return why
    return "time"


def _too_much(keeper: int, limits: Limits, own_mb: float) -> str:
    """What there is too much of: forks share memory, and each counts it as its own."""
    seen = tree.look(keeper)
    if seen.threads > 2 * limits.processes:
        return "processes"
    most_mb = 2 * limits.memory_mb + (len(seen.pids) + 1) * own_mb
    return "memory" if seen.memory_mb > most_mb else ""


def _ended(keeper: int, *, at_once: bool) -> int:
    """The exit code of the keeper, which is killed if it does not come to its end."""
    by = time.monotonic() + (0.0 if at_once else _PATIENCE_S)
    with suppress(ChildProcessError):
        while True:
            gone, status = os.waitpid(keeper, os.WNOHANG)
            if gone:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else _SIGNALLED - code
            if time.monotonic() >= by:
                os.kill(keeper, signal.SIGKILL)
            time.sleep(0.002)
    return 0


def _on_linux(call: Callable[[], None]) -> None:
    with suppress(OSError):  # elsewhere there is no such call
        call()


# --- inside ---------------------------------------------------------------------------


def _keep(room: Room, work: Work, put: int, already: int) -> NoReturn:
    """Be the keeper: build the world, start its first process, and wait for its end."""
    try:
        os.setsid()
        _on_linux(system.die_with_parent)
        _on_linux(system.keep_orphans)
        put = _only(put)
        scratch = _scratch(room)
        first = os.fork()
        if first == 0:
            _first(room, work, put, scratch, already)
        os.close(put)
        code = _wait(first)
        tree.end(os.getpid())
        os._exit(code)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        os._exit(_BROKEN)


def _first(room: Room, work: Work, put: int, scratch: str, already: int) -> NoReturn:
    """Give up all rights, then do the work; in a world of its own, in a child."""
    become(room.fence.user)
    impose(room.limits, cpu_s=_CPU_S, already=already)
    _on_linux(system.die_with_parent)
    if room.fence.namespaces:
        system.stay_undumpable()
        child = os.fork()
        if child:
            os.close(put)
            os._exit(_wait(child))
    os.chdir(scratch)
    work(put, scratch)
    os._exit(0)


def _only(put: int) -> int:
    """Close all other files: nothing of the worker's may be written to, or read."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.dup2(put, 3)
    os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0] % (1 << 16))
    return 3


def _scratch(room: Room) -> str:
    """The one folder that can be written to; as a side effect, the world round it."""
    limits, owner = room.limits, room.fence.owner
    if room.fence.namespaces:
        size = limits.scratch_mb << 20
        namespaces.enter(room.folder, room.paths, scratch_bytes=size, owner=owner)
        return namespaces.SCRATCH
    folder = room.folder + namespaces.SCRATCH
    os.mkdir(folder, 0o700)
    os.chown(folder, owner, -1)
    return folder


def _wait(child: int) -> int:
    """Wait for a child, and take note of orphans meanwhile; its exit code."""
    while True:
        gone, status = os.wait()
        if gone == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else _SIGNALLED - code
