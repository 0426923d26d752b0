"""`Payments`: charge an order once, with whichever provider answers."""

from collections.abc import Sequence
from typing import Any

from workbook.patterns.backend import (
    Bulkhead,
    CircuitBreaker,
    NotAsked,
    Retry,
    RetryBudget,
    compose,
)
from workbook.shop.payments.intents import Intents
from workbook.shop.payments.words import NotCharged, Payment, Receipt, Unknown

__all__ = ["Payments", "guarded"]


def guarded(provider: Any, **retry: Any) -> Any:
    """A provider's `charge` behind a retry with a budget, a breaker and a bulkhead.

    Only a provider that honours our key is asked again after a silence. `retry` goes
    to `workbook.patterns.backend.Retry`. The timeout is the HTTP client's.
    """
    safe = (NotCharged, Unknown) if provider.repeatable else (NotCharged,)
    return compose(
        provider.charge,
        Retry(**{"on": safe, "budget": RetryBudget(0.2), **retry}),
        CircuitBreaker(threshold=5, open_s=3.0, on=(NotCharged, Unknown)),
        Bulkhead(20),
    )


class Payments:
    """The shop's payments. `providers` are asked in their order.

    `charges` are the providers' `charge`, each behind the pieces of your choice; by
    default there are none. A provider that surely did nothing is passed over for the
    next one; after a silence the payment stays where it is until that provider has been
    asked what became of it.
    """

    def __init__(
        self,
        intents: Intents,
        providers: Sequence[Any],
        charges: Sequence[Any] | None = None,
    ) -> None:
        self.intents = intents
        self.providers = {provider.name: provider for provider in providers}
        calls = charges or [provider.charge for provider in providers]
        self.charges = dict(zip(self.providers, calls, strict=True))

    def charge(self, payment: Payment) -> Receipt:
        """Take the money for an order, once, however often this is called.

        Raises `Busy` while somebody else does so, `Unknown` when nobody can say whether
        it was taken, and `NotCharged` or `NotAsked` when no provider would. Call again
        later in all three cases.
        """
        order_id = payment.order_id
        intent = self.intents.open(order_id, first=next(iter(self.providers)))
        if "outcome" in intent:
            return _receipt(intent)
        receipt = self._ask(order_id, intent) or self._charge(payment, intent)
        return self._written_down(order_id, receipt)

    def settle(self, order_id: str) -> Receipt | None:
        """Ask what came of a payment, as a provider's callback makes us do."""
        intent = self.intents.read(order_id)
        if "outcome" in intent:
            return _receipt(intent)
        receipt = self._ask(order_id, intent)
        return receipt and self._written_down(order_id, receipt)

    def _ask(self, order_id: str, intent: dict) -> Receipt | None:
        for name in intent.get("tried", ()):
            receipt = self.providers[name].find(order_id)
            if receipt is not None:
                return receipt
        return None

    def _charge(self, payment: Payment, intent: dict) -> Receipt:
        tried = intent.get("tried") or [next(iter(self.providers))]
        for name, charge in self.charges.items():
            if name not in tried:
                self.intents.about_to_ask(payment.order_id, name)
            try:
                return charge(payment)
            except (NotCharged, NotAsked) as error:
                refused = error
        self.intents.release(payment.order_id)
        raise refused

    def _written_down(self, order_id: str, receipt: Receipt) -> Receipt:
        if receipt.outcome != "pending":
            self.intents.settle(order_id, receipt)
        return receipt


def _receipt(intent: dict) -> Receipt:
    return Receipt(intent["outcome"], intent["provider"], intent["reference"])
