"""Worlds to replay an event in: another time, other luck, another table, far away."""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import numpy as np
from botocore.client import BaseClient

from workbook.checks.world import fresh_cloud
from workbook.cloud import clock

__all__ = ["HOME", "OTHERS", "World", "replays", "stock", "worlds"]

# The table that the impure function reads and writes, as the story has it.
stock = {"seats_free": 40}


@dataclass(frozen=True)
class World:
    """What a function might look at unseen.

    `at_s` is the time in epoch seconds, `seed` that of Python's and numpy's global
    generators, `seats_free` what the table says, `zone` the machine's time zone.
    """

    at_s: float
    seed: int
    seats_free: int
    zone: str


HOME = World(clock.START.timestamp(), seed=1, seats_free=30, zone="JST-9")
_LATER_S = 400 * 86_400 + 8 * 3_600 + 17 * 60 + 23.5  # another year, day, hour, minute
# By the name of what is different there.
OTHERS = {
    "the clock": replace(HOME, at_s=HOME.at_s + _LATER_S),
    "chance": replace(HOME, seed=2),
    "`stock`": replace(HOME, seats_free=4),
    "the machine's time zone": replace(HOME, zone="FAR+5"),
}


def replays(times: int = 24) -> list[World]:
    """So many worlds, an hour apart, in which everything is different each time."""
    return [
        World(HOME.at_s + 3600 * n, seed=n, seats_free=40 - n, zone=f"FAR{n - 12:+d}")
        for n in range(times)
    ]


@contextmanager
def worlds() -> Iterator[tuple[Callable[[World], None], list[str]]]:
    """A function that goes to a world, and the calls to AWS that were tried there.

    After the block everything is as it was before.
    """
    calls: list[str] = []

    def refuse(client: BaseClient, operation: str, params: Any) -> None:
        calls.append(f"{operation} of {client.meta.service_model.service_id}")
        raise RuntimeError("a pure function calls nobody")

    with (
        fresh_cloud(),
        mock.patch.object(BaseClient, "_make_api_call", refuse),
        mock.patch.dict(stock),
        _same_luck(),
        _same_zone(),
    ):
        yield _go, calls


@contextmanager
def _same_luck() -> Iterator[None]:
    """The learner's global generators go on where they were."""
    plain, arrays = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(plain)
        np.random.set_state(arrays)


@contextmanager
def _same_zone() -> Iterator[None]:
    """The machine stays where it is."""
    try:
        with mock.patch.dict(os.environ):
            yield
    finally:
        _set_zone()


def _go(world: World) -> None:
    clock.jump_to(world.at_s)
    random.seed(world.seed)
    np.random.seed(world.seed)
    stock.clear()
    stock["seats_free"] = world.seats_free
    os.environ["TZ"] = world.zone
    _set_zone()


def _set_zone() -> None:
    """Make what the environment says of the time zone hold; Windows cannot."""
    if hasattr(time, "tzset"):
        time.tzset()
