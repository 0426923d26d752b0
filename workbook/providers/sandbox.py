"""What a provider's sandbox can be told to do wrong, and how it decides.

Shares are of requests, drawn with the account's own seed: the same requests in the same
order meet the same faults.
"""

import random
from dataclasses import asdict, dataclass, fields

__all__ = ["FAULTS", "Sandbox"]

# The faults in the order in which one random number is compared with their shares.
FAULTS = ("slow", "error", "throttled", "dropped_before", "dropped_after")


@dataclass(frozen=True)
class Sandbox:
    """The settings of an account: shares of requests from 0 to 1, and seconds.

    `slow` requests wait `slow_s` before they are carried out; an `error` is a 500 for
    which nothing was done, a `throttled` request a 429 with `retry_after_s`;
    `dropped_before` and `dropped_after` requests lose their connection before or after
    they are carried out. While `down`, every request is answered with 503.
    `rate_per_s` and `burst` are the account's rate limit, None for no limit.
    """

    slow: float = 0.0
    slow_s: float = 0.3
    error: float = 0.0
    throttled: float = 0.0
    retry_after_s: float = 1.0
    dropped_before: float = 0.0
    dropped_after: float = 0.0
    down: bool = False
    rate_per_s: float | None = None
    burst: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        shares = [getattr(self, name) for name in FAULTS]
        if min(shares) < 0 or sum(shares) > 1:
            raise ValueError(
                f"{', '.join(FAULTS)} are shares of requests: 0 or more each, and "
                f"together no more than 1, not {sum(shares):g}"
            )
        if self.slow_s < 0 or self.retry_after_s < 0:
            raise ValueError("slow_s and retry_after_s are seconds, 0 or more")

    @classmethod
    def of(cls, settings: dict) -> "Sandbox":
        """The settings from JSON; an unknown name is refused."""
        known = [one.name for one in fields(cls)]
        unknown = sorted(set(settings) - set(known))
        if unknown:
            raise ValueError(f"no setting {unknown[0]!r}; there are {', '.join(known)}")
        return cls(**settings)

    def fault(self, rng: random.Random) -> str | None:
        """The fault that the next request meets, or None."""
        drawn = rng.random()
        for name in FAULTS:
            drawn -= getattr(self, name)
            if drawn < 0:
                return name
        return None

    def settings(self) -> dict:
        """The settings as plain data."""
        return asdict(self)
