"""Waits that move the virtual clock instead of taking real time.

While the clock runs, `time.sleep` in a cell or a handler moves it, and so do the SDK's
waits before a retry. Two waits besides would never end, since they look at a clock that
stands still: the long poll of moto's SQS, and the SDK's adaptive retry mode.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.retries.bucket import TokenBucket

__all__ = ["asked_first", "really_sleep", "start", "stop"]

really_sleep = time.sleep
_originals: list[tuple[Any, str, Any]] = []
_asked_first: list[Callable[[float], bool]] = []

# The standard library and the notebook's kernel really do wait for something.
_REAL_WAITERS = frozenset(sys.stdlib_module_names) | {
    "IPython", "debugpy", "ipykernel", "jupyter_client", "pexpect", "tornado", "zmq",
}  # fmt: skip

# A long poll looks again this often, in virtual seconds.
_POLL_S = 1.0
# The clock counts microseconds: one more, so that rounding never leaves a token short.
_ROUNDING_S = 1e-6


def start(advance: Callable[[float], None]) -> None:
    """Let the waits call `advance(seconds)`; `time.sleep` in the main thread alone.

    A background thread really sleeps: the clock is not its to move, and a kernel's
    threads would spin. So do the callers that wait for something real, such as a child
    process: the standard library and the kernel's own packages.
    """
    from moto.sqs.models import SQSBackend  # too slow for every import of ours

    real_receive, real_acquire = SQSBackend.receive_message, TokenBucket.acquire
    _replace(time, "sleep", _sleep(advance))
    _replace(SQSBackend, "receive_message", _receive(advance, real_receive))
    _replace(TokenBucket, "acquire", _acquire(advance, real_acquire))


def stop() -> None:
    """Let every wait take real time again."""
    while _originals:
        setattr(*_originals.pop())


@contextmanager
def asked_first(takes: Callable[[float], bool]) -> Iterator[None]:
    """Ask `takes(seconds)` at each sleep for the length of a `with` block.

    It answers whether the sleep was its own, and then has seen to it. Unlike a patch of
    `time.sleep`, this finds a handler that said `from time import sleep` before.
    """
    _asked_first.append(takes)
    try:
        yield
    finally:
        _asked_first.remove(takes)


def _replace(owner: Any, name: str, new: Any) -> None:
    _originals.append((owner, name, getattr(owner, name)))
    setattr(owner, name, new)


def _sleep(advance: Callable[[float], None]) -> Callable[[float], None]:
    def sleep(seconds: float, /) -> None:
        if any(takes(seconds) for takes in _asked_first):
            return
        caller = sys._getframe(1).f_globals.get("__name__", "").partition(".")[0]
        elsewhere = threading.current_thread() is not threading.main_thread()
        # A negative number is for the real one to refuse.
        if elsewhere or caller in _REAL_WAITERS or seconds < 0:
            really_sleep(seconds)
        else:
            advance(seconds)

    return sleep


def _receive(advance: Callable[[float], None], real: Callable) -> Callable:
    def receive_message(
        backend: Any, queue_name: str, count: int, wait_seconds_timeout: int, *more: Any
    ) -> list[Any]:
        messages = real(backend, queue_name, count, 0, *more)
        left_s = wait_seconds_timeout
        while left_s > 0 and not messages:
            advance(min(left_s, _POLL_S))
            left_s -= _POLL_S
            messages = real(backend, queue_name, count, 0, *more)
        return messages

    return receive_message


def _acquire(advance: Callable[[float], None], real: Callable) -> Callable:
    def acquire(bucket: TokenBucket, amount: int = 1, block: bool = True) -> bool:
        bucket._refill()
        while block and (short_s := bucket._sleep_amount(amount)) > 0:
            advance(short_s + _ROUNDING_S)
            bucket._refill()
        return real(bucket, amount, block)

    return acquire
