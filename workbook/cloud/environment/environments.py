"""An environment: a stack of one's own in the emulator, and what one does with it."""

import contextlib
import json
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from ..local import REGION
from . import clients, schedules, shared
from .emulator import Emulator
from .errors import EnvironmentUnavailable, FunctionError
from .names import Names
from .stack import Deployed, destroy

__all__ = ["Environment"]

_LOOK_EVERY_S = 0.02
_COUNTED = {
    "AWS::Lambda::Function": "functions",
    "AWS::SQS::Queue": "queues",
    "AWS::DynamoDB::Table": "tables",
}

T = TypeVar("T")


class Environment:
    """A deployed template: `environment()` makes it, `close()` or `with` ends it.

    `stack` is the stack's unique name, `endpoint` and `port` where the emulator serves,
    `ids` the physical id of each logical id (a queue's URL, a table's name, a topic's
    ARN, a function's name), `outputs` the template's outputs.
    """

    def __init__(
        self, emulator: Emulator, name: str, deployed: Deployed, *, owns: bool
    ) -> None:
        self.emulator, self.name, self.region = emulator, name, REGION
        self._deployed = deployed
        # What nobody closes and nobody can reach any more gives the emulator back.
        give_back = shared.give_back if owns else _leave_alone
        self._given_back = weakref.finalize(self, give_back, emulator)
        self._clients: dict[str, BaseClient] = {}
        self._closing = threading.Lock()
        self._closed = False

    @property
    def stack(self) -> str:
        """The stack's name, which no other stack has."""
        return self._deployed.name

    @property
    def ids(self) -> Mapping[str, str]:
        """Physical ids by the template's logical ids."""
        return Names(self._deployed.ids, "resource")

    @property
    def outputs(self) -> Mapping[str, str]:
        """The template's outputs."""
        return Names(self._deployed.outputs, "output")

    @property
    def endpoint(self) -> str:
        """The URL for clients: http://127.0.0.1 and the port."""
        return self.emulator.endpoint

    @property
    def port(self) -> int:
        """The emulator's port."""
        return self.emulator.port

    def client(self, service: str) -> BaseClient:
        """A boto3 client of this environment, whatever else this process talks to."""
        if service not in self._clients:
            self._clients[service] = clients.client(self.emulator, service)
        return self._clients[service]

    def resource(self, service: str) -> Any:
        """A boto3 resource of this environment."""
        return clients.resource(self.emulator, service)

    def http(self, api: str = "ServerlessHttpApi") -> httpx.Client:
        """An HTTP client of an API of the template: `env.http().post("/orders", …)`.

        On AWS its base URL would be the API's own. Here the emulator tells the APIs
        apart by the Host header.
        """
        host = f"{self.ids[api]}.execute-api.localhost:{self.port}"
        return httpx.Client(
            base_url=self.endpoint, headers={"Host": host}, trust_env=False, timeout=30
        )

    def invoke(self, function: str, payload: Any, *, asynchronous: bool = False) -> Any:
        """Call a function by its logical id, and return its result.

        `asynchronous` puts the event in Lambda's own queue and returns None. Raises
        `FunctionError` if the function raised or was stopped.
        """
        kind = "Event" if asynchronous else "RequestResponse"
        answer = self.client("lambda").invoke(
            FunctionName=self.ids[function],
            InvocationType=kind,
            Payload=json.dumps(payload).encode(),
        )
        if asynchronous:
            return None
        said = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise FunctionError(function, said)
        return said

    def fire(self, schedule: str) -> None:
        """Let the moment of a schedule come now, and not at its real minute.

        `schedule` is the logical id of what SAM made of the event: the function's and
        the event's together, as in "CanaryEveryMinute". What it calls is called as
        EventBridge would call it: a function asynchronously.
        """
        for target in schedules.targets(self.client, self._deployed, schedule):
            self.client("lambda").invoke(
                FunctionName=target.arn,
                InvocationType="Event",
                Payload=json.dumps(target.event).encode(),
            )

    def logs(self, function: str) -> list[str]:
        """A function's lines in CloudWatch Logs, oldest first."""
        pages = self.client("logs").get_paginator("filter_log_events")
        group = f"/aws/lambda/{self.ids[function]}"
        try:
            return [
                event["message"].rstrip("\n")
                for page in pages.paginate(logGroupName=group)
                for event in page["events"]
            ]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return []  # it never ran
            raise

    def wait_for(
        self,
        ready: Callable[[], T],
        *,
        timeout_s: float = 30.0,
        every_s: float = _LOOK_EVERY_S,
        what: str = "a result",
    ) -> T:
        """Ask `ready()` every `every_s`, in real time, and return its first true value.

        Raises `TimeoutError` after `timeout_s` seconds, with the end of the emulator's
        log, and `EnvironmentUnavailable` if the emulator died.
        """
        ends_s = time.monotonic() + timeout_s
        while not (found := ready()):
            self.emulator.demand_alive()
            if time.monotonic() > ends_s:
                raise TimeoutError(
                    f"{timeout_s:g} s have passed without {what}. The end of the "
                    f"emulator's log:\n{self.emulator.log_tail()}"
                )
            threading.Event().wait(every_s)  # sleep may move the virtual clock
        return found

    def close(self) -> None:
        """Destroy the stack, and the emulator if nobody else uses it; idempotent."""
        self._close(keep_log=False)

    def _close(self, *, keep_log: bool) -> None:
        with self._closing:
            if self._closed:
                return
            self._closed = True
        _, give_back, (emulator,), _ = self._given_back.detach()
        ended = give_back(emulator, keep_log=keep_log)
        if not ended and self.emulator.alive:
            with contextlib.suppress(EnvironmentUnavailable):  # it died just now
                destroy(self.client, self.stack)

    def __enter__(self) -> "Environment":
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        """Close; of a block that failed the emulator's log is kept."""
        self._close(keep_log=kind is not None)

    def __repr__(self) -> str:
        if self._closed:
            return f"environment with the {self.name}'s stack: closed"
        kinds = Counter(self._deployed.types.values())
        counts = [f"{kinds[k]} {word}" for k, word in _COUNTED.items() if kinds[k]]
        return f"environment with the {self.name}'s stack: {', '.join(counts)}"


def _leave_alone(emulator: Emulator, *, keep_log: bool = False) -> bool:
    """Whose emulator it is ends it."""
    return not emulator.alive
