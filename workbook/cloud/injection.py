"""How faults get in between a client and the cloud: see `workbook.cloud.faults`.

botocore announces each request through events, but a listener there cannot keep moto
from answering it too, and must be registered with each client. So the two methods that
every client's calls and attempts go through are wrapped, once and for all.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from random import Random
from typing import Any, Protocol

import boto3
from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint

__all__ = [
    "Answer",
    "Attempt",
    "Call",
    "Crash",
    "Fault",
    "Injected",
    "Watcher",
    "install",
    "invocation",
    "stand_around",
    "step_aside",
]

# What botocore makes of an attempt: a response and its parsed content, or an error.
Answer = tuple[tuple[AWSResponse, dict[str, Any]] | None, Exception | None]

# The clients of workbook.cloud.functions say this of themselves.
_SPARED = "workbook-event-source"


class Crash(BaseException):
    """The process was killed here. No `except Exception` catches it."""


@dataclass(frozen=True)
class Injected:
    """One thing that was injected: which fault, into what.

    `attempt` counts the SDK's attempts at one call, from 1; it is 0 for a crash, which
    strikes a whole call.
    """

    fault: str
    service: str
    operation: str
    attempt: int = 0

    def __repr__(self) -> str:
        at = f", attempt {self.attempt}" if self.attempt else ""
        return f"{self.fault}: {self.service} {self.operation}{at}"


@dataclass(frozen=True)
class Call:
    """What a client asks of a service, whatever attempts it takes.

    `body` is the request as it is sent: JSON for DynamoDB, as bytes.
    """

    service: str
    operation: str
    context: dict[str, Any] = field(repr=False)
    body: bytes = field(default=b"", repr=False, kw_only=True)

    @property
    def spared(self) -> bool:
        """Whether an event source makes it, which faults leave alone."""
        return _SPARED in (self.context["client_config"].user_agent_extra or "")


@dataclass(frozen=True)
class Attempt(Call):
    """One request of a call."""

    url: str

    @property
    def number(self) -> int:
        """The how-manieth request of its call this is, from 1."""
        return self.context["retries"]["attempt"]

    @property
    def connect_timeout_s(self) -> float:
        """How long the client waits for a connection."""
        return self.context["client_config"].connect_timeout

    @property
    def read_timeout_s(self) -> float:
        """How long the client waits for an answer."""
        own = self.context.get("read_timeout")
        return self.context["client_config"].read_timeout if own is None else own

    def error(self, code: str, status: int) -> Answer:
        """The service's answer that it refuses, as botocore has it after parsing."""
        parsed = {
            "Error": {"Code": code, "Message": "Rate exceeded"},
            "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}},
        }
        return (AWSResponse(self.url, status, {}, _Body()), parsed), None


