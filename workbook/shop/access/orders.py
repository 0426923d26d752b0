"""An evening's orders, made up by a seed: what the three designs all hold."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

__all__ = ["Sale", "sales"]

_OPENING = datetime(2018, 2, 1, 1, 0, tzinfo=UTC)  # ten in the morning in Sapporo
_NIGHTS = 20
_PRICE_YEN = 4800
_ENDED = ("ticketed", "rejected", "released")


@dataclass(frozen=True)
class Sale:
    """One order with its payment and its ticket, where it has come so far."""

    order_id: str
    buyer_id: str
    tour: str
    placed_at: str
    status: str
    payment_ref: str
    seat: str

    @property
    def order(self) -> dict[str, str | int]:
        """The order itself, in the shop's own words."""
        return {
            "order_id": self.order_id,
            "buyer_id": self.buyer_id,
            "tour": self.tour,
            "placed_at": self.placed_at,
            "status": self.status,
            "price_yen": _PRICE_YEN,
            "note": "by the workbook's shop, one seat, to be shown at the gate",
        }

    @property
    def payment(self) -> dict[str, str | int] | None:
        """What a provider took for it, if one did."""
        if not self.payment_ref:
            return None
        return {
            "payment_ref": self.payment_ref,
            "order_id": self.order_id,
            "provider": "aurora-pay",
            "taken_yen": _PRICE_YEN,
        }

    @property
    def ticket(self) -> dict[str, str] | None:
        """The seat that it won, if it did."""
        if not self.seat:
            return None
        return {
            "ticket_id": f"ticket-{self.order_id}",
            "order_id": self.order_id,
            "tour": self.tour,
            "seat": self.seat,
        }

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in _ENDED


def sales(number: int = 10_000, *, seed: int = 2018) -> list[Sale]:
    """So many sales of `_NIGHTS` nights in ten hours, one in a hundred still open.

    A third as many buyers as sales; one sale in twelve was rejected. Seats are numbered
    in the order of sale.
    """
    rng = Random(seed)
    taken: dict[str, int] = {}
    return [_sale(n, number, rng, taken) for n in range(number)]


def _sale(n: int, number: int, rng: Random, taken: dict[str, int]) -> Sale:
    at = _OPENING + timedelta(hours=10 * n / number)
    tour = f"night-{rng.randrange(_NIGHTS) + 1:02}"
    status = _status(rng.random())
    if status == "ticketed":
        taken[tour] = taken.get(tour, 0) + 1
    return Sale(
        order_id=f"order-{n:05}",
        buyer_id=f"buyer-{rng.randrange(max(1, number // 3)):04}",
        tour=tour,
        placed_at=at.isoformat(timespec="seconds")[:19] + "Z",
        status=status,
        payment_ref=f"ap-{n:05}" if status in ("ticketed", "paid") else "",
        seat=f"{taken[tour]:04}" if status == "ticketed" else "",
    )


def _status(chance: float) -> str:
    for limit, status in ((0.007, "placed"), (0.01, "paid"), (0.09, "rejected")):
        if chance < limit:
            return status
    return "ticketed"
