"""The weather: who comes when, and what goes wrong. All of it follows from a seed."""

from dataclasses import dataclass
from random import Random

__all__ = ["CALM", "FULL", "TWENTIETH", "Buyer", "Click", "Weather"]

BAD_CARD = "0002"  # the card that no provider takes money of
GOOD_CARD = "0001"


@dataclass(frozen=True)
class Buyer:
    """Who wants a ticket, when they clicked for the first time, and with which card."""

    order_id: str
    clicked_s: float
    card: str

    @property
    def card_is_good(self) -> bool:
        """Whether the bank takes money of it."""
        return self.card != BAD_CARD


@dataclass(frozen=True)
class Click:
    """A message that comes into "orders" at `at_s`, in seconds after the opening."""

    at_s: float
    order_id: str
    body: dict


@dataclass(frozen=True)
class Weather:
    """A sale and its faults. Times in seconds after the opening, shares from 0 to 1.

    Buyers click on average `patience_s` after the opening (an exponential law), a share
    `twice` of them a second time. From `outage_s[0]` to `outage_s[1]` the bank does not
    answer: requests get lost, and whoever sent one waits. Of all calls that handlers
    make a share `crashed` kills the process (half of them before the call, half after),
    `lost` loses the answer of a call that was carried out, and `throttled` is refused.
    A share `duplicated` of the messages is delivered once more, `declined` of the cards
    is bad, and `poison` messages are no orders at all.
    """

    buyers: int = 10_000
    seats: int = 1_200
    patience_s: float = 30.0
    twice: float = 0.03
    outage_s: tuple[float, float] = (2.0, 62.0)
    crashed: float = 0.005
    lost: float = 0.005
    throttled: float = 0.01
    duplicated: float = 0.02
    declined: float = 0.05
    poison: int = 3
    seed: int = 7

    def __post_init__(self) -> None:
        if self.buyers < 1 or self.seats < 1:
            raise ValueError("a sale needs one buyer and one seat, or more")
        shares = ("twice", "crashed", "lost", "throttled", "duplicated", "declined")
        for name in shares:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}={getattr(self, name)!r}: a share, 0 to 1")
        if self.crashed + self.lost + self.throttled > 1:
            raise ValueError("crashed, lost and throttled are more than all calls")

    def fate(self, rng: Random) -> str:
        """What becomes of the next call, in the explorer's words for it."""
        drawn = rng.random()
        for name, share in (
            ("crash before", self.crashed / 2),
            ("crash after", self.crashed / 2),
            ("response lost", self.lost),
            ("throttled", self.throttled),
        ):
            drawn -= share
            if drawn < 0:
                return name
        return "ok"

    def crowd(self) -> list[Buyer]:
        """The buyers, in the order in which they click."""
        rng = Random(self.seed)
        times = sorted(rng.expovariate(1 / self.patience_s) for _ in range(self.buyers))
        cards = [BAD_CARD if rng.random() < self.declined else GOOD_CARD for _ in times]
        pairs = zip(times, cards, strict=True)
        return [Buyer(f"order-{n:05}", *pair) for n, pair in enumerate(pairs, start=1)]

    def clicks(self) -> list[Click]:
        """Every message that comes in: orders, second clicks, and poison."""
        rng = Random(self.seed + 1)
        clicks = []
        for buyer in self.crowd():
            body = {"order_id": buyer.order_id, "card": buyer.card}
            clicks.append(Click(buyer.clicked_s, buyer.order_id, body))
            if rng.random() < self.twice:
                again_s = buyer.clicked_s + rng.uniform(0, 5)
                clicks.append(Click(again_s, buyer.order_id, body))
        for number in range(1, self.poison + 1):
            body = {"odrer_id": f"poison-{number}"}  # a client that cannot spell
            at_s = rng.uniform(0, self.patience_s)
            clicks.append(Click(at_s, f"poison-{number}", body))
        return sorted(clicks, key=lambda click: click.at_s)


FULL = Weather()
TWENTIETH = Weather(buyers=500, seats=60, patience_s=10)
CALM = Weather(
    buyers=500,
    seats=60,
    twice=0,
    outage_s=(0, 0),
    crashed=0,
    lost=0,
    throttled=0,
    duplicated=0,
    poison=0,
)
