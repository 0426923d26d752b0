"""Chains of dependencies and outages, against algebra and fluid arithmetic."""

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.sim import availability

HOUR_S = 3600
SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=6)


def test_ten_nines_in_a_row_are_not_three_nines():
    ten = availability.series([0.999] * 10)
    assert ten == pytest.approx(0.990045, abs=1e-6)
    assert availability.downtime_s(ten) / HOUR_S == pytest.approx(87.2, abs=0.1)


@pytest.mark.parametrize(
    ("up", "retries", "expected"),
    [(0.9, 0, 0.9), (0.9, 1, 0.99), (0.5, 3, 0.9375), (0, 5, 0), (1, 2, 1)],
)
def test_a_retry_of_independent_luck(up, retries, expected):
    found = availability.with_retries(up, retries=retries)
    assert found == pytest.approx(expected)


def test_a_fallback_is_another_way():
    assert availability.with_fallback(0.9, 0.8) == pytest.approx(0.98)
    assert availability.alternatives([0.9, 0.8, 0.5]) == pytest.approx(0.99)


@given(SHARES, st.floats(0, 1))
def test_a_longer_chain_is_never_better_and_an_alternative_never_worse(shares, more):
    longer, wider = [*shares, more], [*shares, more]
    assert availability.series(longer) <= availability.series(shares) + 1e-12
    assert availability.alternatives(wider) >= availability.alternatives(shares) - 1e-12


CHAINS = [
    ([0.9], {}, 0.9),
    ([0.99] * 5, {}, 0.99**5),
    ([0.9, 0.8, 0.7], {}, 0.504),
    ([0.9] * 3, {"retries": 1}, 0.99**3),
    ([0.7] * 4, {"retries": 2}, (1 - 0.3**3) ** 4),
    ([0.9] * 3, {"fallback": 0.5}, 0.95**3),
    ([0.8] * 2, {"retries": 1, "fallback": 0.5}, 0.98**2),
    ([0.9] * 4, {"queued": [1, 3]}, 0.81),
    ([0.5, 0.9], {"queued": [0]}, 0.9),
    ([0.6, 0.6], {"retries": 3, "queued": [1]}, 1 - 0.4**4),
    ([1.0, 0.75], {}, 0.75),
    ([0.95] * 10, {"retries": 0, "fallback": 0.9}, 0.995**10),
]


@pytest.mark.parametrize(("chain", "options", "expected"), CHAINS)
def test_simulated_chains_meet_the_algebra(chain, options, expected):
    requests = 4_000
    assert_close(
        lambda seed: (
            availability.trials(
                availabilities=chain, requests=requests, seed=seed, **options
            ).availability
        ),
        expected,
        sd=np.sqrt(expected * (1 - expected) / requests),
    )


def test_everything_queued_never_fails_and_a_dead_step_always():
    def up(chain, **options):
        return availability.trials(
            availabilities=chain, requests=100, seed=1, **options
        ).availability

    assert up([0.0, 0.0], queued=[0, 1]) == 1 and up([1.0, 0.0], retries=5) == 0


SHOP = {
    "order_rate_per_s": 2.0, "service_s": 0.25, "outage_start_s": HOUR_S,
    "outage_s": HOUR_S / 2, "duration_s": 5 * HOUR_S,
}  # fmt: skip


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("outage_s", [600, 1800, 3600])
def test_the_backlog_drains_as_arithmetic_says(rate, outage_s):
    shop = {
        **SHOP, "order_rate_per_s": rate, "outage_s": outage_s,
        "outage_start_s": HOUR_S / 4,
    }  # fmt: skip
    expected = availability.backlog_drain_s(
        outage_s=outage_s, arrival_rate_per_s=rate, service_rate_per_s=4.0
    )
    seeds = range(400)  # a short outage's orders vary by six in a hundred
    runs = {seed: availability.outage(**shop, seed=seed) for seed in seeds}
    end_s = HOUR_S / 4 + outage_s
    assert_close(lambda seed: runs[seed].drained_s - end_s, expected, seeds=seeds)
    lost_sd = np.sqrt(rate * outage_s)  # Poisson
    assert_close(lambda seed: runs[seed].lost, rate * outage_s, sd=lost_sd, seeds=seeds)


