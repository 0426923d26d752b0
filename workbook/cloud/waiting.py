"""Waits that move the virtual clock instead of taking real time.

`time.sleep` in a cell, a handler, the SDK's retries; and the long poll of moto's SQS,
which would never end while the clock stands still.
"""

import sys
import threading
import time
from collections.abc import Callable

__all__ = ["really_sleep", "start", "stop"]

really_sleep = time.sleep

# The standard library and the notebook's kernel really do wait for something.
_REAL_WAITERS = frozenset(sys.stdlib_module_names) | {
    "IPython", "debugpy", "ipykernel", "jupyter_client", "pexpect", "tornado", "zmq",
}  # fmt: skip


def start(advance: Callable[[float], None]) -> None:
    """Let `time.sleep(seconds)` in the main thread call `advance(seconds)`.

    A background thread really sleeps: the clock is not its to move, and a kernel's
    threads would spin. So do the callers that wait for something real, such as a child
    process: the standard library and the kernel's own packages.
    """

    def sleep(seconds: float, /) -> None:
        # What really_sleep refuses (a negative number, a string) is refused as ever.
        if threading.current_thread() is not threading.main_thread() or seconds < 0:
            return really_sleep(seconds)
        caller = sys._getframe(1).f_globals.get("__name__", "").partition(".")[0]
        return really_sleep(seconds) if caller in _REAL_WAITERS else advance(seconds)

    time.sleep = sleep


def stop() -> None:
    """Give `time.sleep` back."""
    time.sleep = really_sleep
