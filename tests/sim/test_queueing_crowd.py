"""Many servers, in blocks and in rounds: the same as one request at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.sim import queueing
from workbook.sim.queueing import fifo, loss
from workbook.sim.queueing.crowd import waits_in_blocks

# Whole numbers make requests that come, and servers that come free, at the same time.
TIMES = st.one_of(st.floats(0, 9), st.integers(0, 3))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(TIMES, TIMES), max_size=60), st.integers(1, 9))
def test_blocks_are_the_way_one_by_one(requests, servers):
    gaps_s, service_s = np.array(requests, float).reshape(-1, 2).T
    arrival_s = np.cumsum(gaps_s / servers) - 5
    waits = waits_in_blocks(arrival_s, service_s, servers)
    one_by_one = fifo._kiefer_wolfowitz(arrival_s, service_s, servers)
    assert (waits == one_by_one).all()


@settings(deadline=None, max_examples=150)
@given(st.lists(TIMES, min_size=1, max_size=60), TIMES, st.integers(1, 9))
def test_rounds_are_the_way_one_by_one(gaps_s, served_s, servers):
    arrival_s = np.cumsum(np.array(gaps_s, float) / servers) - 5
    taken = loss._in_rounds(arrival_s, served_s, servers)
    service_s = np.full(len(arrival_s), served_s)
    assert (taken == loss._one_by_one(arrival_s, service_s, servers)).all()


@pytest.mark.parametrize("load", [0.5, 0.98, 2.0])
@pytest.mark.parametrize("scv", [0.25, 1.0, 2.0, 9.0])
@pytest.mark.parametrize("servers", [256, 700])
def test_a_crowd_of_servers_is_the_loop_too(servers, scv, load):
    rng = np.random.default_rng(7)
    arrival_s = np.cumsum(rng.exponential(1 / (load * servers), 9_001))
    service_s = queueing.service_times(9_001, service_s=1.0, service_scv=scv, rng=rng)
    waits = queueing.fifo_waits(arrival_s, service_s, servers=servers)
    one_by_one = fifo._kiefer_wolfowitz(arrival_s, service_s, servers)
    assert (waits == one_by_one).all()


@pytest.mark.parametrize(
    ("servers", "scv", "looped"), [(300, 1.0, False), (300, 9.0, True), (20, 1.0, True)]
)
def test_the_loop_is_left_to_small_or_uneven_queues(monkeypatch, servers, scv, looped):
    calls = []
    monkeypatch.setattr(fifo, "_kiefer_wolfowitz", lambda *given: calls.append(given))
    rng = np.random.default_rng(7)
    service_s = queueing.service_times(2_000, service_s=1.0, service_scv=scv, rng=rng)
    queueing.fifo_waits(np.arange(2_000.0), service_s, servers=servers)
    assert bool(calls) == looped


@pytest.mark.parametrize(
    ("servers", "scv", "looped"), [(300, 0.0, False), (300, 1.0, True), (20, 0.0, True)]
)
def test_few_or_uneven_losses_are_left_to_the_loop(monkeypatch, servers, scv, looped):
    calls = []
    monkeypatch.setattr(loss, "_one_by_one", lambda *given: calls.append(given))
    rng = np.random.default_rng(7)
    service_s = queueing.service_times(2_000, service_s=1.0, service_scv=scv, rng=rng)
    queueing.accepted(np.arange(2_000.0), service_s, servers=servers)
    assert bool(calls) == looped


def test_nobody_before_a_crowd_waits_for_nothing():
    assert len(queueing.fifo_waits(np.empty(0), np.empty(0), servers=300)) == 0
