"""Cost: functions by use, servers by the hour, where the two meet, and watching."""

from workbook.sim.cost.bill import (
    Bill,
    Prices,
    function_bill,
    lambda_prices,
    provisioned_bill,
)
from workbook.sim.cost.servers import (
    HOURS_A_MONTH,
    break_even_peak_to_mean,
    break_even_requests,
    fargate_usd_per_hour,
    server_usd,
    servers_needed,
)
from workbook.sim.cost.watching import long_poll_usd, poll_usd, push_usd
from workbook.sim.cost.year import (
    HOURS_A_YEAR,
    Year,
    YearOfBills,
    bill_year,
    year_of_traffic,
)

__all__ = [
    "HOURS_A_MONTH",
    "HOURS_A_YEAR",
    "Bill",
    "Prices",
    "Year",
    "YearOfBills",
    "bill_year",
    "break_even_peak_to_mean",
    "break_even_requests",
    "fargate_usd_per_hour",
    "function_bill",
    "lambda_prices",
    "long_poll_usd",
    "poll_usd",
    "provisioned_bill",
    "push_usd",
    "server_usd",
    "servers_needed",
    "year_of_traffic",
]
