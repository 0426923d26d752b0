"""Where a scenario runs: on the mock, in virtual time, or in the environment.

Both have the stack of `template.yaml`, and boto3 clients of their own. What they do
differently is to call functions and to let time pass.
"""

import importlib
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import boto3

from .. import clock, local_cloud
from ..environment import Environment, environment
from ..template import Stack, deploy

__all__ = ["TEMPLATE", "Place", "in_environment", "on_mock"]

TEMPLATE = Path(__file__).with_name("template.yaml")

_NAME = "fidelity"
_WITHIN_S = 45.0  # a busy machine takes long to start a function
_LOOK_EVERY_S = 0.05
_CODE = TEMPLATE.with_name("code")
_MODULE = "deliveries"

T = TypeVar("T")


class Place(Protocol):
    """What a scenario asks of the place where it runs."""

    name: str
    ids: Mapping[str, str]

    def client(self, service: str) -> Any:
        """A boto3 client."""

    def named(self, name: str) -> str:
        """A name that nothing else in the place has."""

    def invoke(self, function: str, event: Any, *, asynchronous: bool = False) -> dict:
        """Invoke a function; `FunctionError` and `Payload` of the answer."""

    def invocations(self, function: str) -> int:
        """How often a function was run."""

    def let_pass(self, seconds: float) -> None:
        """Let time pass."""

    def settled(self, ready: Callable[[], T]) -> T:
        """Wait for `ready()` to be true, and return its answer, whatever it is."""


class _Mock:
    """Moto, with functions driven by `workbook.cloud.functions`, in virtual time."""

    name = "mock"

    def __init__(self, stack: Stack) -> None:
        self._stack, self.ids = stack, _Ids(stack)
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(service)
        return self._clients[service]

    def named(self, name: str) -> str:
        return name

    def invoke(self, function: str, event: Any, *, asynchronous: bool = False) -> dict:
        if asynchronous:
            self._stack[function].invoke_async(event)
            return {}
        ran = self._stack[function].invoke(event)
        return {"FunctionError": ran.function_error, "Payload": ran.payload}

    def invocations(self, function: str) -> int:
        return len(self._stack[function].log)

    def let_pass(self, seconds: float) -> None:
        clock.advance(seconds)

    def settled(self, ready: Callable[[], T]) -> T:
        self._stack.settle()
        return ready()


class _Ids(dict):
    """Names by logical id, asked of the stack on the mock."""

    def __init__(self, stack: Stack) -> None:
        super().__init__()
        self._stack = stack

    def __missing__(self, name: str) -> str:
        return self._stack.name_of(name)


class _Environment:
    """A stack in the emulator, in real time."""

    name = "environment"

    def __init__(self, env: Environment) -> None:
        self._env, self.ids, self.client = env, env.ids, env.client

    def named(self, name: str) -> str:
        return f"{self._env.stack}-{name}"

    def invoke(self, function: str, event: Any, *, asynchronous: bool = False) -> dict:
        answer = self.client("lambda").invoke(
            FunctionName=self.ids[function],
            InvocationType="Event" if asynchronous else "RequestResponse",
            Payload=json.dumps(event).encode(),
        )
        if asynchronous:
            return {}
        payload = json.loads(answer["Payload"].read())
        return {"FunctionError": answer.get("FunctionError"), "Payload": payload}

    def invocations(self, function: str) -> int:
        lines = self._env.logs(function)
        return sum(line.startswith("START RequestId") for line in lines)

    def let_pass(self, seconds: float) -> None:
        threading.Event().wait(seconds)  # sleep may move the virtual clock

    def settled(self, ready: Callable[[], T]) -> T:
        ends_s = time.monotonic() + _WITHIN_S
        while not (found := ready()) and time.monotonic() < ends_s:
            self.let_pass(_LOOK_EVERY_S)
        return found


@contextmanager
def on_mock() -> Iterator[Place]:
    """The stack on the mock, for a `with` block. The local cloud begins afresh."""
    with local_cloud(), _importable():
        yield _Mock(deploy(TEMPLATE, name=_NAME))


@contextmanager
def in_environment(env: Environment) -> Iterator[Place]:
    """The stack beside `env`'s own, in the same emulator, for a `with` block."""
    options = {"name": _NAME, "emulator": env.emulator, "progress": False}
    with environment(TEMPLATE, **options) as own:
        yield _Environment(own)


@contextmanager
def _importable() -> Iterator[None]:
    """Let the mock import the functions, which are no part of the package."""
    sys.path.insert(0, str(_CODE))
    try:
        importlib.import_module(_MODULE)
        yield
    finally:
        sys.path.remove(str(_CODE))
