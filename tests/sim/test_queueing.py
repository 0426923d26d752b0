"""Queues against their closed forms, and what must hold for every queue."""

import math
import tracemalloc

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.sim import queueing
from workbook.sim.queueing.fifo import _kiefer_wolfowitz
from workbook.sim.queueing.loss import _one_by_one

# --- simulations against theory -------------------------------------------------------


def mm1_sd(load, service_s, requests):
    """Daley 1968, Whitt 1989: the standard deviation of the mean wait in M/M/1."""
    variance = load * (2 + 5 * load - 4 * load**2 + load**3) / (1 - load) ** 4
    return service_s * math.sqrt(variance / requests)


@pytest.mark.parametrize("load", [0.3, 0.5, 0.7, 0.8])
@pytest.mark.parametrize("service_s", [1.0, 0.05])
def test_the_mean_wait_of_one_server(load, service_s):
    queue = {"arrival_rate_per_s": load / service_s, "service_s": service_s}
    requests = 150_000
    assert_close(
        lambda seed: queueing.single_server(
            **queue, requests=requests, seed=seed
        ).wait_s.mean(),
        queueing.mm1_wait(**queue),
        sd=mm1_sd(load, service_s, requests),
    )


@pytest.mark.parametrize("load", [0.4, 0.8])
@pytest.mark.parametrize("scv", [0.0, 0.5, 4.0])
def test_the_mean_wait_depends_on_the_variability_of_service(load, scv):
    queue = {"arrival_rate_per_s": load, "service_s": 1.0, "service_scv": scv}
    assert_close(
        lambda seed: queueing.single_server(
            **queue, requests=300_000, seed=seed
        ).wait_s.mean(),
        queueing.pollaczek_khinchine_wait(**queue),
    )


@pytest.mark.parametrize(
    ("load", "scv"), [(0.5, 0.0), (0.8, 0.0), (0.7, 0.5), (0.5, 2.0), (0.8, 4.0)]
)
def test_the_mean_wait_depends_on_the_variability_of_arrivals(load, scv):
    queue = {"arrival_rate_per_s": 4 * load, "service_s": 0.25, "arrival_scv": scv}
    assert_close(
        lambda seed: queueing.single_server(
            **queue, requests=200_000, seed=seed
        ).wait_s.mean(),
        queueing.gm1_wait(**queue),
    )


@pytest.mark.parametrize(("load", "scv"), [(0.6, 0.0), (0.6, 3.0)])
def test_every_way_to_simulate_knows_the_variability_of_arrivals(load, scv):
    queue = {"arrival_rate_per_s": load, "service_s": 1.0, "arrival_scv": scv}
    expected = queueing.gm1_wait(**queue)
    assert_close(
        lambda seed: queueing.many_servers(
            **queue, servers=1, requests=100_000, seed=seed
        ).wait_s.mean(),
        expected,
    )
    assert_close(
        lambda seed: (
            queueing.replications(
                **queue, servers=1, requests=100, runs=1000, warm_up=150, seed=seed
            ).mean_wait_s
        ),
        expected,
    )


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_the_tail_of_one_server(load):
    queue = {"arrival_rate_per_s": load, "service_s": 1.0}
    assert_close(
        lambda seed: queueing.single_server(
            **queue, requests=300_000, seed=seed
        ).percentile(99),
        queueing.mm1_response_percentile(99, **queue),
    )


MANY = [(0.9, 2, 60_000), (1.4, 2, 80_000), (3.5, 5, 120_000), (8, 10, 250_000)]


@pytest.mark.parametrize(("rate", "servers", "requests"), MANY)
def test_the_mean_wait_of_many_servers(rate, servers, requests):
    queue = {"arrival_rate_per_s": rate, "service_s": 1.0, "servers": servers}
    assert_close(
        lambda seed: queueing.many_servers(
            **queue, requests=requests, seed=seed
        ).wait_s.mean(),
        queueing.mmc_wait(**queue),
    )


