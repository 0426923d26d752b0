"""Arrivals of every kind, and a spike that is turned away or queued."""

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.sim import queueing

# --- arrivals ---------------------------------------------------------------------


def test_poisson_arrivals_are_poisson():
    counts = [
        len(queueing.poisson(rate_per_s=5, duration_s=20, seed=seed))
        for seed in range(400)
    ]
    assert np.mean(counts) == pytest.approx(100, rel=0.02)
    assert np.var(counts) == pytest.approx(100, rel=0.25)
    assert len(queueing.poisson(rate_per_s=0, duration_s=10, seed=1)) == 0


@pytest.mark.parametrize(
    ("rate", "seconds", "number"), [(0.1, 30, 3), (2, 5, 10), (1, 0, 0), (3, 0.5, 2)]
)
def test_even_arrivals_come_like_a_clock(rate, seconds, number):
    times_s = queueing.evenly(rate_per_s=rate, duration_s=seconds)
    assert np.allclose(times_s, np.arange(number) / rate)


def test_a_profile_has_the_rate_of_each_of_its_steps():
    rates = [0.0, 30.0, 0.0, 120.0, 60.0]
    runs = [
        queueing.profile(rates_per_s=rates, step_s=50, seed=seed) for seed in range(30)
    ]
    counts = np.array([np.histogram(run, np.arange(0, 251, 50))[0] for run in runs])
    assert (counts[:, [0, 2]] == 0).all()
    for step in (1, 3, 4):
        expected = rates[step] * 50
        assert_close(
            lambda seed, step=step: counts[seed, step], expected, sd=expected**0.5
        )
    assert all((np.diff(run) >= 0).all() and run[-1] < 250 for run in runs)


def test_a_profile_is_even_within_a_step():
    run = queueing.profile(rates_per_s=[10, 1_000], step_s=100, seed=2)
    late = run[run >= 100]
    assert late.mean() == pytest.approx(150, rel=0.005)
    assert late.std() == pytest.approx(100 / 12**0.5, rel=0.02)


def test_a_spike_comes_when_it_is_said_to():
    arrival_s = queueing.spike(
        base_per_s=10, peak_per_s=200, spike_start_s=50, spike_s=20, duration_s=100,
        seed=1,
    )  # fmt: skip
    inside = ((arrival_s >= 50) & (arrival_s < 70)).sum()
    assert inside == pytest.approx(4000, rel=0.06)
    assert len(arrival_s) - inside == pytest.approx(800, rel=0.15)
    assert (np.diff(arrival_s) >= 0).all() and arrival_s[-1] < 100


# --- turned away or queued --------------------------------------------------------

FLOOD = {
    "base_per_s": 5.0, "peak_per_s": 40.0, "spike_start_s": 100.0, "spike_s": 1000.0,
    "duration_s": 8000.0, "service_s": 1.0, "servers": 10,
}  # fmt: skip


@pytest.mark.parametrize("scv", [0.0, 1.0])
def test_a_queue_through_a_spike_is_as_deep_and_as_long_as_the_flow_says(scv):
    runs = [
        queueing.through_spike(**FLOOD, service_scv=scv, seed=seed)
        for seed in range(30)
    ]
    served = {"service_s": 1.0, "servers": 10}
    backlog = queueing.fluid_backlog(peak_per_s=40, spike_s=1000, **served)
    drain_s = queueing.fluid_drain_s(backlog=backlog, arrival_rate_per_s=5, **served)
    assert_close(lambda seed: runs[seed].deepest_queue, backlog)
    assert_close(lambda seed: runs[seed].drained_s - 1100, drain_s)


@pytest.mark.parametrize(
    ("peak", "servers", "scv"),
    [(40, 10, 0.0), (40, 10, 4.0), (12, 10, 0.0), (12, 10, 1.0), (120, 100, 1.0)],
)
def test_a_spike_is_turned_away_as_erlang_says(peak, servers, scv):
    lasts_s = 24_000 / peak
    expected = queueing.erlang_b(servers=servers, offered_load=peak)

    def share(seed):
        run = queueing.through_spike(
            base_per_s=peak / 2, peak_per_s=peak, spike_start_s=20.0, spike_s=lasts_s,
            duration_s=lasts_s + 40, service_s=1.0, servers=servers, service_scv=scv,
            seed=seed,
        ).synchronous  # fmt: skip
        # Ten services on, the servers have forgotten how it was before the spike.
        inside = (run.arrival_s > 30) & (run.arrival_s < 20 + lasts_s)
        return 1 - run.accepted[inside].mean()

    assert_close(share, expected)


