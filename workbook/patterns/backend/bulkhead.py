"""Let one slow service hold only so many of your threads.

Named after a ship's walls (Nygard, *Release It!*, 2007). In production: a semaphore is
the piece, and so are httpx's `Limits` and a Lambda function's reserved concurrency.
"""

import functools
import threading

from workbook.patterns.backend.compose import Call, NotAsked

__all__ = ["Bulkhead", "BulkheadFull"]


class BulkheadFull(NotAsked):
    """As many calls as may wait for the service already do."""


class Bulkhead:
    """At most `at_once` calls at the same time; one more raises `BulkheadFull`."""

    def __init__(self, at_once: int) -> None:
        if at_once < 1:
            raise ValueError(f"at_once={at_once}: let one call through at least")
        self.at_once = at_once
        self._places = threading.BoundedSemaphore(at_once)

    def __call__(self, call: Call) -> Call:
        """The call behind this wall; several calls may share one."""

        @functools.wraps(call)
        def walled(*args, **options):
            if not self._places.acquire(blocking=False):
                raise BulkheadFull(f"{self.at_once} calls are in flight")
            try:
                return call(*args, **options)
            finally:
                self._places.release()

        return walled
