"""Work in another thread, so that the main thread never touches what it works on."""

import os
import threading
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbook.learn.blame import describe

__all__ = ["EXHAUSTED", "Done", "aside", "give_up"]

EXHAUSTED = 71  # the exit code when no thread can be started any more


@dataclass(frozen=True)
class Done:
    """What came of some work: its value, or its grief (then there is no value)."""

    value: Any = None
    grief: str = ""


def aside(work: Callable[[], Any]) -> Done:
    """Run `work()` in a thread that passes for the main one, as a notebook's is.

    Done with locks of the interpreter itself, which nothing written in Python can
    replace. Ends the process with EXHAUSTED where there are too many threads already.
    """
    lock, box = allocate_lock(), [Done(grief="it never began")]
    lock.acquire()

    def in_it() -> None:
        try:
            threading._main_thread = threading.current_thread()
            box[0] = Done(work())
        except BaseException as error:
            box[0] = Done(grief=describe(error))
        finally:
            lock.release()

    try:
        start_new_thread(in_it, ())
    except RuntimeError:
        give_up()
    lock.acquire()
    return box[0]


def give_up() -> None:
    """End the process with EXHAUSTED: the threads that a check needs cannot start."""
    os._exit(EXHAUSTED)
