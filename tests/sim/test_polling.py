"""Polling and push against closed forms, and what always holds."""

import math

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.sim import polling

# --- closed forms by hand -------------------------------------------------------------


def test_closed_forms():
    setting = {"period_s": 5, "event_rate_per_s": 0.1}
    assert polling.poll_mean_delay_s(period_s=5) == 2.5
    assert polling.poll_empty_share(**setting) == pytest.approx(math.exp(-0.5))
    assert polling.poll_calls_per_event(**setting) == pytest.approx(2)
    waits = {"wait_s": 20, "event_rate_per_s": 0.1}
    assert polling.long_poll_empty_share(**waits) == pytest.approx(math.exp(-2))
    assert polling.long_poll_calls_per_event(**waits) == pytest.approx(
        1 / (1 - math.exp(-2))
    )
    drops = {"drop_rate_per_s": 0.01, "reconnect_s": 25}
    assert polling.push_late_share(**drops) == pytest.approx(0.2)
    assert polling.push_mean_delay_s(**drops) == pytest.approx(0.2 * 12.5)
    assert polling.push_late_share(drop_rate_per_s=0, reconnect_s=9) == 0


# --- simulations against theory -------------------------------------------------------

POLLS = [(1, 0.5), (5, 0.1), (5, 1.0), (30, 0.01), (60, 0.2), (0.2, 3.0)]


@pytest.mark.parametrize(("period_s", "rate"), POLLS)
@pytest.mark.parametrize("watchers", [1, 20])
def test_short_polling(period_s, rate, watchers):
    duration_s = 20_000 / rate / watchers
    runs = [
        polling.short_polling(
            period_s=period_s, event_rate_per_s=rate, duration_s=duration_s,
            watchers=watchers, seed=seed,
        )
        for seed in range(30)
    ]  # fmt: skip
    setting = {"period_s": period_s, "event_rate_per_s": rate}
    sd = period_s / math.sqrt(12 * 20_000)  # of a uniform delay, a little dependent
    delay_s = polling.poll_mean_delay_s(period_s=period_s)
    assert_close(lambda seed: runs[seed].mean_delay_s, delay_s, sd=sd)
    empty = polling.poll_empty_share(**setting)
    if empty > 0.1:
        assert_close(lambda seed: runs[seed].empty_share, empty)
    calls = polling.poll_calls_per_event(**setting)
    assert_close(lambda seed: runs[seed].calls_per_event, calls)
    assert runs[0].delay_s.max() <= period_s and runs[0].missed_share == 0
    assert runs[0].percentile(50) == pytest.approx(period_s / 2, rel=0.05)


@pytest.mark.parametrize(
    ("wait_s", "rate"), [(20, 0.1), (20, 0.01), (1, 0.5), (5, 0.02), (20, 1.0)]
)
@pytest.mark.parametrize("watchers", [1, 20])
def test_long_polling(wait_s, rate, watchers):
    def run(seed):
        return polling.long_polling(
            wait_s=wait_s, event_rate_per_s=rate, watchers=watchers,
            duration_s=20_000 / rate / watchers, seed=seed,
        )  # fmt: skip

    runs = [run(seed) for seed in range(30)]
    setting = {"wait_s": wait_s, "event_rate_per_s": rate}
    calls = polling.long_poll_calls_per_event(**setting)
    if calls - 1 > 1e-3:
        assert_close(lambda seed: runs[seed].calls_per_event - 1, calls - 1, power=0.05)
        empty = polling.long_poll_empty_share(**setting)
        assert_close(lambda seed: runs[seed].empty_share, empty, power=0.05)
    assert runs[0].mean_delay_s == 0
    assert runs[0].calls - runs[0].empty == len(runs[0])


DROPS = [(0.01, 25, 0.2), (0.001, 30, 0.05), (0.1, 2, 1.0), (0.5, 8, 0.3)]


@pytest.mark.parametrize(("drop_rate", "reconnect_s", "rate"), DROPS)
@pytest.mark.parametrize("watchers", [1, 3])
def test_push(drop_rate, reconnect_s, rate, watchers):
    drops = {"drop_rate_per_s": drop_rate, "reconnect_s": reconnect_s}
    cycles_s = 4_000 * (1 / drop_rate + reconnect_s)

    def run(seed, catch_up):
        return polling.push(
            **drops, event_rate_per_s=rate, duration_s=cycles_s / watchers,
            watchers=watchers, catch_up=catch_up, seed=seed,
        )  # fmt: skip

    kept = [run(seed, True) for seed in range(30)]
    lost = [run(seed, False) for seed in range(30)]
    late = polling.push_late_share(**drops)
    assert_close(lambda seed: kept[seed].late_share, late, power=0.04)
    delay_s = polling.push_mean_delay_s(**drops)
    assert_close(lambda seed: kept[seed].mean_delay_s, delay_s, power=0.04)
    for one, other in zip(kept, lost, strict=True):
        assert one.missed_share == 0 and other.late_share == 0
        assert other.missed_share == one.late_share
        assert (one.event_s == other.event_s).all()
        assert one.delay_s.max() <= reconnect_s
        assert one.empty <= other.empty == one.calls == other.calls
    assert_close(lambda seed: kept[seed].calls / 4_000, 1, power=0.05)


