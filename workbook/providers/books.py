"""A provider's books: every charge it made, in order, and nothing else."""

from dataclasses import asdict, dataclass, field

__all__ = ["DECLINED_CARD", "Books", "Charge"]

DECLINED_CARD = "0002"  # of this card no provider takes money


@dataclass(frozen=True)
class Charge:
    """One charge. `key` is what the merchant called it, `taken` whether money moved."""

    id: str
    key: str
    amount_yen: int
    card: str
    taken: bool


@dataclass
class Books:
    """The charges of one account, with the methods that a provider needs."""

    charges: list[Charge] = field(default_factory=list)
    by_key: dict[str, list[Charge]] = field(default_factory=dict)

    def charge(self, key: str, amount_yen: int, card: str, *, prefix: str) -> Charge:
        """Take the money, unless the card is the one that is always declined."""
        number = f"{prefix}{len(self.charges) + 1:06d}"
        charge = Charge(number, key, amount_yen, card, taken=card != DECLINED_CARD)
        self.charges.append(charge)
        self.by_key.setdefault(key, []).append(charge)
        return charge

    def with_key(self, key: str) -> list[Charge]:
        """The charges that the merchant called `key`, first one first."""
        return self.by_key.get(key, [])

    def rows(self) -> list[dict]:
        """The charges as plain data."""
        return [asdict(charge) for charge in self.charges]
