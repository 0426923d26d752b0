"""Where the explorer stands between a handler and the cloud.

Every boto3 call of every client and resource, whenever it was made, goes through
`botocore.client.BaseClient._make_api_call`. While an exploration runs, that method asks
the calling thread's invocation first. Randomness and `time.sleep` are taken over too,
in the handlers' threads alone, so that one schedule always runs the same way.
"""

import contextlib
import copy
import functools
import os
import random
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import boto3
from botocore.client import BaseClient

from workbook.cloud import clock, waiting
from workbook.explore.footprint import EVERYTHING, touches
from workbook.explore.invocation import Request, current

__all__ = ["ForeignThread", "Interception", "request_id"]


class ForeignThread(RuntimeError):
    """A handler called AWS from a thread that it started itself."""


class Interception:
    """The taken-over methods, for as long as an exploration runs."""

    def __init__(self, outside: Sequence[Any] = ()) -> None:
        self.outside = {service.name for service in outside}
        self.unknown_hosts: set[str] = set()
        self._answer: Callable[[Request], Any] | None = None
        self.foreign_calls = 0
        self._explorer = threading.get_ident()
        self._real_call = BaseClient._make_api_call
        self._schemas: dict[tuple[str, str], dict] = {}

    @contextlib.contextmanager
    def installed(self) -> Iterator["Interception"]:
        """Take over for the length of a `with` block; refuse to do so twice at once."""
        if getattr(BaseClient._make_api_call, "explored", False):
            raise RuntimeError("an exploration is already running: let it end first")
        random_state = random.getstate()
        with contextlib.ExitStack() as undo:
            undo.callback(random.setstate, random_state)
            self._replace(undo, BaseClient, "_make_api_call", self._call())
            undo.enter_context(waiting.asked_first(_sleep))
            self._replace(undo, os, "urandom", _steady(os.urandom))
            self._replace(undo, random, "_urandom", _steady(random._urandom))
            self._replace(undo, boto3, "client", _made_once(boto3.client))
            self._replace(undo, boto3, "resource", _made_once(boto3.resource))
            if self.outside:
                self._take_over_http(undo)
            yield self

    @contextlib.contextmanager
    def answering(self, answer: Callable[[Request], Any]) -> Iterator[None]:
        """Let `answer` take the calls of the exploring thread itself."""
        before, self._answer = self._answer, answer
        try:
            yield
        finally:
            self._answer = before

    @staticmethod
    def _replace(undo: contextlib.ExitStack, owner: Any, name: str, new: Any) -> None:
        undo.callback(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, new)

    def _call(self) -> Callable:
        def _make_api_call(client: BaseClient, operation: str, params: dict) -> Any:
            perform = functools.partial(self._real_call, client, operation, params)
            invocation = current()
            if invocation is not None and invocation.request_in_flight:
                return perform()  # a call that boto3 makes for a call
            return self._ask(self._request(client, operation, params, perform))

        _make_api_call.explored = True
        return _make_api_call

    def _ask(self, request: Request) -> Any:
        """Have a call carried out for whoever makes it: a handler, or the explorer."""
        invocation = current()
        if invocation is not None:
            return invocation.call(request)
        if threading.get_ident() != self._explorer:
            self.foreign_calls += 1
            raise ForeignThread(
                f"{request.operation} was called from a thread that the handler "
                "started; the explorer can only order the calls of the handler's own "
                "thread"
            )
        return request.perform() if self._answer is None else self._answer(request)

    def _take_over_http(self, undo: contextlib.ExitStack) -> None:
        # Imported here, since httpx takes a tenth of a second and AWS does without it.
        import httpx

        from workbook.explore.outside import asked_by_httpx

        send = asked_by_httpx(self._ask, self.outside, self.unknown_hosts)
        self._replace(undo, httpx.Client, "send", send)

    def _request(
        self, client: BaseClient, operation: str, params: dict, perform: Callable
    ) -> Request:
        service = client.meta.service_model.service_name
        describe = functools.partial(self._describe_table, client)
        touched = touches(service, operation, params, describe)
        region = client.meta.region_name
        asked = _copied(params)  # the handler may go on to change its own
        if current() and operation in ("CreateTable", "UpdateTable", "DeleteTable"):
            self._schemas.clear()  # a setup makes the same tables in each schedule
        return Request(service, operation, asked, region, touched, perform)

    def _describe_table(self, client: BaseClient, name: str) -> dict:
        where = (client.meta.region_name, name)
        if where not in self._schemas:
            answer = self._real_call(client, "DescribeTable", {"TableName": name})
            self._schemas[where] = answer["Table"]
        return self._schemas[where]


def _sleep(seconds: float) -> bool:
    """Take over a sleep of a handler; False if it is somebody else's."""
    invocation = current()
    if invocation is None:
        return False
    perform = functools.partial(clock.advance, seconds)
    if invocation.request_in_flight:  # the SDK waits before it asks again
        perform()
    else:
        asked = {"seconds": seconds}
        invocation.call(Request("time", "sleep", asked, "", EVERYTHING, perform))
    return True


def _copied(params: dict) -> dict:
    """The parameters, with whatever cannot be copied (an open file) as it is."""
    try:
        return copy.deepcopy(params)
    except Exception:  # a class says in its own way that it cannot be copied
        return dict(params)


def _made_once(make: Callable) -> Callable:
    """`boto3.client` or `.resource`, but equal arguments get the same object again.

    A handler that makes its client itself does so in every schedule; that would take
    several times as long as everything else it does.
    """
    made: dict[str, Any] = {}

    @functools.wraps(make)
    def once(*args: Any, **options: Any) -> Any:
        asked = repr((args, sorted(options.items())))
        if " object at 0x" in asked:  # an argument that does not say what it is
            return make(*args, **options)
        if asked not in made:
            made[asked] = make(*args, **options)
        return made[asked]

    return once


def _steady(real_urandom: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Random bytes that depend on the invocation and how far it has come."""

    def urandom(size: int) -> bytes:
        invocation = current()
        if invocation is None:
            return real_urandom(size)
        return invocation.entropy.randbytes(size)

    return urandom


def request_id(delivery: int, attempt: int) -> str:
    """The `aws_request_id` of an attempt: its own, and the same in each run."""
    return str(uuid.UUID(int=(delivery << 64) + attempt, version=4))
