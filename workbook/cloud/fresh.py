"""A cloud of its own for a block; the one that was there comes back as it was."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from moto.core.base_backend import BackendDict

from . import clock
from .local import local_cloud
from .snapshot import restore, take

__all__ = ["fresh_cloud"]


@contextmanager
def fresh_cloud() -> Iterator[None]:
    """An empty cloud for a `with` block; what the reader has comes back after it."""
    with nullcontext() if clock.running() else local_cloud():
        world = take()
        BackendDict.reset()
        with clock.set_aside():
            try:
                yield
            finally:
                restore(world)