@pytest.mark.parametrize(
    ("rate", "servers", "requests"),
    [(0.5, 1, 100), (1.4, 2, 200), (3.5, 5, 200), (8, 10, 400), (15, 20, 800)],
)
def test_the_mean_wait_over_replications(rate, servers, requests):
    queue = {"arrival_rate_per_s": rate, "service_s": 1.0, "servers": servers}
    assert_close(
        lambda seed: (
            queueing.replications(
                **queue, requests=requests, runs=1000, seed=seed, warm_up=150
            ).mean_wait_s
        ),
        queueing.mmc_wait(**queue),
    )


def test_the_standard_error_says_how_far_the_mean_may_be_off():
    def run(seed):
        return queueing.replications(
            arrival_rate_per_s=3.0, service_s=1.0, servers=5, requests=200, runs=200,
            seed=seed,
        )  # fmt: skip

    runs = [run(seed) for seed in range(40)]
    spread = np.std([run.mean_wait_s for run in runs], ddof=1)
    assert np.mean([run.standard_error_s for run in runs]) == pytest.approx(
        spread, rel=0.35
    )


@pytest.mark.parametrize("scv", [0.0, 1.0, 4.0])
@pytest.mark.parametrize(
    ("servers", "load", "requests"),
    [(1, 0.5, 8_000), (5, 3, 30_000), (10, 8, 30_000), (20, 15, 120_000)],
)
def test_losses_depend_on_the_mean_of_the_service_alone(servers, load, requests, scv):
    assert_close(
        lambda seed: queueing.loss_system(
            arrival_rate_per_s=load * 2, service_s=0.5, service_scv=scv,
            servers=servers, requests=requests, seed=seed,
        ).rejected_share,
        queueing.erlang_b(servers=servers, offered_load=load),
    )  # fmt: skip


@pytest.mark.parametrize("scv", [0.0, 0.25, 1.0, 4.0])
def test_service_times_have_the_mean_and_the_variability_asked_for(scv):
    rng = np.random.default_rng(5)
    times = queueing.service_times(400_000, service_s=3.0, service_scv=scv, rng=rng)
    assert times.mean() == pytest.approx(3.0, rel=0.02)
    assert times.var() / times.mean() ** 2 == pytest.approx(scv, rel=0.05)


# --- what holds for every queue -------------------------------------------------------

GAPS = st.lists(st.floats(0, 5), min_size=1, max_size=60)


@st.composite
def queues(draw):
    gaps = draw(GAPS)
    if draw(st.booleans()):
        services = [draw(st.floats(0, 9))] * len(gaps)
    else:
        size = {"min_size": len(gaps), "max_size": len(gaps)}
        services = draw(st.lists(st.floats(0, 9), **size))
    return np.cumsum(gaps), np.array(services), draw(st.integers(1, 6))


@settings(deadline=None)
@given(queues())
def test_the_quick_way_is_the_way_one_by_one(queue):
    arrival_s, service_s, servers = queue
    waits = queueing.fifo_waits(arrival_s, service_s, servers=servers)
    slow = _kiefer_wolfowitz(arrival_s, service_s, servers)
    assert np.allclose(waits, slow, atol=1e-9)
    taken = queueing.accepted(arrival_s, service_s, servers=servers)
    assert (taken == _one_by_one(arrival_s, service_s, servers)).all()


@settings(deadline=None)
@given(queues())
def test_never_more_in_service_than_there_are_servers(queue):
    arrival_s, service_s, servers = queue
    waits = queueing.fifo_waits(arrival_s, service_s, servers=servers)
    taken = queueing.accepted(arrival_s, service_s, servers=servers)
    for begun, lasts in (
        (arrival_s + waits, service_s),
        (arrival_s[taken], service_s[taken]),
    ):
        ends = np.sort(begun + lasts)
        for number, start in enumerate(np.sort(begun)):
            finished = np.searchsorted(ends, start + 1e-9, side="right")
            assert number + 1 - finished <= servers