class _Body(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        """An empty body, read the way that botocore reads one."""
        yield self.read()


class Fault:
    """A fault that is on for the length of a `with` block; `log` says what it did."""

    def __init__(
        self,
        name: str,
        service: str = "",
        operation: str = "",
        *,
        nth: int | Iterable[int] | None = None,
        probability: float = 1.0,
        seed: int = 0,
        rng: Random | None = None,
        strike: Callable[[Attempt, Callable[[], Answer], Random], Answer] | None = None,
        kill: Callable[[Call, Callable[[], object]], object] | None = None,
    ) -> None:
        self.name = name
        self.service, self.operation = _known_service(service), operation
        self._numbers = _numbers(nth)
        self._probability = _share(probability)
        self._rng = rng or Random(seed)
        self._strike, self._kill = strike, kill
        self._seen = 0
        self._dead: object = None  # the invocation that was killed
        self.log: list[Injected] = []

    def __enter__(self) -> "Fault":
        """Be on, inside the faults that are on already."""
        if self in _active:
            raise RuntimeError("this fault is on already: make another one")
        _active.append(self)
        return self

    def __exit__(self, *error: object) -> None:
        """Be off again."""
        _active.remove(self)

    def __repr__(self) -> str:
        what = " ".join(filter(None, [self.service, self.operation])) or "any call"
        unit = "call" if self._kill else "attempt"
        seen = f"{self._seen} {unit}{'' if self._seen == 1 else 's'}"
        return f"{self.name}: {what}, {len(self.log)} of {seen}"

    def around_call(self, call: Call, proceed: Callable[[], object]) -> object:
        """Make the call, or be killed at it; once killed, make no call."""
        if self._kill is None:
            return proceed()
        if self._dead is _invocation.get():
            raise Crash("the process was killed before")
        if not self._picks(call):
            return proceed()
        self.log.append(Injected(self.name, call.service, call.operation))
        self._dead = _invocation.get()
        return self._kill(call, proceed)

    def around_attempt(self, attempt: Attempt, proceed: Callable[[], Answer]) -> Answer:
        """Make the attempt, or spoil it."""
        if self._strike is None or not self._picks(attempt):
            return proceed()
        struck = Injected(self.name, attempt.service, attempt.operation, attempt.number)
        self.log.append(struck)
        return self._strike(attempt, proceed, self._rng)

    def _picks(self, call: Call) -> bool:
        if self.service not in ("", call.service):
            return False
        if self.operation and _plain(self.operation) != _plain(call.operation):
            return False
        self._seen += 1
        by_chance = self._probability == 1 or self._rng.random() < self._probability
        return by_chance and (self._numbers is None or self._seen in self._numbers)


_active: list["Watcher"] = []
_no_invocation = object()
_invocation: ContextVar[object] = ContextVar("invocation", default=_no_invocation)


@contextlib.contextmanager
def invocation() -> Iterator[None]:
    """Mark one run of a handler: a crash ends this run, and the next one lives."""
    token = _invocation.set(object())
    try:
        yield
    finally:
        _invocation.reset(token)


class Watcher(Protocol):
    """Anything that stands around the calls and attempts of every client."""

    def around_call(self, call: Call, proceed: Callable[[], object]) -> object:
        """Let the call happen, or not; answer what the client shall see."""

    def around_attempt(self, attempt: Attempt, proceed: Callable[[], Answer]) -> Answer:
        """The same for one attempt."""


def stand_around(watcher: Watcher) -> None:
    """Put `watcher` around every call, inside those that are there already."""
    _active.append(watcher)


def step_aside(watcher: Watcher) -> None:
    """Take `watcher` away again."""
    _active.remove(watcher)


def install() -> None:
    """Let the active faults stand around every call and attempt of every client."""
    if not hasattr(Endpoint.make_request, "faults"):
        Endpoint.make_request = _with_faults(Endpoint.make_request)
        Endpoint._do_get_response = _with_faults_each(Endpoint._do_get_response)


def _with_faults(make_request: Callable) -> Callable:
    def call(endpoint: Endpoint, operation: Any, request: dict[str, Any]) -> Any:
        proceed = partial(make_request, endpoint, operation, request)
        name, body = operation.name, request.get("body", b"")
        asked = Call(_service(operation), name, request["context"], body=body)
        return _through(asked, proceed, "around_call")

    call.faults = True
    return call


def _with_faults_each(get_response: Callable) -> Callable:
    def attempt(endpoint: Endpoint, request: Any, operation: Any, context: dict) -> Any:
        proceed = partial(get_response, endpoint, request, operation, context)
        asked = Attempt(_service(operation), operation.name, context, request.url)
        return _through(asked, proceed, "around_attempt")

    return attempt


def _through(call: Call, proceed: Callable[[], Any], stage: str) -> Any:
    if _active and not call.spared:
        for fault in reversed(_active):
            proceed = partial(getattr(fault, stage), call, proceed)
    return proceed()


def _service(operation: Any) -> str:
    return operation.service_model.service_name


def _plain(operation: str) -> str:
    return operation.replace("_", "").lower()


def _known_service(service: str) -> str:
    if service and service not in boto3.session.Session().get_available_services():
        raise ValueError(
            f"boto3 knows no service {service!r}: take a name as boto3.client() does, "
            'such as "dynamodb" or "sqs"'
        )
    return service


def _numbers(nth: int | Iterable[int] | None) -> frozenset[int] | None:
    if nth is None:
        return None
    numbers = frozenset([nth] if isinstance(nth, int) else nth)
    if not all(isinstance(number, int) and number >= 1 for number in numbers):
        raise ValueError(
            f"nth counts from 1, and is one whole number or several: {nth}"
        )
    return numbers


def _share(probability: float) -> float:
    if not 0 <= probability <= 1:
        raise ValueError(
            f"a probability lies between 0 and 1, and not at {probability}"
        )
    return probability
