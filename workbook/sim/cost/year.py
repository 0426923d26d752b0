"""A year of traffic, quiet but for a season, and who pays for the idle hours.

The ticket shop: for eleven months nobody comes, then everybody does. Two rates: the
peak's in `peak_hours` hours, that begin at `peak_start_hour`, and in all other hours
what is left of the year's requests. In each hour the number of requests is Poisson
distributed. The servers are enough for the peak's rate, all year; the functions are
billed month by month, each with its free tier.
"""

from dataclasses import dataclass

import numpy as np

from workbook.sim.checks import at_least, between, count, positive
from workbook.sim.cost.bill import function_bill
from workbook.sim.cost.servers import HOURS_A_MONTH, server_usd, servers_needed

__all__ = ["HOURS_A_YEAR", "Year", "YearOfBills", "bill_year", "year_of_traffic"]

HOURS_A_YEAR = 8760
_MONTHS = 12


@dataclass(frozen=True, eq=False, repr=False)
class Year:
    """`requests` in each hour of a year: an array of shape (8760,)."""

    requests: np.ndarray
    peak_per_s: float

    @property
    def monthly(self) -> np.ndarray:
        """Requests in each of twelve months of 730 hours."""
        return self.requests.reshape(_MONTHS, -1).sum(axis=1)

    @property
    def peak_to_mean(self) -> float:
        """The busiest hour over the mean hour."""
        return float(self.requests.max() / self.requests.mean())

    def percentile(self, q: float) -> float:
        """Requests an hour that `q` per cent of the hours do not exceed."""
        return float(np.percentile(self.requests, q))

    def __repr__(self) -> str:
        total = int(self.requests.sum())
        return f"{total:,} requests in a year, peak to mean {self.peak_to_mean:.3g}"


@dataclass(frozen=True, eq=False, repr=False)
class YearOfBills:
    """USD in each month for functions and for servers: arrays of shape (12,)."""

    functions_usd: np.ndarray
    servers_usd: np.ndarray
    servers: int
    idle_share: float

    def __repr__(self) -> str:
        return (
            f"a year of functions ${self.functions_usd.sum():,.2f}, of {self.servers} "
            f"servers ${self.servers_usd.sum():,.2f}, idle {self.idle_share:.1%}"
        )


def year_of_traffic(
    *,
    requests: float,
    peak_to_mean: float,
    peak_hours: int,
    seed: int,
    peak_start_hour: int = 0,
) -> Year:
    """About `requests` in a year whose peak is `peak_to_mean` times the mean rate.

    The peak takes peak_to_mean x peak_hours / 8760 of the requests: not more than all.
    """
    at_least(0, requests=requests)
    count(1, peak_hours=peak_hours)
    between(1, HOURS_A_YEAR / peak_hours, peak_to_mean=peak_to_mean)
    count(0, peak_start_hour=peak_start_hour)
    between(0, HOURS_A_YEAR - peak_hours, peak_start_hour=peak_start_hour)
    mean = requests / HOURS_A_YEAR
    quiet_hours = HOURS_A_YEAR - peak_hours
    left = max(requests - mean * peak_to_mean * peak_hours, 0.0)
    rate = np.full(HOURS_A_YEAR, left / quiet_hours if quiet_hours else 0.0)
    rate[peak_start_hour : peak_start_hour + peak_hours] = mean * peak_to_mean
    counts = np.random.default_rng(seed).poisson(rate)
    return Year(counts, peak_per_s=mean * peak_to_mean / 3600)


def bill_year(
    year: Year,
    *,
    duration_s: float,
    memory_mb: float,
    server_per_s: float,
    usd_per_hour: float,
    fewest: int = 1,
    **options,
) -> YearOfBills:
    """Both bills of a year. `options` are those of `function_bill`.

    `idle_share` is the part of what the servers can do in the year that nobody asks
    for.
    """
    positive(usd_per_hour=usd_per_hour)
    servers = servers_needed(
        peak_per_s=year.peak_per_s, server_per_s=server_per_s, fewest=fewest
    )
    functions_usd = function_bill(
        requests=year.monthly, duration_s=duration_s, memory_mb=memory_mb, **options
    ).total_usd
    month_usd = server_usd(
        servers=servers, usd_per_hour=usd_per_hour, hours=HOURS_A_MONTH
    )
    can_do = servers * server_per_s * 3600 * HOURS_A_YEAR
    idle_share = float(1 - year.requests.sum() / can_do) if can_do else 0.0
    return YearOfBills(
        functions_usd, np.full(_MONTHS, month_usd), servers, max(idle_share, 0.0)
    )
