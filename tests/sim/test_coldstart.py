"""Cold starts against closed forms and published runs, and what always holds."""

import math

import numpy as np
import pytest
from compare import assert_close
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbook.sim import coldstart
from workbook.sim.coldstart.routing import pool_for
from workbook.sim.coldstart.simulate import _by_levels, _one_by_one
from workbook.sim.queueing import erlang_b

# --- theory against published numbers, and against the same by other means ------------


@pytest.mark.parametrize(
    ("rate", "timeout_s", "cold", "alive"),
    [
        (0.01, 600, 0.0197620, 1.10794),
        (0.1, 600, 0.00711276, 2.65049),
        (1, 600, 0.00123983, 8.17750),
        (5, 3, 0.1127, None),
    ],
)
def test_most_recent_first_against_the_references(rate, timeout_s, cold, alive):
    found = coldstart.most_recent_first(
        arrival_rate_per_s=rate, service_s=2, idle_timeout_s=timeout_s
    )
    assert found.cold_share == pytest.approx(cold, rel=3e-4 if alive is None else 5e-6)
    assert alive is None or found.mean_alive == pytest.approx(alive, rel=3e-6)
    assert found.mean_alive == found.mean_busy + found.mean_idle


def by_eigenvalues(load, timeout):
    """Cold share and idle environments by the matrix exponential of each level."""
    cold = idle = 0.0
    for level in range(1, int(load + 9 * math.sqrt(load) + 20)):
        states = np.arange(level)
        log = states * math.log(load) - load
        log -= [math.lgamma(n + 1) for n in states]
        root = np.exp(log / 2)
        beside = np.sqrt(load * states[1:])
        generator = np.diag(-(load + states)) + np.diag(beside, 1) + np.diag(beside, -1)
        rates, vectors = np.linalg.eigh(generator)
        rates = np.minimum(rates, -1e-300)
        weights = vectors[-1] * root[-1] * (root @ vectors)
        cold += weights @ np.exp(rates * timeout)
        idle += load * weights @ (np.expm1(rates * timeout) / rates)
    return cold, idle


@pytest.mark.parametrize("load", [0.003, 0.4, 2.0, 12.0])
@pytest.mark.parametrize("timeout", [1e-4, 0.3, 4.0, 300.0])
def test_the_integral_is_the_matrix_exponential(load, timeout):
    found = coldstart.most_recent_first(
        arrival_rate_per_s=load / 0.2, service_s=0.2, idle_timeout_s=timeout * 0.2
    )
    cold, idle = by_eigenvalues(load, timeout)
    assert found.cold_share == pytest.approx(cold, abs=1e-9)
    assert found.mean_idle == pytest.approx(idle, rel=1e-8)
    assert found.mean_busy == pytest.approx(load)


def test_limits_of_the_theory():
    one = {"arrival_rate_per_s": 0.5, "service_s": 2.0}
    at_once = coldstart.most_recent_first(**one, idle_timeout_s=0)
    assert (at_once.cold_share, at_once.mean_alive) == (1.0, 1.0)
    assert coldstart.most_recent_first(**one, idle_timeout_s=1e9).cold_share < 1e-6
    rare = coldstart.most_recent_first(
        arrival_rate_per_s=1e-6, service_s=1e-3, idle_timeout_s=1e5
    )
    assert rare.cold_share == pytest.approx(math.exp(-0.1), rel=1e-6)


def test_closed_forms_of_one_environment():
    shared = coldstart.one_shared_cold_share(
        arrival_rate_per_s=0.01, service_s=20, idle_timeout_s=100
    )
    assert shared == pytest.approx(math.exp(-1.2))
    queued = coldstart.one_queued_cold_share(
        arrival_rate_per_s=0.1, service_s=4, idle_timeout_s=10, cold_start_s=5
    )
    expired = math.exp(-1)
    assert queued == pytest.approx(expired * 0.6 / (1 + expired * 0.5))


