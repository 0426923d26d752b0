"""The simulations in front of a backend, against closed forms."""

import math

import numpy as np
import pytest
from compare import assert_close

from workbook.sim import backend
from workbook.sim.backend import Client, through_outage

# --- breaker --------------------------------------------------------------------------


def test_the_breaker_with_the_reference_numbers():
    """p=0.5, K=5, λ=10, D=3: 0.483871 rejected, 0.258065 succeed."""
    settings = {"rate_per_s": 10, "failure": 0.5, "threshold": 5, "open_s": 3.0}
    shares = backend.breaker_shares(**settings)
    assert shares["rejected"] == pytest.approx(0.483871, abs=5e-7)
    assert shares["succeeded"] == pytest.approx(0.258065, abs=5e-7)
    assert sum(shares.values()) == pytest.approx(1)
    for outcome in ("rejected", "succeeded"):
        assert_close(
            lambda seed, outcome=outcome: backend.through_breaker(
                calls=35_000, seed=seed, **settings
            ).share(outcome),
            shares[outcome],
        )


@pytest.mark.parametrize(("failure", "succeeded"), [(0.0, 1.0), (1.0, 0.0)])
def test_a_breaker_before_a_service_that_never_or_always_fails(failure, succeeded):
    shares = backend.breaker_shares(rate_per_s=10, failure=failure)
    assert shares["succeeded"] == succeeded
    run = backend.through_breaker(calls=5_000, rate_per_s=10, failure=failure, seed=1)
    assert run.share("succeeded") == succeeded
    assert run.share("rejected") == pytest.approx(shares["rejected"], abs=0.01)


def test_the_states_follow_one_another_as_they_must():
    run = backend.through_breaker(calls=5_000, rate_per_s=10, failure=0.5, seed=3)
    allowed = {
        ("open", "half-open"),
        ("half-open", "open"),
        ("half-open", "closed"),
        ("closed", "open"),
    }
    states = [state for _, state in run.changes]
    assert states[0] == "open" and len(states) > 20
    assert set(zip(states, states[1:], strict=False)) <= allowed
    times_s = [at_s for at_s, _ in run.changes]
    assert times_s == sorted(times_s)


# --- cache ----------------------------------------------------------------------------

SHOP = {"rate_per_s": 5.0, "keys": 500, "exponent": 1.0}


@pytest.mark.parametrize("ttl_s", [5.0, 60.0])
def test_a_ttl_cache_meets_the_exact_hit_share(ttl_s):
    # The first ttl is empty of old answers: leave four of them out.
    skip = int(4 * ttl_s * SHOP["rate_per_s"])

    def late_share(seed):
        run = backend.ttl_cache(ttl_s=ttl_s, requests=skip + 10_000, seed=seed, **SHOP)
        return run.hit[skip:].mean()

    assert_close(late_share, backend.ttl_hit_share(ttl_s=ttl_s, **SHOP))


@pytest.mark.parametrize("size", [25, 100])
def test_an_lru_cache_comes_near_to_che(size):
    """Che is an approximation: within one per cent of the simulated share."""
    shares = [
        backend.lru_cache(size=size, requests=60_000, seed=seed, **SHOP).hit_share
        for seed in range(5)
    ]
    assert np.mean(shares) == pytest.approx(
        backend.lru_hit_share(size=size, **SHOP), rel=0.01
    )


def test_the_characteristic_time_fills_the_cache():
    kept_s = backend.characteristic_time_s(size=100, **SHOP)
    weights = 1 / np.arange(1, 501)
    rates = 5 * weights / weights.sum()
    assert np.sum(1 - np.exp(-rates * kept_s)) == pytest.approx(100)
    assert backend.characteristic_time_s(size=500, **SHOP) == math.inf
    assert backend.lru_hit_share(size=500, **SHOP) == pytest.approx(1)


# --- outage ---------------------------------------------------------------------------


