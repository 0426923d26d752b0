"""M-out-of-N alarms against their closed forms and an alarm written out."""

import itertools
import math

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.sim import alarms

ALARMS = [(1, 1), (2, 2), (3, 3), (1, 3), (2, 3), (3, 5), (5, 5), (4, 10)]


def rule(m, n):
    return {"datapoints_to_alarm": m, "evaluation_periods": n}


# --- theory ---------------------------------------------------------------------------


@pytest.mark.parametrize("m", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("p", [0.3, 0.5, 0.95, 1.0])
def test_a_run_of_breaches(m, p):
    """Feller's formula, which is the consecutive-failure breaker's as well."""
    periods = (1 - p**m) / (p**m * (1 - p)) if p < 1 else m
    found = alarms.mean_detection_s(failing_probability=p, period_s=60, **rule(m, m))
    assert found == pytest.approx(60 * periods, rel=1e-9)


@pytest.mark.parametrize(("m", "n"), ALARMS)
def test_one_of_many_breaches_is_the_first(m, n):
    p = 0.2
    first = alarms.mean_detection_s(failing_probability=p, period_s=1, **rule(1, n))
    assert first == pytest.approx(5)
    sure = alarms.mean_detection_s(failing_probability=1, period_s=10, **rule(m, n))
    assert sure == pytest.approx(10 * m)


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 3), (3, 3), (3, 4), (1, 4)])
@pytest.mark.parametrize("healthy", [0.0, 0.2])
def test_detection_against_all_histories(m, n, healthy):
    """Every history of healthy and failing datapoints, each with its probability."""
    p, periods = 0.6, 6
    expected = np.zeros(periods + 1)
    for history in itertools.product([0, 1], repeat=n + periods):
        chances = [healthy] * n + [p] * periods
        weight = math.prod(
            c if x else 1 - c for x, c in zip(history, chances, strict=True)
        )
        on = [sum(history[k : k + n]) >= m for k in range(periods + 1)]
        expected += weight * np.maximum.accumulate(on)
    found = alarms.detection_probability(
        periods, failing_probability=p, healthy_probability=healthy, **rule(m, n)
    )
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("m", "n"), ALARMS)
def test_the_mean_is_the_sum_of_the_tail(m, n):
    how = {"failing_probability": 0.7, "healthy_probability": 0.1, **rule(m, n)}
    tail = 1 - alarms.detection_probability(400, **how)
    assert alarms.mean_detection_s(period_s=5, **how) == pytest.approx(5 * tail.sum())


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 3), (2, 3), (3, 3), (3, 5)])
def test_false_alarms_against_all_histories(m, n):
    p, starts, on = 0.3, 0.0, 0.0
    for history in itertools.product([0, 1], repeat=n + 1):
        weight = math.prod(p if x else 1 - p for x in history)
        now = sum(history[1:]) >= m
        on += weight * now
        starts += weight * (now and sum(history[:-1]) < m)
    setting = {"breach_probability": p, **rule(m, n)}
    assert alarms.false_alarms_per_s(**setting, period_s=60) == pytest.approx(
        starts / 60
    )
    assert alarms.share_in_alarm(**setting) == pytest.approx(on)


# --- simulations against theory -------------------------------------------------------


@pytest.mark.parametrize(("m", "n"), ALARMS)
@pytest.mark.parametrize("p", [0.2, 0.4])
def test_false_alarms(m, n, p):
    setting = {"breach_probability": p, **rule(m, n)}
    rate = alarms.false_alarms_per_s(**setting, period_s=60)
    share = alarms.share_in_alarm(**setting)
    # Enough for some 1,500 alarms over all seeds, if they come at all.
    periods = int(min(4_000_000, max(20_000, 2_000 / (rate * 60))))
    runs = [
        alarms.quiet_watch(**setting, period_s=60, periods=periods, seed=seed)
        for seed in range(30)
    ]
    assert_close(lambda seed: runs[seed].alarms_per_s, rate)
    assert_close(lambda seed: runs[seed].share_in_alarm, share, power=0.04)


@pytest.mark.parametrize(("m", "n"), ALARMS)
@pytest.mark.parametrize(("p", "healthy"), [(0.5, 0.0), (0.8, 0.05)])
def test_detection(m, n, p, healthy):
    setting = {
        "failing_probability": p,
        "healthy_probability": healthy,
        **rule(m, n),
    }
    runs = [
        alarms.detections(**setting, period_s=60, failures=1500, seed=seed)
        for seed in range(30)
    ]
    mean_s = alarms.mean_detection_s(**setting, period_s=60)
    assert_close(lambda seed: runs[seed].mean_delay_s, mean_s)
    within = alarms.detection_probability(500, **setting)
    half = int(np.searchsorted(within, 0.5))  # periods in which half are detected
    assert_close(
        lambda seed: (runs[seed].delay_s <= 60 * half).mean(), within[half], power=0.05
    )
    if healthy and within[0] > 0.01:
        assert_close(
            lambda seed: (runs[seed].delay_s == 0).mean(), within[0], power=0.15
        )


def test_a_short_failure_may_pass_unseen():
    setting = {"failing_probability": 0.5, **rule(3, 3)}
    seen = alarms.detection_probability(5, **setting)[5]
    assert_close(
        lambda seed: (
            alarms.detections(
                **setting, period_s=60, failures=2_000, failing_periods=5, seed=seed
            ).detected_share
        ),
        seen,
    )


# --- what always holds ----------------------------------------------------------------

