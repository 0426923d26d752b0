"""Queues beside SimPy and Ciw: customers a second, memory, growth.

Ours and the peers run in turns, in one process, on the same model. SimPy's is written
as its documentation's bank example is: a process a customer, a resource for the
servers; it is spared the drawing of its random numbers one by one. Ciw's is a network
of one node. Each keeps the wait of every customer. All is single-threaded and timed by
the CPU's clock, for that of the wall also counts what others do on the machine.
"""

import os
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from statistics import median

import ciw
import numpy as np
import simpy

from workbook.sim import queueing

MILLION = 1_000_000
PEER_CUSTOMERS = 50_000  # they are slow, and no faster over more: see `steady`
RUNS = 3
SPIKE_TARGET_S = 0.3
MEMORY_TARGET_MB = 20
ONE = {"arrival_rate_per_s": 0.8, "service_s": 1.0}
TEN = {"arrival_rate_per_s": 8.0, "service_s": 1.0, "servers": 10}
SPIKE = {
    "base_per_s": 500.0, "peak_per_s": 5_000.0, "spike_start_s": 60.0,
    "spike_s": 180.0, "duration_s": 400.0, "service_s": 0.5, "servers": 1_000,
    "seed": 1,
}  # fmt: skip


def simpy_waits(rate_per_s: float, servers: int, customers: int) -> list[float]:
    """M/M/c in SimPy, mean service 1 s."""
    rng = np.random.default_rng(1)
    gaps_s = rng.exponential(1 / rate_per_s, customers).tolist()
    services_s = rng.exponential(1.0, customers).tolist()
    env = simpy.Environment()
    desk = simpy.Resource(env, servers)
    waits: list[float] = []

    def customer(served_s: float):
        arrived_s = env.now
        with desk.request() as turn:
            yield turn
            waits.append(env.now - arrived_s)
            yield env.timeout(served_s)

    def source():
        for gap_s, served_s in zip(gaps_s, services_s, strict=True):
            yield env.timeout(gap_s)
            env.process(customer(served_s))

    env.process(source())
    env.run()
    return waits