# --- simulations against theory -------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "service_s", "timeout_s", "scv"),
    [
        (0.01, 0, 100, 1),
        (0.002, 0, 600, 1),
        (1.0, 0.5, 1, 1),
        (1.0, 0.5, 1, 0),
        (0.5, 1.0, 2, 4),
        (3.0, 0.2, 0.1, 0.25),
    ],
)
def test_one_environment_that_is_shared(rate, service_s, timeout_s, scv):
    rates = {"arrival_rate_per_s": rate, "service_s": service_s}
    assert_close(
        lambda seed: (
            coldstart.one_shared(
                **rates, idle_timeout_s=timeout_s, service_scv=scv, requests=20_000,
                seed=seed,
            ).cold_share
        ),
        coldstart.one_shared_cold_share(**rates, idle_timeout_s=timeout_s),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "service_s", "timeout_s", "start_s", "scv"),
    [
        (0.1, 1, 10, 0, 1),
        (0.1, 5, 10, 5, 1),
        (0.5, 1, 1, 8, 0),
        (0.2, 3, 2, 1, 4),
        (1.0, 0, 1.5, 3, 1),
    ],
)
def test_one_environment_with_a_queue(rate, service_s, timeout_s, start_s, scv):
    queue = {
        "arrival_rate_per_s": rate,
        "service_s": service_s,
        "idle_timeout_s": timeout_s,
        "cold_start_s": start_s,
    }
    assert_close(
        lambda seed: (
            coldstart.one_queued(
                **queue, service_scv=scv, requests=20_000, seed=seed
            ).cold_share
        ),
        coldstart.one_queued_cold_share(**queue),
    )


LEVELS = [
    (0.01, 2, 600, 30_000),
    (0.1, 2, 600, 60_000),
    (0.05, 20, 30, 20_000),
    (1, 2, 60, 60_000),
    (5, 2, 3, 20_000),
    (5, 2, 0.1, 5_000),
    (40, 0.1, 2, 60_000),
    (100, 0.25, 1, 100_000),
]


@pytest.mark.parametrize(("rate", "service_s", "timeout_s", "requests"), LEVELS)
def test_scale_per_request_against_theory(rate, service_s, timeout_s, requests):
    setting = {
        "arrival_rate_per_s": rate,
        "service_s": service_s,
        "idle_timeout_s": timeout_s,
    }
    runs = [
        coldstart.scale_per_request(
            **setting, requests=requests, warm_up=2_000, seed=seed
        )
        for seed in range(30)
    ]
    theory = coldstart.most_recent_first(**setting)
    assert_close(lambda seed: runs[seed].cold_share, theory.cold_share, power=0.05)
    assert_close(lambda seed: runs[seed].mean_idle, theory.mean_idle)
    assert_close(lambda seed: runs[seed].mean_busy, theory.mean_busy)


def test_the_published_references_of_the_longest_run():
    setting = {"arrival_rate_per_s": 1, "service_s": 2, "idle_timeout_s": 600}
    assert_close(
        lambda seed: (
            coldstart.scale_per_request(
                **setting, requests=200_000, warm_up=5_000, seed=seed
            ).cold_share
        ),
        0.00123983,
        power=0.05,
    )


ROUTING = [
    ("most recent first", 0.1127, 30_000),
    ("newest created first", 0.0969, 15_000),
    ("random", 0.0633, 25_000),
    ("longest idle first", 0.0199, 60_000),
]


@pytest.mark.parametrize(("policy", "cold", "requests"), ROUTING)
def test_the_routing_decides(policy, cold, requests):
    assert_close(
        lambda seed: (
            coldstart.scale_per_request(
                arrival_rate_per_s=5, service_s=2, idle_timeout_s=3, policy=policy,
                requests=requests, warm_up=300, seed=seed,
            ).cold_share
        ),
        cold,
        reference_se=0.00005,
        power=0.05,
    )  # fmt: skip


@pytest.mark.parametrize("policy", coldstart.POLICIES)
@pytest.mark.parametrize(("limit", "load"), [(5, 3), (10, 8)])
def test_a_concurrency_limit_turns_away_what_erlang_says(policy, limit, load):
    assert_close(
        lambda seed: (
            coldstart.scale_per_request(
                arrival_rate_per_s=load, service_s=1, idle_timeout_s=0.5, policy=policy,
                concurrency=limit, requests=15_000, warm_up=200, seed=seed,
            ).rejected_share
        ),
        erlang_b(servers=limit, offered_load=load),
        power=0.04,
    )  # fmt: skip


