"""The lab's shop: orders in a queue, a seat service that sells or refuses them."""

import json
from collections import Counter

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

__all__ = [
    "RECEIVES",
    "SeatError",
    "bodies",
    "open_queues",
    "sell_one",
    "sold",
    "trouble",
]

RECEIVES = 3  # after so many receives a message goes to the dead-letter queue


class SeatError(Exception):
    """The seat service did not sell the order's seat."""


sold: Counter[str] = Counter()  # how often each order was sold, by its id
trouble: dict[str, int] = {}  # how many times more an order's sale fails


def sell_one(order_id: str) -> None:
    """Sell the order's seat. Raises `SeatError` if the seat service refuses.

    Some orders it refuses once, and sells the next time; some it always refuses.
    """
    if trouble.get(order_id, 0) > 0:
        trouble[order_id] -= 1
        raise SeatError(f"no seat for {order_id}")
    sold[order_id] += 1


def open_queues(*order_ids: str, dead: tuple[str, ...] = ()) -> tuple:
    """Two queues in an empty cloud, `orders` and its dead-letter queue, with orders.

    Returns both as boto3 Queue resources. What `sell_one` remembers is forgotten.
    """
    sqs = boto3.resource("sqs")
    sold.clear()
    trouble.clear()
    poison = sqs.create_queue(QueueName="orders-dead")
    policy = {"deadLetterTargetArn": poison.attributes["QueueArn"]}
    attributes = {
        "VisibilityTimeout": "30",
        "RedrivePolicy": json.dumps({**policy, "maxReceiveCount": RECEIVES}),
    }
    queue = sqs.create_queue(QueueName="orders", Attributes=attributes)
    for target, ids in ((queue, order_ids), (poison, dead)):
        for order_id in ids:
            target.send_message(MessageBody=order_id)
    return queue, poison


def bodies(name: str) -> list[str]:
    """The orders in the queue of that name, hidden ones too, sorted."""
    region = boto3.session.Session().region_name
    queue = sqs_backends[DEFAULT_ACCOUNT_ID][region].queues[name]
    return sorted(message.body for message in queue._messages)
