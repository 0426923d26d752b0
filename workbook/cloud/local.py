"""The cloud on a laptop: moto, throw-away credentials, an empty world, a stopped clock."""

import datetime as dt
import os
import random
from collections.abc import Iterator
from typing import Any

import boto3
import moto
from moto.core.base_backend import BackendDict, BaseBackend
from moto.moto_api._internal import mock_random

from . import clock

__all__ = ["LocalCloud", "local_cloud"]

REGION = "ap-northeast-1"
_JST = dt.timezone(dt.timedelta(hours=9))
_SEED = 2018

# Lambda without Docker answers with a canned result; Step Functions really run.
_MOTO = {
    "core": {"mock_credentials": False},
    "lambda": {"use_docker": False},
    "stepfunctions": {"execute_state_machine": True},
}

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
    """The mock cloud of this process; `local_cloud()` returns it."""

    def __init__(self) -> None:
        self._mock: Any = None
        self._saved: dict[str, str] = {}
        self._random_state: Any = None
        self._calls = self._blocks = 0

    @property
    def running(self) -> bool:
        """Whether the mock is on."""
        return self._mock is not None

    def reset(self, *services: str) -> None:
        """Empty everything, or only the named services, such as "sqs" and "dynamodb"."""
        self._demand_running()
        if not services:
            BackendDict.reset()
            clock.jump_to(clock.seconds())  # what waits would look for what is gone
        for service in services:
            self._reset_one(service)

    def stop(self) -> None:
        """Go back to before: real time, the environment as it was. The guard stays."""
        if self.running:
            clock.stop()
            self._mock.stop()
            self._mock = None
            random.setstate(self._random_state)
            _replace_environment(self._saved)
        self._calls = self._blocks = 0

    def __enter__(self) -> "LocalCloud":
        if not self.running:
            self._begin()
        self._blocks += 1
        return self

    def __exit__(self, *error: object) -> None:
        self._blocks -= 1
        self._calls -= 1
        if self._blocks <= 0 and self._calls <= 0:
            self.stop()

    def __repr__(self) -> str:
        if not self.running:
            return "local cloud: stopped"
        moment = clock.now().astimezone(_JST)
        shown = moment.strftime(
            "%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M"
        )
        return f"local cloud: moto {moto.__version__}, {REGION}, clock {shown} JST"

    def _begin(self) -> None:
        if not self.running:
            self._saved = _aws_variables()
            _replace_environment(_ENVIRONMENT)
            self._random_state = random.getstate()
            self._mock = moto.mock_aws(config=_MOTO)
            self._mock.start()
            boto3.DEFAULT_SESSION = None
        clock.start()
        self.reset()
        _seed(_SEED)

    def _reset_one(self, service: str) -> None:
        held = dict(_in_use())
        if service not in held:
            known = ", ".join(sorted(held)) or "none"
            raise ValueError(f"{service!r} holds nothing; services that do: {known}")
        for _, _, backend in held[service].iter_backends():
            backend.reset()

    def _demand_running(self) -> None:
        if not self.running:
            raise RuntimeError("the local cloud is stopped: call local_cloud() first")


_the_cloud = LocalCloud()


def local_cloud() -> LocalCloud:
    """Start the mock cloud, or empty the one that runs; either way return it."""
    _the_cloud._begin()
    _the_cloud._calls += 1
    return _the_cloud


def _in_use() -> Iterator[tuple[str, BackendDict]]:
    for service in BackendDict._instances:
        if any(True for _ in service.iter_backends()):
            yield service.service_name, service


def _seed(seed: int) -> None:
    mock_random.seed(seed)
    random.seed(seed)


def _aws_variables() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k.startswith(("AWS_", "BOTO_"))}


def _replace_environment(wanted: dict[str, str]) -> None:
    for name in _aws_variables():
        del os.environ[name]
    os.environ.update(wanted)
