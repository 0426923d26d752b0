"""One run of the handler, in a thread that stops before every call to the cloud.

The thread runs the learner's code freely until it is about to call AWS. There it parks,
says which call it is about to make, and waits for an order. Only one thread ever runs
at a time, so whatever the explorer decides is exactly what happens.
"""

import os
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import AttributeBase, ConditionBase

from workbook.cloud.faults import Crash
from workbook.explore.interrupt import Abandoned, interrupt, spare

if TYPE_CHECKING:
    from workbook.explore.world import Reply

__all__ = ["Invocation", "Request", "Stuck", "current"]

# After this many calls made in defiance of a crash, a thread is parked for good.
_DEFIANCE = 200

_threads: dict[int, "Invocation"] = {}


def _closed_gate() -> threading.Lock:
    """A lock that one thread waits at until another opens it."""
    gate = threading.Lock()
    gate.acquire()
    return gate


def current() -> "Invocation | None":
    """The invocation that the running thread belongs to."""
    return _threads.get(threading.get_ident())


def plain(value: Any) -> Any:
    """A parameter as plain data: a condition such as `Attr("id").not_exists()` too."""
    if isinstance(value, ConditionBase):
        built = value.get_expression()
        return (built["format"], built["operator"], [plain(v) for v in built["values"]])
    if isinstance(value, AttributeBase):
        return value.name
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    return value


class Stuck(Exception):
    """An invocation neither called AWS nor ended within the time it was given."""


@dataclass(frozen=True)
class Request:
    """A call that an invocation is about to make; `perform` really makes it."""

    service: str
    operation: str
    params: dict
    region: str
    touches: tuple
    perform: Callable[[], Any] = field(compare=False, repr=False)
    protocol: str = "aws"  # or "http", for a service outside AWS

    @cached_property
    def identity(self) -> str:
        """The call in one string: equal for calls that ask for the same thing."""
        parameters = plain(self.params)
        return repr((self.service, self.operation, self.region, parameters))

    def same_call(self, other: "Request") -> bool:
        """Whether two requests ask for the same thing."""
        return self.identity == other.identity


class Invocation:
    """One attempt at one delivery, started and resumed by the explorer's thread."""

    def __init__(self, delivery: int, attempt: int, *, patience_s: float) -> None:
        self.delivery = delivery
        self.attempt = attempt
        self.patience_s = patience_s
        self.request: Request | None = None  # what it is parked at
        self.calls = 0
        self.ended = False
        self.crashed = False
        self.returned: Any = None
        self.error: BaseException | None = None
        self.request_in_flight = False
        self.entropy = random.Random()
        self._order: Callable[[Request], Reply] | None = None
        self._go = _closed_gate()
        self._parked = _closed_gate()
        self._given_up = False
        self._defied = 0
        self._worker: _Worker | None = None

    # --- the explorer's side ---------------------------------------------------------

    def start(self, run: Callable[[], Any]) -> None:
        """Run `run()` until its first call or its end."""
        self._worker = _Worker.idle()
        self._worker.give(lambda: self._body(run))
        self._wait()

    def resume(self, order: Callable[[Request], "Reply"]) -> None:
        """Let `order` answer the parked call in the handler's thread; go on from it."""
        self._order = order
        self.request = None
        self._go.release()
        self._wait()

    def abandon(self) -> None:
        """Unwind the handler; if it will not, leave its thread parked for good."""
        if self.ended or self._given_up or self._worker is None:
            return
        self._given_up = True
        self._go.release()
        if self._parked.acquire(timeout=0.5) and self.ended:
            self._worker.rest()
        else:
            self._worker.discard(self)

    def _wait(self) -> None:
        if not self._parked.acquire(timeout=self.patience_s):
            self._given_up = True
            self._worker.discard(self)
            raise Stuck
        if self.ended:
            self._worker.rest()

    # --- the handler's side ----------------------------------------------------------

    def _body(self, run: Callable[[], Any]) -> None:
        _threads[threading.get_ident()] = self
        self._reseed()
        try:
            self.returned = run()
        except Crash:
            self.crashed = True
        except Abandoned:
            pass
        except (
            BaseException
        ) as error:  # SystemExit too ends an invocation, not the class
            self.error = error
        finally:
            self._leave()

    def _leave(self) -> None:
        """End, also if an interruption comes as late as this."""
        left = False
        while not left:
            try:
                spare()
                _threads.pop(threading.get_ident(), None)
                self.ended = True
                if self._parked.locked():
                    self._parked.release()
                left = True
            except Abandoned:
                pass

    def call(self, request: Request) -> Any:
        """Park before a call; then have it carried out as ordered."""
        if self.crashed or self._given_up:
            self._refuse()
        self.request = request
        self._parked.release()
        self._go.acquire()
        if self._given_up:
            self._refuse()
        self.calls += 1
        self.request_in_flight = True
        try:
            reply = self._order(request)
        finally:
            self.request_in_flight = False
        self._reseed()
        self.crashed = isinstance(reply.error, Crash)
        return reply.deliver()

    def _refuse(self) -> None:
        self._defied += 1
        if self._defied > _DEFIANCE:
            self.ended = False
            self._parked.release()
            _closed_gate().acquire()  # a dead process does nothing more
        raise Abandoned if self._given_up else Crash("the process is gone")

    def _reseed(self) -> None:
        random.seed(self.seed())
        self.entropy.seed(self.seed())

    def seed(self) -> int:
        """A number that depends on where the invocation stands, not on the schedule."""
        return (self.delivery * 1_000 + self.attempt) * 1_000 + self.calls


class _Worker:
    """A thread that is used again, since making one costs more than a parked call."""

    _pool: list["_Worker"] = []

    def __init__(self) -> None:
        self._work: Callable[[], None] | None = None
        self._wake = _closed_gate()
        self._discarded = False
        self._thread = threading.Thread(
            target=self._loop, name="explored handler", daemon=True
        )
        self._thread.start()

    @classmethod
    def idle(cls) -> "_Worker":
        return cls._pool.pop() if cls._pool else cls()

    def give(self, work: Callable[[], None]) -> None:
        self._work = work
        self._wake.release()

    def _loop(self) -> None:
        try:
            while not self._discarded:
                self._wake.acquire()
                self._work()
        except Abandoned:
            pass  # it came when there was nothing left to interrupt

    def rest(self) -> None:
        self._pool.append(self)

    @classmethod
    def dismiss(cls) -> None:
        """End the idle threads: a forked process would inherit the list, not them."""
        while cls._pool:
            worker = cls._pool.pop()
            worker._discarded = True
            worker.give(lambda: None)
            worker._thread.join()

    def discard(self, invocation: Invocation) -> None:
        """Never use this thread again, and interrupt what runs in circles in it."""
        self._discarded = True
        interrupt(self._thread, ended=lambda: invocation.ended)


if hasattr(os, "register_at_fork"):  # not on Windows, which cannot fork
    os.register_at_fork(before=_Worker.dismiss)
