"""The mock cloud as a function: a state and a call go in, an answer and a state come
out.

Thousands of schedules differ in a few steps, so most of their calls meet a state that
was there before. Each state is a photograph of the mock; a call that was once made in a
state is answered from memory ever after, and the mock itself is touched only for new
ones.
"""

import copy
import datetime
import decimal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import Binary
from moto.core.base_backend import BackendDict
from moto.moto_api._internal import mock_random

from workbook.cloud import clock
from workbook.cloud.snapshot import Snapshot, SnapshotImpossible, restore, take
from workbook.explore.invocation import Request

__all__ = ["Reply", "World", "WorldLost", "ids_kept"]

_ATOMS = (
    str, bytes, bool, int, float, type(None), decimal.Decimal, datetime.datetime,
    Binary, set, frozenset,
)  # fmt: skip


class WorldLost(RuntimeError):
    """The mock cloud could not be brought back to an earlier state."""


@dataclass(frozen=True)
class Reply:
    """What a call came back with: a value, or an error that it raises."""

    value: Any = None
    error: BaseException | None = None

    def deliver(self) -> Any:
        """Return the value, or raise the error, as the call itself would."""
        if self.error is not None:
            raise _fresh(self.error)
        return _copy(self.value)


class World:
    """The services, which remember what every call did in every state.

    Besides the mocked ones those `outside` AWS, each with a `state` of plain data.

    Where a service holds something that cannot be copied, `copyable` turns False: from
    then on every call is really made, and a schedule has to be run from its start.
    """

    def __init__(self, outside: Sequence[Any] = ()) -> None:
        self.copyable = True
        self.outside = tuple(outside)
        self._origin = _origin(self.outside)
        self.now = self._origin
        self._held = self.now  # the state that the mock itself is in
        self._known: dict[tuple, tuple[Reply, Snapshot | None, float]] = {}

    def perform(self, request: Request, seed: int) -> Reply:
        """The answer to a call in the state the world is in, which it may change."""
        if not self.copyable:
            return self._call(request, seed)
        now_s = clock.seconds()
        key = (self.now.digest, request.identity, seed, now_s)
        if key not in self._known:
            reply = self.change(lambda: self._call(request, seed))
            self._known[key] = reply, self.now, clock.seconds() - now_s
            return reply
        reply, self.now, took_s = self._known[key]
        if took_s:  # a long poll, say, which waits on the virtual clock
            clock.advance(took_s)
        return reply

    def change(self, action: Callable[[], Any]) -> Any:
        """Do something to the mock itself, in the state that the world is in."""
        if self.copyable and self._held is not self.now:
            self._put_back(self.now)
        result = action()
        self._held = self.now = self._photograph()
        return result

    def go_to(self, state: Snapshot | None) -> None:
        """Let the world be in a state it was in before."""
        if self.copyable:
            self.now = state

    def _put_back(self, state: Snapshot) -> None:
        """Restore a photograph; where the mock cannot take it back, do without them."""
        try:
            restore(state)
        except Exception as reason:  # unpickling raises whatever a class raises
            self.copyable = False
            raise WorldLost(
                "the mock cloud holds something that can be copied but not put back "
                f"({reason}): empty the cloud with local_cloud() and leave it out"
            ) from reason

    def empty(self) -> None:
        """Take everything out of the mock itself, for a setup to fill it.

        Services outside AWS are put back to what they were.
        """
        restore(self._origin)
        BackendDict.reset()
        self._held = self.now = self._photograph()

    def back_to_origin(self) -> None:
        """Put the mock itself back to what it was before the exploration began."""
        restore(self._origin)
        self._held = self.now = self._origin

    def _call(self, request: Request, seed: int) -> Reply:
        mock_random.seed(seed)
        try:
            value = request.perform()
        except Exception as error:  # whatever a call raises is the handler's to catch
            return Reply(error=error)
        if not _is_data(value):  # a stream, say, which can be read only once
            self.copyable = False
        return Reply(value=value)

    def _photograph(self) -> Snapshot | None:
        try:
            return take(self.outside) if self.copyable else None
        except SnapshotImpossible:
            self.copyable = False
            return None


def _origin(outside: Sequence[Any]) -> Snapshot:
    """The services as the exploration finds them, and has to leave them."""
    try:
        return take(outside)
    except SnapshotImpossible as reason:
        raise WorldLost(
            "the mock cloud holds something that cannot be copied, so the explorer "
            f"could not give it back to you ({reason}): call local_cloud() for an "
            "empty cloud, and build what the handler needs in setup="
        ) from reason


@contextmanager
def ids_kept() -> Iterator[None]:
    """Let moto's ids go on after the block as if nothing had happened in it."""
    state = mock_random.getstate()
    try:
        yield
    finally:
        mock_random.setstate(state)


def _is_data(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_data(part) for part in value.values())
    if isinstance(value, list):
        return all(_is_data(part) for part in value)
    return isinstance(value, _ATOMS)


def _copy(value: Any) -> Any:
    """A copy of plain data, several times faster than `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_copy(part) for part in value]
    return copy.copy(value) if isinstance(value, set) else value


def _fresh(error: BaseException) -> BaseException:
    """The error again, without the traceback of the schedule it was first raised in."""
    if hasattr(error, "operation_name") and hasattr(error, "response"):
        return type(error)(copy.deepcopy(error.response), error.operation_name)
    return error.with_traceback(None)
