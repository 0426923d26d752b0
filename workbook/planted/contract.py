"""The contract between the shop and a payment provider, tried on the provider itself.

The provider is real as far as the shop can tell: it serves HTTP, knows nothing of the
shop, and its books say what it really took. Each run opens an account of its own by the
provider's admin API, and drops it, whatever happens.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workbook.planted.copies import Copy
from workbook.providers import Account, Site, aurora_pay, tanchou_pay

__all__ = ["account_at", "contract", "keeps"]

_DECLINED = "0002"


@contextmanager
def account_at(site: Site) -> Iterator[Account]:
    """An account of one's own, for a `with` block."""
    account = site.open_account()
    try:
        yield account
    finally:
        account.drop()


def keeps(provider: Any, payment: Any, account: Account) -> None:
    """Whether `provider`, the shop's word for it, does what the shop relies on.

    `payment(order_id, amount_yen, card)` makes the shop's payment. Raises
    AssertionError at the first thing that is wrong.
    """
    assert provider.find("o-1") is None, "it knows a payment that nobody made"
    provider.charge(payment("o-1", 3200, "0001"))
    taken = account.taken_yen()
    assert taken == {"o-1": 3200}, f"3200 yen for o-1 became {taken}"
    found = provider.find("o-1")
    assert found and found.outcome == "captured", f"o-1 was paid: {found}"
    provider.charge(payment("o-2", 3200, _DECLINED))
    found = provider.find("o-2")
    assert found and found.outcome == "declined", f"o-2 was declined: {found}"
    assert "o-2" not in account.taken_yen(), "a declined card is charged"
    if provider.repeatable:
        provider.charge(payment("o-1", 3200, "0001"))
        assert account.taken_yen() == {"o-1": 3200}, "the same order is charged twice"


def contract(copy: Copy) -> None:
    """Both providers of a copy of the shop, each on an account of its own."""
    payments = copy.module("payments")
    kinds = ((payments.AuroraPay, aurora_pay), (payments.TanchouPay, tanchou_pay))
    for kind, opened in kinds:
        with opened() as site, account_at(site) as account, account.client() as http:
            keeps(kind(http), payments.Payment, account)
