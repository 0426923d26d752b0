"""What a month of a function costs on AWS Lambda.

A request is billed by itself, and the time by memory: GB-seconds, the duration rounded
up to a whole millisecond for each request (to 100 ms until December 2020). The first
requests and GB-seconds of each month are free. Above billions of GB-seconds the price
falls in tiers. Prices come from `workbook.facts`: us-east-1, list prices.

Not billed here: what the function calls, data transfer, and the start of new
environments (billed as duration since August 2025: add it to `duration_s`).

Numbers may be arrays of one shape: the bill then holds arrays.
"""

from dataclasses import dataclass

import numpy as np

from workbook.facts import fact, usd
from workbook.sim.checks import between, count

__all__ = ["Bill", "Prices", "function_bill", "lambda_prices", "provisioned_bill"]

Numbers = float | np.ndarray

_STEP_S = 0.001  # the billing step: aws.amazon.com/lambda/pricing
_FREE_STORAGE_MB = 512
_MB_A_GB = 1024


@dataclass(frozen=True)
class Prices:
    """USD for a request and for a GB-second; what is free, and how time is rounded.

    `tiers` are pairs (up to so many GB-seconds a month, USD for each), the last one up
    to infinity.
    """

    request_usd: float
    tiers: tuple[tuple[float, float], ...]
    free_requests: float = 0.0
    free_gb_seconds: float = 0.0
    step_s: float = _STEP_S


@dataclass(frozen=True, eq=False, repr=False)
class Bill:
    """A month's bill in USD by part, and the GB-seconds used, free ones included.

    Numbers, or arrays of shape (bills,).
    """

    gb_seconds: Numbers
    request_usd: Numbers
    compute_usd: Numbers
    storage_usd: Numbers = 0.0
    provisioned_usd: Numbers = 0.0

    @property
    def total_usd(self) -> Numbers:
        """All parts together, not rounded."""
        return (
            self.request_usd
            + self.compute_usd
            + self.storage_usd
            + self.provisioned_usd
        )

    def __repr__(self) -> str:
        usd, gb_seconds = np.sum(self.total_usd), np.sum(self.gb_seconds)
        bills = np.size(self.total_usd)
        many = "" if bills == 1 else f" in {bills:,} bills"
        return f"${usd:,.2f} for {gb_seconds:,.0f} GB-seconds{many}"


def lambda_prices(architecture: str = "x86", *, free_tier: bool = True) -> Prices:
    """The prices of today for "x86" or "arm", from the facts."""
    if architecture not in ("x86", "arm"):
        raise ValueError(f"architecture={architecture!r}: use 'x86' or 'arm'")
    name = f"lambda.price.gb_second.{architecture}"
    tiers = (
        (_value(f"{name}.tier1.up_to"), float(usd(name))),
        (_value(f"{name}.tier2.up_to"), float(usd(f"{name}.tier2"))),
        (np.inf, float(usd(f"{name}.tier3"))),
    )
    request_usd = float(usd("lambda.price.request"))
    if not free_tier:
        return Prices(request_usd, tiers)
    free = _value("lambda.price.free.requests"), _value("lambda.price.free.gb_seconds")
    return Prices(request_usd, tiers, *free)


def function_bill(
    *,
    requests: Numbers,
    duration_s: Numbers,
    memory_mb: Numbers,
    architecture: str = "x86",
    ephemeral_mb: int = _FREE_STORAGE_MB,
    free_tier: bool = True,
    prices: Prices | None = None,
) -> Bill:
    """The bill for so many `requests` a month, each of `duration_s` in `memory_mb`.

    `ephemeral_mb` is the size of /tmp, of which 512 MB cost nothing. `prices` replaces
    those of the facts, and with them `architecture` and `free_tier`.
    """
    prices = prices or lambda_prices(architecture, free_tier=free_tier)
    seconds = _billed_seconds(requests, duration_s, memory_mb, prices.step_s)
    gb_seconds = seconds * memory_mb / _MB_A_GB
    between(_FREE_STORAGE_MB, _value("lambda.memory.max"), ephemeral_mb=ephemeral_mb)
    storage_gb_seconds = seconds * (ephemeral_mb - _FREE_STORAGE_MB) / _MB_A_GB
    return Bill(
        gb_seconds=gb_seconds,
        request_usd=_above(requests, prices.free_requests) * prices.request_usd,
        compute_usd=_tiered(_above(gb_seconds, prices.free_gb_seconds), prices.tiers),
        storage_usd=storage_gb_seconds * float(usd("lambda.price.ephemeral_storage")),
    )


def provisioned_bill(
    *,
    requests: Numbers,
    duration_s: Numbers,
    memory_mb: Numbers,
    environments: int,
    enabled_s: float,
    architecture: str = "x86",
) -> Bill:
    """The bill for `environments` kept ready for `enabled_s`, and requests to them.

    All `requests` must fit these environments: what exceeds them is an ordinary
    `function_bill`. Nothing is free. The time enabled is billed in steps of 5 minutes.
    """
    if architecture not in ("x86", "arm"):
        raise ValueError(f"architecture={architecture!r}: use 'x86' or 'arm'")
    count(0, environments=environments)
    between(0, 366 * 24 * 3600, enabled_s=enabled_s)
    gb_seconds = (
        _billed_seconds(requests, duration_s, memory_mb, _STEP_S) * memory_mb / _MB_A_GB
    )
    kept = environments * memory_mb / _MB_A_GB * _whole_steps(enabled_s, 300.0)
    run = float(usd(f"lambda.price.provisioned_run.{architecture}"))
    keep = float(usd(f"lambda.price.provisioned.{architecture}"))
    return Bill(
        gb_seconds=gb_seconds,
        request_usd=requests * float(usd("lambda.price.request")),
        compute_usd=gb_seconds * run,
        provisioned_usd=kept * keep,
    )


def _billed_seconds(
    requests: Numbers, duration_s: Numbers, memory_mb: Numbers, step_s: float
) -> Numbers:
    """Seconds billed for all requests together; refuses what Lambda would refuse."""
    _each_between(0, 1e15, requests=requests)
    _each_between(0, _value("lambda.timeout.max"), duration_s=duration_s)
    low, high = _value("lambda.memory.min"), _value("lambda.memory.max")
    _each_between(low, high, memory_mb=memory_mb)
    return requests * _whole_steps(duration_s, step_s)


def _whole_steps(seconds: Numbers, step_s: float) -> Numbers:
    """`seconds` rounded up to whole steps; 0.12 s is 120 ms, whatever a float says."""
    return np.ceil(np.round(np.divide(seconds, step_s), 6)) * step_s


def _tiered(gb_seconds: Numbers, tiers: tuple[tuple[float, float], ...]) -> Numbers:
    paid, reached = 0.0, 0.0
    for up_to, price in tiers:
        paid = paid + np.clip(gb_seconds - reached, 0, up_to - reached) * price
        reached = up_to
    return paid


def _above(number: Numbers, free: float) -> Numbers:
    return np.maximum(np.subtract(number, free), 0)


def _each_between(low: float, high: float, **numbers: Numbers) -> None:
    """Refuse a number, or one in an array, that is outside `low` to `high`."""
    for name, given in numbers.items():
        values = np.asarray(given)
        if not np.issubdtype(values.dtype, np.number) or not values.size:
            raise ValueError(f"{name}={given!r}: it must be a number, or an array")
        for value in (values.min(), values.max()):
            between(low, high, **{name: value.item()})


def _value(key: str) -> float:
    return fact(key).value
