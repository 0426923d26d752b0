"""The ticket office of lab 03: four books, a function that fills them, and its tools.

Each tool makes one call to AWS. Who passes the same name again changes nothing.
"""

import uuid
from typing import Any

import boto3

from workbook.cloud import create_table

__all__ = [
    "BOOKS",
    "ORDER",
    "TOOLS",
    "YEN",
    "charge",
    "counts",
    "give_back",
    "issue",
    "mail",
    "open_office",
    "refund",
    "reserve",
    "sell",
    "write",
]

YEN = 3800
ORDER = {"order_id": "order-7"}
BOOKS = ("seats", "charges", "tickets", "mails", "refunds")


def open_office() -> None:
    """Make the empty books in the mock."""
    for book in BOOKS:
        create_table(book, "id")


def reserve(name: str, order_id: str) -> None:
    """Hold a seat for the order; the same name again is the same seat."""
    write("seats", name, order_id)


def charge(name: str, order_id: str) -> None:
    """Take 3,800 yen; `name` is the idempotency key."""
    write("charges", name, order_id, yen=YEN)


def issue(name: str, order_id: str) -> None:
    """Write a ticket; the same name again is the same ticket."""
    write("tickets", name, order_id)


def mail(name: str, order_id: str) -> None:
    """Send a mail; the mail program drops one whose name it has seen."""
    write("mails", name, order_id)


def refund(name: str, order_id: str) -> None:
    """Give the 3,800 yen back; `name` is the idempotency key."""
    write("refunds", name, order_id, yen=YEN)


def give_back(name: str, order_id: str) -> None:
    """Put the order's seat on sale again; `name` is the name it was held under."""
    boto3.resource("dynamodb").Table("seats").delete_item(Key={"id": name})


TOOLS = (reserve, charge, issue, mail, refund, give_back)


def sell(event: dict, context: Any) -> None:
    """The whole office in one function, and every name is drawn afresh."""
    order_id = event["order_id"]
    reserve(str(uuid.uuid4()), order_id)
    charge(str(uuid.uuid4()), order_id)
    mail(str(uuid.uuid4()), order_id)
    issue(str(uuid.uuid4()), order_id)


def write(book: str, name: str, order_id: str, **more: Any) -> None:
    """Put an entry into a book."""
    item = {"id": name, "order_id": order_id, **more}
    boto3.resource("dynamodb").Table(book).put_item(Item=item)


def counts() -> dict[str, int]:
    """How many entries each book has."""
    books = boto3.resource("dynamodb")
    return {book: books.Table(book).scan(Select="COUNT")["Count"] for book in BOOKS}
