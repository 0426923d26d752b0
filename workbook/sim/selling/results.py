"""What became of the orders of a sale."""

from dataclasses import dataclass

import numpy as np

__all__ = ["Sale"]


@dataclass(frozen=True, eq=False, repr=False)
class Sale:
    """An element an order, in the order in which they were taken up.

    `outcome` is "sold", "sold out" or "gave up", `conflicts` counts the writes that
    were refused because somebody else had written, and `ended_s` is when the buyer
    was told.
    """

    seats: int
    outcome: np.ndarray
    conflicts: np.ndarray
    ended_s: np.ndarray

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def sold(self) -> int:
        """How many buyers were told that they have a seat."""
        return int((self.outcome == "sold").sum())

    @property
    def oversold(self) -> int:
        """How many of them have none."""
        return max(0, self.sold - self.seats)

    @property
    def gave_up_share(self) -> float:
        """The share of the orders that used up their attempts."""
        return float((self.outcome == "gave up").mean())

    @property
    def conflict_share(self) -> float:
        """The share of the writes that were refused because of another's write."""
        refused = int(self.conflicts.sum())
        return refused / (refused + self.sold) if refused else 0.0

    @property
    def sales_per_s(self) -> float:
        """Sales a second, up to the last sale; 0 if nothing was sold."""
        sold_s = self.ended_s[self.outcome == "sold"]
        return len(sold_s) / float(sold_s.max()) if len(sold_s) else 0.0

    def __repr__(self) -> str:
        return (
            f"{self.sold:,} sold of {self.seats:,} seats, "
            f"{self.conflict_share:.0%} of the writes refused, "
            f"{self.gave_up_share:.0%} of {len(self):,} orders gave up, "
            f"{self.sales_per_s:,.0f} sales a second"
        )