RULES = st.integers(1, 8).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=40), RULES)
def test_the_alarm_counts_the_last_datapoints(breaching, m_of_n):
    m, n = m_of_n
    found = alarms.in_alarm(np.array(breaching), **rule(m, n))
    for now in range(len(breaching)):
        assert found[now] == (sum(breaching[max(0, now - n + 1) : now + 1]) >= m)


def test_alarms_are_counted_when_they_start():
    breaching = np.array([0, 1, 1, 0, 1, 0, 0, 1, 1, 1], bool)
    run = alarms.Alarms(breaching, alarms.in_alarm(breaching, **rule(2, 3)), 60.0)
    assert list(run.alarming.astype(int)) == [0, 0, 1, 1, 1, 0, 0, 0, 1, 1]
    assert list(np.flatnonzero(run.started)) == [2, 8] and run.alarms == 2
    assert run.share_in_alarm == 0.5 and run.alarms_per_s == 2 / 600
    many = alarms.in_alarm(np.array([breaching, ~breaching]), **rule(2, 3))
    assert (many[0] == run.alarming).all() and many.shape == (2, 10)


@settings(deadline=None)
@given(st.floats(0.01, 0.99), st.floats(0, 0.5), RULES)
def test_a_harder_rule_is_later_and_quieter(p, healthy, m_of_n):
    m, n = m_of_n
    how = {"failing_probability": p, "healthy_probability": healthy}
    detected = alarms.detection_probability(12, **how, **rule(m, n))
    harder = alarms.detection_probability(12, **how, **rule(m, n + 1))
    assert (np.diff(detected) >= -1e-12).all() and (harder >= detected - 1e-12).all()
    if m < n:
        stricter = alarms.detection_probability(12, **how, **rule(m + 1, n))
        assert (stricter <= detected + 1e-12).all()
    on = {"breach_probability": p, **rule(m, n)}
    assert 0 <= alarms.false_alarms_per_s(**on, period_s=1) <= 0.5
    assert alarms.share_in_alarm(**on) <= 1 + 1e-12


def test_seeds_decide():
    quiet = {"breach_probability": 0.3, "period_s": 60, "periods": 200, **rule(2, 3)}
    one, same, other = (alarms.quiet_watch(**quiet, seed=seed) for seed in (1, 1, 2))
    assert (one.alarming == same.alarming).all()
    assert (one.breaching != other.breaching).any()
    failing = {"failing_probability": 0.3, "period_s": 60, **rule(2, 3)}
    one, same, other = (alarms.detections(**failing, seed=seed) for seed in (1, 1, 2))
    assert (one.delay_s == same.delay_s).all() and (one.delay_s != other.delay_s).any()


def test_nothing_breaches_everything_breaches():
    never = alarms.quiet_watch(
        breach_probability=0, period_s=60, periods=100, seed=1, **rule(1, 2)
    )
    assert never.alarms == 0 and repr(never) == "100 periods of 60 s: 0 alarms"
    unseen = alarms.detections(
        failing_probability=0, period_s=60, failures=5, seed=1, **rule(1, 2)
    )
    assert unseen.detected_share == 0 and math.isnan(unseen.mean_delay_s)
    assert unseen.percentile(50) == math.inf
    sure = alarms.detections(
        failing_probability=1, period_s=60, failures=5, seed=1, **rule(2, 3)
    )
    assert (sure.delay_s == 120).all() and sure.percentile(99) == 120
    assert repr(sure) == "5 failures: 100.00% detected, after 120 s on the mean"
    with pytest.raises(AttributeError):
        sure.delay_s = None


# --- refusals -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"breach_probability": 1.2}, "breach_probability=1.2: it must be 0 to 1"),
        ({"breach_probability": float("nan")}, "breach_probability=nan"),
        ({"datapoints_to_alarm": 4}, "datapoints_to_alarm=4 is more than"),
        ({"datapoints_to_alarm": 0}, "datapoints_to_alarm=0"),
        ({"evaluation_periods": 2.5}, "evaluation_periods=2.5"),
        ({"period_s": 0}, "period_s=0"),
        ({"periods": 0}, "periods=0"),
    ],
)
def test_impossible_parameters_are_refused_by_name_and_value(bad, message):
    good = {
        "breach_probability": 0.1, "period_s": 60, "periods": 9, "seed": 1,
        **rule(2, 3),
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        alarms.quiet_watch(**{**good, **bad})


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"failing_probability": -0.1}, "failing_probability=-0.1"),
        ({"healthy_probability": 2}, "healthy_probability=2"),
        ({"failures": 0}, "failures=0"),
        ({"failing_periods": 0}, "failing_periods=0"),
        ({"period_s": -1}, "period_s=-1"),
    ],
)
def test_impossible_failures_are_refused_by_name_and_value(bad, message):
    good = {"failing_probability": 0.5, "period_s": 60, "seed": 1, **rule(2, 3)}
    with pytest.raises(ValueError, match=message):
        alarms.detections(**{**good, **bad})


def test_chains_that_are_too_long_are_refused():
    most = alarms.MOST_PERIODS
    with pytest.raises(ValueError, match=f"evaluation_periods={most + 1}"):
        alarms.mean_detection_s(
            failing_probability=0.5, period_s=1, **rule(2, most + 1)
        )
    longest = {"failing_probability": 0.9, "period_s": 1.0, **rule(3, most)}
    assert 3 < alarms.mean_detection_s(**longest) < 4
    with pytest.raises(ValueError, match="failing_probability=0"):
        alarms.mean_detection_s(failing_probability=0, period_s=1, **rule(1, 1))
