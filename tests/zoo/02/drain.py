"""Answers to 02.3-drain."""

import math

import numpy as np

from tests.zoo import right, wrong


@wrong("your answer is 1350 s")
def as_if_closed(outage_s, orders_per_s, service_s, workers):
    """The chapter's other formula: how late the last order of the outage is."""
    return orders_per_s * outage_s * service_s / workers


@wrong("your answer is 4500 s")
def the_backlog_in_orders(outage_s, orders_per_s, service_s, workers):
    return orders_per_s * outage_s


@wrong("your answer is 1800 s")
def as_long_as_the_outage(outage_s, orders_per_s, service_s, workers):
    return outage_s


@wrong("your answer is 7200 s")
def from_the_beginning_of_the_outage(outage_s, orders_per_s, service_s, workers):
    return outage_s + backlog_over_spare(outage_s, orders_per_s, service_s, workers)


@wrong("2 workers, 0.5 s an order: it takes 3620 s to drain")
def one_worker_does_it_all(outage_s, orders_per_s, service_s, workers):
    spare = 1 / service_s - orders_per_s
    return orders_per_s * outage_s / spare if spare > 0 else math.inf


@wrong("your answer is 9000 s")
def whole_orders_a_second(outage_s, orders_per_s, service_s, workers):
    spare = workers // service_s - orders_per_s
    return orders_per_s * outage_s / spare if spare > 0 else math.inf


@wrong("never drains, your answer is -")
def negative_when_it_never_ends(outage_s, orders_per_s, service_s, workers):
    spare = workers / service_s - orders_per_s
    return orders_per_s * outage_s / spare if spare else math.inf


@wrong("never drains, your answer is None")
def nothing_when_it_never_ends(outage_s, orders_per_s, service_s, workers):
    spare = workers / service_s - orders_per_s
    return orders_per_s * outage_s / spare if spare > 0 else None


@wrong("It divides by zero: 600 s of outage, 4 orders a second")
def divides_by_nothing(outage_s, orders_per_s, service_s, workers):
    return orders_per_s * outage_s / (workers / service_s - orders_per_s)


@wrong("It divides by zero: 600 s of outage, 0 orders a second")
def divides_by_no_orders(outage_s, orders_per_s, service_s, workers):
    ratio = workers / service_s / orders_per_s
    return outage_s / (ratio - 1) if ratio > 1 else math.inf


@wrong("your answer is 90 s")
def minutes(outage_s, orders_per_s, service_s, workers):
    return backlog_over_spare(outage_s, orders_per_s, service_s, workers) / 60


@wrong("your answer is 1.5 s")
def hours(outage_s, orders_per_s, service_s, workers):
    return backlog_over_spare(outage_s, orders_per_s, service_s, workers) / 3600


@wrong("Without an outage there is nothing to drain")
def never_quite_empty(outage_s, orders_per_s, service_s, workers):
    spare = workers / service_s - orders_per_s
    return orders_per_s * outage_s / spare + service_s if spare > 0 else math.inf


@wrong("Without orders there is nothing to drain")
def rests_after_the_outage(outage_s, orders_per_s, service_s, workers):
    if not outage_s:
        return 0
    return 1 + backlog_over_spare(outage_s, orders_per_s, service_s, workers)


@wrong("It answers nothing")
def prints(outage_s, orders_per_s, service_s, workers):
    pass


@wrong("It answers nan")
def infinity_less_infinity(outage_s, orders_per_s, service_s, workers):
    return math.inf - math.inf


@wrong("more than 300 digits")
def a_power_too_many(outage_s, orders_per_s, service_s, workers):
    return 10**400


@wrong("did not come back within 5 s")
def counts_down_for_ever(outage_s, orders_per_s, service_s, workers):
    waiting, seconds = orders_per_s * outage_s, 0
    while waiting > 0:
        waiting += orders_per_s - workers / service_s
        seconds += 1
    return seconds


@right
def backlog_over_spare(outage_s, orders_per_s, service_s, workers):
    spare = workers / service_s - orders_per_s
    return orders_per_s * outage_s / spare if spare > 0 else math.inf


@right
def by_utilisation(outage_s, orders_per_s, service_s, workers):
    busy = orders_per_s * service_s / workers
    return outage_s * busy / (1 - busy) if busy < 1 else math.inf


@right
def order_by_order(outage_s, orders_per_s, service_s, workers):
    """A simulation with orders that come at even times."""
    if orders_per_s * service_s / workers >= 1:
        return math.inf if outage_s else 0
    waiting, seconds, step_s = orders_per_s * outage_s, 0.0, 1.0
    while waiting > 1e-9:
        waiting += (orders_per_s - workers / service_s) * step_s
        seconds += step_s
    return seconds


@right
def with_orders_at_random(outage_s, orders_per_s, service_s, workers):
    """A simulation of the learner's own, with one seed."""
    able = workers / service_s
    if orders_per_s >= able:
        return math.inf
    rng = np.random.default_rng(0)
    waiting, seconds = float(rng.poisson(orders_per_s * outage_s)), 0
    while waiting > 0:
        waiting += rng.poisson(orders_per_s) - able
        seconds += 1
    return seconds
