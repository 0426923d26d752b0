"""One invocation: what ran, when, and how it ended.

The error payload is the one that the Python runtime reports
(https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html, read
2026-11-23): ``errorMessage``, ``errorType``, ``requestId``, ``stackTrace``. A
killed or timed-out process reports no stack trace.
"""

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from botocore.exceptions import ClientError

from .. import faults
from .wire import SYNCHRONOUS_LIMIT_BYTES, decode_result

__all__ = ["Invocation", "Throttled", "run_handler", "timed_out"]


class Throttled(ClientError):
    """The 429 of ``Invoke``: no concurrency is free."""

    def __init__(self) -> None:
        error = {"Code": "TooManyRequestsException", "Message": "Rate Exceeded."}
        status = {"HTTPStatusCode": 429}
        super().__init__({"Error": error, "ResponseMetadata": status}, "Invoke")


@dataclass(frozen=True)
class Invocation:
    """A finished run of a handler; times in epoch seconds of the virtual clock.

    `attempt` counts from 1; a retry has the request id of the first attempt when
    the source keeps it (asynchronous), and its own where Lambda makes a new
    request (queue, stream). `outcome` is ``success``, ``error``, ``crash`` or
    ``timeout``; `payload` is the result or the error document.
    """

    function: str
    source: str
    request_id: str
    attempt: int
    outcome: str
    start_s: float
    end_s: float
    event: Any = field(repr=False)
    payload: Any = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the function returned a result."""
        return self.outcome == "success"

    @property
    def function_error(self) -> str | None:
        """The ``X-Amz-Function-Error`` header: ``Unhandled``, or None."""
        return None if self.ok else "Unhandled"

    @property
    def status_code(self) -> int:
        """200 even when the function failed: the error is in the header."""
        return 200

    @property
    def duration_s(self) -> float:
        """Virtual seconds from start to end."""
        return self.end_s - self.start_s

    def __repr__(self) -> str:
        """One line without ids, so that a notebook's output compares equal."""
        detail = "" if self.ok else f" ({self.payload.get('errorType')})"
        return (
            f"<{self.function} by {self.source}, attempt {self.attempt}: "
            f"{self.outcome}{detail} after {self.duration_s:.3f} s>"
        )


def run_handler(
    handler: Callable[[Any, Any], Any], event: Any, context: Any
) -> tuple[str, Any]:
    """Call `handler` and return its outcome and payload.

    A simulated crash and ``sys.exit`` end the process, as on AWS. Interrupts, and
    any other ``BaseException``, belong to the person at the keyboard: they pass.
    """
    request_id = context.aws_request_id
    try:
        with faults.invocation():  # a crash ends this run and no other
            result = handler(event, context)
    except faults.Crash:
        return "crash", _exited(request_id, "signal: killed")
    except SystemExit as error:
        return "error", _exited(request_id, f"exit status {error.code or 0}")
    except Exception as error:
        return "error", _error_document(error, request_id)
    return _report(result, request_id)


def timed_out(request_id: str, timeout_s: float) -> dict[str, str]:
    """Return the error document of a function that ran past its timeout."""
    text = f"RequestId: {request_id} Error: Task timed out after {timeout_s:.2f}"
    return {"errorType": "Sandbox.Timedout", "errorMessage": f"{text} seconds"}


def _report(result: Any, request_id: str) -> tuple[str, Any]:
    try:
        payload = decode_result(result)
    except (TypeError, ValueError) as reason:
        text = f"Unable to marshal response: {reason}"
        return "error", _document("Runtime.MarshalError", text, request_id)
    size_bytes = len(json.dumps(payload).encode())
    if size_bytes > SYNCHRONOUS_LIMIT_BYTES:
        text = (
            f"Response payload size ({size_bytes} bytes) exceeded maximum allowed "
            f"payload size ({SYNCHRONOUS_LIMIT_BYTES} bytes)."
        )
        return "error", {
            "errorType": "Function.ResponseSizeTooLarge",
            "errorMessage": text,
        }
    return "success", payload


def _exited(request_id: str, how: str) -> dict[str, str]:
    text = f"RequestId: {request_id} Error: Runtime exited with error: {how}"
    return {"errorType": "Runtime.ExitError", "errorMessage": text}


def _document(kind: str, message: str, request_id: str) -> dict[str, Any]:
    return {
        "errorMessage": message,
        "errorType": kind,
        "requestId": request_id,
        "stackTrace": [],
    }


def _error_document(error: Exception, request_id: str) -> dict[str, Any]:
    document = _document(type(error).__name__, _text(error), request_id)
    frames = [f for f in traceback.extract_tb(error.__traceback__)]
    return document | {"stackTrace": [_line(f) for f in frames[1:]]}


def _text(error: Exception) -> str:
    # A learner's __str__ may itself be broken: it is reported, never raised.
    try:
        return str(error)
    except Exception as broken:
        return f"(its text could not be made: {type(broken).__name__})"


def _line(frame: traceback.FrameSummary) -> str:
    # Only the file's name: a path of this machine means nothing to a reader.
    name = PurePath(frame.filename).name
    return f'  File "{name}", line {frame.lineno}, in {frame.name}\n    {frame.line}\n'
