"""Exercise 3: a contract test, tried on providers that keep it and on some that do not.

The providers are the workbook's two, behind the shop's adapters, one that keeps the
contract in a way of its own, and eight that break a sentence each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from workbook.learn import Verdict, failed, passed, try_call
from workbook.learn.running import Outcome, Stopped, verdict_on_error
from workbook.providers import Aurora, Tanchou, in_process
from workbook.shop.payments import AuroraPay, Payment, Receipt, TanchouPay

__all__ = ["DECLINED_CARD", "Payment", "check"]

DECLINED_CARD = "0002"


@dataclass
class _Provider:
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
class _Slow(_Provider):
    """Keeps it in a way of its own: decides late, and takes a repeat for an order."""

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
        return found if self.looks[order_id] > 2 else _pending(found)


def _pending(found: Receipt) -> Receipt:
    return Receipt("pending", found.provider, found.reference)


class _TakesAHundredfold(_Provider):
    """takes a hundred times the amount"""

    def take(self, payment: Payment) -> None:
        more = Payment(payment.order_id, 100 * payment.amount_yen, payment.card)
        super().take(more)


class _TakesTwice(_Provider):
    """is repeatable by its own word, and charges a repeated order twice"""

    def charge(self, payment: Payment) -> Receipt:
        self.asked += 1
        self.take(payment)
        return self.receipt(payment.order_id)


class _TakesFromADeclinedCard(_Provider):
    """says declined, and takes the money"""

    def take(self, payment: Payment) -> None:
        super().take(payment)
        if payment.card == DECLINED_CARD:
            self.books.append((payment.order_id, payment.amount_yen))


class _Forgets(_Provider):
    """takes the money, and does not find the payment again"""

    def find(self, order_id: str) -> Receipt | None:
        self.asked += 1
        return None


class _FindsWhatIsNot(_Provider):
    """finds a payment that nobody made"""

    def find(self, order_id: str) -> Receipt | None:
        return super().find(order_id) or Receipt("captured", self.name, "paper-0")


class _TakesEqualForTheSame(_Provider):
    """takes a second order of the same amount for the first one, and charges nothing"""

    def take(self, payment: Payment) -> None:
        equal = any(yen == payment.amount_yen for _, yen in self.books)
        super().take(payment)
        if equal and payment.card != DECLINED_CARD:
            self.books.pop()


class _TakesNothing(_Provider):
    """says captured, and takes nothing"""

    def take(self, payment: Payment) -> None:
        super().take(payment)
        self.books.clear()


class _CapturesWhatItDeclines(_Provider):
    """finds a declined payment as captured"""

    def find(self, order_id: str) -> Receipt | None:
        found = super().find(order_id)
        return found and Receipt("captured", found.provider, found.reference)


_BREAKERS = (
    _TakesNothing,
    _TakesAHundredfold,
    _Forgets,
    _FindsWhatIsNot,
    _TakesFromADeclinedCard,
    _CapturesWhatItDeclines,
    _TakesTwice,
    _TakesEqualForTheSame,
)


def check(keeps: Callable) -> Verdict:
    """Whether the test accepts who keeps the contract, and rejects who does not."""
    return (
        _accepts(keeps)
        or _rejects(keeps)
        or passed(
            "tried: both providers, one that decides late, and eight that each break "
            "a sentence of the contract"
        )
    )


def _accepts(keeps: Callable) -> Verdict | None:
    for name, opened, who in (
        ("aurora-pay", _aurora, "It keeps the contract."),
        ("tanchou-pay", _tanchou, "It is not `repeatable`: charge an order once."),
        ("a provider that decides late", _slow, "While it is pending, find it again."),
    ):
        with opened() as (provider, account, requests):
            outcome = try_call(keeps, provider, account)
            asked = requests()
        if isinstance(outcome.error, AssertionError):
            said = str(outcome.error) or "an assertion"
            return failed(f"It rejects {name}: {said}", look=who)
        _came_back(keeps, outcome)
        if not asked:
            return failed(
                f"It accepts {name}, and has not asked it anything.",
                look="Charge something, and look what became of it.",
            )
    return None


def _rejects(keeps: Callable) -> Verdict | None:
    for kind in _BREAKERS:
        provider = kind()
        outcome = try_call(keeps, provider, provider)
        if not isinstance(outcome.error, AssertionError):
            if outcome.error is not None or outcome.hung:
                _came_back(keeps, outcome)
            return failed(
                f"It accepts a provider that {kind.__doc__}.",
                look="Which of the sentences says that it must not?",
            )
    return None


def _came_back(keeps: Callable, outcome: Outcome) -> None:
    """End the check with the learner's own mistake, if there was one."""
    if outcome.hung:
        raise Stopped(failed("The test does not come back.", look="Ask up to 5 times."))
    if outcome.error is not None:
        raise Stopped(
            verdict_on_error(outcome.error)
            or failed(f"It raises {type(outcome.error).__name__}: {outcome.error}")
        )


@contextmanager
def _aurora() -> Iterator[tuple[Any, Any, Callable[[], int]]]:
    with _opened(Aurora(), AuroraPay) as found:
        yield found


@contextmanager
def _tanchou() -> Iterator[tuple[Any, Any, Callable[[], int]]]:
    with _opened(Tanchou(), TanchouPay) as found:
        yield found


@contextmanager
def _opened(server: Any, adapter: Callable) -> Iterator[tuple[Any, Any, Callable]]:
    """The shop's adapter, with an account made by the admin API and dropped again."""
    account = in_process(server).open_account()
    try:
        with account.client() as http:
            yield adapter(http), account, account.requests
    finally:
        account.drop()


@contextmanager
def _slow() -> Iterator[tuple[Any, Any, Callable[[], int]]]:
    provider = _Slow()
    yield provider, provider, lambda: provider.asked
