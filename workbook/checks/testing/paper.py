"""Payment providers on paper: two keep the contract, and twelve break a sentence each.

The docstring of each that breaks one ends the sentence "a provider that …".
"""

from dataclasses import dataclass, field

from workbook.shop.payments import Payment, Receipt

__all__ = ["BREAKERS", "DECLINED_CARD", "Provider", "Slow", "TakesTwice"]

DECLINED_CARD = "0002"


@dataclass
class Provider:
    """A provider on paper that keeps the contract. It is its own account."""

    name: str = "paper-pay"
    repeatable: bool = True
    books: list[tuple[str, int]] = field(default_factory=list)
    asked: int = 0
    known: dict[str, str] = field(default_factory=dict)

    def charge(self, payment: Payment) -> Receipt:
        """Take the money, once for each order."""
        self.asked += 1
        if payment.order_id not in self.known:
            self.take(payment)
        return self.receipt(payment.order_id)

    def take(self, payment: Payment) -> None:
        """Take the money unless the card is declined."""
        declined = payment.card == DECLINED_CARD
        self.known[payment.order_id] = "declined" if declined else "captured"
        if not declined:
            self.books.append((payment.order_id, payment.amount_yen))

    def find(self, order_id: str) -> Receipt | None:
        """What is known of an order's payment."""
        self.asked += 1
        return self.receipt(order_id) if order_id in self.known else None

    def receipt(self, order_id: str) -> Receipt:
        """The receipt of an order."""
        return Receipt(self.known[order_id], self.name, f"paper-{order_id}")

    def taken_yen(self) -> dict[str, int]:
        """What was really taken in all, for each order."""
        total: dict[str, int] = {}
        for order_id, yen in self.books:
            total[order_id] = total.get(order_id, 0) + yen
        return total


@dataclass
class Slow(Provider):
    """Keeps it in a way of its own: decides at the fifth look, and repeats are new."""

    repeatable: bool = False
    looks: dict[str, int] = field(default_factory=dict)

    def charge(self, payment: Payment) -> Receipt:
        self.asked += 1
        self.take(payment)
        self.looks[payment.order_id] = 0
        return Receipt("pending", self.name, payment.order_id)

    def find(self, order_id: str) -> Receipt | None:
        found = super().find(order_id)
        if found is None:
            return None
        self.looks[order_id] += 1
        return found if self.looks[order_id] > 4 else _pending(found)


def _pending(found: Receipt) -> Receipt:
    return Receipt("pending", found.provider, found.reference)


class _TakesAHundredfold(Provider):
    """takes a hundred times the amount"""

    def take(self, payment: Payment) -> None:
        more = Payment(payment.order_id, 100 * payment.amount_yen, payment.card)
        super().take(more)


class TakesTwice(Provider):
    """is repeatable by its own word, and charges a repeated order twice"""

    def charge(self, payment: Payment) -> Receipt:
        self.asked += 1
        self.take(payment)
        return self.receipt(payment.order_id)


class _TakesFromADeclinedCard(Provider):
    """says declined, and takes the money"""

    def take(self, payment: Payment) -> None:
        super().take(payment)
        if payment.card == DECLINED_CARD:
            self.books.append((payment.order_id, payment.amount_yen))


class _Forgets(Provider):
    """takes the money, and does not find the payment again"""

    def find(self, order_id: str) -> Receipt | None:
        self.asked += 1
        return None


class _FindsWhatIsNot(Provider):
    """finds a payment that nobody made"""

    def find(self, order_id: str) -> Receipt | None:
        return super().find(order_id) or Receipt("captured", self.name, "paper-0")


class _TakesEqualForTheSame(Provider):
    """takes a second order of the same amount for the first one, and charges nothing"""

    def take(self, payment: Payment) -> None:
        equal = any(yen == payment.amount_yen for _, yen in self.books)
        super().take(payment)
        if equal and payment.card != DECLINED_CARD:
            self.books.pop()


class _TakesNothing(Provider):
    """says captured, and takes nothing"""

    def take(self, payment: Payment) -> None:
        super().take(payment)
        self.books.clear()


class _CapturesWhatItDeclines(Provider):
    """finds a declined payment as captured"""

    def find(self, order_id: str) -> Receipt | None:
        found = super().find(order_id)
        return found and Receipt("captured", found.provider, found.reference)


class _DeclinesWhatItCaptures(Provider):
    """takes the money, and finds the payment as declined"""

    def find(self, order_id: str) -> Receipt | None:
        found = super().find(order_id)
        return found and Receipt("declined", found.provider, found.reference)


class _NeverDecides(Provider):
    """takes the money, and leaves the payment pending for ever"""

    def find(self, order_id: str) -> Receipt | None:
        found = super().find(order_id)
        captured = found and found.outcome == "captured"
        return _pending(found) if captured else found


class _NeverDeclines(Provider):
    """leaves a declined payment pending for ever"""

    def find(self, order_id: str) -> Receipt | None:
        found = super().find(order_id)
        declined = found and found.outcome == "declined"
        return _pending(found) if declined else found


class _BooksOnTheFirst(Provider):
    """takes the money of all orders from the first one"""

    def take(self, payment: Payment) -> None:
        super().take(payment)
        self.books = [(self.books[0][0], yen) for _, yen in self.books]


BREAKERS = (
    _TakesNothing,
    _TakesAHundredfold,
    _Forgets,
    _FindsWhatIsNot,
    _TakesFromADeclinedCard,
    _CapturesWhatItDeclines,
    TakesTwice,
    _TakesEqualForTheSame,
    _DeclinesWhatItCaptures,
    _NeverDecides,
    _NeverDeclines,
    _BooksOnTheFirst,
)
