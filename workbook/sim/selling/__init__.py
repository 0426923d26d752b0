"""The last seats, and many who sell them at once: what four ways of writing come to."""

from workbook.sim.selling.results import Sale
from workbook.sim.selling.simulate import DESIGNS, sell
from workbook.sim.selling.theory import (
    times_last_seat_is_sold,
    transaction_conflict_share,
    transaction_sales_per_s,
    version_conflict_share,
    version_sales_per_s,
)

__all__ = [
    "DESIGNS",
    "Sale",
    "sell",
    "times_last_seat_is_sold",
    "transaction_conflict_share",
    "transaction_sales_per_s",
    "version_conflict_share",
    "version_sales_per_s",
]
