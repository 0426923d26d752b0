"""The shop's words for a payment, and for the two ways in which one can fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

__all__ = ["NotCharged", "Payment", "Receipt", "Unknown", "in_our_words"]


@dataclass(frozen=True)
class Payment:
    """What is to be paid: for which order, how much, with which card."""

    order_id: str
    amount_yen: int
    card: str


@dataclass(frozen=True)
class Receipt:
    """What came of a payment: "captured", "declined", or "pending"."""

    outcome: str
    provider: str
    reference: str


class NotCharged(Exception):
    """Surely nothing was charged: one may try again, or try elsewhere."""

    def __init__(self, why: str, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


class Unknown(Exception):
    """Perhaps it was charged, perhaps not: ask before you do anything else."""


@contextmanager
def in_our_words(name: str) -> Iterator[None]:
    """Turn what goes wrong on the way to a provider into `NotCharged` or `Unknown`.

    Without a connection the request was never sent. Any other silence says nothing.
    """
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotCharged(f"{name} could not be reached") from error
    except (httpx.TransportError, ConnectionError) as error:
        raise Unknown(f"{name} did not answer") from error


def refusal(name: str, response: httpx.Response) -> None:
    """Raise what an error status stands for; an answer passes.

    Both providers document that a 429 and a 503 have done nothing. A 500 can come
    before the charge or after it.
    """
    if response.status_code in (429, 503):
        after_s = float(response.headers.get("Retry-After", 0))
        raise NotCharged(f"{name} answers {response.status_code}", after_s)
    if response.status_code >= 500:
        raise Unknown(f"{name} answers {response.status_code}")
    response.raise_for_status()  # a mistake of ours: no retry will mend it
