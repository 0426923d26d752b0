"""The cloud on a laptop: moto, throw-away credentials, a clock moved by hand."""

import datetime as dt
import os
import random
from collections.abc import Iterator
from typing import Any

import boto3
import moto
from moto.core.base_backend import BackendDict
from moto.moto_api._internal import mock_random

from . import clock, quick

__all__ = ["REGION", "LocalCloud", "local_cloud"]

REGION = "ap-northeast-1"

_JST = dt.timezone(dt.timedelta(hours=9), "JST")
_SEED = 20180311  # of ids and waits: any number, as long as it stays

# Credentials are ours to set. A Lambda function needs no Docker, and a state machine
# really runs.
_MOTO = {
    "core": {"mock_credentials": False},
    "lambda": {"use_docker": False},
    "stepfunctions": {"execute_state_machine": True},
}

# All that the SDK learns from its surroundings. Every other AWS_ variable is taken
# away: a profile, an endpoint or a retry mode would change what the workbook shows.
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class LocalCloud:
    """The mock cloud of this process: there is one, and `local_cloud()` returns it."""

    def __init__(self) -> None:
        self._mock: Any = None
        self._calls = self._blocks = 0

    @property
    def running(self) -> bool:
        """Whether the mock is on."""
        return self._mock is not None

    def reset(self, *services: str) -> None:
        """Empty the whole world, or only the named services ("sqs", "dynamodb").

        Emptying everything also drops what waits on the clock, which would look for
        queues and tables that are gone; the time itself goes on from where it was.
        Raises ValueError for a service that boto3 does not know.
        """
        self._demand_running()
        for service in services:
            _empty(service)
        if not services:
            BackendDict.reset()
            clock.jump_to(clock.seconds())

    def stop(self) -> None:
        """Go back to before: real time, no mock, the environment as it was.

        The guard stays: without the mock, every call is refused.
        """
        if self.running:
            clock.stop()
            self._mock.stop()
            self._mock = None
            boto3.DEFAULT_SESSION = self._session_before
            random.setstate(self._random_before)
            _set_environment(self._environment_before)
        self._calls = self._blocks = 0

    def __enter__(self) -> "LocalCloud":
        """Keep the mock on until the outermost `with` ends."""
        if not self.running:
            self._begin_afresh()
        self._blocks += 1
        return self

    def __exit__(self, *error: object) -> None:
        """Stop, unless an outer `with` or a call of `local_cloud()` keeps it on."""
        self._blocks -= 1
        self._calls -= 1
        if self._blocks <= 0 and self._calls <= 0:
            self.stop()

    def __repr__(self) -> str:
        if not self.running:
            return "local cloud: stopped"
        moment = clock.now().astimezone(_JST)
        precision = "seconds" if moment.second else "minutes"
        shown = moment.replace(tzinfo=None).isoformat(" ", precision)
        return f"local cloud: moto {moto.__version__}, {REGION}, clock {shown} JST"

    def _begin_afresh(self) -> None:
        if not self.running:
            self._start()
        _set_environment(_ENVIRONMENT)
        clock.start()
        self.reset()
        seed_ids(_SEED)
        # The SDK draws its waits before a retry from here.
        random.seed(_SEED)

    def _start(self) -> None:
        self._environment_before = _sdk_variables()
        self._random_before = random.getstate()
        self._session_before = boto3.DEFAULT_SESSION
        quick.start()
        self._mock = moto.mock_aws(config=_MOTO)
        self._mock.start()
        boto3.DEFAULT_SESSION = None  # it may hold real credentials

    def _demand_running(self) -> None:
        if not self.running:
            raise RuntimeError("the local cloud is stopped: call local_cloud() first")


_the_cloud = LocalCloud()


def local_cloud() -> LocalCloud:
    """Start the mock cloud and return it; if it runs, begin again with an empty world.

    Every call leads to the same state: no resource in any service, the clock at
    `clock.START`, throw-away credentials, region ap-northeast-1, and ids (of messages,
    requests, receipts) that come out the same each time. Good for as long as the
    process lives, or for a `with` block; an inner block does not end an outer one.
    """
    _the_cloud._begin_afresh()
    _the_cloud._calls += 1
    return _the_cloud


def seed_ids(seed: int) -> None:
    """Let moto's ids follow from `seed`. The one place that knows its generator."""
    mock_random.seed(seed)


def _empty(service: str) -> None:
    used = {backends.service_name: backends for backends in _used()}
    if service in used:
        for _, _, backend in used[service].iter_backends():
            backend.reset()
    elif service not in boto3.session.Session().get_available_services():
        names = ", ".join(sorted(used)) or "none"
        raise ValueError(
            f"boto3 knows no service {service!r}; services in use here: {names}"
        )


def _used() -> Iterator[BackendDict]:
    for backends in BackendDict._instances:
        if any(True for _ in backends.iter_backends()):
            yield backends


def _sdk_variables() -> dict[str, str]:
    prefixes = ("AWS_", "BOTO_", "MOTO_")
    names = [name for name in os.environ if name.startswith(prefixes)]
    return {name: os.environ[name] for name in names}


def _set_environment(wanted: dict[str, str]) -> None:
    for name in _sdk_variables():
        del os.environ[name]
    os.environ.update(wanted)
