"""What functions and always-on servers cost a month, and where they cross.

Prices come from the workbook's table of facts, with their sources and dates. A month
has 730 hours, as on AWS's price pages. Taxes, data transfer and everything beside the
compute are left out.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workbook.facts import fact, usd
from workbook.sim.checks import at_least, count, positive

__all__ = [
    "HOURS_A_MONTH",
    "FunctionPrices",
    "Year",
    "break_even_requests",
    "function_cost",
    "function_prices",
    "server_cost",
    "server_hour",
    "servers_needed",
    "year_of_traffic",
]

HOURS_A_MONTH = 730
_MONTH_S = HOURS_A_MONTH * 3600
_MB_PER_GB = 1024


@dataclass(frozen=True)
class FunctionPrices:
    """USD for one request and one GB-second, and what is free each month."""

    per_request: float
    per_gb_second: float
    free_requests: int
    free_gb_seconds: int


def function_prices(
    architecture: str = "x86", *, free_tier: bool = True
) -> FunctionPrices:
    """Lambda's prices in the first tier, from the facts; "x86" or "arm"."""
    if architecture not in ("x86", "arm"):
        raise ValueError(f"architecture={architecture!r}: use 'x86' or 'arm'")
    return FunctionPrices(
        per_request=float(usd("lambda.price.request")),
        per_gb_second=float(usd(f"lambda.price.gb_second.{architecture}")),
        free_requests=fact("lambda.price.free.requests").value if free_tier else 0,
        free_gb_seconds=fact("lambda.price.free.gb_seconds").value if free_tier else 0,
    )


def function_cost(
    *,
    requests: float,
    duration_s: float,
    memory_mb: int,
    prices: FunctionPrices | None = None,
) -> float:
    """USD a month for `requests` invocations of `duration_s` each.

    Durations are rounded up to the next millisecond, GB are 1,024 MB, and the free
    requests and GB-seconds are taken off first.
    """
    at_least(0, requests=requests, duration_s=duration_s)
    count(memory_mb=memory_mb)
    prices = prices or function_prices()
    paid = max(0.0, requests - prices.free_requests)
    gb_seconds = requests * _gb_seconds(duration_s, memory_mb)
    paid_gb_seconds = max(0.0, gb_seconds - prices.free_gb_seconds)
    return paid * prices.per_request + paid_gb_seconds * prices.per_gb_second


def _gb_seconds(duration_s: float, memory_mb: int) -> float:
    # A decimal's milliseconds: 0.003 s is three of them, not 3.0000000000000001.
    billed_ms = math.ceil(Decimal(repr(float(duration_s))) * 1000)
    return billed_ms / 1000 * memory_mb / _MB_PER_GB


def server_hour(
    kind: str = "fargate", *, vcpus: float = 0.25, memory_gb: float = 0.5
) -> float:
    """USD an hour for one server: a Fargate task of that size, or a t4g.small."""
    if kind == "t4g.small":
        return float(usd("ec2.price.t4g_small"))
    if kind != "fargate":
        raise ValueError(f"kind={kind!r}: use 'fargate' or 't4g.small'")
    positive(vcpus=vcpus, memory_gb=memory_gb)
    per_vcpu = float(usd("fargate.price.vcpu_hour.x86"))
    return vcpus * per_vcpu + memory_gb * float(usd("fargate.price.gb_hour.x86"))


def servers_needed(
    *,
    requests: float,
    duration_s: float,
    peak_to_mean: float = 1.0,
    concurrency: int = 1,
    utilisation: float = 0.7,
    least: int = 1,
) -> int:
    """Servers that a month's requests need at their peak.

    By Little's law (1961) the peak keeps requests · peak_to_mean / month · duration
    places busy; a server has `concurrency` of them and is filled to `utilisation`. At
    least `least` are kept.
    """
    at_least(0, requests=requests, duration_s=duration_s)
    at_least(1, peak_to_mean=peak_to_mean)
    count(concurrency=concurrency)
    count(0, least=least)
    positive(utilisation=utilisation)
    at_least(utilisation, one=1.0)
    busy = requests * peak_to_mean / _MONTH_S * duration_s
    return max(least, math.ceil(busy / (concurrency * utilisation)))


def server_cost(*, servers: int, hour_usd: float) -> float:
    """USD a month for servers that are always on."""
    count(0, servers=servers)
    positive(hour_usd=hour_usd)
    return servers * hour_usd * HOURS_A_MONTH


def break_even_requests(
    *,
    monthly_usd: float,
    duration_s: float,
    memory_mb: int,
    prices: FunctionPrices | None = None,
) -> float:
    """Requests a month at which functions cost `monthly_usd`.

    The cost is a rising line with bends where the free requests and the free GB-seconds
    end, so each stretch is solved by itself.
    """
    positive(monthly_usd=monthly_usd, duration_s=duration_s)
    count(memory_mb=memory_mb)
    prices = prices or function_prices()
    each = _gb_seconds(duration_s, memory_mb)
    bends = sorted({float(prices.free_requests), prices.free_gb_seconds / each})
    stretches = zip([0.0, *bends], [*bends, math.inf], strict=True)
    for start, end in stretches:
        spent = function_cost(
            requests=start, duration_s=duration_s, memory_mb=memory_mb, prices=prices
        )
        slope = prices.per_request * (start >= prices.free_requests)
        slope += prices.per_gb_second * each * (start >= prices.free_gb_seconds / each)
        if slope and start + (monthly_usd - spent) / slope <= end:
            return start + (monthly_usd - spent) / slope
    raise AssertionError("the last stretch has no end")  # pragma: no cover


@dataclass(frozen=True, eq=False, repr=False)
class Year:
    """A year of traffic, hour by hour; arrays of shape (8760,)."""

    requests: np.ndarray
    busy: np.ndarray

    @property
    def peak_to_mean(self) -> float:
        """The busiest hour over the mean one."""
        return float(self.requests.max() / self.requests.mean())

    def idle_share(self, places: float) -> float:
        """The share of `places` kept all year that nobody uses."""
        positive(places=places)
        return float(1 - np.minimum(self.busy, places).mean() / places)

    def __repr__(self) -> str:
        return (
            f"{self.requests.sum():,.0f} requests a year, busiest hour "
            f"{self.peak_to_mean:.1f} times the mean"
        )


def year_of_traffic(
    *,
    requests_a_month: float,
    duration_s: float,
    seed: int,
    on_sale_days: tuple[int, ...] = (40, 130, 220, 310),
    sale_factor: float = 30.0,
) -> Year:
    """A ticket shop's year: nights, weekends, and hours in which tickets go on sale.

    The rate follows the hour of the day (a cosine, nothing much at four in the morning)
    and is half more on two days in seven. In the four hours from ten on each of the
    `on_sale_days` it is `sale_factor` times that. Counts are Poisson round it.
    """
    positive(requests_a_month=requests_a_month, duration_s=duration_s)
    at_least(1, sale_factor=sale_factor)
    hours = np.arange(365 * 24)
    day, hour = np.divmod(hours, 24)
    rate = 1.05 - np.cos((hour - 4) / 24 * 2 * np.pi)
    rate *= np.where(day % 7 >= 5, 1.5, 1.0)
    on_sale = np.isin(day, on_sale_days) & (hour >= 10) & (hour < 14)
    rate *= np.where(on_sale, sale_factor, 1.0)
    rate *= requests_a_month * 12 / rate.sum()
    requests = np.random.default_rng(seed).poisson(rate)
    return Year(requests, requests / 3600 * duration_s)
