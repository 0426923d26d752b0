"""A design of the sale: which function reads which queue, and how it may fail.

    Design("mine", {"orders": Stage(reserve), "payments": Stage(pay, concurrency=20)})

A handler takes one message, a dict, and the `Shop`. If it returns, the message is done;
if it raises or dies, the queue brings the message back. (On AWS each invocation gets a
batch and reports the messages that failed, as chapter 04 does it; the loop over the
batch is written once, in `workbook.storm.machine`.)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.cloud import create_table
from workbook.facts import fact
from workbook.shop import selling
from workbook.shop.selling import BoxOffice
from workbook.storm.bank import Bank

__all__ = [
    "BUYERS",
    "DECLINED",
    "ENDS",
    "PRICE_YEN",
    "SOLD_OUT",
    "TICKET",
    "Design",
    "Handler",
    "Shop",
    "Stage",
    "open_tables",
]

BUYERS = "buyers"  # the queue to the push service: what buyers are told
TICKET, SOLD_OUT, DECLINED = "ticket", selling.SOLD_OUT, "declined"
ENDS = (TICKET, SOLD_OUT, DECLINED)
PRICE_YEN = 4_800
FIRST = "orders"


@dataclass(frozen=True)
class Shop:
    """All that a handler may use.

    `seats` (key `tour`) holds one item, `orders` (key `order_id`) is empty at first:
    boto3 Tables, both together as `office` for `workbook.shop.selling`. `memory` is a
    dict that lives as long as the execution environment. `send(queue, message)` sends a
    dict to a queue.
    """

    seats: Any
    orders: Any
    bank: Bank
    send: Callable[[str, dict], None]
    memory: dict = field(default_factory=dict)

    @property
    def office(self) -> BoxOffice:
        """Both tables, as chapter 11's functions take them."""
        return BoxOffice(self.seats, self.orders)

    def tell(self, order_id: str, news: str) -> None:
        """Tell the buyer how the order ended: "ticket", "sold out" or "declined"."""
        self.send(BUYERS, {"order_id": order_id, "news": news})


Handler = Callable[[dict, Shop], Any]


@dataclass(frozen=True)
class Stage:
    """A function that reads a queue, and the settings of both.

    `concurrency` is the event source's maximum: so many invocations at once, each with
    up to `batch_size` messages. A message that failed is visible again `visibility_s`
    seconds after it was received; when it has been received `max_receives` times, it
    goes to the dead-letter queue. `timeout_s` is the function's.
    """

    handler: Handler
    batch_size: int = 1
    visibility_s: float = 30.0
    max_receives: int = 5
    concurrency: int = 20
    timeout_s: float = 10.0

    def __post_init__(self) -> None:
        if not callable(self.handler):
            raise TypeError(f"a stage needs a function, not {self.handler!r}")
        bounds = {
            "batch_size": (1, fact("sqs.receive.messages.max").value),
            "max_receives": (1, 1_000),
            "concurrency": (
                fact("lambda.sqs.concurrency.min").value,
                fact("lambda.sqs.concurrency.max").value,
            ),
            "timeout_s": (1, fact("lambda.timeout.max").value),
            "visibility_s": (self.timeout_s, fact("sqs.visibility.max").value),
        }
        for name, (low, high) in bounds.items():
            if not low <= getattr(self, name) <= high:
                why = " (the function's timeout)" if name == "visibility_s" else ""
                raise ValueError(
                    f"{name}={getattr(self, name)!r} must lie from {low:g}{why} to "
                    f"{high:g}"
                )


@dataclass(frozen=True)
class Design:
    """Stages by the queue that each reads; buyers' orders come into "orders".

    `redrive_after_s` seconds after the opening somebody moves all dead letters back
    into their queues, once; None for never.
    """

    name: str
    stages: Mapping[str, Stage]
    redrive_after_s: float | None = None

    def __post_init__(self) -> None:
        if FIRST not in self.stages:
            raise ValueError(f'a design needs a stage that reads "{FIRST}"')
        if BUYERS in self.stages:
            raise ValueError(f'"{BUYERS}" goes to the buyers: no stage reads it')


def open_tables(seats: int) -> BoxOffice:
    """The tables `seats` and `orders`, made anew, with so many seats on sale."""
    office = BoxOffice(
        create_table("seats", "tour"), create_table("orders", "order_id")
    )
    selling.open_sale(office, seats=seats)
    return office
