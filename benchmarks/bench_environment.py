"""The environment: from nothing to a deployed shop, a second stack, and an order.

Wall-clock time, for most of it is spent in other processes. The peer of an order is the
same order on the mock, where every function is a call in this process.
"""

import json
import os
from statistics import median
from time import perf_counter

import boto3

from workbook.cloud import local_cloud
from workbook.cloud.environment import Environment, environment
from workbook.cloud.template import deploy
from workbook.shop import TEMPLATE, stock

COLD_TARGET_S, SECOND_TARGET_S = 8.0, 2.0
RUNS, ORDERS = 3, 10
LAST = "BuyerNotified"


def cold_s() -> float:
    """From no emulator to a deployed shop."""
    began = perf_counter()
    with environment(progress=False):
        return perf_counter() - began


def second_s() -> tuple[float, float]:
    """A second stack in the same emulator: until it is there, and until it is gone."""
    began = perf_counter()
    env = environment(progress=False)
    there = perf_counter()
    env.close()
    return there - began, perf_counter() - there


def order_s(env: Environment, order_id: str) -> float:
    """An order from the request to the last notice."""
    events = env.resource("dynamodb").Table(env.ids["Events"])
    began = perf_counter()
    body = {"order_id": order_id, "buyer": "Aya", "card": "4242"}
    env.http().post("/orders", json=body)

    def done() -> bool:
        found = events.scan()["Items"]
        return any(e["kind"] == LAST and e["order_id"] == order_id for e in found)

    env.wait_for(done, timeout_s=120, what="the last notice")
    return perf_counter() - began


def on_the_mock_s() -> float:
    """The same order on the mock, median of some."""
    times = []
    with local_cloud():
        stack = deploy(TEMPLATE)
        stock.open_sale(
            boto3.resource("dynamodb").Table(stack.name_of("Stock")), seats=100
        )
        for number in range(ORDERS):
            began = perf_counter()
            body = {"order_id": f"o-{number}", "buyer": "Aya", "card": "4242"}
            stack["PlaceOrder"].invoke({"body": json.dumps(body)})
            stack.settle()
            times.append(perf_counter() - began)
    return median(times)


def met(reached: bool) -> str:
    return "met" if reached else "missed"


def main() -> None:
    """Print the section of Markdown."""
    cold = median(cold_s() for _ in range(RUNS))
    with environment(progress=False) as env:
        stock.open_sale(env.resource("dynamodb").Table(env.ids["Stock"]), seats=100)
        there, gone = map(median, zip(*(second_s() for _ in range(RUNS)), strict=True))
        first = order_s(env, "first")
        warm = median(order_s(env, f"o-{number}") for number in range(ORDERS))
    mocked = on_the_mock_s()
    load = os.getloadavg()[0]
    lines = [
        "## The environment",
        "",
        f"Wall-clock time; medians of {RUNS}, of an order {ORDERS}.",
        "",
        f"- From nothing to a deployed shop: {cold:.1f} s; the target is under "
        f"{COLD_TARGET_S:.0f} s ({met(cold < COLD_TARGET_S)}).",
        f"- A second stack in the same emulator: {there:.2f} s, and {gone:.2f} s until "
        f"it is gone; the target is under {SECOND_TARGET_S:.0f} s "
        f"({met(there < SECOND_TARGET_S)}).",
        f"- The first order, every function a cold start: {first:.1f} s.",
        f"- An order when all are warm: {1000 * warm:.0f} ms; on the mock "
        f"{1000 * mocked:.0f} ms.",
        f"- Load average at the end: {load:.1f}.",
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