def ciw_waits(rate_per_s: float, servers: int, customers: int) -> list[float]:
    """M/M/c in Ciw, mean service 1 s."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate_per_s)],
        service_distributions=[ciw.dists.Exponential(1.0)],
        number_of_servers=[servers],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers)
    return [record.waiting_time for record in simulation.get_all_records()]


def one_server(customers: int) -> object:
    return queueing.single_server(requests=customers, seed=1, **ONE)


def one_path(customers: int) -> object:
    return queueing.many_servers(requests=customers, seed=1, **TEN)


def many_paths(customers: int) -> object:
    runs = 4_000
    return queueing.replications(requests=customers // runs, runs=runs, seed=1, **TEN)


def seconds(run: Callable[[int], object], customers: int) -> float:
    """CPU seconds that a run of so many customers takes."""
    began = time.process_time()
    run(customers)
    return time.process_time() - began


def rates(*runs: tuple[Callable[[int], object], int]) -> list[float]:
    """The median customers a CPU second of each, all in turns."""
    found = [[size / seconds(run, size) for run, size in runs] for _ in range(RUNS)]
    return [median(column) for column in zip(*found, strict=True)]


def met(reached: bool) -> str:
    return "met" if reached else "missed"


def row(name: str, ours: float, simpy_rate: float, ciw_rate: float, goal: int) -> str:
    times = ours / simpy_rate
    return (
        f"| {name} | {ours / 1e6:.1f} M | {simpy_rate / 1e3:.0f} k | "
        f"{ciw_rate / 1e3:.0f} k | {times:.0f} × | {goal} × ({met(times >= goal)}) |"
    )


def table() -> list[str]:
    one, simpy_one, ciw_one = rates(
        (one_server, MILLION),
        (lambda n: simpy_waits(0.8, 1, n), PEER_CUSTOMERS),
        (lambda n: ciw_waits(0.8, 1, n), PEER_CUSTOMERS),
    )
    path, paths, simpy_ten, ciw_ten = rates(
        (one_path, MILLION),
        (many_paths, MILLION),
        (lambda n: simpy_waits(8.0, 10, n), PEER_CUSTOMERS),
        (lambda n: ciw_waits(8.0, 10, n), PEER_CUSTOMERS),
    )
    return [
        "| model | ours | SimPy | Ciw | beside SimPy | to reach |",
        "|---|--:|--:|--:|--:|--:|",
        row("M/M/1", one, simpy_one, ciw_one, 200),
        row("M/M/10, one path", path, simpy_ten, ciw_ten, 15),
        row("M/M/10, 4,000 runs", paths, simpy_ten, ciw_ten, 80),
    ]


def steady() -> str:
    """SimPy over as many customers as ours, once: it is no faster over more."""
    path_rate = MILLION / seconds(one_path, MILLION)
    simpy_rate = MILLION / seconds(lambda n: simpy_waits(8.0, 10, n), MILLION)
    return (
        f"- SimPy's M/M/10 over {MILLION:,} customers, once: {simpy_rate / 1e3:.0f} k "
        f"a second, {path_rate / simpy_rate:.0f} × less than ours of one path."
    )


def beyond_the_arrays_mb(run: Callable[[int], object], *kept: str) -> float:
    """Peak memory of a million customers, beyond the arrays that are returned."""
    tracemalloc.start()
    result = run(MILLION)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - sum(getattr(result, name).nbytes for name in kept)) / 1e6


def memory() -> list[str]:
    requests, runs = ("arrival_s", "wait_s", "service_s"), ("wait_s", "service_s")
    one_mb = beyond_the_arrays_mb(one_server, *requests)
    path_mb = beyond_the_arrays_mb(one_path, *requests)
    paths_mb = beyond_the_arrays_mb(many_paths, *runs)
    return [
        f"- Peak memory beyond the arrays that are returned, a million: M/M/1 "
        f"{one_mb:.1f} MB; the bound is {MEMORY_TARGET_MB} MB "
        f"({met(one_mb < MEMORY_TARGET_MB)}). M/M/10, one path {path_mb:.0f} MB, "
        f"4,000 runs {paths_mb:.1f} MB."
    ]


def growth_exponent(run: Callable[[int], object]) -> float:
    """The slope of log time against log size from 1e4 to 1e7: 1 is linear."""
    sizes = (10_000, 100_000, 1_000_000, 10_000_000)
    times = [median(seconds(run, size) for _ in range(RUNS)) for size in sizes]
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def growth() -> str:
    found = {
        "M/M/1": growth_exponent(one_server),
        "M/M/10, one path": growth_exponent(one_path),
        "4,000 runs": growth_exponent(many_paths),
    }
    said = ", ".join(f"{name} n^{slope:.2f}" for name, slope in found.items())
    return f"- Growth of time from 1e4 to 1e7 customers: {said}."


def spike(service_scv: float, kind: str) -> str:
    """The time of a spike, turned away and queued, both."""
    runs = [queueing.through_spike(**SPIKE, service_scv=service_scv)]
    times = [
        seconds(lambda _: queueing.through_spike(**SPIKE, service_scv=service_scv), 0)
        for _ in range(RUNS)
    ]
    spent_s = median(times)
    return (
        f"- A spike of {len(runs[0]):,} requests, {kind} service, turned away and "
        f"queued, both: {spent_s:.2f} s; the target is under {SPIKE_TARGET_S:g} s "
        f"({met(spent_s < SPIKE_TARGET_S)})."
    )


def load() -> str:
    """How busy the machine was, for whoever compares numbers."""
    if not hasattr(os, "getloadavg"):
        return "- The machine's load is not known."
    average = os.getloadavg()[0]
    busy = "; other work slowed this" if average > 1.5 else ""
    return f"- Load average at the end: {average:.1f}, one of it ours{busy}."


def main() -> None:
    """Print the section of Markdown."""
    lines = [
        "## Queues",
        "",
        f"Customers a CPU second: ours of {MILLION:,}, those of SimPy "
        f"{version('simpy')} and Ciw {version('ciw')} of {PEER_CUSTOMERS:,}; medians "
        f"of {RUNS} runs in turns.",
        "",
        *table(),
        "",
        steady(),
        *memory(),
        growth(),
        spike(0.0, "constant"),
        spike(1.0, "exponential"),
        load(),
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
