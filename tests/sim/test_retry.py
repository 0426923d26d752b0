"""Retries against the published figures and the closed forms."""

from types import SimpleNamespace

import numpy as np
import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.retries import quota as botocore_quota
from botocore.retries import standard
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.patterns.backend import RetryBudget
from workbook.sim import retry
from workbook.sim.queueing import fifo_waits

# --- contended clients: the published table -------------------------------------------

# Mean calls and mean completion in ms over 20,000 runs, with their standard errors, in
# the order of BACKOFFS ("Exponential Backoff And Jitter", AWS Architecture Blog).
PUBLISHED = {
    10: "50.9±0.03/380±0 50.8±0.03/3461±9 39.0±0.02/465±1 42.5±0.02/728±1 "
    "37.7±0.02/437±1",
    20: "152.3±0.09/602±0 150.0±0.10/14449±20 100.2±0.03/1007±2 108.0±0.03/1627±3 "
    "101.0±0.04/820±1",
    50: "689.8±0.12/1140±0 623.1±0.20/36348±23 332.6±0.03/2890±4 347.2±0.04/4244±4 "
    "374.7±0.09/2207±4",
    80: "1609.4±0.18/1679±0 1301.6±0.35/53540±26 602.4±0.04/4196±4 619.2±0.05/5827±4 "
    "732.1±0.16/3717±5",
    100: "2422.9±0.23/2028±0 1855.6±0.41/63466±27 796.0±0.05/4909±4 812.4±0.06/6627±5 "
    "1001.8±0.20/4594±5",
    150: "5141.4±0.36/2877±0 3546.2±0.69/85739±29 1318.2±0.07/6400±4 "
    "1324.3±0.07/8291±4 1759.7±0.32/6545±6",
    200: "8814.6±0.51/3701±0 5608.2±0.90/104954±30 1890.1±0.09/7697±4 "
    "1872.2±0.09/9684±4 2611.0±0.44/8227±6",
}

# Runs in each of the thirty groups: the fewer clients, the more their luck differs.
RUNS = {10: 130, 20: 80, 50: 50, 80: 30, 100: 20, 150: 15, 200: 11}


def published():
    for clients, row in PUBLISHED.items():
        for backoff, cell in zip(retry.BACKOFFS, row.split(), strict=True):
            calls, completion = (part.split("±") for part in cell.split("/"))
            yield clients, backoff, *map(float, calls), *map(float, completion)


@pytest.mark.parametrize(
    ("clients", "backoff", "calls", "calls_se", "done_ms", "done_se"), list(published())
)
def test_the_published_table(clients, backoff, calls, calls_se, done_ms, done_se):
    # Runs are as independent of each other within one seed as between seeds.
    found = retry.contended_clients(
        clients=clients, backoff=backoff, runs=30 * RUNS[clients], seed=clients
    )
    group_calls = found.calls.reshape(30, -1).mean(axis=1)
    group_ms = 1000 * found.completion_s.reshape(30, -1).mean(axis=1)
    # The last digit of the table is rounded: that adds to its standard error.
    assert_close(group_calls.__getitem__, calls, reference_se=calls_se + 0.03)
    assert_close(group_ms.__getitem__, done_ms, reference_se=done_se + 0.3)


@pytest.mark.parametrize("backoff", retry.BACKOFFS)
def test_one_row_of_it_seed_by_seed(backoff):
    row = {kind: calls for n, kind, calls, *_ in published() if n == 20}
    assert_close(
        lambda seed: (
            retry.contended_clients(
                clients=20, backoff=backoff, runs=20, seed=seed
            ).mean_calls
        ),
        row[backoff],
        reference_se=0.15,
    )


def mean_calls(clients, backoff, runs=60):
    return retry.contended_clients(
        clients=clients, backoff=backoff, runs=runs, seed=7
    ).mean_calls


def test_full_jitter_is_not_always_the_least_work():
    assert mean_calls(10, "decorrelated", 2000) < mean_calls(10, "full jitter", 2000)
    assert mean_calls(200, "equal jitter") < mean_calls(200, "full jitter")


def test_decorrelated_jitter_ends_first_in_a_small_crowd_and_last_in_a_large_one():
    def done_s(clients, backoff):
        return retry.contended_clients(
            clients=clients, backoff=backoff, runs=300, seed=3
        ).mean_completion_s

    assert done_s(100, "decorrelated") < done_s(100, "full jitter")
    assert done_s(180, "decorrelated") > done_s(180, "full jitter")