# SimFaaS (Mahmoudi and Khazaei), github.com/pacslab/simfaas: the README's run and the
# notebook 03-Maximum-Concurrency-Level. Its cold requests have a longer mean service.
SIMFAAS = {"idle_timeout_s": 600, "policy": "newest created first"}


def test_simfaas_cold_starts():
    seen, requests = 1213, 898_469  # 7.6612 servers, 1.7879 of them running
    runs = [
        coldstart.scale_per_request(
            arrival_rate_per_s=0.9, service_s=1.991, cold_start_s=2.244 - 1.991,
            requests=60_000, warm_up=3_000, seed=seed, **SIMFAAS,
        )
        for seed in range(30)
    ]  # fmt: skip
    assert_close(
        lambda seed: runs[seed].cold_share,
        seen / requests,
        reference_se=math.sqrt(seen) / requests,
        power=0.15,
    )
    assert_close(lambda seed: runs[seed].mean_alive, 7.6612, reference_se=0.05)
    assert_close(lambda seed: runs[seed].mean_busy, 1.7879, reference_se=0.005)


def test_simfaas_rejections():
    run = coldstart.scale_per_request(
        arrival_rate_per_s=1000, service_s=2.016, cold_start_s=2.163 - 2.016,
        concurrency=1000, requests=998_537, seed=1, **SIMFAAS,
    )  # fmt: skip
    assert run.rejected_share == pytest.approx(503_207 / 998_537, abs=0.003)
    assert run.cold.sum() == 1000
    assert run.mean_busy == pytest.approx(998.4269, abs=0.2)
    assert run.mean_alive == pytest.approx(999.4032, abs=0.2)
    assert erlang_b(servers=1000, offered_load=2016) == pytest.approx(
        0.504455, abs=1e-6
    )


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        ("most recent first", [2, 1, 0]),
        ("newest created first", [1, 0, 2]),
        ("longest idle first", [0, 1, 2]),
    ],
)
def test_each_policy_takes_the_one_it_says(policy, order):
    pool = pool_for(policy, 10, np.random.default_rng(1))
    for idle in [(1.0, 0.5, 0), (2.0, 0.9, 1), (3.0, 0.1, 2)]:  # since, created, number
        pool.put(idle)
    assert [pool.take(5.0)[2] for _ in range(3)] == order
    assert pool.take(5.0) is None
    pool.put((6.0, 5.0, 3))
    assert pool.take(16.0) is None  # idle for the timeout: gone


def test_the_random_policy_takes_each_as_often():
    taken = []
    for seed in range(600):
        pool = pool_for("random", 10, np.random.default_rng(seed))
        for number in range(4):
            pool.put((0.0 if number == 3 else 5.0, 0.0, number))
        first = pool.take(12.0)  # number 3 has been idle for too long
        taken.append(first[2])
    assert np.bincount(taken) == pytest.approx([200, 200, 200], abs=50)


# --- what always holds ----------------------------------------------------------------


@st.composite
def traffic(draw):
    gaps = draw(st.lists(st.floats(0, 4), min_size=1, max_size=60))
    size = {"min_size": len(gaps), "max_size": len(gaps)}
    services = draw(st.lists(st.floats(0, 6), **size))
    return np.cumsum(gaps), np.array(services), draw(st.floats(0, 5))


@settings(deadline=None, max_examples=300)
@given(traffic())
def test_the_levels_say_what_the_stack_does(requests):
    arrival_s, service_s, timeout_s = requests
    cold, idle_s = _by_levels(arrival_s, service_s, timeout_s)
    pool = pool_for("most recent first", timeout_s, np.random.default_rng(1))
    slow, accepted, reused_s = _one_by_one(arrival_s, service_s, pool, 0.0, None)
    assert (cold == slow).all() and accepted.all()
    idle_slow_s = np.minimum(reused_s - (arrival_s + service_s), timeout_s)
    assert np.allclose(idle_s.sum(), idle_slow_s.sum())


