"""Stop asking a service that does not answer, and try it now and then.

The state machine is Nygard's (*Release It!*, 2007): closed, open, half-open. In
production: pybreaker, or the proxy in front of your service.
"""

import functools
import threading
import time
from collections.abc import Callable

from workbook.patterns.backend.compose import Call, NotAsked

__all__ = ["BreakerOpen", "CircuitBreaker"]


class BreakerOpen(NotAsked):
    """The service failed too often just now."""


class CircuitBreaker:
    """Closed, until `threshold` failures in a row; then open for `open_s` seconds.

    After that one call goes through on trial (the breaker is half-open): its success
    closes the breaker, its failure opens it again. `on` says which errors count as
    failures; any other answer shows that the service lives. `listener(state, now_s)` is
    told of each change.
    """

    def __init__(
        self,
        *,
        threshold: int = 5,
        open_s: float = 3.0,
        on: tuple[type[Exception], ...] = (Exception,),
        clock: Callable[[], float] = time.monotonic,
        listener: Callable[[str, float], None] = lambda state, now_s: None,
    ) -> None:
        if threshold < 1 or open_s <= 0:
            raise ValueError(f"{threshold=}, {open_s=}: 1 or more, > 0")
        self.threshold, self.open_s, self.on = threshold, open_s, on
        self.clock, self.listener = clock, listener
        self.state, self.failures, self.opened_s = "closed", 0, 0.0
        self._lock = threading.Lock()

    def __call__(self, call: Call) -> Call:
        """The call behind this breaker; several calls may share one."""

        @functools.wraps(call)
        def guarded(*args, **options):
            self.admit()
            try:
                answer = call(*args, **options)
            except self.on:
                self.failed()
                raise
            except Exception:  # a refusal, say: an answer all the same
                self.succeeded()
                raise
            except BaseException:  # interrupted: nobody knows, and a trial has to end
                self.failed()
                raise
            self.succeeded()
            return answer

        return guarded

    def admit(self) -> None:
        """Let a call through, or raise `BreakerOpen`."""
        with self._lock:
            now_s = self.clock()
            if self.state == "open" and now_s >= self.opened_s + self.open_s:
                self._become("half-open", now_s)  # this very call is the trial
            elif self.state != "closed":
                left_s = max(0.0, self.opened_s + self.open_s - now_s)
                raise BreakerOpen(f"the breaker is open for {left_s:.3g} s", left_s)

    def succeeded(self) -> None:
        """Note that a call came through."""
        with self._lock:
            self.failures = 0
            if self.state == "half-open":
                self._become("closed", self.clock())

    def failed(self) -> None:
        """Note that a call failed."""
        with self._lock:
            self.failures += 1
            enough = self.failures >= self.threshold
            if self.state == "half-open" or (self.state == "closed" and enough):
                self.opened_s = self.clock()
                self._become("open", self.opened_s)

    def _become(self, state: str, now_s: float) -> None:
        self.state = state
        self.listener(state, now_s)