def test_calls_without_backoff_grow_almost_with_the_square():
    few, many = mean_calls(50, "none", 100), mean_calls(200, "none", 20)
    assert np.log(many / few) / np.log(4) == pytest.approx(1.84, abs=0.02)


@pytest.mark.parametrize("backoff", retry.BACKOFFS)
def test_one_client_alone_needs_one_call(backoff):
    alone = retry.contended_clients(clients=1, backoff=backoff, runs=500, seed=1)
    assert (alone.calls == 1).all()
    assert alone.mean_completion_s == pytest.approx(0.040, rel=0.02)  # four messages


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(retry.BACKOFFS), st.integers(1, 12), st.integers(1, 9),
    st.integers(0, 99),
)  # fmt: skip
def test_everybody_gets_through_and_the_seed_decides(backoff, clients, runs, seed):
    def run(seed):
        return retry.contended_clients(
            clients=clients, backoff=backoff, runs=runs, seed=seed
        )

    one, same, other = run(seed), run(seed), run(seed + 1)
    assert (one.calls >= clients).all() and one.calls.shape == (runs,)
    assert (one.completion_s == same.completion_s).all()
    assert (one.completion_s != other.completion_s).any()


def full_jitter_of_ones_own(failures, rng):
    return rng.uniform(0, np.minimum(2.0, 0.005 * 2.0**failures))


def test_a_backoff_of_ones_own_takes_the_place_of_a_name():
    def run(backoff):
        return retry.contended_clients(clients=20, backoff=backoff, runs=20, seed=3)

    own, ours = run(full_jitter_of_ones_own), run("full jitter")
    assert (own.calls == ours.calls).all()
    assert (own.completion_s == ours.completion_s).all()
    assert repr(own).startswith("20 clients, full_jitter_of_ones_own: ")
    at_once = run(lambda failures, rng: 0 * failures)
    assert (at_once.completion_s == run("none").completion_s).all()


def waits(kind, failures, n=40_000, last_s=0.005):
    return retry.backoff_s(
        kind, np.full(n, failures), np.full(n, last_s), base_s=0.005, cap_s=2.0,
        rng=np.random.default_rng(1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "failures", "low", "high"),
    [
        ("none", 5, 0, 0),
        ("exponential", 1, 0.010, 0.010),
        ("exponential", 3, 0.040, 0.040),
        ("exponential", 5000, 2, 2),
        ("full jitter", 3, 0, 0.040),
        ("full jitter", 20, 0, 2),
        ("equal jitter", 3, 0.020, 0.040),
        ("decorrelated", 3, 0.005, 0.015),
    ],
)
def test_waits_are_spread_evenly_between_their_bounds(kind, failures, low, high):
    found = waits(kind, failures)
    assert found.min() >= low and found.max() <= high
    assert found.mean() == pytest.approx((low + high) / 2, rel=0.02, abs=1e-12)
    assert found.var() == pytest.approx((high - low) ** 2 / 12, rel=0.05, abs=1e-12)


def test_decorrelated_waits_are_capped():
    assert waits("decorrelated", 9, last_s=1.9).max() == 2.0


# --- layers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "retries", "layers", "load", "success"),
    [
        (0.5, 3, 1, 1.875, 0.9375),
        (0.9, 3, 3, 9.98821, 0.998821),
        (0.99, 3, 3, 47.4404, 0.474404),
        (1.0, 3, 3, 64.0, 0.0),
        (0.0, 3, 3, 1.0, 1.0),
        (0.3, 0, 5, 1.0, 0.7),
    ],
)
def test_layers_by_their_closed_form(failure, retries, layers, load, success):
    asked = {"failure": failure, "retries": retries, "layers": layers}
    assert retry.layered_load(**asked) == pytest.approx(load, rel=1e-5)
    assert retry.layered_success(**asked) == pytest.approx(success, rel=1e-5)


