"""How to end a thread that runs in circles.

Python can raise an exception in another thread, but a loop around `except
BaseException` swallows it. So the exception, as it comes into being in that thread,
also sets a trace that raises it again on the very next line: within the handler's own
`except`.
"""

import ctypes
import sys
import threading
from collections.abc import Callable
from types import FrameType

__all__ = ["Abandoned", "interrupt", "spare"]

_TRIES = 25
_doomed: set[int] = set()


class Abandoned(BaseException):
    """Raised inside a handler whose schedule is over: nobody waits for its answer."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        if threading.get_ident() in _doomed:
            frame = sys._getframe(1)
            while frame is not None and not _ours(frame):
                frame.f_trace = _raise_again
                frame = frame.f_back
            sys.settrace(_raise_again)


def _ours(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__", "").startswith("workbook.explore")


def _raise_again(frame: FrameType, event: str, _: object) -> Callable | None:
    if _ours(frame):
        return None
    if event == "line" and threading.get_ident() in _doomed:
        raise Abandoned
    return _raise_again


def interrupt(thread: threading.Thread, ended: Callable[[], bool]) -> None:
    """Interrupt what runs in `thread` until `ended()`; give up if it is blocked."""
    _doomed.add(thread.ident)
    for _ in range(_TRIES):
        if ended():
            break
        ident = ctypes.c_ulong(thread.ident)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Abandoned))
        thread.join(timeout=0.002)


def spare() -> None:
    """Stop interrupting the running thread: what was to be ended has ended."""
    _doomed.discard(threading.get_ident())
    sys.settrace(None)
