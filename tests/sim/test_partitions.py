"""Hot keys against the Poisson closed form and DynamoDB's limits."""

import math

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.facts import fact
from workbook.sim import partitions

LIMIT = fact("dynamodb.partition.write.max").value

# --- theory ---------------------------------------------------------------------------


@pytest.mark.parametrize("mean", [0.5, 3.0, 20.0, 90.0])
@pytest.mark.parametrize("limit", [0, 1, 3, 25, 80, 100])
def test_the_throttled_share_is_the_mean_excess(mean, limit):
    probability, excess = math.exp(-mean), 0.0
    for number in range(1, 400):  # the definition, term by term
        probability *= mean / number
        excess += probability * max(number - limit, 0)
    found = partitions.throttled_share([mean], limit_units_per_s=limit)
    assert found == pytest.approx(excess / mean, rel=1e-9, abs=1e-300)


def test_the_limits_are_dynamodbs():
    assert partitions.write_limit_per_s() == LIMIT == 1000
    assert partitions.write_limit_per_s(item_kb=1.2) == 500
    assert partitions.write_limit_per_s(item_kb=0.3) == 1000
    far_beyond = partitions.throttled_share([4 * LIMIT])
    assert far_beyond == pytest.approx(0.75, abs=1e-6)
    assert partitions.throttled_share([LIMIT / 2]) < 1e-30
    assert partitions.throttled_share([600.0], units=2) == pytest.approx(
        1 / 6, rel=0.01
    )
    assert partitions.throttled_share([0.0, 0.0]) == 0


def test_weights():
    zipf = partitions.zipf_weights(4)
    assert zipf == pytest.approx(np.array([12, 6, 4, 3]) / 25)
    assert partitions.zipf_weights(5, exponent=0) == pytest.approx(0.2)
    hot = partitions.hot_key_weights(11, hot_share=0.4)
    assert hot[0] == 0.4 and hot[1:] == pytest.approx(0.06)


# --- simulations against theory -------------------------------------------------------

SETTINGS = [  # weights, rate, partitions, shards, limit, units
    (partitions.hot_key_weights(100, hot_share=0.5), 400, 4, 1, 100, 1),
    (partitions.hot_key_weights(100, hot_share=0.5), 400, 4, 8, 100, 1),
    (partitions.hot_key_weights(2, hot_share=1.0), 60, 1, 1, 50, 1),
    (partitions.zipf_weights(500), 300, 8, 1, 40, 1),
    (partitions.zipf_weights(500), 300, 8, 10, 35, 1),
    (partitions.zipf_weights(50, exponent=1.5), 200, 10, 1, 60, 2),
    (partitions.zipf_weights(50, exponent=0), 100, 5, 1, 50, 2.5),
    (partitions.zipf_weights(1000), 3_000, 3, 1, None, 1),
    (partitions.zipf_weights(1000), 3_000, 3, 1, None, 2),
    (partitions.hot_key_weights(1000, hot_share=0.4), 3_000, 20, 1, None, 1),
    (partitions.hot_key_weights(1000, hot_share=0.9), 3_000, 20, 4, None, 1),
]


@pytest.mark.parametrize(
    ("weights", "rate", "number", "shards", "limit", "units"), SETTINGS
)
def test_the_throttled_share(weights, rate, number, shards, limit, units):
    """Each seed places the keys anew, so each run is held against its own rates."""
    limits = {"limit_units_per_s": limit, "units": units}
    found, expected = [], []
    for seed in range(30):
        run = partitions.hot_partitions(
            weights=weights, rate_per_s=rate, partitions=number, shards=shards,
            duration_s=max(20, 30_000 // rate), seed=seed, **limits,
        )  # fmt: skip
        found.append(run.throttled_share)
        expected.append(partitions.throttled_share(run.rates_per_s, **limits))
    mean = float(np.mean(expected))
    assert mean > 0.001, "a setting that throttles nothing shows nothing"
    differences = np.array(found) - np.array(expected)
    assert_close(lambda seed: mean + differences[seed], mean, power=0.05)


@pytest.mark.parametrize("shards", [1, 5])
def test_partitions_get_the_traffic_of_their_keys(shards):
    weights = partitions.zipf_weights(30)

    def run(seed):
        return partitions.hot_partitions(
            weights=weights, rate_per_s=500, partitions=6, shards=shards,
            duration_s=100, seed=seed,
        )  # fmt: skip

    one = run(1)
    assert one.rates_per_s.sum() == pytest.approx(500)
    assert one.heat_per_s == pytest.approx(one.rates_per_s, rel=0.1)
    assert (one.partition_of < 6).all() and one.partition_of.shape == (30, shards)
    assert (one.partition_of[one.key] == one.partition[:, None]).any(axis=1).all()
    assert_close(lambda seed: (run(seed).key == 0).mean(), weights[0])
    assert_close(lambda seed: len(run(seed)), 50_000, sd=50_000**0.5)


def test_copies_of_a_key_are_used_alike():
    run = partitions.hot_partitions(
        weights=np.array([1.0]), rate_per_s=1000, partitions=1000, shards=4,
        duration_s=40, seed=3,
    )  # fmt: skip
    used = np.bincount(run.partition, minlength=1000)[run.partition_of[0]]
    assert len(set(run.partition_of[0])) == 4
    assert used == pytest.approx(10_000, rel=0.05)


def test_sharding_cools_the_hot_key():
    """The chapter's case: one key of 3,000 writes a second on 20 partitions."""

    def share(shards, seed):
        return partitions.hot_partitions(
            weights=partitions.hot_key_weights(1000, hot_share=0.9), rate_per_s=3_000,
            partitions=20, shards=shards, duration_s=10, seed=seed,
        ).throttled_share  # fmt: skip

    alone = [share(1, seed) for seed in range(5)]
    sharded = [share(16, seed) for seed in range(5)]
    assert min(alone) > 0.5 and max(sharded) < 0.05


# --- what always holds ----------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(0.01, 1), min_size=1, max_size=20),
    st.floats(0, 60),
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(0, 30),
    st.integers(0, 999),
)
def test_a_partition_takes_its_limit_in_each_second(
    weights, rate, number, shards, limit, seed
):
    run = partitions.hot_partitions(
        weights=np.array(weights) / sum(weights), rate_per_s=rate, partitions=number,
        shards=shards, limit_units_per_s=limit, duration_s=5, seed=seed,
    )  # fmt: skip
    assert (np.diff(run.arrival_s) >= 0).all() and len(run.throttled) == len(run)
    for second in range(5):
        for partition in range(number):
            here = (np.floor(run.arrival_s) == second) & (run.partition == partition)
            assert (here & ~run.throttled).sum() == min(here.sum(), limit)
            assert (np.diff(run.throttled[here].astype(int)) >= 0).all()
    by_key = run.throttled_by_key * np.bincount(run.key, minlength=len(weights))
    assert by_key.sum() == pytest.approx(run.throttled.sum())