def test_a_reconnection_that_brings_something_is_not_empty():
    """With many events in each gap, every reconnection but the first connect brings."""
    run = polling.push(
        drop_rate_per_s=0.1, reconnect_s=10, event_rate_per_s=20, duration_s=2_000,
        watchers=3, seed=1,
    )  # fmt: skip
    assert run.empty == 3 and run.calls > 200


def test_many_watchers_whose_connections_are_back_at_once():
    def run(seed):
        return polling.push(
            drop_rate_per_s=0.05, reconnect_s=0, event_rate_per_s=0.1, duration_s=200,
            watchers=100, seed=seed,
        )  # fmt: skip

    assert_close(lambda seed: run(seed).calls, 100 + 100 * 10, sd=1000**0.5)
    assert run(1).late_share == 0


def test_connections_that_never_break():
    run = polling.push(
        drop_rate_per_s=0, reconnect_s=10, event_rate_per_s=1, duration_s=100, seed=1
    )
    assert run.calls == 1 and run.late_share == run.missed_share == 0


# --- growing schedules ----------------------------------------------------------------


def test_a_schedule_by_hand():
    times = polling.exponential_schedule(first_s=1, factor=2, until_s=20)
    assert list(times) == [1, 3, 7, 15, 31]
    capped = polling.exponential_schedule(first_s=1, factor=2, until_s=12, cap_s=4)
    assert list(capped) == [1, 3, 7, 11, 15]
    delay_s, calls = polling.poll_until(np.array([0.5, 1, 1.5, 14]), times)
    assert list(delay_s) == [0.5, 0, 1.5, 1] and list(calls) == [1, 1, 2, 4]


@given(
    st.floats(0.01, 5),
    st.floats(1.01, 4),
    st.lists(st.floats(0, 500), min_size=1, max_size=30),
)
def test_a_growing_schedule_bounds_delay_and_calls(first_s, factor, done):
    done_s = np.array(done)
    times = polling.exponential_schedule(first_s=first_s, factor=factor, until_s=500)
    delay_s, calls = polling.poll_until(done_s, times)
    assert (delay_s >= 0).all()
    assert (delay_s <= (first_s + (factor - 1) * done_s) * (1 + 1e-9) + 1e-9).all()
    most = np.log1p(done_s * (factor - 1) / first_s) / math.log(factor) + 1
    assert (calls <= np.ceil(most) + 1).all() and (calls >= 1).all()


# --- what always holds ----------------------------------------------------------------

SETTING = {"event_rate_per_s": 0.3, "duration_s": 500.0}
WAYS = {
    "short": lambda **how: polling.short_polling(period_s=7, **how),
    "long": lambda **how: polling.long_polling(wait_s=7, **how),
    "push": lambda **how: polling.push(drop_rate_per_s=0.05, reconnect_s=5, **how),
}


@pytest.mark.parametrize("way", WAYS)
def test_seeds_decide(way):
    one, same, other = (WAYS[way](**SETTING, seed=seed) for seed in (1, 1, 2))
    assert (one.delay_s == same.delay_s).all() and one.calls == same.calls
    assert len(one) != len(other) or (one.event_s != other.event_s).any()


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(sorted(WAYS)),
    st.floats(0, 2),
    st.floats(1, 200),
    st.integers(1, 30),
    st.integers(0, 1000),
)
def test_each_event_is_in_time_and_counted_once(way, rate, duration_s, watchers, seed):
    run = WAYS[way](
        event_rate_per_s=rate, duration_s=duration_s, watchers=watchers, seed=seed
    )
    assert ((run.event_s >= 0) & (run.event_s <= duration_s)).all()
    assert (run.delay_s >= 0).all() and 0 <= run.empty <= run.calls
    assert run.calls - run.empty <= len(run)
    if way == "short":
        assert (run.event_s + run.delay_s <= duration_s + 1e-9).all()
        assert abs(run.calls - watchers * duration_s / 7) <= watchers
    if way == "long":
        assert run.calls >= len(run)
        assert abs(run.empty * 7) <= watchers * duration_s