# 0.2645 + 0.5 + 0.4 and the 0.1 s until 1.2645 are a little more than 1.2645 in floats.
_USED_AGAIN = (
    np.array([0, 0, 0, 0, 0.2645, 1.2645]),
    np.array([0, 0, 0, 0, 0.4, 0]),
    1.0,
)


@settings(deadline=None)
@given(
    traffic(),
    st.sampled_from(coldstart.POLICIES),
    st.sampled_from([None, 1, 3]),
    st.sampled_from([0.0, 0.5]),
)
@example(_USED_AGAIN, "most recent first", None, 0.5)
def test_requests_and_environments_are_conserved(requests, policy, limit, start_s):
    arrival_s, service_s, timeout_s = requests
    run = coldstart.environments(
        arrival_s, service_s, idle_timeout_s=timeout_s, policy=policy,
        concurrency=limit, cold_start_s=start_s,
    )  # fmt: skip
    assert not run.cold[~run.accepted].any() and run.cold[0]
    warm = run.accepted.sum() - run.cold.sum()
    assert warm == (run.idle_s[run.accepted] < timeout_s).sum()
    assert (run.idle_s >= 0).all() and (run.idle_s <= timeout_s).all()
    assert (run.wait_s == start_s * run.cold).all()
    busy, alive = run.busy_at(arrival_s), run.alive_at(arrival_s)
    assert (busy <= (limit or len(run))).all() and (alive >= busy).all()
    so_far = np.searchsorted(arrival_s, arrival_s, side="right")
    assert (alive <= run.cold.cumsum()[so_far - 1]).all()
    assert run.alive_at(np.array([arrival_s[-1] + 1e6])) == 0


@settings(deadline=None)
@given(traffic(), st.floats(0, 5))
def test_a_longer_timeout_has_no_more_cold_starts(requests, more_s):
    arrival_s, service_s, timeout_s = requests

    def run(timeout_s):
        return coldstart.environments(arrival_s, service_s, idle_timeout_s=timeout_s)

    assert (run(timeout_s + more_s).cold <= run(timeout_s).cold).all()


@pytest.mark.parametrize("policy", coldstart.POLICIES)
def test_seeds_decide(policy):
    def cold(seed):
        return coldstart.scale_per_request(
            arrival_rate_per_s=5, service_s=2, idle_timeout_s=1, requests=400,
            seed=seed, policy=policy,
        )  # fmt: skip

    assert (cold(1).cold == cold(1).cold).all()
    assert (cold(1).arrival_s != cold(2).arrival_s).all()


def test_the_seed_of_given_arrivals_matters_to_the_random_policy():
    rng = np.random.default_rng(3)
    given_s = np.cumsum(rng.exponential(0.2, 2_000)), rng.exponential(2, 2_000)

    def cold(policy, seed):
        return coldstart.environments(
            *given_s, idle_timeout_s=2, policy=policy, seed=seed
        ).cold

    assert (cold("random", 1) == cold("random", 1)).all()
    assert (cold("random", 1) != cold("random", 2)).any()
    assert (cold("longest idle first", 1) == cold("longest idle first", 2)).all()


def test_a_small_run_by_hand():
    run = coldstart.environments(
        np.array([0.0, 1, 4, 20]), np.array([2.0, 2, 1, 1]), idle_timeout_s=5
    )
    assert list(run.cold) == [True, True, False, True]
    assert list(run.idle_s) == [5, 1, 5, 5]  # the second, freed at 3, works again at 4
    assert list(run.alive_at(np.array([0, 1, 2.5, 4.5, 8, 11, 20]))) == [
        1, 2, 2, 2, 1, 0, 1,
    ]  # fmt: skip
    assert list(run.busy_at(np.array([0, 1, 2.5, 4.5, 8]))) == [1, 2, 1, 1, 0]
    assert run.mean_busy == pytest.approx(5 / 20)
    assert run.mean_idle == pytest.approx((5 + 1 + 5) / 20)
    assert run.percentile(100) == 2


