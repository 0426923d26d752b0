"""Photographs of the mock cloud: take one, go on, come back to it.

Restoring a photograph costs about a tenth of a millisecond, creating a table anew more
than ten times that: the failure explorer lives on the difference.
"""

import hashlib
import io
import pickle
import threading
import types
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

__all__ = ["Snapshot", "SnapshotImpossible", "restore", "take"]

# What a photograph holds by reference: a lock or a function has no state worth copying.
_SHARED = (
    type(threading.Lock()),
    type(threading.RLock()),
    threading.Condition,
    types.FunctionType,
    types.MethodType,
    types.ModuleType,
    BackendDict,
)


class SnapshotImpossible(RuntimeError):
    """A mocked service holds something that cannot be copied."""


@dataclass(frozen=True)
class Snapshot:
    """The contents of every mocked service at one moment, and of those `beside`."""

    content: bytes
    shared: tuple[object, ...]
    beside: tuple[Any, ...] = ()

    @cached_property
    def digest(self) -> bytes:
        """A short value that tells states apart."""
        return hashlib.blake2b(self.content, digest_size=16).digest()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.shared: list[object] = []

    def persistent_id(self, obj: object) -> object:
        if isinstance(obj, BaseBackend):
            return ("backend", _service_of(obj), obj.account_id, obj.region_name)
        if isinstance(obj, _SHARED):
            self.shared.append(obj)
            return ("shared", len(self.shared) - 1)
        return None


class _Unpickler(pickle.Unpickler):
    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(io.BytesIO(snapshot.content))
        self.shared = snapshot.shared

    def persistent_load(self, pid: tuple) -> object:
        if pid[0] == "shared":
            return self.shared[pid[1]]
        _, service, account_id, region = pid
        return service[account_id][region]


def _service_of(backend: BaseBackend) -> BackendDict:
    for service in BackendDict._instances:
        if service.backend is type(backend):
            return service
    raise SnapshotImpossible(f"no service owns {type(backend).__name__}")


def _in_use() -> list[tuple[BackendDict, str, str, BaseBackend]]:
    return [
        (service, account_id, region, backend)
        for service in BackendDict._instances
        for account_id, region, backend in service.iter_backends()
    ]


def take(beside: Sequence[Any] = ()) -> Snapshot:
    """The mocked services as they are now, and the `state` of each service `beside`.

    Raises `SnapshotImpossible` when a service holds something that cannot be copied
    (an open file, say); the caller then has to build its world again instead.
    """
    file = io.BytesIO()
    pickler = _Pickler(file)
    states = [
        (service, account_id, region, vars(backend))
        for service, account_id, region, backend in _in_use()
    ]
    try:
        pickler.dump((states, [service.state for service in beside]))
    except Exception as reason:  # pickle raises many kinds for "cannot be copied"
        raise SnapshotImpossible(str(reason)) from reason
    return Snapshot(file.getvalue(), tuple(pickler.shared), tuple(beside))


def restore(snapshot: Snapshot) -> None:
    """Put every service back to what it was when `snapshot` was taken."""
    states, beside = _Unpickler(snapshot).load()
    for service, state in zip(snapshot.beside, beside, strict=True):
        service.state = state
    kept = {(id(service), account, region) for service, account, region, _ in states}
    for service, account_id, region, backend in _in_use():
        if (id(service), account_id, region) not in kept:
            backend.reset()
    for service, account_id, region, state in states:
        service[account_id][region].__dict__ = state
