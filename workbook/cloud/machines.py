"""Run a state machine of the mocked Step Functions to its end.

Moto really executes the Amazon States Language, in a thread of its own, which waits in
real time where a state machine waits (`Wait`, and the intervals of `Retry`). Here these
waits move the virtual clock. Lambda tasks run the functions that were deployed.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import clock, waiting
from .functions.aws import client

__all__ = ["ExecutionStuck", "run"]

_LOOK_EVERY_S = 0.005
_WITHIN_S = 30.0


class ExecutionStuck(RuntimeError):
    """An execution did not end within the real time it was given."""


def run(machine_arn: str, event: Any, *, name: str | None = None) -> dict[str, Any]:
    """Start an execution with `event` as its input, and describe how it ended.

    Returns the answer of DescribeExecution, with `status` and, where it succeeded,
    `output` as JSON text. `name` makes a second start with the same input harmless, as
    on AWS for standard workflows. Raises `ExecutionStuck` after half a real minute.
    """
    named = {"name": name} if name else {}
    with _waits_in_virtual_time():
        started = client("stepfunctions").start_execution(
            stateMachineArn=machine_arn, input=json.dumps(event), **named
        )
        return _ended(started["executionArn"])


def _ended(execution_arn: str) -> dict[str, Any]:
    for _ in range(int(_WITHIN_S / _LOOK_EVERY_S)):
        found = client("stepfunctions").describe_execution(executionArn=execution_arn)
        if found["status"] != "RUNNING":
            return found
        waiting.really_sleep(_LOOK_EVERY_S)
    raise ExecutionStuck(
        f"{execution_arn.split(':')[-1]} still runs after {_WITHIN_S:g} real seconds: "
        "does one of its states lead back for ever, or wait for a token?"
    )


@contextmanager
def _waits_in_virtual_time() -> Iterator[None]:
    with waiting.asked_first(_by_the_machine):
        yield


def _by_the_machine(seconds: float) -> bool:
    """Take a sleep of moto's interpreter; this thread only looks on meanwhile."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals["__name__"] == waiting.__name__:
        frame = frame.f_back
    if frame is None or not frame.f_globals["__name__"].startswith(
        "moto.stepfunctions"
    ):
        return False
    clock.advance(seconds)
    return True
