"""What the failover of exercise 3 works with: two providers, and notes that last."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from workbook.checks.process import Program
from workbook.checks.world import fresh_cloud
from workbook.cloud import create_table
from workbook.learn import call_or_error
from workbook.providers import Aurora, Tanchou, in_process
from workbook.shop.payments import AuroraPay, NotCharged, Payment, TanchouPay, Unknown

__all__ = ["ORDER", "Notes", "Street", "in_words", "street_of_its_own"]

ORDER = Payment("order-7", 3200, "0001")


class Notes:
    """With which provider an order's payment is, in a DynamoDB table."""

    def __init__(self) -> None:
        self._table = boto3.resource("dynamodb").Table("notes")

    def read(self, order_id: str) -> str | None:
        """The name that was written last for this order; None if there is none."""
        item = self._table.get_item(Key={"id": order_id}, ConsistentRead=True)
        return item.get("Item", {}).get("provider")

    def write(self, order_id: str, provider: str) -> None:
        """Note that the payment is with this provider from now on."""
        self._table.put_item(Item={"id": order_id, "provider": provider})


class Street:
    """Both providers, an account at each, and the tools of the exercise."""

    def __init__(self, **aurora: Any) -> None:
        self.apps = [Aurora(sleep=lambda _: None), Tanchou(sleep=lambda _: None)]
        self.accounts = [in_process(app).open_account() for app in self.apps]
        self.accounts[0].configure(**aurora)
        self.first = AuroraPay(self.accounts[0].client())
        self.second = TanchouPay(self.accounts[1].client())
        self.notes = Notes()

    @property
    def tools(self) -> tuple:
        """What an answer is called with, after the payment."""
        return self.first, self.second, self.notes

    def charges(self) -> list[str]:
        """The provider of each charge that took money."""
        named = zip(("first", "second"), self.accounts, strict=True)
        return [name for name, books in named for one in books.books() if one.taken]

    def pay(self, answer: Callable, payment: Payment = ORDER) -> Any:
        """One delivery, to a new process; the two errors are part of the task."""
        pay = Program(answer).start()
        return call_or_error((NotCharged, Unknown), pay, payment, *self.tools)


@contextmanager
def street_of_its_own(**aurora: Any) -> Iterator[Street]:
    """A street in a cloud of its own, with an empty table of notes."""
    with fresh_cloud():
        create_table("notes", "id")
        yield Street(**aurora)


def in_words(names: list[str]) -> str:
    """Providers in a sentence."""
    return " and ".join(f"the {name}" for name in names) or "nobody"