@settings(deadline=None)
@given(queues())
def test_who_waits_begins_when_another_is_done(queue):
    arrival_s, service_s, servers = queue
    waits = queueing.fifo_waits(arrival_s, service_s, servers=servers)
    begun_s = arrival_s + waits
    assert (np.diff(begun_s) >= -1e-9).all()  # first come, first served
    for number in np.flatnonzero(waits > 1e-9):
        done_s = (begun_s + service_s)[:number]
        assert np.isclose(done_s, begun_s[number], atol=1e-8).any()


@settings(deadline=None)
@given(queues())
def test_what_matters_is_time_between_not_time_of_day(queue):
    arrival_s, service_s, servers = queue
    earlier = arrival_s - 500
    waits = queueing.fifo_waits(arrival_s, service_s, servers=servers)
    again = queueing.fifo_waits(earlier, service_s, servers=servers)
    assert np.allclose(waits, again, atol=1e-9)
    first = queueing.accepted(earlier, service_s, servers=servers)[0]
    assert first and again[0] == 0


@settings(deadline=None)
@given(queues())
def test_more_servers_never_wait_longer(queue):
    arrival_s, service_s, servers = queue
    fewer = queueing.fifo_waits(arrival_s, service_s, servers=servers)
    more = queueing.fifo_waits(arrival_s, service_s, servers=servers + 1)
    assert (more <= fewer + 1e-9).all() and (fewer >= 0).all()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32), st.floats(0.1, 0.9), st.floats(0.01, 0.5))
def test_more_load_waits_longer_and_seeds_decide(seed, load, more):
    def wait(rate, seed):
        return queueing.single_server(
            arrival_rate_per_s=rate, service_s=1.0, requests=300, seed=seed
        ).wait_s

    assert (wait(load + more, seed) >= wait(load, seed) - 1e-9).all()
    assert (wait(load, seed) == wait(load, seed)).all()
    assert (wait(load, seed) != wait(load, seed + 1)).any()


def test_blocks_join_without_a_seam():
    long = queueing.single_server(
        arrival_rate_per_s=0.9, service_s=1.0, requests=50_000, seed=3
    )
    again = _kiefer_wolfowitz(long.arrival_s, long.service_s, 1)
    assert np.allclose(long.wait_s, again, atol=1e-6)


def test_given_arrivals_are_queued_in_blocks_too():
    run = queueing.single_server(
        arrival_rate_per_s=0.9, service_s=1.0, requests=50_000, seed=3
    )
    again = queueing.fifo_waits(run.arrival_s, run.service_s)
    assert np.allclose(run.wait_s, again, atol=1e-6)


@pytest.mark.parametrize("given_arrays", [False, True])
def test_a_million_requests_take_little_beyond_the_arrays(given_arrays):
    million = {"arrival_rate_per_s": 0.8, "service_s": 1.0, "requests": 1_000_000}
    ready = queueing.single_server(**million, seed=1)
    tracemalloc.start()
    if given_arrays:
        kept = queueing.fifo_waits(ready.arrival_s, ready.service_s).nbytes
    else:
        kept = 3 * queueing.single_server(**million, seed=1).wait_s.nbytes
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - kept < 20e6


def test_runs_drop_their_warm_up_and_are_independent():
    queue = {"arrival_rate_per_s": 8.0, "service_s": 1.0, "servers": 10}
    cold = queueing.replications(**queue, requests=60, runs=50, seed=1)
    warm = queueing.replications(**queue, requests=40, runs=50, seed=1, warm_up=20)
    assert (cold.wait_s[20:] == warm.wait_s).all()
    assert (cold.wait_s[0] == 0).all()
    assert len(set(cold.service_s.sum(axis=0))) == 50


def test_percentiles_of_runs_are_those_of_all_their_requests():
    queue = {"arrival_rate_per_s": 8.0, "service_s": 1.0, "servers": 10}
    assert_close(
        lambda seed: queueing.replications(
            **queue, requests=300, runs=500, warm_up=150, seed=seed
        ).percentile(99),
        queueing.mmc_response_percentile(99, **queue),
    )


