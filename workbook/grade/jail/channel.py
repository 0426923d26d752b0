"""One-way messages from a process that we do not trust.

A message is plain data with a seal (a keyed BLAKE2b) under a key that the process was
born with and that a submission's code has no reference to. Whatever else comes down the
pipe was not written by us.

The sending side calls nothing by a name that a submission can give another meaning
(`json.dumps`, `os.write`, `len`): what it needs, it was given when it was defined.
"""

import ast
import hashlib
import hmac
import os
from typing import Any

__all__ = ["Forged", "Receiver", "Sender"]

_LENGTH, _SEAL = 4, 32
_HEAD = _LENGTH + _SEAL
_LARGEST = 2_000_000

Message = dict[str, Any]


class Forged(Exception):
    """Something came that is no message of ours."""


class Sender:
    """Writes messages to a file descriptor; the seals count: none can be replayed."""

    def __init__(self, fd: int, key: bytes) -> None:
        self._fd = fd
        self._seal = hashlib.blake2b(key=key, digest_size=_SEAL)
        self._count = 0
        self._pid = os.getpid()

    def send(
        self, message: Message, *, text=repr, size=len, write=os.write, pid=os.getpid
    ) -> None:
        """Send one message; OSError if the other end, or ours, is closed.

        A copy of the process, made by a fork, has no say.
        """
        if pid() != self._pid:
            raise OSError("this process is a copy")
        body = text(message).encode("utf-8", "backslashreplace")
        self._count += 1
        seal = self._seal.copy()
        seal.update(self._count.to_bytes(8, "big") + body)
        rest = size(body).to_bytes(_LENGTH, "big") + seal.digest() + body
        while rest:
            rest = rest[write(self._fd, rest) :]


class Receiver:
    """Takes the bytes as they come, and gives the messages that are whole."""

    def __init__(self, key: bytes) -> None:
        self._seal = hashlib.blake2b(key=key, digest_size=_SEAL)
        self._count = 0
        self._bytes = bytearray()

    def take(self, chunk: bytes) -> list[Message]:
        """The messages that are whole now. Raises Forged for what is not ours."""
        self._bytes += chunk
        found = []
        while (message := self._next()) is not None:
            found.append(message)
        return found

    @property
    def left(self) -> bool:
        """Whether part of a message has come and the rest has not."""
        return bool(self._bytes)

    def _next(self) -> Message | None:
        length = int.from_bytes(self._bytes[:_LENGTH], "big")
        if length > _LARGEST:
            raise Forged("a message of an absurd length")
        if len(self._bytes) < _HEAD + length or len(self._bytes) < _HEAD:
            return None
        seal = bytes(self._bytes[_LENGTH:_HEAD])
        body = bytes(self._bytes[_HEAD : _HEAD + length])
        del self._bytes[: _HEAD + length]
        self._count += 1
        wanted = self._seal.copy()
        wanted.update(self._count.to_bytes(8, "big") + body)
        if not hmac.compare_digest(seal, wanted.digest()):
            raise Forged("a message without our seal")
        return _read(body)


def _read(body: bytes) -> Message:
    """The data in a message, which can be nothing but literals."""
    try:
        message = ast.literal_eval(body.decode("utf-8"))
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        message = None
    if not isinstance(message, dict):
        raise Forged("a message that is none")
    return message
