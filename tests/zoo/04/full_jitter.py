"""Answers to 04.1-full-jitter."""

import random
import time

from tests.zoo import right, wrong

BASE_S, CAP_S = 0.005, 2.0


@wrong("always waits the same")
def backoff_without_jitter(failures, rng):
    return min(CAP_S, BASE_S * 2**failures)


@wrong("jitter on top of a fixed wait")
def equal_jitter(failures, rng):
    ceiling_s = min(CAP_S, BASE_S * 2**failures)
    return ceiling_s / 2 + rng.uniform(0, ceiling_s / 2)


@wrong("jitter on top of a fixed wait", same_as="equal_jitter")
def a_little_chance_in_a_fixed_wait(failures, rng):
    return min(CAP_S, BASE_S * 2**failures) * rng.uniform(0.8, 1.0)


@wrong("longer than the cap of 2 s")
def without_a_cap(failures, rng):
    return rng.uniform(0, BASE_S * 2**failures)


@wrong("it never waits longer than")
def ceiling_grows_with_the_failures_not_doubles(failures, rng):
    return rng.uniform(0, min(CAP_S, 2 * BASE_S * failures))


@wrong(
    "it never waits longer than", same_as="ceiling_grows_with_the_failures_not_doubles"
)
def counts_failures_from_nought(failures, rng):
    return rng.uniform(0, min(CAP_S, BASE_S * 2 ** (failures - 1)))


@wrong("waits longer than 10 ms, the ceiling")
def cap_and_base_mixed_up(failures, rng):
    return rng.uniform(0, CAP_S)


@wrong("waits longer than 10 ms, the ceiling", same_as="cap_and_base_mixed_up")
def milliseconds(failures, rng):
    return rng.uniform(0, 1000 * min(CAP_S, BASE_S * 2**failures))


@wrong("but not evenly")
def around_the_middle(failures, rng):
    ceiling_s = min(CAP_S, BASE_S * 2**failures)
    return ceiling_s * (rng.random() + rng.random()) / 2


@wrong("jitter on top of a fixed wait", same_as="equal_jitter")
def at_least_a_millisecond(failures, rng):
    return rng.uniform(0.001, min(CAP_S, BASE_S * 2**failures))


@wrong("but not evenly", same_as="around_the_middle")
def caps_what_it_drew(failures, rng):
    return min(CAP_S, rng.uniform(0, BASE_S * 2**failures))


@wrong(
    "it never waits longer than", same_as="ceiling_grows_with_the_failures_not_doubles"
)
def in_whole_milliseconds(failures, rng):
    return rng.integers(0, 1000 * min(CAP_S, BASE_S * 2**failures)) / 1000


@wrong("calls of it did not end within 5 s")
def sleeps_itself(failures, rng):
    wait_s = rng.uniform(0, min(CAP_S, BASE_S * 2**failures))
    time.sleep(wait_s)
    return wait_s


@wrong("After 8 failures it answers nothing")
def forgets_the_case_beyond_the_cap(failures, rng):
    if BASE_S * 2**failures < CAP_S / 2:
        return rng.uniform(0, BASE_S * 2**failures)


@wrong("With the same `rng` it waits otherwise")
def chance_of_its_own(failures, rng):
    return random.uniform(0, min(CAP_S, BASE_S * 2**failures))


@wrong("After one failure it answers nothing")
def sleeps_and_returns_nothing(failures, rng):
    rng.uniform(0, min(CAP_S, BASE_S * 2**failures))


@wrong("waits a negative time")
def both_ways(failures, rng):
    ceiling_s = min(CAP_S, BASE_S * 2**failures)
    return rng.uniform(-ceiling_s, ceiling_s)


@wrong("overflow", status="your code raised")
def doubles_until_it_bursts(failures, rng):
    doubled = BASE_S
    for _ in range(failures):
        doubled *= 10.0**20
    if doubled > 1e300:
        raise OverflowError("overflow")
    return rng.uniform(0, min(CAP_S, BASE_S * 2**failures))


@right
def a_share_of_the_ceiling(failures, rng):
    return rng.random() * min(CAP_S, BASE_S * 2**failures)


@right
def doubles_in_a_loop(failures, rng):
    ceiling_s = BASE_S
    while failures and ceiling_s < CAP_S:
        ceiling_s, failures = 2 * ceiling_s, failures - 1
    return float(rng.uniform(high=min(ceiling_s, CAP_S)))


@right
def doubles_by_shifting(failures, rng):
    return rng.uniform(0, min(CAP_S, BASE_S * (1 << failures)))


@right
def by_a_beta_that_is_even(failures, rng):
    return rng.beta(1, 1) * min(CAP_S, BASE_S * 2**failures)
