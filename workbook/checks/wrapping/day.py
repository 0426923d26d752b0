"""What the retry of exercise 1 works with: a budget, and a provider's replies."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workbook.learn import call_or_error
from workbook.shop.payments import NotCharged, Unknown

__all__ = ["Budget", "Day"]


class Budget:
    """A retry budget: `take()` takes a token, and says whether there was one."""

    def __init__(self, tokens: int = 10) -> None:
        self.tokens, self.given = tokens, 0

    def take(self) -> bool:
        """Whether a retry may be made; if so, its token is gone."""
        if self.tokens < 1:
            return False
        self.tokens -= 1
        self.given += 1
        return True


@dataclass
class Day:
    """A provider's replies, one after another, and what the answer made of them."""

    replies: list[Any]
    budget: Budget = field(default_factory=Budget)
    calls: int = 0
    sleeps: list[float] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    raised: list[Exception] = field(default_factory=list)

    def call(self) -> Any:
        """The call that is to be tried."""
        self.calls += 1
        self.order.append("call")
        reply = self.replies[min(self.calls, len(self.replies)) - 1]
        if isinstance(reply, Exception):
            self.raised.append(reply)
            raise reply
        return reply

    def sleep(self, seconds: float) -> None:
        """Time that passes, on paper."""
        self.order.append("sleep")
        self.sleeps.append(seconds)

    def run(self, tried: Callable) -> Any:
        """What comes of it: a value, or one of the two errors."""
        return call_or_error((NotCharged, Unknown), tried, *self.tools)

    @property
    def tools(self) -> tuple:
        """What the answer is called with."""
        return self.call, self.budget, self.sleep
