"""The tail of a fan-out, against Dean and Barroso's figures and closed forms."""

import math

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.sim import hedging


def test_latency_begins_with_everybody():
    with pytest.raises(ValueError, match="first share must be 1"):
        hedging.Latency(((1.0, 0.5), (2.0, 0.1)))
    with pytest.raises(ValueError, match="shares fall"):
        hedging.Latency(((1.0, 1.0), (2.0, 0.1), (3.0, 0.1)))


@pytest.mark.parametrize(
    ("slow", "fan_out", "share"), [(0.01, 100, 0.634), (1e-4, 2000, 0.181), (0, 9, 0)]
)
def test_one_slow_server_in_many(slow, fan_out, share):
    found = hedging.any_slow(slow_share=slow, fan_out=fan_out)
    assert found == pytest.approx(share, abs=5e-4)


def exponential(service_s=1.0):
    """An exponential distribution as pairs close enough to tell no difference."""
    times_s = np.geomspace(1e-4, 25, 600) * service_s
    shares = np.exp(-times_s / service_s)
    shares[0] = 1.0
    return hedging.Latency(tuple(zip(times_s.tolist(), shares.tolist(), strict=True)))


@pytest.mark.parametrize("q", [50, 90, 99, 99.9])
def test_hedged_exponential_latency_at_the_95th_percentile(q):
    hedge_s = -math.log(0.05)
    expected = hedging.exponential_hedged_percentile_s(
        q, service_s=1.0, hedge_after_s=hedge_s
    )
    latency = exponential()
    if q == 99:
        assert expected == pytest.approx(3.8005, abs=1e-4)
    runs = {
        seed: hedging.reads(
            requests=20_000, seed=seed, latency=latency, hedge_after_s=hedge_s
        )
        for seed in range(30)
    }
    assert_close(lambda seed: runs[seed].percentile(q), expected)
    assert_close(lambda seed: runs[seed].extra_share, 0.05)


@pytest.mark.parametrize("time_s", [0.0008, 0.0015, 0.002, 0.003])
@pytest.mark.parametrize("hedge_s", [0.001, 0.0014])
def test_the_hedged_tail_is_the_product_of_two(time_s, hedge_s):
    expected = hedging.hedged_exceeds(hedging.BIGTABLE, time_s, hedge_after_s=hedge_s)
    requests = 60_000

    def share(seed):
        run = hedging.reads(requests=requests, seed=seed, hedge_after_s=hedge_s)
        return (run.response_s > time_s).mean()

    sd = math.sqrt(expected * (1 - expected) / requests)
    assert_close(share, expected, sd=sd)


def test_the_published_percentiles_follow_from_the_leaf():
    # One in a thousand of the slowest of a thousand leaves: one leaf in a million.
    leaf = 1 - 0.999 ** (1 / 1000)
    assert hedging.BIGTABLE.exceeds(1.8) == pytest.approx(leaf, rel=0.01)
    hedged = hedging.hedged_exceeds(hedging.BIGTABLE, 0.074, hedge_after_s=0.010)
    assert hedged == pytest.approx(leaf, rel=0.1)
    assert hedging.BIGTABLE.exceeds(0.010) == pytest.approx(0.02)


def test_hedging_does_what_was_published():
    def p999(**options):
        return np.mean(
            [
                hedging.reads(requests=2_000, fan_out=1000, seed=s, **options)
                .percentile(99.9)
                for s in range(5)
            ]
        )  # fmt: skip

    hedged = hedging.reads(requests=500, fan_out=1000, seed=1, hedge_after_s=0.010)
    assert hedged.extra_share == pytest.approx(0.02, rel=0.05)
    assert p999(hedge_after_s=0.010) == pytest.approx(0.074, rel=0.25)
    assert p999() > 10 * p999(hedge_after_s=0.010)


@pytest.mark.parametrize("fan_out", [1, 10, 100])
def test_the_slowest_of_many_is_a_percentile_of_one(fan_out):
    q = 100 * 0.5 ** (1 / fan_out)  # the median of the slowest
    one = -math.log(1 - q / 100)
    latency = exponential()
    assert_close(
        lambda seed: hedging.reads(
            requests=4_000, seed=seed, latency=latency, fan_out=fan_out
        ).percentile(50),
        one,
    )


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 40), st.floats(0.001, 0.5), st.integers(0, 99))
def test_hedging_costs_requests_and_the_seed_decides(fan_out, hedge_s, seed):
    def run(seed):
        return hedging.reads(
            requests=50, seed=seed, fan_out=fan_out, hedge_after_s=hedge_s
        )

    one, same = run(seed), run(seed)
    assert (one.response_s == same.response_s).all()
    assert (one.sent >= fan_out).all() and (one.sent <= 2 * fan_out).all()
    assert (run(seed + 1).response_s != one.response_s).any()


@given(st.floats(1e-7, 1.0))
def test_time_and_share_are_inverses(share):
    time_s = float(hedging.BIGTABLE.time_s(np.array(share)))
    assert hedging.BIGTABLE.exceeds(time_s) == pytest.approx(share, rel=1e-6)


@pytest.mark.parametrize(
    ("share", "fan_out", "needed"), [(0.95, 100, 95), (0.55, 10, 6), (0.07, 100, 7)]
)
def test_some_of_the_leaves_are_an_order_statistic(share, fan_out, needed):
    # The k-th of n exponential latencies takes 1/n + 1/(n-1) + ... over k terms.
    expected = sum(1 / (fan_out - place) for place in range(needed))
    latency = exponential()
    assert_close(
        lambda seed: hedging.reads(
            requests=3_000, seed=seed, latency=latency, fan_out=fan_out,
            leaf_share=share,
        ).response_s.mean(),
        expected,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"fan_out": 0}, "fan_out=0"),
        ({"hedge_after_s": 0}, "hedge_after_s=0"),
        ({"leaf_share": 1.5}, "leaf_share=1.5"),
        ({"leaf_share": 0}, "leaf_share=0: it must be above 0"),
        ({"requests": 0.5}, "requests=0.5"),
    ],
)
def test_impossible_parameters_are_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        hedging.reads(**{"requests": 5, "seed": 1, **bad})
