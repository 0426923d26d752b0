"""Splits for heat against the closed form of what no split can cure."""

import numpy as np
import pytest
from compare import assert_close

from workbook.sim import partitions

NIGHT = {"rate_per_s": 600, "partitions": 4, "limit_units_per_s": 100}


def split(**changes):
    return partitions.split_for_heat(**{**NIGHT, "periods": 8, "seed": 1, **changes})


def test_each_period_throttles_what_its_partitions_cannot_take():
    """Every period is held against the closed form of its own rates."""
    weights = partitions.zipf_weights(200, exponent=1.0)

    def difference(seed, period):
        run = split(weights=weights, seed=seed, split_after_s=200)
        law = partitions.throttled_share(run.rates_per_s[period], limit_units_per_s=100)
        return run.throttled[period] - law

    for period in (0, 2):
        assert_close(lambda seed, at=period: 1 + difference(seed, at), 1, power=0.01)


def test_what_stays_is_what_hot_keys_alone_exceed():
    """In the end each key above the limit has a partition to itself, and no more."""
    weights = partitions.hot_key_weights(100, hot_share=0.4)  # 240 a second of one key
    alone = partitions.throttled_share([240.0], limit_units_per_s=100) * 240 / 600

    def last(seed):
        run = split(weights=weights, seed=seed, periods=16, split_after_s=300)
        return run.throttled[-1]

    assert_close(last, alone, power=0.02)


def test_many_warm_keys_are_cured():
    run = split(weights=partitions.zipf_weights(400, exponent=0), periods=10)
    assert run.throttled[0] > 0.2
    assert run.throttled[-1] < 0.001
    assert run.rates_per_s[-1].max() < 100
    # A half of what is too hot is at least half full, or nearly so: keys are not cut.
    assert run.partitions[-1] < 2 * 4 * 600 / 100


def test_sharding_lets_splits_cure_a_hot_key():
    weights = partitions.hot_key_weights(100, hot_share=0.4)
    cold = split(weights=weights, shards=8, periods=12)
    assert cold.throttled[-1] < 0.001 < split(weights=weights).throttled[-1]


def test_a_split_loses_no_request_and_moves_no_other_edge():
    weights = partitions.zipf_weights(50)
    run = split(weights=weights)
    for rates in run.rates_per_s:
        assert rates.sum() == pytest.approx(600)
    assert (np.diff(run.partitions) >= 0).all()
    assert (np.diff(run.partitions) <= run.partitions[:-1]).all()


def test_one_key_in_one_partition_cannot_be_split():
    run = split(weights=np.array([1.0]), partitions=1)
    assert set(run.partitions) == {1}
    assert run.throttled.min() > 0.8


def test_the_seed_is_heeded():
    weights = partitions.zipf_weights(50)
    one, again, other = (split(weights=weights, seed=seed) for seed in (1, 1, 2))
    assert (one.throttled == again.throttled).all()
    assert (one.throttled != other.throttled).any()


@pytest.mark.parametrize(
    "wrong", [{"periods": 0}, {"split_after_s": 0}, {"weights": [0.5]}, {"shards": 0}]
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        split(**{"weights": partitions.zipf_weights(5), **wrong})
