"""The ticket shop on the mock: one order end to end, and a thousand of them.

The peer is the same work without the cloud: the same decisions, kept in a dict.
"""

import json
import resource
import sys
from statistics import median
from time import process_time

import boto3

from workbook.cloud import local_cloud
from workbook.cloud.template import deploy
from workbook.shop import TEMPLATE, stock, till
from workbook.shop.core import Command, State, decide, replay

ORDERS, AT_ONCE = 1_000, 25
ONE_TARGET_MS, ALL_TARGET_S = 150, 60
STEPS = ("PlaceOrder", "ReserveSeat", "RecordPayment", "IssueTicket", "RecordNotice")


class Shop:
    """A deployed shop with seats for everybody."""

    def __init__(self) -> None:
        self.stack = deploy(TEMPLATE)
        stock.open_sale(self.table("Stock"), seats=2 * ORDERS)

    def table(self, name: str):
        return boto3.resource("dynamodb").Table(self.stack.name_of(name))

    def order(self, order_id: str) -> None:
        body = {"order_id": order_id, "buyer": "Aya", "card": "4242"}
        self.stack["PlaceOrder"].invoke({"body": json.dumps(body)})

    def settle(self) -> None:
        self.stack.settle()
        for function in self.stack.functions.values():
            function.log.clear()  # it keeps every event, and would grow with the orders


def memory_mb() -> float:
    """The most memory that the process ever had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def one_by_one(shop: Shop, orders: int) -> list[float]:
    """CPU seconds for each order, from the request to the last notice."""
    times = []
    for number in range(orders):
        began = process_time()
        shop.order(f"one-{number}")
        shop.settle()
        times.append(process_time() - began)
    return times


def all_at_once(shop: Shop) -> tuple[float, float, float]:
    """CPU seconds for all orders, and the memory after half of them and after all."""
    began, half_mb = process_time(), 0.0
    for first in range(0, ORDERS, AT_ONCE):
        for number in range(first, first + AT_ONCE):
            shop.order(f"all-{number}")
        shop.settle()
        if first + AT_ONCE == ORDERS // 2:
            half_mb = memory_mb()
    return process_time() - began, half_mb, memory_mb()


def without_the_cloud(orders: int) -> float:
    """Seconds for the same decisions, their events kept in memory."""
    began, state = process_time(), State(2 * orders)
    for number in range(orders):
        state = State(state.seats_free)
        for kind in STEPS:
            details = {"outcome": "captured", "price_yen": 3800}
            command = Command(kind, f"o-{number}", 0.0, details)
            state = replay(decide(state, command), state)
    return process_time() - began


def met(reached: bool) -> str:
    return "met" if reached else "missed"


def main() -> None:
    """Print the section of Markdown."""
    with local_cloud():
        began = process_time()
        shop = Shop()
        deployed_s = process_time() - began
        one_by_one(shop, 3)
        one_ms = 1000 * median(one_by_one(shop, 30))
        took_s, half_mb, end_mb = all_at_once(shop)
        sold = len(till.taken_yen(shop.table("Till")))
    peer_s = without_the_cloud(ORDERS)
    lines = [
        "## The ticket shop",
        "",
        "CPU time of the process.",
        "",
        f"- Deployed from its template, first clients included: {deployed_s:.1f} s.",
        f"- An order end to end, median of 30: {one_ms:.0f} ms; the target is under "
        f"{ONE_TARGET_MS} ms ({met(one_ms < ONE_TARGET_MS)}).",
        f"- {ORDERS:,} orders through all functions, {AT_ONCE} at a time: {took_s:.0f} "
        f"s; the target is under {ALL_TARGET_S} s ({met(took_s < ALL_TARGET_S)}). "
        f"{sold:,} payments taken in all.",
        f"- The same decisions without a cloud: {1000 * peer_s:.0f} ms, so the mock "
        f"takes {took_s / peer_s:,.0f} times as long.",
        f"- Memory after {ORDERS // 2:,} orders {half_mb:.0f} MB, after {ORDERS:,} "
        f"{end_mb:.0f} MB.",
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
