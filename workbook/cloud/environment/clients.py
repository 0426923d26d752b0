"""boto3 clients of the emulator: nothing of the reader's own AWS settings gets in.

The session has its own keys, region and (no) configuration files. The guard allows the
endpoint, since it is on loopback, and moto leaves it alone: it answers for AWS's host
names. So a `local_cloud()` and an environment can be used side by side, each through
its own clients. Under the local cloud's virtual clock the environment goes on in real
time.
"""

import functools
import os
import threading
from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
from botocore.client import BaseClient
from botocore.config import Config

from ..local import REGION
from .emulator import Emulator
from .process import ACCOUNT

__all__ = ["client", "resource"]

_one_at_a_time = threading.Lock()  # a session makes no two clients at once
_NOWHERE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 2},
    connect_timeout=5,
    read_timeout=60,
    s3={"addressing_style": "path"},
)


def client(emulator: Emulator, service: str) -> BaseClient:
    """A client of `service` that raises `EnvironmentUnavailable` if it died."""
    with _one_at_a_time:
        made = _session().client(
            service, endpoint_url=emulator.endpoint, config=_CONFIG
        )
    return _watched(made, emulator)


def resource(emulator: Emulator, service: str) -> Any:
    """The same as a boto3 resource."""
    with _one_at_a_time:
        made = _session().resource(
            service, endpoint_url=emulator.endpoint, config=_CONFIG
        )
    _watched(made.meta.client, emulator)
    return made


@functools.cache  # it remembers each service's model, which takes a while to read
def _session() -> boto3.Session:
    inner = botocore.session.Session(session_vars=_NOWHERE)
    # The emulator reads the account off the access key.
    return boto3.Session(
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="testing",
        region_name=REGION,
        botocore_session=inner,
    )


def _watched(made: BaseClient, emulator: Emulator) -> BaseClient:
    """Look whether the emulator is there, before each call and after each failure."""
    events = made.meta.events
    events.register_first("before-call", _before(emulator))
    events.register_first("needs-retry", _after(emulator))
    return made


def _before(emulator: Emulator) -> Callable:
    def before(**said: Any) -> None:
        emulator.demand_alive()

    return before


def _after(emulator: Emulator) -> Callable:
    def after(caught_exception: Exception | None = None, **said: Any) -> None:
        if caught_exception is not None:
            emulator.demand_alive()

    return after