@st.composite
def spikes(draw):
    return {
        "base_per_s": draw(st.floats(0, 5)),
        "peak_per_s": draw(st.floats(0.1, 60)),
        "spike_start_s": draw(st.floats(0, 20)),
        "spike_s": draw(st.floats(0, 20)),
        "duration_s": draw(st.floats(40, 60)),
        "service_s": draw(st.floats(0.01, 3)),
        "servers": draw(st.integers(1, 12)),
        "service_scv": draw(st.sampled_from([0.0, 1.0, 2.0])),
        "seed": draw(st.integers(0, 2**32)),
    }


@settings(deadline=None, max_examples=60)
@given(spikes())
def test_a_spike_loses_nobody_on_the_way(spike):
    run = queueing.through_spike(**spike)
    assert run.synchronous.rejected + run.synchronous.accepted.sum() == len(run)
    assert (run.synchronous.arrival_s == run.asynchronous.arrival_s).all()
    assert (run.synchronous.service_s == run.asynchronous.service_s).all()
    end_s = spike["spike_start_s"] + spike["spike_s"]
    last_s = run.asynchronous.done_s.max(initial=end_s)
    assert end_s <= run.drained_s <= last_s
    if len(run):
        waited = run.asynchronous.wait_s > 0
        assert waited.any() == (run.deepest_queue > 0)
        assert waited.any() == (run.synchronous.rejected > 0)
        at_s = np.nextafter(run.drained_s, np.inf)
        assert run.asynchronous.waiting_at(np.array([at_s]))[0] <= 1


def test_the_same_seed_gives_the_same_spike_and_another_another():
    def waits(seed):
        return queueing.through_spike(**FLOOD, service_scv=1.0, seed=seed).asynchronous

    first, again, other = waits(1), waits(1), waits(2)
    assert (first.wait_s == again.wait_s).all()
    assert len(first) != len(other)
    # Service times out of the generator that made the arrivals would depend on them.
    same_stream = np.random.default_rng(1).standard_exponential(len(first))
    assert (first.service_s != same_stream * FLOOD["service_s"]).all()


def test_a_spike_by_hand():
    arrival_s = np.array([0.0, 1, 1.5, 2, 9])
    served_s = np.full(5, 2.0)
    run = queueing.Spike(
        queueing.Losses(
            arrival_s, served_s, queueing.accepted(arrival_s, served_s, servers=1)
        ),
        queueing.Requests(
            arrival_s, queueing.fifo_waits(arrival_s, served_s), served_s
        ),
        spike_end_s=3.0,
    )
    assert list(run.synchronous.accepted) == [True, False, False, True, True]
    assert list(run.asynchronous.wait_s) == [0, 1, 2.5, 4, 0]
    assert run.deepest_queue == 2 and run.drained_s == 6.0
    assert run.percentile(100) == 6.0
    assert repr(run) == (
        "5 requests: synchronously 2 turned away; asynchronously none, 2 waiting at "
        "most, drained 3.0 s after the spike"
    )


def test_a_spike_without_anybody():
    nobody = {**FLOOD, "base_per_s": 0.0, "spike_s": 0.0}
    run = queueing.through_spike(**nobody, seed=1)
    assert len(run) == 0 and run.deepest_queue == 0 and run.drained_s == 100
    assert run.synchronous.rejected_share == 0


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"servers": 0}, "servers=0"),
        ({"service_s": 0}, "service_s=0"),
        ({"peak_per_s": -1}, "peak_per_s=-1"),
        ({"spike_s": 9_000.0}, "after duration_s=8000"),
        ({"service_scv": -2}, "service_scv=-2"),
    ],
)
def test_impossible_spikes_are_refused_by_name_and_value(bad, message):
    with pytest.raises(ValueError, match=message):
        queueing.through_spike(**{**FLOOD, **bad}, seed=1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: queueing.evenly(rate_per_s=0, duration_s=1), "rate_per_s=0"),
        (
            lambda: queueing.profile(rates_per_s=[1, -2], step_s=1, seed=1),
            r"rates_per_s\[1\]=-2",
        ),
        (lambda: queueing.profile(rates_per_s=[1], step_s=0, seed=1), "step_s=0"),
    ],
)
def test_impossible_arrivals_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