@pytest.mark.parametrize("workers", [1, 2, 8, 40])
def test_as_many_workers_as_are_as_slow_drain_it_in_the_same_time(workers):
    shop = {**SHOP, "service_s": 0.25 * workers, "workers": workers}
    assert_close(
        lambda seed: availability.outage(**shop, seed=seed).drained_s - 1.5 * HOUR_S,
        availability.backlog_drain_s(
            outage_s=HOUR_S / 2, arrival_rate_per_s=2.0, service_rate_per_s=4.0
        ),
        reference_se=0.25 * workers,  # arithmetic leaves out the last order's own work
    )


def test_without_a_backlog_it_is_drained_when_the_outage_ends():
    quiet = {**SHOP, "order_rate_per_s": 0.01, "outage_s": 1.0}
    for start_s in (0.0, 100.0):
        run = availability.outage(**{**quiet, "outage_start_s": start_s}, seed=1)
        assert run.lost == 0 and run.drained_s == start_s + 1


def test_a_queue_that_never_empties_is_drained_with_the_last_order():
    run = availability.outage(**{**SHOP, "order_rate_per_s": 5.0}, seed=1)
    assert run.drained_s == run.done_s.max() > 5 * HOUR_S


@settings(deadline=None, max_examples=40)
@given(
    st.floats(0.1, 5), st.floats(0.01, 0.5), st.floats(0, 300), st.floats(0, 300),
    st.integers(1, 4), st.integers(0, 99),
)  # fmt: skip
def test_behind_a_queue_nothing_is_lost_and_nobody_works_in_the_outage(
    rate, service_s, start_s, outage_s, workers, seed
):
    run = availability.outage(
        order_rate_per_s=rate, service_s=service_s, outage_start_s=start_s,
        outage_s=outage_s, duration_s=600, seed=seed, workers=workers,
    )  # fmt: skip
    assert (run.done_s >= run.start_s + service_s - 1e-6).all()
    assert (run.start_s >= run.arrival_s - 1e-6).all()
    end_s = start_s + outage_s
    inside = (run.done_s > start_s + 1e-9) & (run.done_s < end_s - 1e-9)
    assert not inside.any()
    assert not ((run.start_s > start_s) & (run.start_s < end_s - 1e-9)).any()
    both = [*[(t, 1) for t in run.start_s], *[(t, -1) for t in run.done_s - 1e-6]]
    at_work = np.cumsum([change for _, change in sorted(both)])
    assert at_work.max(initial=0) <= workers
    assert run.drained_s >= end_s
    down = (run.arrival_s >= start_s) & (run.arrival_s < end_s)
    assert (run.answered == ~down).all() and run.lost == down.sum()
    assert run.waiting_at(np.array([1e9]))[0] == 0
    assert run.lost_by(np.array([1e9]))[0] == run.lost


def test_without_an_outage_it_is_an_ordinary_queue():
    from workbook.sim.queueing import fifo_waits

    run = availability.outage(**{**SHOP, "outage_s": 0.0}, seed=3)
    service_s = np.full(len(run.arrival_s), 0.25)
    waits = run.done_s - run.arrival_s - service_s
    assert np.allclose(waits, fifo_waits(run.arrival_s, service_s), atol=1e-6)
    assert run.lost == 0


def test_the_backlog_is_seen_at_its_height():
    run = availability.outage(**SHOP, seed=1)
    end_s = HOUR_S * 1.5
    at_end, before = run.waiting_at(np.array([end_s, HOUR_S - 1]))
    assert at_end == pytest.approx(3600, rel=0.06) and before < 20
    assert run.lost_by(np.array([HOUR_S, end_s]))[1] == run.lost
    assert "lost without a queue, none with one" in repr(run)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: availability.series([0.9, 1.1]), r"availabilities\[1\]=1.1"),
        (lambda: availability.with_retries(0.9, retries=-1), "retries=-1"),
        (
            lambda: availability.trials(
                availabilities=[0.9], requests=5, seed=1, queued=[3]
            ),
            "there is no step 3",
        ),
        (
            lambda: availability.backlog_drain_s(
                outage_s=1, arrival_rate_per_s=2, service_rate_per_s=2
            ),
            "never drains",
        ),
        (lambda: availability.outage(**{**SHOP, "workers": 0}, seed=1), "workers=0"),
        (lambda: availability.downtime_s(2), "availability=2"),
    ],
)
def test_impossible_parameters_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