@pytest.mark.parametrize("failure", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(("retries", "layers"), [(1, 1), (3, 1), (2, 2), (3, 3)])
def test_layers_simulated(failure, retries, layers):
    asked = {"failure": failure, "retries": retries, "layers": layers}
    found = {
        seed: retry.layers_of_retries(requests=8_000, seed=seed, **asked)
        for seed in range(30)
    }
    assert_close(lambda seed: found[seed].load, retry.layered_load(**asked))
    success = retry.layered_success(**asked)
    if success < 0.9999:
        assert_close(lambda seed: found[seed].success, success)


def test_the_worst_case_multiplies():
    worst = retry.layers_of_retries(
        requests=3, failure=1.0, retries=3, layers=3, seed=1
    )
    assert list(worst.attempts) == [64, 64, 64] and not worst.succeeded.any()


# --- budgets --------------------------------------------------------------------------


@pytest.mark.parametrize("quota", [retry.BOTOCORE_1_43, retry.BOTOCORE_1_44])
@pytest.mark.parametrize("failure", [0.15, 0.25, 0.5, 0.9])
def test_attempts_under_a_quota(failure, quota):
    def settled_load(seed):
        run = retry.run_with_quota(calls=6_000, failure=failure, seed=seed, quota=quota)
        return run.attempts[3_000:].mean()  # the full bucket it starts with is gone

    assert_close(settled_load, retry.attempts_with_quota(failure=failure, quota=quota))


def test_timeouts_and_throttles_have_costs_of_their_own():
    for quota in (retry.BOTOCORE_1_43, retry.BOTOCORE_1_44):
        for cause in ("error", "timeout", "throttle"):
            same = retry.Quota(retry_cost=quota.cost(cause))
            assert retry.attempts_with_quota(
                failure=0.6, quota=quota, cause=cause
            ) == retry.attempts_with_quota(failure=0.6, quota=same)


@pytest.mark.parametrize(("cost", "binds"), [(5, 0.3207), (14, 0.2149)])
def test_where_the_quota_begins_to_bind(cost, binds):
    quota = retry.Quota(retry_cost=cost)
    below, above = (
        retry.attempts_with_quota(failure=p, quota=quota)
        for p in (binds - 1e-4, binds + 1e-4)
    )
    unlimited = 1 + binds + binds**2
    assert below < unlimited and above < unlimited
    assert below == pytest.approx(unlimited, abs=1e-3)
    assert above == pytest.approx(unlimited, abs=1e-3)


@pytest.mark.parametrize(
    ("quota", "cause", "granted"),
    [
        (retry.BOTOCORE_1_43, "error", 100),
        (retry.BOTOCORE_1_43, "timeout", 50),
        (retry.BOTOCORE_1_43, "throttle", 100),
        (retry.BOTOCORE_1_44, "error", 35),
        (retry.BOTOCORE_1_44, "timeout", 35),
        (retry.BOTOCORE_1_44, "throttle", 100),
    ],
)
def test_an_outage_is_granted_so_many_retries(quota, cause, granted):
    run = retry.run_with_quota(calls=500, failure=1.0, seed=1, quota=quota, cause=cause)
    assert run.attempts.sum() - 500 == granted and run.success == 0


FAILED_BY = {
    "error": {"caught_exception": EndpointConnectionError(endpoint_url="")},
    "timeout": {"caught_exception": ReadTimeoutError(endpoint_url="")},
    "throttle": {"parsed_response": {"Error": {"Code": "ThrottlingException"}}},
}


class Client:
    """What botocore's own checker says, asked as a client of botocore would."""

    def __init__(self, cause):
        detector = standard.ThrottlingErrorDetector(standard.RetryEventAdapter())
        self.bucket = botocore_quota.RetryQuota()
        self.checker = standard.RetryQuotaChecker(self.bucket, detector)
        self.cause = FAILED_BY[cause]
        self.context = {}

    def may_retry(self, attempt):
        asked = standard.RetryContext(
            attempt_number=attempt, request_context=self.context, **self.cause
        )
        return self.checker.acquire_retry_quota(asked)

    def ends(self, succeeded):
        answer = SimpleNamespace(status_code=200 if succeeded else 500)
        self.checker.release_retry_quota(self.context, answer)
        self.context = {}
        return self.bucket.available_capacity


@pytest.mark.parametrize("cause", list(FAILED_BY))
@pytest.mark.parametrize("failure", [0.3, 0.7, 1.0])
@pytest.mark.parametrize(
    ("quota", "new_rules"), [(retry.BOTOCORE_1_43, False), (retry.BOTOCORE_1_44, True)]
)
def test_the_installed_botocore_keeps_the_same_books(
    quota, new_rules, failure, cause, monkeypatch
):
    monkeypatch.setattr(standard, "NEW_RETRIES_ENABLED", new_rules)
    run = retry.run_with_quota(
        calls=1_000, failure=failure, seed=5, quota=quota, cause=cause
    )
    client = Client(cause)
    for made, succeeded, left in zip(
        run.attempts, run.succeeded, run.tokens, strict=True
    ):
        assert all(client.may_retry(attempt) for attempt in range(1, made))
        if not succeeded and made < standard.DEFAULT_MAX_ATTEMPTS:
            assert not client.may_retry(made)
        assert client.ends(succeeded) == left


def test_the_rules_are_those_of_the_botocore_that_is_installed():
    assert retry.BOTOCORE_1_43.attempts == standard.DEFAULT_MAX_ATTEMPTS
    assert retry.BOTOCORE_1_43.capacity == botocore_quota.RetryQuota.INITIAL_CAPACITY


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 1), st.integers(0, 99))
def test_tokens_stay_within_the_bucket(failure, seed):
    run = retry.run_with_quota(calls=300, failure=failure, seed=seed)
    assert (run.tokens >= 0).all() and (run.tokens <= 500).all()
    assert ((run.attempts >= 1) & (run.attempts <= 3)).all()


