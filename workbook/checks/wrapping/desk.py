"""What the cache of exercise 5 works with: a bank that may fail, and a clock."""

from collections.abc import Callable
from typing import Any

from workbook.checks.wrapping.tries import Clock, made
from workbook.learn import call_or_error
from workbook.shop.payments import NotCharged, Unknown

__all__ = ["STALE_S", "TTL_S", "Bank", "Desk"]

TTL_S, STALE_S = 60.0, 600.0


class Bank:
    """What is behind the cache: an answer that names its moment, or an error."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.asked, self.error, self.takes_s = clock, [], None, 0

    def __call__(self, key: str) -> str | None:
        self.asked.append(key)
        self.clock.advance(self.takes_s)
        if self.error is not None:
            raise self.error
        if key == "000000":
            return None
        return f"{key} at {self.clock():g}"


class Desk:
    """A learner's cache with a bank behind it, and a clock to move."""

    def __init__(
        self, cache: Callable, *, ttl_s: float = TTL_S, stale_s: float = STALE_S
    ) -> None:
        self.clock = Clock()
        self.bank = Bank(self.clock)
        self.cache = made(cache, "get", ttl_s, stale_s, self.clock)

    def get(self, key: str = "411111") -> Any:
        """The answer, or the error that comes out."""
        errors = (NotCharged, Unknown)
        return call_or_error(errors, self.cache.get, key, self.bank)

    def later(self, seconds: float) -> Any:
        """The answer so many seconds later."""
        self.clock.advance(seconds)
        return self.get()
