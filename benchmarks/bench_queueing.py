"""Queues beside SimPy and Ciw: customers a second, memory, growth.

Ours and the peers run in turns, in one process, on the same model. SimPy's is written
as its documentation's bank example is: a process a customer, a resource for the
servers. Ciw's is a network of one node. Each keeps the wait of every customer.
"""

import math
import time
import tracemalloc
from collections.abc import Callable
from statistics import median

import ciw
import numpy as np
import simpy

from workbook.sim import queueing

MILLION = 1_000_000
PEER_CUSTOMERS = 50_000  # the peers' rates do not depend on it, and they are slow
RUNS = 3
ONE = {"arrival_rate_per_s": 0.8, "service_s": 1.0}
TEN = {"arrival_rate_per_s": 8.0, "service_s": 1.0, "servers": 10}
SPIKE = {
    "base_per_s": 500.0, "peak_per_s": 5_000.0, "spike_start_s": 60.0,
    "spike_s": 180.0, "duration_s": 400.0, "seed": 1,
}  # fmt: skip
SPIKE_SERVICE_S, SPIKE_SERVERS = 0.5, 1_000


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


def rate(run: Callable[[int], object], customers: int) -> float:
    began = time.perf_counter()
    run(customers)
    return customers / (time.perf_counter() - began)


def rates(*runs: tuple[Callable[[int], object], int]) -> list[float]:
    """The median rate of each, all in turns."""
    found = [[rate(*run) for run in runs] for _ in range(RUNS)]
    return [median(column) for column in zip(*found, strict=True)]


def row(name: str, ours: float, simpy_rate: float, ciw_rate: float, goal: int) -> str:
    times = ours / simpy_rate
    said = "met" if times >= goal else "missed"
    return (
        f"| {name} | {ours / 1e6:.1f} M | {simpy_rate / 1e3:.0f} k | "
        f"{ciw_rate / 1e3:.0f} k | {times:.0f} × | {goal} × ({said}) |"
    )


def beyond_the_arrays_mb() -> float:
    """Peak memory of a million customers, beyond the arrays that are returned."""
    tracemalloc.start()
    result = one_server(MILLION)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    kept = result.arrival_s.nbytes + result.wait_s.nbytes + result.service_s.nbytes
    return (peak - kept) / 1e6


def growth_exponent(run: Callable[[int], object]) -> float:
    """The slope of log time against log size from 1e4 to 1e7: 1 is linear."""
    sizes = (10_000, 100_000, 1_000_000, 10_000_000)
    times = [median(size / rate(run, size) for _ in range(RUNS)) for size in sizes]
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def spike_seconds(service_scv: float) -> tuple[int, float]:
    """Arrivals, those turned away, and those that wait, of a million requests."""
    began = time.perf_counter()
    arrival_s = queueing.spike(**SPIKE)
    rng = np.random.default_rng(1)
    service_s = queueing.service_times(
        len(arrival_s), service_s=SPIKE_SERVICE_S, service_scv=service_scv, rng=rng
    )
    queueing.accepted(arrival_s, service_s, servers=SPIKE_SERVERS)
    queueing.fifo_waits(arrival_s, service_s, servers=SPIKE_SERVERS)
    return len(arrival_s), time.perf_counter() - began


def main() -> None:
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
    spikes = {scv: spike_seconds(scv) for scv in (0.0, 1.0)}
    lines = [
        "## Queues",
        "",
        f"Customers a second: ours of {MILLION:,}, the peers' of {PEER_CUSTOMERS:,}; "
        f"medians of {RUNS} runs in turns.",
        "",
        "| model | ours | SimPy | Ciw | beside SimPy | to reach |",
        "|---|--:|--:|--:|--:|--:|",
        row("M/M/1", one, simpy_one, ciw_one, 200),
        row("M/M/10, one path", path, simpy_ten, ciw_ten, 15),
        row("M/M/10, 4,000 runs", paths, simpy_ten, ciw_ten, 80),
        "",
        f"- M/M/1, a million: {beyond_the_arrays_mb():.1f} MB beyond the arrays that "
        "are returned; the bound is 20 MB.",
        "- Growth from 1e4 to 1e7 customers: time ∝ "
        f"n^{growth_exponent(one_server):.2f}.",
    ]
    for scv, (requests, seconds) in spikes.items():
        kind = "constant" if math.isclose(scv, 0) else "exponential"
        lines.append(
            f"- A spike of {requests:,} requests, {kind} service: turned away and "
            f"queued, both, in {seconds:.2f} s."
        )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