def test_an_overloaded_queue_grows():
    run = queueing.single_server(
        arrival_rate_per_s=2.0, service_s=1.0, requests=20_000, seed=1
    )
    assert run.wait_s[-1] == pytest.approx(10_000, rel=0.05)


def test_requests_can_be_counted_in_the_queue():
    run = queueing.Requests(np.array([0.0, 1, 2]), np.array([0.0, 4, 7]), np.full(3, 5))
    times_s = np.array([0, 1, 2, 4.9, 5, 8.9, 9])
    assert list(run.waiting_at(times_s)) == [0, 1, 2, 2, 1, 1, 0]
    assert list(run.done_s) == [5, 10, 14] and list(run.response_s) == [5, 9, 12]


def test_results_say_what_they_are_in_a_line():
    one = queueing.single_server(
        arrival_rate_per_s=0.5, service_s=1, requests=100, seed=1
    )
    assert repr(one).startswith("100 requests: mean wait ")
    lost = queueing.loss_system(
        arrival_rate_per_s=5, service_s=1, servers=2, requests=100, seed=1
    )
    assert f"{lost.rejected} turned away" in repr(lost) and len(lost) == 100
    many = queueing.replications(
        arrival_rate_per_s=1, service_s=1, servers=2, requests=50, runs=4, seed=1
    )
    assert repr(many).startswith("4 runs of 50 requests")
    with pytest.raises(AttributeError):
        one.wait_s = None


GOOD = {"arrival_rate_per_s": 1.0, "service_s": 1.0, "requests": 10, "seed": 1}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"arrival_rate_per_s": 0}, "arrival_rate_per_s=0"),
        ({"arrival_rate_per_s": float("nan")}, "arrival_rate_per_s=nan"),
        ({"service_s": -1}, "service_s=-1"),
        ({"service_s": "1"}, "service_s='1'"),
        ({"requests": 0}, "requests=0: it must be 1 or more"),
        ({"requests": 1.5}, "requests=1.5: it must be a whole number"),
        ({"service_scv": -0.1}, "service_scv=-0.1"),
    ],
)
def test_impossible_parameters_are_refused_by_name_and_value(bad, message):
    with pytest.raises(ValueError, match=message):
        queueing.single_server(**{**GOOD, **bad})
    with pytest.raises(ValueError, match=message):
        queueing.loss_system(servers=2, **{**GOOD, **bad})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: queueing.fifo_waits([1, 0], [1, 1]), "in order of time"),
        (lambda: queueing.fifo_waits([0, 1], [1]), "one service time a request"),
        (lambda: queueing.fifo_waits([0, 1], [1, -1]), "no service is negative"),
        (lambda: queueing.fifo_waits([0, math.nan], [1, 1]), "must be finite"),
        (lambda: queueing.accepted([0, 1], [1, math.inf], servers=2), "must be finite"),
        (lambda: queueing.fifo_waits([0, 1], [1, 1], servers=0), "servers=0"),
        (lambda: queueing.single_server(**GOOD).percentile(101), "q=101"),
        (lambda: queueing.single_server(**GOOD, arrival_scv=-1), "arrival_scv=-1"),
        (
            lambda: queueing.replications(**GOOD, servers=1, runs=1).standard_error_s,
            "runs=2 or more",
        ),
    ],
)  # fmt: skip
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_nothing_arrives_nothing_waits():
    empty = np.empty(0)
    assert len(queueing.fifo_waits(empty, empty, servers=3)) == 0
    assert len(queueing.accepted(empty, empty, servers=3)) == 0
    nobody = queueing.Requests(empty, empty, empty)
    assert repr(nobody) == "0 requests"
    with pytest.raises(ValueError, match="there are no requests"):
        nobody.percentile(99)
    assert queueing.Losses(empty, empty, np.empty(0, bool)).rejected_share == 0
