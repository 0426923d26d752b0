"""Linux system calls that Python 3.11 has no functions for, called through libc.

Numbers and meanings: https://man7.org/linux/man-pages/man2/unshare.2.html, and likewise
mount(2), pivot_root(2), prctl(2), capset(2). Every function raises OSError.
"""

import ctypes
import os

__all__ = [
    "MS_BIND",
    "MS_NODEV",
    "MS_NOSUID",
    "MS_PRIVATE",
    "MS_RDONLY",
    "MS_REC",
    "MS_REMOUNT",
    "NEW_IPC",
    "NEW_MOUNTS",
    "NEW_NET",
    "NEW_PIDS",
    "NEW_USER",
    "NEW_UTS",
    "die_with_parent",
    "drop_capabilities",
    "keep_orphans",
    "mount",
    "mount_flags",
    "never_gain_rights",
    "stay_undumpable",
    "swap_root",
    "unshare",
]

NEW_MOUNTS, NEW_UTS, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_USER, NEW_PIDS, NEW_NET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV = 1, 2, 4
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
_MNT_DETACH = 2

# A mount's flags as statvfs gives them, and as mount wants them.
_FLAGS = {2: 2, 4: 4, 8: 8, 1024: 1024, 2048: 2048, 4096: 1 << 21}

_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_SUBREAPER, _NO_NEW_RIGHTS = 1, 4, 36, 38
_CAPABILITIES_3 = 0x20080522


def unshare(flags: int) -> None:
    """Move this process (for process ids: its children) into namespaces of its own."""
    _call("unshare", flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = ""):
    """Mount `source` on `target`."""
    words = (source.encode(), os.fsencode(target), kind.encode() or None)
    _call("mount", *words, ctypes.c_ulong(flags), data.encode() or None, about=target)


def mount_flags(path: str) -> int:
    """The flags that the mount of `path` has, which a remount may not take away."""
    found = os.statvfs(path).f_flag
    return sum(wanted for given, wanted in _FLAGS.items() if found & given)


def swap_root(new_root: str) -> None:
    """Make `new_root` the root, and let go of the old one for good."""
    os.chdir(new_root)
    _call("pivot_root", b".", b".")
    _call("umount2", b".", _MNT_DETACH)
    os.chdir("/")


def die_with_parent() -> None:
    """Be killed when the parent ends, however it ends."""
    _prctl(_SET_DEATH_SIGNAL, 9)
    if os.getppid() == 0 and os.getpid() != 1:  # it has ended already
        os._exit(1)


def stay_undumpable() -> None:
    """Let no process of the same user look into this one's memory."""
    _prctl(_SET_DUMPABLE, 0)


def keep_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_SET_SUBREAPER, 1)


def never_gain_rights() -> None:
    """No program that is run from here on gets more rights than this process."""
    _prctl(_NO_NEW_RIGHTS, 1)


def drop_capabilities() -> None:
    """Give up every capability, those over the own namespaces included."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def _prctl(option: int, value: int) -> None:
    _call("prctl", option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3)


def _call(name: str, *args: object, about: str = "") -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    function = getattr(libc, name, None)
    if function is None:
        raise OSError(f"this system has no {name}")
    if function(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}", about or None)
