"""The failure explorer: schedules a second, what pruning saves, what memory it takes.

The plain peer makes every call of every schedule afresh: no photographs of the mock, so
no answers from memory, and setup() is really run each time. Both run in turns, in one
process, so that a busy machine slows them alike.
"""

import os
import pickle
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from statistics import median
from typing import Any

import boto3

from workbook.cloud import create_table, local_cloud
from workbook.cloud.snapshot import Snapshot, SnapshotImpossible
from workbook.explore import Exploration, explore, world

__all__ = ["main"]

EVENT = {"order_id": "order-7"}
TARGET_PER_S = 150
TARGET_S = 5.0
RUNS = 3
FEW, MANY = 1_000, 5_000

Handler = Callable[[Any, Any], Any]


@cache
def table(name: str) -> Any:
    """A table of the mock; the handlers share it, as they would in a warm function."""
    return boto3.resource("dynamodb").Table(name)


def setup() -> None:
    create_table("charges", "id")
    create_table("records", "id")


def one_charge() -> bool:
    """The order is charged once."""
    return table("charges").scan(Select="COUNT")["Count"] == 1


def naive(event: dict, context: Any) -> str:
    """Read, check, write: chapter 09's first version, three calls."""
    if "Item" in table("records").get_item(Key={"id": event["order_id"]}):
        return "again"
    table("charges").put_item(Item={"id": str(uuid.uuid4())})
    table("records").put_item(Item={"id": event["order_id"]})
    return "charged"


def four_calls(event: dict, context: Any) -> None:
    """Look, claim, charge, complete: four calls whatever the look has found."""
    key = {"id": event["order_id"]}
    table("records").get_item(Key=key)
    table("records").put_item(Item={**key, "state": "in progress"})
    table("charges").put_item(Item=key)
    table("records").put_item(Item={**key, "state": "done"})


@contextmanager
def without_memory() -> Iterator[None]:
    """Let the mock be impossible to photograph, so that every call is really made."""

    taking = world.take
    photographs = iter([taking])  # one, of the world to come back to

    def once(outside: Sequence[Any]) -> Snapshot:
        for take in photographs:
            return take(outside)
        raise SnapshotImpossible("a benchmark's plain peer")

    world.take = once
    try:
        yield
    finally:
        world.take = taking


def explored(handler: Handler, **options: Any) -> Exploration:
    options = {"budget": 100_000, **options}
    return explore(
        handler, EVENT, setup=setup, invariant=one_charge, progress=False, **options
    )


def timed(handler: Handler, **options: Any) -> tuple[float, float, Exploration]:
    """Seconds of one exploration by the clock and of the CPU, and what it found."""
    began, began_cpu = time.perf_counter(), time.process_time()
    result = explored(handler, **options)
    return time.perf_counter() - began, time.process_time() - began_cpu, result


def in_turns(handler: Handler, **options: Any) -> tuple[float, float, float, int]:
    """Median seconds of the explorer, of its CPU time and of the plain peer, and the
    schedules of each run."""
    ours, cpu, plain, counts = [], [], [], set()
    for _ in range(RUNS):
        seconds, cpu_s, result = timed(handler, **options)
        ours.append(seconds)
        cpu.append(cpu_s)
        with without_memory():
            seconds, _cpu_s, same = timed(handler, **options)
        plain.append(seconds)
        counts |= {result.schedules, same.schedules}
    (schedules,) = counts  # a peer that ran other schedules would be no peer
    return median(ours), median(cpu), median(plain), schedules


# --- the table of times
# -----------------------------------------------------------------


def speed_row(name: str, handler: Handler, prune: bool) -> tuple[str, float, float]:
    """A line of the table, schedules a second, and seconds for all of them."""
    ours_s, cpu_s, plain_s, schedules = in_turns(handler, prune=prune)
    per_s = schedules / ours_s
    cells = [
        name,
        "yes" if prune else "no",
        f"{schedules:,}",
        f"{ours_s:.2f} s",
        f"{per_s:,.0f}/s",
        f"{schedules / cpu_s:,.0f}/s",
        f"{schedules / plain_s:,.0f}/s",
        f"{plain_s / ours_s:.1f} ×",
    ]
    return "| " + " | ".join(cells) + " |", per_s, ours_s