@given(st.floats(0, 90), st.floats(0, 30), st.integers(0, 100))
def test_more_load_or_a_lower_limit_throttles_no_less(rate, more, limit):
    def share(rate, limit):
        return partitions.throttled_share([rate, 5.0], limit_units_per_s=limit)

    assert share(rate, limit + 1) <= share(rate, limit) + 1e-12
    alone = partitions.throttled_share([rate + more], limit_units_per_s=limit)
    less = partitions.throttled_share([rate], limit_units_per_s=limit)
    assert alone >= less - 1e-12 or rate == 0


def test_seeds_decide():
    setting = {"rate_per_s": 100, "partitions": 4, "duration_s": 10}
    weights = partitions.zipf_weights(20)
    one, same, other = (
        partitions.hot_partitions(weights=weights, **setting, seed=seed)
        for seed in (1, 1, 2)
    )
    assert (one.key == same.key).all() and (one.throttled == same.throttled).all()
    assert len(one) != len(other) or (one.key != other.key).any()


def test_results_say_what_they_are_in_a_line():
    run = partitions.hot_partitions(
        weights=partitions.zipf_weights(20), rate_per_s=100, partitions=4,
        duration_s=10,
        seed=1,
    )  # fmt: skip
    assert repr(run).startswith(f"{len(run):,} requests: hottest partition ")
    assert run.percentile(100) == run.heat_per_s.max()
    nothing = partitions.hot_partitions(
        weights=[1.0], rate_per_s=0, partitions=4, duration_s=10, seed=1
    )
    assert len(nothing) == 0 and nothing.throttled_share == 0
    with pytest.raises(AttributeError):
        run.key = None


# --- refusals -------------------------------------------------------------------------

GOOD = {
    "weights": [0.5, 0.5], "rate_per_s": 10,
    "partitions": 2, "duration_s": 5, "seed": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"weights": [0.5, 0.4]}, "weights have the sum 0.9: it must be 1"),
        ({"weights": [1.5, -0.5]}, "weights must be one number for each key"),
        ({"weights": []}, "weights must be one number for each key"),
        ({"weights": [[1.0]]}, "weights must be one number for each key"),
        ({"weights": [float("nan")]}, "weights must be one number for each key"),
        ({"rate_per_s": -1}, "rate_per_s=-1"),
        ({"partitions": 0}, "partitions=0"),
        ({"duration_s": 0}, "duration_s=0"),
        ({"shards": 0}, "shards=0"),
        ({"limit_units_per_s": -1}, "limit_units_per_s=-1"),
        ({"units": 0}, "units=0"),
    ],
)
def test_impossible_parameters_are_refused_by_name_and_value(bad, message):
    with pytest.raises(ValueError, match=message):
        partitions.hot_partitions(**{**GOOD, **bad})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: partitions.zipf_weights(0), "keys=0"),
        (lambda: partitions.zipf_weights(5, exponent=-1), "exponent=-1"),
        (lambda: partitions.hot_key_weights(1, hot_share=0.5), "keys=1: it must be 2"),
        (lambda: partitions.hot_key_weights(5, hot_share=1.2), "hot_share=1.2"),
        (lambda: partitions.write_limit_per_s(item_kb=0), "item_kb=0"),
        (lambda: partitions.throttled_share([-1.0]), "rates_per_s must be"),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
