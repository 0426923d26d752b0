"""The pieces in front of a backend, each by what it promises."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.patterns.backend import (
    BreakerOpen,
    Bulkhead,
    BulkheadFull,
    CircuitBreaker,
    Hedge,
    NotAsked,
    RateLimit,
    Retry,
    RetryBudget,
    StaleCache,
    TokenBucket,
    TooFast,
    compose,
    failover,
    full_jitter_s,
)


class Clock:
    """Time that a test moves."""

    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s

    def sleep(self, seconds):
        self.now_s += seconds


class Down(Exception):
    """The service does not answer."""


class Refusal(Exception):
    """The service answers: no."""


def failing(times, error=Down):
    """A call that fails so many times, and then answers how often it was asked."""
    asked = []

    def call(*args):
        asked.append(args)
        if len(asked) <= times:
            raise error("x")
        return len(asked)

    call.asked = asked
    return call


# --- retry ----------------------------------------------------------------------------


def test_a_retry_comes_through_and_no_later_than_its_last_attempt():
    clock = Clock()
    tried = Retry(on=(Down,), attempts=3, sleep=clock.sleep, rng=random.Random(1))
    assert tried(failing(2))() == 3
    call = failing(3)
    with pytest.raises(Down):
        tried(call)()
    assert len(call.asked) == 3


def test_what_is_not_safe_to_repeat_is_not_repeated():
    call = failing(1, Refusal)
    with pytest.raises(Refusal):
        Retry(on=(Down,), sleep=lambda _: None)(call)()
    assert len(call.asked) == 1


def test_a_retry_waits_for_retry_after():
    class Throttled(Down):
        retry_after_s = 7.0

    clock = Clock()
    Retry(on=(Down,), base_s=0.1, sleep=clock.sleep)(failing(1, Throttled))()
    assert clock.now_s >= 107


def test_of_several_errors_the_gravest_is_raised():
    """A silence is not forgotten because the next attempt was surely refused."""

    class Silence(Exception):
        pass

    for errors in ((Silence, Down), (Down, Silence), (Silence, BreakerOpen)):
        raising = iter(errors)

        def call(raising=raising):
            raise next(raising)("x")

        with pytest.raises(Silence):
            Retry(on=(Silence, Down), attempts=2, sleep=lambda _: None)(call)()
    with pytest.raises(BreakerOpen):
        Retry(on=(Down,), sleep=lambda _: None)(failing(1, BreakerOpen))()


@given(attempt=st.integers(1, 40), seed=st.integers())
def test_full_jitter_lies_between_nothing_and_the_capped_exponential(attempt, seed):
    wait_s = full_jitter_s(attempt, random.Random(seed), base_s=0.1, cap_s=5)
    assert 0 <= wait_s <= min(5, 0.1 * 2 ** (attempt - 1))


@given(calls=st.integers(1, 300), share=st.floats(0, 1), most=st.integers(0, 20))
def test_a_budget_bounds_the_retries_of_a_service_that_is_down(calls, share, most):
    budget = RetryBudget(share, most=most)
    call = failing(10**9)
    tried = Retry(on=(Down,), attempts=5, budget=budget, sleep=lambda _: None)(call)
    for _ in range(calls):
        with pytest.raises(Down):
            tried()
    assert len(call.asked) - calls <= most + share * calls + 1e-6


# --- breaker --------------------------------------------------------------------------


def test_a_breaker_opens_tries_once_and_closes():
    clock, heard = Clock(), []
    breaker = CircuitBreaker(
        threshold=2,
        open_s=3,
        clock=clock,
        listener=lambda *change: heard.append(change),
    )
    call = breaker(failing(3))
    for error in (Down, Down, BreakerOpen, BreakerOpen):
        with pytest.raises(error):
            call()
    clock.sleep(3)
    with pytest.raises(Down):  # the trial fails
        call()
    with pytest.raises(BreakerOpen) as refused:
        call()
    assert refused.value.retry_after_s == pytest.approx(3)
    clock.sleep(3)
    assert call() == 4 and call() == 5
    states = ["open", "half-open", "open", "half-open", "closed"]
    assert [state for state, _ in heard] == states


def test_a_trial_is_one_call_alone():
    clock, breaker = Clock(), None
    breaker = CircuitBreaker(threshold=1, open_s=3, clock=clock)
    inner = []

    def call(trial):
        if not trial:
            raise Down
        with pytest.raises(BreakerOpen):  # while the trial is in flight
            guarded(True)
        inner.append("asked")

    guarded = breaker(call)
    with pytest.raises(Down):
        guarded(False)
    clock.sleep(3)
    guarded(True)
    assert inner == ["asked"] and breaker.state == "closed"


def test_a_refusal_shows_that_the_service_lives():
    breaker = CircuitBreaker(threshold=1, on=(Down,), clock=Clock())
    with pytest.raises(Refusal):
        breaker(failing(1, Refusal))()
    assert breaker.state == "closed"


def test_an_interrupted_trial_leaves_no_breaker_half_open():
    clock = Clock()
    breaker = CircuitBreaker(threshold=1, open_s=3, clock=clock)
    for error in (Down, KeyboardInterrupt):
        with pytest.raises(error):
            breaker(failing(1, error))()
        clock.sleep(3)
    assert breaker(failing(0))() == 1 and breaker.state == "closed"


@given(
    threshold=st.integers(1, 4),
    steps=st.lists(st.tuples(st.booleans(), st.floats(0, 4)), max_size=60),
)
def test_a_breaker_is_never_closed_while_its_condition_holds(threshold, steps):
    """The condition: so many failures in a row, the last less than open_s ago."""
    clock = Clock()
    breaker = CircuitBreaker(threshold=threshold, open_s=3, on=(Down,), clock=clock)
    in_a_row, last_s = 0, -1e9
    for fails, pause_s in steps:
        tripped = in_a_row >= threshold and clock() < last_s + 3
        try:
            breaker(failing(1 if fails else 0))()
        except BreakerOpen:
            assert tripped
        except Down:
            assert not tripped
            in_a_row, last_s = in_a_row + 1, clock()
        else:
            assert not tripped
            in_a_row = 0
        assert (breaker.state == "closed") == (in_a_row < threshold)
        clock.sleep(pause_s)


# --- rate -----------------------------------------------------------------------------


@given(
    rate=st.floats(0.5, 50),
    burst=st.integers(1, 20),
    pauses=st.lists(st.floats(0, 2), min_size=1, max_size=120),
)
def test_a_bucket_never_exceeds_its_rate_in_any_window(rate, burst, pauses):
    clock = Clock()
    bucket, made = TokenBucket(rate, burst, clock=clock), []
    for pause_s in pauses:
        clock.sleep(pause_s)
        if bucket.take() == 0:
            made.append(clock())
    for first, start_s in enumerate(made):
        for last in range(first, len(made)):
            window_s = made[last] - start_s
            assert last - first + 1 <= rate * window_s + burst + 1e-6


def test_a_bucket_says_when_the_next_token_comes_and_keeps_its_word():
    clock = Clock()
    limited = RateLimit(TokenBucket(2, 1, clock=clock))(lambda: "made")
    assert limited() == "made"
    with pytest.raises(TooFast) as refused:
        limited()
    clock.sleep(refused.value.retry_after_s)
    assert limited() == "made"


def test_a_clock_that_goes_back_brings_no_tokens():
    clock = Clock()
    bucket = TokenBucket(1, 1, clock=clock)
    bucket.take()
    clock.sleep(-50)
    assert bucket.take() > 0
    clock.sleep(50)
    assert bucket.take() > 0


def test_a_bucket_is_exact_under_threads():
    bucket = TokenBucket(1, 500, clock=Clock())
    with ThreadPoolExecutor(16) as threads:
        taken = list(threads.map(lambda _: bucket.take() == 0, range(2_000)))
    assert sum(taken) == 500


# --- bulkhead, cache, hedge -----------------------------------------------------------


def test_a_bulkhead_lets_so_many_in_and_frees_their_places():
    walled_in = threading.Semaphore(0)
    go = threading.Event()

    def slow():
        walled_in.release()
        go.wait(10)
        raise Down

    call = Bulkhead(2)(slow)
    with ThreadPoolExecutor(2) as threads:
        inside = [threads.submit(call) for _ in range(2)]
        for _ in inside:
            assert walled_in.acquire(timeout=10)
        with pytest.raises(BulkheadFull):
            call()
        go.set()
        assert {type(future.exception(10)) for future in inside} == {Down}
    with pytest.raises(Down):  # the places are free again, after an error too
        call()


def test_a_cache_answers_fresh_then_stale_then_not_at_all():
    clock, up = Clock(), [True]

    def name(prefix):
        if not up[0]:
            raise Down
        return f"{prefix} at {clock():g}"

    cache = StaleCache(ttl_s=10, stale_s=20, on=(Down,), clock=clock)
    look_up = cache(name)
    assert look_up("411111") == "411111 at 100"
    clock.sleep(9.9)
    assert look_up("411111") == "411111 at 100"
    up[0] = False
    clock.sleep(20)
    assert look_up("411111") == "411111 at 100"
    assert (cache.misses, cache.hits, cache.stale) == (1, 1, 1)
    with pytest.raises(Down):  # another key was never answered
        look_up("555555")
    clock.sleep(0.1)
    with pytest.raises(Down):  # now it is older than ttl_s + stale_s
        look_up("411111")
    up[0] = True
    assert look_up("411111") == "411111 at 130"


def test_an_answers_age_counts_from_the_start_of_its_call():
    clock, asked = Clock(), []

    def slow(key):
        asked.append(key)
        clock.sleep(4)
        return clock()

    look_up = StaleCache(ttl_s=10, clock=clock)(slow)
    assert look_up("411111") == 104
    clock.sleep(5.9)
    assert look_up("411111") == 104
    clock.sleep(0.1)  # 10 s after it was asked for
    assert look_up("411111") == 114 and len(asked) == 2


def test_a_cache_keeps_what_was_asked_for_last():
    call = failing(0)
    look_up = StaleCache(ttl_s=10, most=2, clock=Clock())(call)
    for key in ("a", "b", "a", "c", "a", "b"):
        look_up(key)
    assert [args[0] for args in call.asked] == ["a", "b", "c", "b"]


def test_a_cached_none_is_an_answer():
    call = failing(0)
    cached = StaleCache(ttl_s=10, clock=Clock())(lambda key: call(key) and None)
    assert cached("a") is None and cached("a") is None and len(call.asked) == 1


def test_a_hedge_answers_with_whoever_is_first():
    release = threading.Event()
    asked = []

    def call():
        asked.append(len(asked))
        if len(asked) == 1:
            release.wait(10)
            return "late"
        return "early"

    with ThreadPoolExecutor(2) as threads:
        hedge = Hedge(after_s=0.01, executor=threads)
        assert hedge(call)() == "early"
        release.set()
    assert (hedge.calls, hedge.hedges) == (1, 1)


def test_a_hedge_spares_the_second_request_and_waits_for_the_better_answer():
    with ThreadPoolExecutor(2) as threads:
        assert Hedge(after_s=10, executor=threads)(failing(0))() == 1
        quick = failing(1)
        with pytest.raises(Down):  # it failed in time, and a hedge is no retry
            Hedge(after_s=10, executor=threads)(quick)()
        assert len(quick.asked) == 1
        first = threading.Event()

        def call():
            if not first.is_set():
                first.set()
                threading.Event().wait(0.1)
                return "the slow one"
            raise Down

        assert Hedge(after_s=0.01, executor=threads)(call)() == "the slow one"


# --- together -------------------------------------------------------------------------


def test_the_first_piece_is_outermost():
    def marked(mark):
        return lambda call: lambda: f"{mark}({call()})"

    assert compose(lambda: "call", marked("a"), marked("b"))() == "a(b(call))"


def test_failover_goes_on_only_where_nothing_has_happened():
    for error, asked in ((Down, 1), (Refusal, 0)):
        second = failing(0)
        call = failover(failing(1, error), second, on=(Down, NotAsked))
        if asked:
            assert call() == 1
        else:
            with pytest.raises(error):
                call()
        assert len(second.asked) == asked
    with pytest.raises(BreakerOpen):  # the last one's error comes out as it is
        failover(failing(1), failing(1, BreakerOpen), on=(Down,))()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Retry(on=(Down,), attempts=0),
        lambda: RetryBudget(2),
        lambda: CircuitBreaker(threshold=0),
        lambda: CircuitBreaker(open_s=0),
        lambda: TokenBucket(0, 1),
        lambda: TokenBucket(1, 0),
        lambda: Bulkhead(0),
        lambda: StaleCache(ttl_s=-1),
        lambda: Hedge(after_s=-1, executor=None),
        lambda: failover(on=(Down,)),
    ],
)
def test_settings_that_mean_nothing_are_refused(make):
    with pytest.raises(ValueError):
        make()
