"""One emulator for all environments of this process that do not bring their own.

Starting it takes a second or two and its first stack some more; a second stack takes a
fraction of one. So environments share one, and the last that closes stops it.
"""

import threading

from .emulator import Emulator

__all__ = ["borrow", "give_back"]

_lock = threading.RLock()


class _State:
    """The emulator in use, and by how many environments."""

    emulator: Emulator | None = None
    users = 0


def borrow() -> Emulator:
    """The running emulator, or a new one where none runs or the last one died."""
    with _lock:
        _State.users += 1  # first, so that nobody who gives it back now ends it
        before = _State.emulator
        if before is None or not before.alive:
            if before is not None:
                before.stop()
            _State.emulator, _State.users = None, 0
            _State.emulator, _State.users = Emulator(), 1
        return _State.emulator


def give_back(emulator: Emulator, *, keep_log: bool = False) -> bool:
    """Stop the emulator unless another environment uses it; whether it has ended."""
    with _lock:
        if emulator is not _State.emulator:  # it died, and has a successor
            emulator.stop()
            return True
        _State.users -= 1
        if _State.users > 0:
            return False
        emulator.stop(keep_log=keep_log)
        _State.emulator = None
        return True
