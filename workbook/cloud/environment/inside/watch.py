"""No orphans: when the process that started the emulator is gone, so is all of this.

The parent holds the other end of our standard input and never writes to it. However the
parent ends, even by SIGKILL, its end is closed, and reading ours returns. A child that
the parent had forked may hold a copy of that end open; so once a second we also look
whose child we are. Then the whole process group is killed: the emulator and the workers
in which it runs functions.
"""

import os
import shutil
import signal
import sys
import threading
import time

__all__ = ["end_with_the_parent"]

_LOOK_EVERY_S = 1.0


def end_with_the_parent() -> None:
    """Watch the parent from two threads that wait, and cost nothing."""
    for watcher in (_until_input_ends, _until_adopted):
        threading.Thread(target=watcher, args=(os.getppid(),), daemon=True).start()


def _until_input_ends(parent: int) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    _end_all()


def _until_adopted(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    _end_all()


def _end_all() -> None:
    folder = os.environ.get("WORKBOOK_EMULATOR_FOLDER")
    if folder:  # nobody is left who could ask for the log
        shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)