# --- storms ---------------------------------------------------------------------------


def storm(rate, **options):
    asked = {"capacity_per_s": 300, "seed": 1, "duration_s": 400, **options}
    return retry.retry_storm(arrival_rate_per_s=rate, **asked)


@pytest.mark.parametrize(("retries", "threshold"), [(1, 150), (2, 100), (3, 75)])
def test_a_storm_ends_below_the_threshold_and_never_above(retries, threshold):
    found = retry.metastable_from(capacity_per_s=300, retries=retries)
    assert found == threshold
    for seed in range(2):
        options = {"retries": retries, "seed": seed, "duration_s": 400}
        assert storm(0.93 * threshold, **options).recovered
        assert not storm(1.04 * threshold, **options).recovered


def test_the_same_load_has_two_states():
    assert storm(200, outage_s=0).recovered and not storm(200).recovered


def test_in_the_storm_nothing_useful_is_done():
    run = storm(280)
    assert run.offered_per_s()[-100:].mean() == pytest.approx(560, rel=0.02)
    assert run.goodput_per_s()[-100:].sum() == 0


@pytest.mark.parametrize(
    ("rate", "ends"), [(200, True), (250, True), (268, True), (277, False)]
)
def test_a_budget_of_a_tenth_ends_it_while_there_is_room(rate, ends):
    # There is room while 1.1 attempts a request are less than 300 a second: to 272.
    assert storm(rate, budget=0.1, duration_s=1500).recovered is ends


@pytest.mark.parametrize("retries", [1, 3, 8])
def test_a_server_that_drops_expired_work_knows_no_storm(retries):
    run = storm(290, retries=retries, drop_expired=True)
    assert run.recovered and np.isnan(run.answered_s).any()
    assert (run.in_time | np.isnan(run.answered_s))[run.sent_s > 20].all()


def test_an_outage_too_short_to_fill_the_queue_past_the_timeout_is_forgotten():
    # 160 a second for 1.2 s, and their retries, are less than a second's work.
    assert storm(160, outage_s=1.2).recovered and not storm(160, outage_s=2.2).recovered


def test_without_retries_it_is_an_ordinary_queue():
    run = storm(280, retries=0, outage_s=0)
    work_s = np.full(len(run.sent_s), 1 / 300)
    waits_s = run.answered_s - run.sent_s - work_s
    assert np.allclose(waits_s, fifo_waits(run.sent_s, work_s), atol=1e-9)
    assert len(run.sent_s) == pytest.approx(280 * 400, rel=0.02)


@pytest.mark.parametrize("load", [0.3, 0.6])
def test_without_retries_it_waits_as_a_queue_of_constant_work_does(load):
    work_s = 0.01

    def mean_wait_s(seed):
        run = retry.retry_storm(
            arrival_rate_per_s=load / work_s, capacity_per_s=1 / work_s, seed=seed,
            retries=0, outage_s=0, duration_s=300,
        )  # fmt: skip
        return (run.answered_s - run.sent_s).mean() - work_s

    assert_close(mean_wait_s, load / (2 * (1 - load)) * work_s)  # M/D/1