def speed() -> list[str]:
    setup_once = explored(naive, faults=(), deliveries=1)  # clients start up here
    assert setup_once.holds, repr(setup_once)
    every, per_s, _ = speed_row("naive, 3 calls", naive, prune=False)
    pruned, _, _ = speed_row("naive, 3 calls", naive, prune=True)
    four, _, seconds = speed_row("4 calls", four_calls, prune=True)
    return [
        "| handler | pruned | schedules | time | a second | a CPU second "
        "| plain peer | faster |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
        every,
        pruned,
        four,
        "",
        f"- Naive handler: {per_s:,.0f} schedules a second; the target is "
        f"{TARGET_PER_S} or more ({_met(per_s >= TARGET_PER_S)}).",
        f"- Four calls, all of two deliveries and one fault: {seconds:.2f} s; the "
        f"target is under {TARGET_S:g} s ({_met(seconds < TARGET_S)}).",
    ]


def _met(reached: bool) -> str:
    return "met" if reached else "missed"


# --- what pruning saves
# -----------------------------------------------------------------


def saving(name: str, handler: Handler) -> str:
    """The share of schedules that pruning leaves out."""
    few = explored(handler, prune=True)
    everything = explored(handler, prune=False)
    assert few.exhaustive and everything.exhaustive
    share = 1 - few.schedules / everything.schedules
    return (
        f"- Pruning, {name}: {few.schedules:,} of {everything.schedules:,} schedules "
        f"run, {share:.0%} saved; both say “{few.verdict}”."
    )


# --- memory
# -----------------------------------------------------------------------------


def memory_of(schedules: int) -> tuple[float, float]:
    """Peak memory of a fresh process that runs so many schedules, and what of it are
    the summaries, both in MB."""
    ran = subprocess.run(
        [sys.executable, __file__, str(schedules)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    peak_mb, summaries_mb = ran.stdout.split()
    return float(peak_mb), float(summaries_mb)


def measure_memory(schedules: int) -> None:
    """Run so many schedules in this process and print what `memory_of` reads."""
    import resource
    import tracemalloc

    with local_cloud():
        result = explored(four_calls, prune=False, crashes=2, budget=schedules)
        assert result.schedules == schedules, repr(result)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        tracemalloc.start()
        copies = [pickle.loads(pickle.dumps(one)) for one in result.summaries]
        copied = tracemalloc.get_traced_memory()[0]
    assert len(copies) == schedules
    unit = 1 if sys.platform == "darwin" else 1_024  # macOS counts bytes
    print(peak * unit / 1e6, copied / 1e6)


def memory() -> list[str]:
    if sys.platform == "win32":
        return ["- Memory: not measured on Windows."]
    (few_mb, few_own), (many_mb, many_own) = memory_of(FEW), memory_of(MANY)
    return [
        f"- Peak memory of the process: {few_mb:.0f} MB after {FEW:,} schedules, "
        f"{many_mb:.0f} MB after {MANY:,}: {many_mb - few_mb:+.1f} MB. The lines of "
        f"the table take {many_own - few_own:.1f} MB of it."
    ]


def load() -> str:
    """How busy the machine was, for whoever compares numbers."""
    if not hasattr(os, "getloadavg"):
        return "- The machine's load is not known."
    average = os.getloadavg()[0]
    busy = "; other work slowed this" if average > 1.5 else ""
    return f"- Load average at the end: {average:.1f}, one of it ours{busy}."


def main() -> None:
    """Print the section of Markdown."""
    print("## The failure explorer\n")
    print(f"Two deliveries, at most one fault; medians of {RUNS} runs in turns.\n")
    with local_cloud():
        lines = [
            *speed(),
            saving("naive, 3 calls", naive),
            saving("4 calls", four_calls),
        ]
    print("\n".join([*lines, *memory(), load()]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure_memory(int(sys.argv[1]))
    else:
        main()
