"""One emulator for all environments of this process that do not bring their own.

Starting it takes a second or two and its first stack some more; a second stack takes a
fraction of one. So environments share one, and the last that closes stops it.
"""

import threading

from .emulator import Emulator

__all__ = ["borrow", "give_back", "users"]

_lock = threading.RLock()


class _State:
    """The emulator in use, and by how many environments."""

    emulator: Emulator | None = None
    users = 0


def borrow() -> Emulator:
    """The running emulator, or a new one where none runs or the last one died."""
    with _lock:
        if _State.emulator is None or not _State.emulator.alive:
            if _State.emulator is not None:
                _State.emulator.stop()
            _State.emulator, _State.users = Emulator(), 0
        _State.users += 1
        return _State.emulator


def give_back(emulator: Emulator) -> bool:
    """Stop the emulator unless another environment uses it; whether it was stopped."""
    with _lock:
        if emulator is not _State.emulator:  # it died, and has a successor
            emulator.stop()
            return True
        _State.users -= 1
        if _State.users <= 0:
            emulator.stop()
            _State.emulator = None
        return _State.emulator is None


def users() -> int:
    """How many environments share the emulator."""
    return _State.users
