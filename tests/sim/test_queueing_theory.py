"""Formulas of queueing theory against published numbers, and against each other."""

import math

import pytest

from workbook.sim import queueing


@pytest.mark.parametrize(
    ("servers", "load", "lost"),
    [
        (10, 8, 0.12166106),
        (5, 3, 0.11005435),
        (20, 15, 0.04559322),
        (100, 90, 0.02695738),
        (1000, 950, 0.00364929),
        (0, 3, 1.0),
        (3, 0, 0.0),
    ],
)
def test_erlang_b(servers, load, lost):
    found = queueing.erlang_b(servers=servers, offered_load=load)
    assert found == pytest.approx(lost, abs=1e-8)


@pytest.mark.parametrize(
    ("rate", "servers", "waiting", "wait_s", "p99_s"),
    [
        (8, 10, 0.409180, 0.204590, 4.94611),
        (1.8, 2, 0.852632, 4.263158, 23.3444),
        (90, 100, 0.216940, 0.021694, 4.62899),
        (0.8, 1, 0.8, 4.0, 23.026),
    ],
)
def test_erlang_c_and_what_follows(rate, servers, waiting, wait_s, p99_s):
    queue = {"arrival_rate_per_s": rate, "service_s": 1.0, "servers": servers}
    found = queueing.erlang_c(servers=servers, offered_load=rate)
    assert found == pytest.approx(waiting, rel=4e-6)
    assert queueing.mmc_wait(**queue) == pytest.approx(wait_s, rel=3e-5)
    assert queueing.mmc_response_percentile(99, **queue) == pytest.approx(
        p99_s, rel=2e-5
    )


def test_one_server_is_the_case_of_one_among_many():
    queue = {"arrival_rate_per_s": 0.3, "service_s": 2.0}
    one = queueing.mm1_response_percentile(99, **queue)
    assert one == pytest.approx(
        queueing.mmc_response_percentile(99, servers=1, **queue)
    )
    assert queueing.mm1_wait(**queue) == pytest.approx(0.6 / 0.4 * 2)


@pytest.mark.parametrize(("scv", "wait_s"), [(0, 2), (1, 4), (4, 10)])
def test_pollaczek_khinchine(scv, wait_s):
    found = queueing.pollaczek_khinchine_wait(
        arrival_rate_per_s=0.8, service_s=1, service_scv=scv
    )
    assert found == pytest.approx(wait_s)


@pytest.mark.parametrize("load", [0.5, 8, 90, 950])
@pytest.mark.parametrize("share", [0.1, 0.01])
def test_the_fewest_servers_for_a_loss(load, share):
    fewest = queueing.servers_for_loss(offered_load=load, lost_share=share)
    assert queueing.erlang_b(servers=fewest, offered_load=load) <= share
    assert queueing.erlang_b(servers=fewest - 1, offered_load=load) > share


@pytest.mark.parametrize("load", [0.1, 0.5, 0.8, 0.99])
def test_exponential_gaps_make_it_one_server_of_old(load):
    queue = {"arrival_rate_per_s": load / 3, "service_s": 3.0}
    found = queueing.gm1_wait(**queue, arrival_scv=1)
    assert found == pytest.approx(queueing.mm1_wait(**queue), rel=1e-9)


@pytest.mark.parametrize(
    ("load", "scv"), [(0.5, 0.0), (0.8, 0.0), (0.7, 0.5), (0.8, 4.0), (0.95, 2.0)]
)
def test_the_root_in_the_queue_of_general_gaps_is_one(load, scv):
    wait_s = queueing.gm1_wait(arrival_rate_per_s=load, service_s=1, arrival_scv=scv)
    busy = wait_s / (1 + wait_s)
    s = (1 - busy) / load
    found = math.exp(-s) if scv == 0 else (1 + scv * s) ** (-1 / scv)
    assert 0 < busy < 1 and found == pytest.approx(busy, rel=1e-9)


def test_even_gaps_wait_less_and_uneven_ones_more():
    waits = [
        queueing.gm1_wait(arrival_rate_per_s=0.8, service_s=1, arrival_scv=scv)
        for scv in (0, 0.01, 0.5, 1, 2, 4)
    ]
    assert waits == sorted(waits) and waits[1] == pytest.approx(waits[0], rel=0.02)


@pytest.mark.parametrize(("peak", "backlog"), [(40, 6_000), (11, 200), (10, 0), (3, 0)])
def test_backlog_of_a_spike_by_hand(peak, backlog):
    found = queueing.fluid_backlog(
        peak_per_s=peak, spike_s=200, service_s=0.5, servers=5
    )
    assert found == backlog


def test_drain_of_a_backlog_by_hand():
    drained = queueing.fluid_drain_s(
        backlog=6_000, arrival_rate_per_s=4, service_s=0.5, servers=5
    )
    assert drained == 1_000


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: queueing.erlang_c(servers=2, offered_load=2), "not below servers=2"),
        (lambda: queueing.erlang_b(servers=-1, offered_load=2), "servers=-1"),
        (
            lambda: queueing.servers_for_loss(offered_load=2, lost_share=0),
            "lost_share=0",
        ),
        (
            lambda: queueing.servers_for_loss(offered_load=2, lost_share=1.5),
            "lost_share=1.5",
        ),
        (
            lambda: queueing.mm1_response_percentile(
                100, arrival_rate_per_s=0.5, service_s=1
            ),
            "q=100",
        ),
        (
            lambda: queueing.gm1_wait(
                arrival_rate_per_s=2, service_s=0.5, arrival_scv=0
            ),
            "not below servers=1",
        ),
        (
            lambda: queueing.fluid_drain_s(
                backlog=1, arrival_rate_per_s=10, service_s=0.5, servers=5
            ),
            "not below servers=5",
        ),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