@settings(deadline=None, max_examples=60)
@given(st.floats(0.001, 2), st.integers(1, 12), st.integers(0, 1000))
def test_long_polls_are_those_made_one_by_one(rate, watchers, seed):
    wait_s, duration_s = 3.0, 40.0
    run = polling.long_polling(
        wait_s=wait_s, event_rate_per_s=rate, duration_s=duration_s, watchers=watchers,
        seed=seed,
    )  # fmt: skip
    empty = 0
    for watcher in range(watchers):
        call_s = 0.0
        for event_s in [*run.event_s[run.watcher == watcher], duration_s]:
            while call_s + wait_s < event_s:
                call_s, empty = call_s + wait_s, empty + 1
            call_s = event_s
    assert run.empty == empty and run.calls == empty + len(run)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([0.01, 0.03, 0.2, 1.5]), st.integers(1, 12), st.integers(0, 1000)
)
def test_a_call_that_brings_several_events_is_one(rate, watchers, seed):
    setting = {"event_rate_per_s": rate, "duration_s": 40, "watchers": watchers}
    short = polling.short_polling(period_s=7, **setting, seed=seed)
    known_s = np.round(short.event_s + short.delay_s, 6)
    brought = set(zip(short.watcher.tolist(), known_s.tolist(), strict=True))
    assert short.calls - short.empty == len(brought)
    told = polling.push(drop_rate_per_s=0.2, reconnect_s=5, **setting, seed=seed)
    late = told.delay_s > 0
    known_s = np.round((told.event_s + told.delay_s)[late], 6)
    brought = set(zip(told.watcher[late].tolist(), known_s.tolist(), strict=True))
    assert told.calls - told.empty == len(brought)


def test_the_events_are_as_many_as_asked_for():
    def run(seed):
        return polling.long_polling(wait_s=1, **SETTING, watchers=40, seed=seed)

    assert_close(lambda seed: len(run(seed)), 6000, sd=6000**0.5)
    assert_close(lambda seed: run(seed).event_s.mean(), 250)


@given(st.integers(0, 10_000), st.floats(1, 3))
def test_asking_less_often_is_later_and_cheaper(seed, times):
    def run(period_s):
        return polling.short_polling(
            period_s=period_s, event_rate_per_s=1, duration_s=3000, seed=seed
        )

    often, seldom = run(5), run(5 * times)
    assert seldom.calls <= often.calls + 1
    assert seldom.mean_delay_s >= often.mean_delay_s - 0.5


def test_results_say_what_they_are_in_a_line():
    short = WAYS["short"](**SETTING, seed=1)
    assert repr(short).startswith(
        f"{len(short)} events, {short.calls} calls, mean delay"
    )
    lost = WAYS["push"](**SETTING, seed=1, catch_up=False)
    assert repr(lost).endswith("% missed")
    assert lost.percentile(99.9) == math.inf and lost.percentile(10) == 0
    nothing = WAYS["push"](event_rate_per_s=0, duration_s=1, seed=1)
    assert repr(nothing) == "0 events, 1 calls" and nothing.missed_share == 0
    with pytest.raises(AttributeError):
        short.delay_s = None


# --- refusals -------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"event_rate_per_s": -1}, "event_rate_per_s=-1"),
        ({"duration_s": 0}, "duration_s=0"),
        ({"watchers": 0}, "watchers=0"),
        ({"watchers": 1.5}, "watchers=1.5: it must be a whole number"),
    ],
)
def test_impossible_parameters_are_refused_by_name_and_value(way, bad, message):
    with pytest.raises(ValueError, match=message):
        WAYS[way](**{**SETTING, "seed": 1, **bad})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: polling.short_polling(period_s=0, seed=1, **SETTING), "period_s=0"),
        (lambda: polling.long_polling(wait_s=-1, seed=1, **SETTING), "wait_s=-1"),
        (
            lambda: polling.push(drop_rate_per_s=-1, reconnect_s=1, seed=1, **SETTING),
            "drop_rate_per_s=-1",
        ),
        (
            lambda: polling.exponential_schedule(first_s=1, factor=0.5, until_s=9),
            "factor=0.5",
        ),
        (
            lambda: polling.exponential_schedule(
                first_s=2, factor=2, until_s=9, cap_s=1
            ),
            "cap_s=1: it must not be below first_s=2",
        ),
        (lambda: polling.poll_until([5], [1, 2]), "let it go on"),
        (lambda: polling.poll_until([1], [2, 2]), "must grow"),
        (lambda: polling.poll_mean_delay_s(period_s=0), "period_s=0"),
        (
            lambda: polling.push_late_share(drop_rate_per_s=1, reconnect_s=-2),
            "reconnect_s=-2",
        ),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
