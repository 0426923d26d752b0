"""The storm at its full size: 10,000 buyers and 1,200 seats, naive and ours.

The plain peer is simpy with the same queue and the same number of calls, each of which
only takes time: no handler, no table, no bank. It says what the event loop itself costs
beside the real calls to the mock.
"""

from time import perf_counter, process_time
from typing import Any

import simpy

from workbook.storm import FULL, NAIVE, OURS, Result, audit, run

__all__ = ["main"]

TARGET_S = 120.0
CALLS_EACH = 3  # of an order in the peer


def timed(design: Any) -> tuple[Result, float, float]:
    """A full storm, with its wall-clock and CPU seconds."""
    began, busy = perf_counter(), process_time()
    result = run(design, FULL)
    return result, perf_counter() - began, process_time() - busy


def in_simpy() -> float:
    """CPU seconds for as many orders through one queue, with calls that do nothing."""
    env = simpy.Environment()
    workers = simpy.Resource(env, capacity=20)

    def order(clicked_s: float) -> Any:
        yield env.timeout(clicked_s)
        with workers.request() as turn:
            yield turn
            for _ in range(CALLS_EACH):
                yield env.timeout(0.008)

    for buyer in FULL.crowd():
        env.process(order(buyer.clicked_s))
    began = process_time()
    env.run()
    return process_time() - began


def main() -> None:
    """Print the section of Markdown."""
    print("## The storm\n\n10,000 buyers, 1,200 seats, all the faults; one run each.\n")
    for design in (OURS, NAIVE):
        result, took_s, busy_s = timed(design)
        met = "met" if took_s < TARGET_S else "missed"
        print(
            f"- {design.name}: {took_s:.0f} s ({busy_s:.0f} s of CPU) for "
            f"{result.calls:,} calls, {result.calls / took_s:,.0f} a second; "
            f"{audit(result).broken} of 8 invariants broken; the target is under "
            f"{TARGET_S:.0f} s ({met})."
        )
    peer_s = in_simpy()
    rate = len(FULL.crowd()) * CALLS_EACH / peer_s
    print(f"- simpy, calls that do nothing: {rate:,.0f} calls a CPU second.")


if __name__ == "__main__":
    main()
