"""Refuses, inside Python, what no answer to an exercise needs; and takes note of it.

An audit hook cannot be removed once it is there, but it is no sandbox: PEP 578 says so
(https://peps.python.org/pep-0578/). It gives a clear message, it takes the easy ways to
the grader's own memory away, and where there are no namespaces it is all there is.
"""

import ctypes
import ipaddress
import os
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["Refused", "refuse_from_now_on"]

_PROCESSES = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.killpg",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "pty.spawn",
    "signal.pthread_kill",
    "subprocess.Popen",
}
_MEMORY = {
    "ctypes.PyObj_FromPtr",
    "ctypes.addressof",
    "ctypes.call_function",
    "ctypes.cdata",
    "ctypes.cdata/buffer",
    "ctypes.dlopen",
    "ctypes.dlsym",
    "ctypes.dlsym/handle",
    "ctypes.string_at",
    "ctypes.wstring_at",
    "gc.get_objects",
    "gc.get_referents",
    "gc.get_referrers",
    "sys._current_exceptions",
    "sys._current_frames",
    "sys.addaudithook",
}
_NETWORK = {"socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto"}
_NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_FILES = {
    "open",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "os.utime",
}
_WATCHED = frozenset(_PROCESSES | _MEMORY | _NETWORK | _NAMES | _FILES)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MOST_NOTES = 20


class Refused(PermissionError):
    """What the code asked for is not done while it is graded."""


def refuse_from_now_on(scratch: str) -> list[str]:
    """Refuse processes, foreign memory, the network and files outside `scratch`.

    For this process and for good. The list that it returns fills with what was tried.
    """
    # In use by our own time limits; what is looked up later is refused.
    _ = ctypes.pythonapi.PyThreadState_SetAsyncExc
    notes: list[str] = []
    sys.addaudithook(_hook(os.path.realpath(scratch), notes.append, notes))
    return notes


def _hook(scratch: str, note: Callable[[str], None], notes: list[str]) -> Callable:
    def hook(event: str, args: tuple[Any, ...], watched: frozenset = _WATCHED) -> None:
        if event not in watched:
            return
        what = _refusal(event, args, scratch)
        if what:
            if len(notes) < _MOST_NOTES and what not in notes:
                note(what)
            raise Refused(f"{what} is refused while this is graded")

    return hook


def _refusal(event: str, args: tuple[Any, ...], scratch: str) -> str:
    """What is refused about an event, in words; empty if nothing is."""
    if event in _FILES:
        return _refused_file(event, args, scratch)
    if event in _NETWORK:
        return "" if _is_loopback(args[1]) else f"{event} {_short(args[1])}"
    if event in _NAMES:
        return "" if _is_loopback(args) else f"{event} {_short(args[0])}"
    return event


def _refused_file(event: str, args: tuple[Any, ...], scratch: str) -> str:
    if event == "open" and not (isinstance(args[2], int) and args[2] & _WRITING):
        return ""
    count = 2 if event in ("os.link", "os.rename", "os.symlink") else 1
    for path in args[:count]:
        if isinstance(path, int) or _is_ours(path, scratch):
            continue
        return f"{'writing to' if event == 'open' else event} {_short(path)}"
    return ""


def _is_ours(path: Any, scratch: str) -> bool:
    real = os.path.realpath(os.fsdecode(path))
    return real == os.devnull or real == scratch or real.startswith(scratch + os.sep)


def _is_loopback(address: Any) -> bool:
    """Whether an address, a tuple that begins with a host, is this machine's."""
    if not isinstance(address, tuple):
        return False  # a local socket's path is a file that a server outside may own
    host = address[0]
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return str(host).endswith(".localhost")


def _short(thing: Any) -> str:
    text = repr(thing)
    return text if len(text) <= 80 else text[:79] + "…"
