"""A root of its own for a submission: no network, no other process, almost no files.

In it there are Python and the workbook, read-only; a few devices; and one empty folder
in memory, the scratch, which is all that can be written. Linux does this for an
ordinary user as well, where user namespaces are allowed:
https://man7.org/linux/man-pages/man7/user_namespaces.7.html
"""

import fcntl
import os
import socket
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from workbook.grade.jail import system

__all__ = ["SCRATCH", "enter", "readable"]

SCRATCH = "/scratch"

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/timezone")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_READ_ONLY = system.MS_REMOUNT | system.MS_BIND | system.MS_RDONLY | system.MS_NOSUID
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1  # of a network interface


def readable() -> list[str]:
    """The folders a check may read: Python's, and those of every loaded module."""
    found = {str(Path(place).resolve()) for place in (sys.base_prefix, sys.prefix)}
    found |= {place for place in _SYSTEM if os.path.isdir(place)}
    for module in list(sys.modules.values()):
        if folder := _package_of(module):
            found.add(folder)
    return sorted(path for path in found if not _inside(path, found - {path}))


def enter(folder: str, paths: Iterable[str], *, scratch_bytes: int, owner: int) -> None:
    """Leave everything behind but `paths`, with `folder` as the place to build on.

    The next child of this process is the first process of its world, in a fresh
    scratch that belongs to the user id `owner`. Raises OSError where the system does
    not allow it.
    """
    _unshare()
    _loopback_up()
    system.mount("none", "/", flags=system.MS_REC | system.MS_PRIVATE)
    inside = system.MS_NOSUID | system.MS_NODEV
    system.mount("tmpfs", folder, "tmpfs", system.MS_NOSUID, "size=1m,mode=755")
    for path in [*paths, *filter(os.path.isfile, _FILES)]:
        _show(path, folder)
    for name in _DEVICES:
        _bind(f"/dev/{name}", f"{folder}/dev/{name}")
    os.mkdir(folder + SCRATCH)
    size = f"size={scratch_bytes},nr_inodes=4096,mode=700,uid={owner},gid={owner}"
    system.mount("tmpfs", folder + SCRATCH, "tmpfs", inside, size)
    if not os.path.exists(folder + "/tmp"):  # it is if Python or the clone is in it
        os.symlink(SCRATCH, folder + "/tmp")
    system.mount("", folder, flags=_READ_ONLY)
    system.swap_root(folder)


def _unshare() -> None:
    """Namespaces of our own; with a user namespace where we have not the right else."""
    wanted = system.NEW_MOUNTS | system.NEW_NET | system.NEW_PIDS
    wanted |= system.NEW_IPC | system.NEW_UTS
    if os.geteuid() == 0:
        try:
            return system.unshare(wanted)
        except PermissionError:
            pass
    user, group = os.geteuid(), os.getegid()
    system.unshare(wanted | system.NEW_USER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _loopback_up() -> None:
    """Switch on 127.0.0.1, for labs whose providers are servers on it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(asking, _GET_FLAGS, request))[1]
        fcntl.ioctl(asking, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _UP))


def _show(path: str, folder: str) -> None:
    """Make `path` of the old root appear in the new one, read-only."""
    if os.path.islink(path) and os.path.dirname(path) == "/":
        return os.symlink(os.readlink(path), folder + path)  # /lib, today usr/lib
    _bind(path, folder + path)
    for below in [path, *_mounts_below(path)]:
        place = folder + below
        system.mount("", place, flags=_READ_ONLY | system.mount_flags(place))


def _bind(source: str, target: str) -> None:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        Path(target).touch()
    system.mount(source, target, flags=system.MS_BIND | system.MS_REC)


def _mounts_below(path: str) -> list[str]:
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    points = {line.split()[1].replace("\\040", " ") for line in lines}
    return sorted(point for point in points if _inside(point, {path}))


def _package_of(module: object) -> str:
    """The folder of the top-level package that a module belongs to."""
    file = getattr(module, "__file__", None)
    name = getattr(module, "__name__", "")
    if not isinstance(file, str) or not os.path.isabs(file) or "." not in name:
        return ""
    up = name.count(".") + (os.path.basename(file) == "__init__.py")
    folder = Path(file).resolve()
    return str(folder.parents[up - 1])


def _inside(path: str, others: set[str]) -> bool:
    return any(path.startswith(other.rstrip("/") + "/") for other in others)
