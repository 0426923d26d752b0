"""What can go wrong with the environment itself."""

from typing import Any

__all__ = ["EnvironmentUnavailable", "FunctionError"]


class EnvironmentUnavailable(RuntimeError):
    """There is no environment: the message says why, and what to do.

    `log_path` is the emulator's log, kept on disk, or None where none was written.
    """

    def __init__(self, why: str, log_path: Any = None, tail: str = "") -> None:
        self.log_path = log_path
        shown = f"\nThe end of its log, {log_path}:\n{tail}" if tail else ""
        super().__init__(why + shown)


class FunctionError(RuntimeError):
    """A function that was invoked raised, or was stopped; `payload` is what it said."""

    def __init__(self, function: str, payload: Any) -> None:
        self.function, self.payload = function, payload
        said = payload if isinstance(payload, dict) else {"errorMessage": payload}
        kind, message = said.get("errorType", "error"), said.get("errorMessage", "")
        super().__init__(f"{function} failed with {kind}: {message}")