def test_without_pieces_the_outage_is_lost_and_takes_all_the_patience():
    run = through_outage(Client(), seed=1)
    assert run.success() == 0 and run.success(in_outage=False) == 1
    assert run.percentile_s(50) == pytest.approx(10)
    assert run.extra_load == 0
    assert len(run.arrival_s) == pytest.approx(2_400, abs=200)


def test_a_timeout_saves_time_alone():
    run = through_outage(Client(timeout_s=1.0), seed=1)
    assert run.success() == 0
    assert run.percentile_s(99) == pytest.approx(1)


def test_the_latency_outside_the_outage_is_the_providers():
    def mean_s(seed):
        run = through_outage(Client(), outage_s=0, rate_per_s=50, seed=seed)
        return run.latency_s.mean()

    assert_close(mean_s, 0.08, sd=0.08 / math.sqrt(6_000))


def test_independent_failures_and_retries_have_a_closed_form():
    """r retries: 1 − p^(r+1) succeed, with (1 − p^(r+1)) / (1 − p) requests a call."""
    client = Client(retries=2, patience_s=60)

    def run(seed):
        return through_outage(client, outage_s=0, failure=0.3, seed=seed)

    assert_close(lambda seed: 1 - run(seed).succeeded.mean(), 0.3**3, power=0.1)
    assert_close(lambda seed: run(seed).requests.mean(), (1 - 0.3**3) / 0.7)


def test_a_budget_bounds_the_load_of_an_outage():
    lavish = through_outage(Client(timeout_s=0.5, retries=3), seed=1)
    thrifty = through_outage(Client(timeout_s=0.5, retries=3, budget=0.1), seed=1)
    assert lavish.requests[lavish.in_outage].mean() > 3.5
    calls = thrifty.in_outage.sum()
    assert thrifty.requests[thrifty.in_outage].sum() <= 1.1 * calls + 30


def test_failover_answers_all_and_a_breaker_spares_them_the_wait():
    pieces = {"timeout_s": 1.0, "failover": True}
    slow = through_outage(Client(**pieces), seed=1)
    quick = through_outage(Client(**pieces, threshold=5), seed=1)
    assert slow.success() == quick.success() == 1
    assert slow.percentile_s(50) == pytest.approx(1 + 0.15 * math.log(2), rel=0.1)
    assert quick.percentile_s(50) == pytest.approx(0.15 * math.log(2), rel=0.25)
    assert quick.extra_load < slow.extra_load
    states = {state for _, state in quick.changes}
    assert states == {"open", "half-open", "closed"}
    assert quick.changes[-1][1] == "closed"  # it finds its way back
    assert quick.changes[-1][0] < 80 + 2 * 3


def test_a_hedge_squares_the_tail_beyond_its_delay():
    """Exponential with mean 1, hedged after d: P(T > t) = e^(−t) e^(−(t − d))."""
    delay_s = 0.08 * -math.log(0.05)  # the 95th percentile
    client = Client(hedge_after_s=delay_s)
    late_s = 0.08 * 3.8005  # the reference's 99th percentile, for mean 1

    def run(seed):
        return through_outage(client, outage_s=0, rate_per_s=100, seed=seed)

    assert_close(lambda seed: (run(seed).latency_s > late_s).mean(), 0.01, power=0.1)
    assert_close(lambda seed: run(seed).extra_load, 0.05)


def test_the_same_seed_is_the_same_day():
    one, again = (through_outage(Client(retries=1), failure=0.2, seed=4) for _ in "ab")
    assert np.array_equal(one.latency_s, again.latency_s)
    assert "calls" in repr(one) and "requests" in repr(one)


@pytest.mark.parametrize(
    "settings",
    [
        {"timeout_s": 0},
        {"retries": -1},
        {"threshold": 0},
        {"hedge_after_s": -1},
        {"patience_s": 0},
    ],
)
def test_a_client_that_cannot_be_is_refused(settings):
    with pytest.raises(ValueError):
        Client(**settings)