def test_cold_starts_take_their_time():
    run = coldstart.environments(
        np.array([0.0, 2.5, 10]),
        np.array([1.0, 1, 1]),
        idle_timeout_s=5,
        cold_start_s=2,
    )
    assert list(run.cold) == [True, True, False] and list(run.wait_s) == [2, 2, 0]
    assert list(run.response_s) == [3, 3, 1]
    queued = coldstart.one_queued(
        arrival_rate_per_s=1, service_s=1, idle_timeout_s=0, cold_start_s=2,
        requests=50, seed=1,
    )  # fmt: skip
    assert (queued.wait_s[queued.cold] == 2).all() and queued.wait_s.min() >= 0
    begun_s = queued.arrival_s + queued.wait_s
    done_s = queued.arrival_s + queued.response_s
    assert (begun_s[1:] >= done_s[:-1] - 1e-9).all()


def test_warm_up_is_left_out():
    given_s = np.array([0.0, 10, 11]), np.array([1.0, 0.5, 1])
    run = coldstart.environments(*given_s, idle_timeout_s=5, warm_up=1)
    assert run.cold_share == 0.5 and run.percentile(100) == 1
    assert run.mean_busy == pytest.approx(0.5)


def test_results_say_what_they_are_in_a_line():
    one = coldstart.one_shared(
        arrival_rate_per_s=1, service_s=0, idle_timeout_s=1, requests=100, seed=1
    )
    assert repr(one).startswith("100 requests: ") and len(one) == 100
    many = coldstart.scale_per_request(
        arrival_rate_per_s=9, service_s=1, idle_timeout_s=1, requests=100, seed=1,
        concurrency=2,
    )  # fmt: skip
    assert "turned away" in repr(many) and "environments alive" in repr(many)
    assert many.rejected_share == 1 - many.accepted.mean()
    with pytest.raises(AttributeError):
        one.cold = None


GOOD = {
    "arrival_rate_per_s": 1.0, "service_s": 1.0, "idle_timeout_s": 1.0,
    "requests": 10, "seed": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"arrival_rate_per_s": 0}, "arrival_rate_per_s=0"),
        ({"service_s": -1}, "service_s=-1"),
        ({"idle_timeout_s": -1}, "idle_timeout_s=-1"),
        ({"idle_timeout_s": float("nan")}, "idle_timeout_s=nan"),
        ({"requests": 0}, "requests=0"),
        ({"service_scv": -1}, "service_scv=-1"),
        ({"policy": "warmest"}, "policy='warmest': use one of most recent first"),
        ({"concurrency": 0}, "concurrency=0"),
        ({"cold_start_s": -1}, "cold_start_s=-1"),
        ({"warm_up": -1}, "warm_up=-1"),
    ],
)
def test_impossible_parameters_are_refused_by_name_and_value(bad, message):
    with pytest.raises(ValueError, match=message):
        coldstart.scale_per_request(**{**GOOD, **bad})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: coldstart.environments([0, 1], [1], idle_timeout_s=1), "one service"),
        (lambda: coldstart.environments([1, 0], [1, 1], idle_timeout_s=1), "in order"),
        (lambda: coldstart.environments([0], [-1], idle_timeout_s=1), "negative"),
        (
            lambda: coldstart.environments([0], [1], idle_timeout_s=1, warm_up=1),
            "none after warm_up=1",
        ),
        (
            lambda: coldstart.one_queued_cold_share(
                arrival_rate_per_s=1, service_s=1, idle_timeout_s=1, cold_start_s=1
            ),
            "is not below 1",
        ),
        (
            lambda: coldstart.most_recent_first(
                arrival_rate_per_s=1, service_s=0, idle_timeout_s=1
            ),
            "service_s=0",
        ),
        (
            lambda: coldstart.one_queued(
                arrival_rate_per_s=1, service_s=1, idle_timeout_s=1, cold_start_s=-1,
                requests=5, seed=1,
            ),
            "cold_start_s=-1",
        ),
    ],
)  # fmt: skip
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
