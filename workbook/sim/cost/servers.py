"""What servers that are always on cost, and when functions cost the same.

Servers are paid by the hour, whether anybody comes or not, and there must be enough of
them for the peak. A month has 730 hours (8,760 / 12), as in AWS's own examples.
"""

import math

from workbook.facts import usd
from workbook.sim.checks import at_least, count, positive
from workbook.sim.cost.bill import function_bill

__all__ = [
    "HOURS_A_MONTH",
    "break_even_peak_to_mean",
    "break_even_requests",
    "fargate_usd_per_hour",
    "server_usd",
    "servers_needed",
]

HOURS_A_MONTH = 730.0


def fargate_usd_per_hour(
    *, vcpu: float, memory_gb: float, architecture: str = "x86"
) -> float:
    """USD for an hour of one container on Fargate, from the facts."""
    positive(vcpu=vcpu, memory_gb=memory_gb)
    if architecture not in ("x86", "arm"):
        raise ValueError(f"architecture={architecture!r}: use 'x86' or 'arm'")
    processor = float(usd(f"fargate.price.vcpu_hour.{architecture}"))
    memory = float(usd(f"fargate.price.gb_hour.{architecture}"))
    return vcpu * processor + memory_gb * memory


def servers_needed(*, peak_per_s: float, server_per_s: float, fewest: int = 1) -> int:
    """How many servers serve `peak_per_s` if each can serve `server_per_s`.

    `fewest` is how many there are at any load: 2 if one may fail.
    """
    at_least(0, peak_per_s=peak_per_s)
    positive(server_per_s=server_per_s)
    count(0, fewest=fewest)
    return max(math.ceil(round(peak_per_s / server_per_s, 9)), fewest)


def server_usd(
    *, servers: int, usd_per_hour: float, hours: float = HOURS_A_MONTH
) -> float:
    """USD for so many servers, on for so many hours: a month if nothing is said."""
    count(0, servers=servers)
    at_least(0, usd_per_hour=usd_per_hour, hours=hours)
    return servers * usd_per_hour * hours


def break_even_requests(
    *, usd_per_month: float, duration_s: float, memory_mb: float, **options
) -> float:
    """Requests a month for which functions cost `usd_per_month`, as servers would.

    Below it functions are cheaper. `options` are those of `function_bill`. It is found
    by halving: the bill grows with the requests.
    """
    at_least(0, usd_per_month=usd_per_month)

    def costs(requests: float) -> float:
        return function_bill(
            requests=requests, duration_s=duration_s, memory_mb=memory_mb, **options
        ).total_usd

    low, high = 0.0, 1.0
    while costs(high) <= usd_per_month:
        low, high = high, 2 * high
    for _ in range(100):  # halving a hundred times is more than a float can tell
        middle = (low + high) / 2
        low, high = (middle, high) if costs(middle) <= usd_per_month else (low, middle)
    return low


def break_even_peak_to_mean(
    *,
    server_per_s: float,
    usd_per_hour: float,
    duration_s: float,
    memory_mb: float,
    **options,
) -> float:
    """The ratio of peak to mean load above which functions are cheaper than servers.

    For loads so large that neither the free tier nor the last half-used server counts:
    servers for the peak cost ratio x `usd_per_hour` / (3600 x `server_per_s`) a
    request. `options` are those of `function_bill`, without the free tier.
    """
    positive(server_per_s=server_per_s, usd_per_hour=usd_per_hour)
    many = 1_000_000
    paid_usd = function_bill(
        requests=many,
        duration_s=duration_s,
        memory_mb=memory_mb,
        free_tier=False,
        **options,
    ).total_usd
    return float(paid_usd / many * server_per_s * 3600 / usd_per_hour)
