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


def guarded(
    provider: Any,
    *,
    retry: dict | None = None,
    breaker: CircuitBreaker | None = None,
    at_once: int = 20,
) -> Any:
    """A provider's `charge` behind a retry with a budget, a breaker and a bulkhead.

    Only a provider that honours our key is asked again after a silence. `retry` holds
    options for `workbook.patterns.backend.Retry`; a breaker of one's own may be one
    that others share. The timeout is the HTTP client's.
    """
    safe = (Unknown, NotCharged) if provider.repeatable else (NotCharged,)
    return compose(
        provider.charge,
        Retry(**{"on": safe, "budget": RetryBudget(0.2), **(retry or {})}),
        breaker or CircuitBreaker(threshold=5, open_s=3, on=(Unknown, NotCharged)),
        Bulkhead(at_once),
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
        first = next(iter(self.providers))
        intent = self.intents.open(payment.order_id, first)
        if "outcome" in intent:
            return _receipt(intent)
        receipt = self._ask(payment.order_id, intent)
        if receipt is None:
            receipt = self._charge(payment, intent.get("is_with", first))
        return self._written_down(payment.order_id, receipt)

    def settle(self, order_id: str) -> Receipt | None:
        """Ask what came of a payment, as a provider's callback makes us do."""
        intent = self.intents.read(order_id)
        if "outcome" in intent:
            return _receipt(intent)
        receipt = self._ask(order_id, intent)
        return receipt and self._written_down(order_id, receipt)

    def _ask(self, order_id: str, intent: dict) -> Receipt | None:
        """What the provider says that the payment was with before; None for nothing."""
        if "is_with" not in intent:
            return None
        try:
            return self.providers[intent["is_with"]].find(order_id)
        except NotCharged as error:  # by this question, which is not the point
            raise Unknown(f"{intent['is_with']} cannot be asked") from error

    def _charge(self, payment: Payment, is_with: str) -> Receipt:
        for name, charge in self.charges.items():
            if name != is_with:
                self.intents.move(payment.order_id, name)
            try:
                return charge(payment)
            except (NotCharged, NotAsked) as error:
                refused, is_with = error, name
        self.intents.release(payment.order_id)
        raise refused

    def _written_down(self, order_id: str, receipt: Receipt) -> Receipt:
        if receipt.outcome != "pending":
            self.intents.settle(order_id, receipt)
        return receipt


def _receipt(intent: dict) -> Receipt:
    return Receipt(intent["outcome"], intent["provider"], intent["receipt"])