SEEDED = {
    "storm": lambda seed: storm(200, seed=seed, duration_s=30).sent_s[:900],
    "quota": lambda seed: (
        retry.run_with_quota(calls=200, failure=0.5, seed=seed).attempts
    ),
    "layers": lambda seed: (
        retry.layers_of_retries(
            requests=200, failure=0.5, retries=2, layers=2, seed=seed
        ).attempts
    ),
}


@pytest.mark.parametrize("model", list(SEEDED))
def test_the_seed_decides_and_nothing_else(model):
    one, same, other = (SEEDED[model](seed) for seed in (4, 4, 5))
    assert (one == same).all() and (one != other).any()


def test_nothing_is_answered_in_the_outage_and_retries_wait_for_the_timeout():
    run = storm(100, retries=2, timeout_s=0.5)
    during = (run.answered_s > 10 + 1e-9) & (run.answered_s < 20)
    assert not during.any()
    seconds = run.sent_s[run.tries == 2]
    firsts = run.sent_s[(run.tries == 1) & ~run.in_time][: len(seconds)]
    assert np.allclose(seconds, firsts + 0.5)


def test_without_an_outage_and_below_capacity_all_is_answered_in_time():
    run = storm(100, outage_s=0)
    assert run.in_time.all() and (run.tries == 1).all()
    assert run.offered_per_s().sum() == len(run.sent_s)
    assert "recovered" in repr(run)


@settings(deadline=None, max_examples=20)
@given(
    st.floats(20, 290), st.integers(0, 3), st.sampled_from([None, 0.0, 0.1, 1.0]),
    st.booleans(), st.integers(0, 99),
)  # fmt: skip
def test_attempts_are_conserved(rate, retries, budget, drop, seed):
    run = storm(
        rate,
        retries=retries,
        budget=budget,
        drop_expired=drop,
        duration_s=30,
        seed=seed,
    )
    assert (np.diff(run.sent_s) >= 0).all() and run.tries.max(initial=1) <= retries + 1
    first = np.count_nonzero(run.tries == 1)
    late_first = np.count_nonzero((run.tries == 1) & ~run.in_time)
    assert np.count_nonzero(run.tries == 2) <= late_first <= first
    if budget == 0.0:
        assert np.count_nonzero(run.tries > 1) <= 10  # what the bucket starts with
    answered = run.answered_s[~np.isnan(run.answered_s)]
    assert (np.diff(np.sort(answered)) >= 1 / 300 - 1e-9).all()


# --- refusals -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean_calls(0, "none"), "clients=0"),
        (lambda: mean_calls(3, "some"), "use one of none, exponential"),
        (lambda: retry.retried_load(failure=1.5, retries=1), "failure=1.5"),
        (
            lambda: retry.layered_load(failure=0.5, retries=-1, layers=1),
            "retries=-1",
        ),
        (lambda: retry.Quota(retry_cost=0), "retry_cost=0"),
        (
            lambda: retry.attempts_with_quota(
                failure=0.5, quota=retry.Quota(attempts=4)
            ),
            "the formula is for attempts=3",
        ),
        (lambda: storm(0), "arrival_rate_per_s=0"),
        (lambda: storm(10, budget=2), "budget=2"),
        (lambda: storm(10, budget="a tenth"), "budget='a tenth': give a share"),
        (lambda: RetryBudget(0.1, most=-1), "most=-1"),
        (lambda: retry.BOTOCORE_1_43.cost("rain"), "cause='rain': use one of error"),
        (
            lambda: retry.contended_clients(
                clients=3, backoff="none", seed=1, cap_s=0.001
            ),
            "cap_s=0.001",
        ),
        (
            lambda: retry.contended_clients(
                clients=3, backoff=lambda failures, rng: rng.random(), seed=1
            ),
            "as many waits",
        ),
        (
            lambda: retry.contended_clients(
                clients=3, backoff=lambda failures, rng: -failures, seed=1
            ),
            "0 or more",
        ),
    ],
)
def test_impossible_parameters_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
