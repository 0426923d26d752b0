"""The `context` argument of a handler, as the Python runtime passes it.

Attributes and types are those that AWS documents:
https://docs.aws.amazon.com/lambda/latest/dg/python-context.html (read 2026-11-23).
"""

import datetime as dt
from dataclasses import dataclass, field

from . import clock

__all__ = ["LambdaContext"]

_ACCOUNT = "123456789012"  # the account that moto pretends to be
_REGION = "ap-northeast-1"


@dataclass(frozen=True)
class LambdaContext:
    """What a handler can ask about its own invocation; made when the invocation starts.

    `timeout_s` is how long the function may run and `memory_mb` what it may use. The
    remaining time is measured on the virtual clock, where a handler's waits take their
    time.
    """

    function_name: str = "handler"
    aws_request_id: str = "00000000-0000-4000-8000-000000000001"
    timeout_s: float = 30.0
    memory_mb: int = 128
    function_version: str = "$LATEST"
    identity: None = None  # set only when a mobile application calls
    client_context: None = None
    _start: dt.datetime = field(
        init=False, default_factory=clock.now, repr=False, compare=False
    )

    @property
    def invoked_function_arn(self) -> str:
        """The function's name in full."""
        return f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:{self.function_name}"

    @property
    def memory_limit_in_mb(self) -> str:
        """The memory that the function may use, in MB: a string in the real runtime."""
        return str(self.memory_mb)

    @property
    def log_group_name(self) -> str:
        """Where the function's log goes."""
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        """The part of the log that one execution environment writes."""
        day = self._start.strftime("%Y/%m/%d")
        return f"{day}/[{self.function_version}]{self.aws_request_id.replace('-', '')}"

    def get_remaining_time_in_millis(self) -> int:
        """The time left before the timeout, in milliseconds; 0 once it has passed."""
        left_s = self._start.timestamp() + self.timeout_s - clock.seconds()
        return max(0, round(left_s * 1000))
